"""Dates as people say them: "28 February 2016", and how far away that is."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.days import in_words

register = template.Library()


def _as_day(value: dt.date | dt.datetime) -> dt.date:
    """The local day of a moment; a day stays itself."""
    if isinstance(value, dt.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def _count(days: int) -> str:
    """A number of days in the unit in which one would say it."""
    for size, unit in ((730, 365), (70, 30)):
        if days >= size:
            name = "year" if unit == 365 else "month"
            return f"{round(days / unit)} {name}s"
    return f"{days} day{'' if days == 1 else 's'}"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """``28 February 2016``, or nothing where there is no date."""
    if not value:
        return ""
    return in_words(_as_day(value))


@register.filter
def moment(value: dt.datetime | None) -> str:
    """``28 February 2016 at 9:05am``, in local time."""
    if not value:
        return ""
    return f"{day(value)} at {clock(value)}"


@register.filter
def clock(value: dt.datetime) -> str:
    """``9:05am``, in local time."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


@register.filter
def relative(value: dt.date | dt.datetime | None, today: dt.date | None = None) -> str:
    """``today``, ``in 12 days``, ``3 months ago``. ``today`` may be given, for a page that speaks for another day."""
    if not value:
        return ""
    days = (_as_day(value) - (today or timezone.localdate())).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {_count(days)}" if days > 0 else f"{_count(-days)} ago"


@register.filter
def due(value: dt.date | dt.datetime | None, today: dt.date | None = None) -> str:
    """A target date in words: ``12 days late``, ``due today``, ``due in 3 days``."""
    if not value:
        return ""
    days = (_as_day(value) - (today or timezone.localdate())).days
    if days < 0:
        return f"{-days} day{'' if days == -1 else 's'} late"
    return f"due {relative(value, today)}"


@register.simple_tag
def date_with(value: dt.date | dt.datetime | None, words: str = "", missing: str = "No date") -> SafeString:
    """A ``<time>`` with ``words`` below it: ``{% date_with action.target_date action.target_date|due %}``."""
    return _date_with(_as_day(value) if value else None, words, missing)


@lru_cache(maxsize=4096, typed=True)  # typed: what is safe and what is not are different words
def _date_with(on: dt.date | None, words: str, missing: str) -> SafeString:
    if on is None:
        return format_html('<span class="app-date">{}</span>', missing)
    beside = format_html(' <span class="app-date__relative">{}</span>', words) if words else ""
    return format_html('<time class="app-date" datetime="{}">{}</time>{}', on.isoformat(), day(on), beside)
