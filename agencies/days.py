"""Which day a row may speak for: one rule for every verb that takes ``on``, for site administrators too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from agencies.refusals import Refused

#: Before this year no plan of this sort existed; an earlier date is a slip of the keyboard.
EARLIEST = dt.date(2000, 1, 1)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def of_parts(day: str, month: str, year: str) -> dt.date:
    """The day that is typed in three parts, the month as a number or a word. ValueError where there is none."""
    day, month, year = (str(part or "").strip() for part in (day, month, year))
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    if len(year) != 4:
        raise ValueError(year)
    try:
        return dt.date(int(year), number, int(day))
    except OverflowError as error:
        raise ValueError(month) from error


def why_not_day(on: dt.date, *, today: dt.date, after: Mapping[str, dt.date | None] | None = None) -> str:
    """Why nothing can be recorded as of the day ``on``; nothing when it can.

    ``after`` are the days of what it follows, each under the words for it; None where there is no such thing yet.
    """
    if on > today:
        return f"This date is in the future. Enter a date up to today, {in_words(today)}."
    return why_not_before(on, after=after)


def why_not_before(on: dt.date, *, after: Mapping[str, dt.date | None] | None = None) -> str:
    """The same for a day that may well be to come."""
    if on < EARLIEST:
        return f"Enter a date after {EARLIEST.year - 1}."
    known = {what: day for what, day in (after or {}).items() if day}
    what = max(known, key=lambda name: known[name], default="")
    if what and on < known[what]:
        return f"{what} is of {in_words(known[what])}. Enter that day or a later one."
    return ""


def check_day(on: dt.date, *, after: Mapping[str, dt.date | None] | None = None, field: str = "on") -> None:
    """Raise Refused where ``why_not_day`` has a reason, today being what the calendar says."""
    if why_not := why_not_day(on, today=timezone.localdate(), after=after):
        raise Refused(why_not, field=field)


def in_words(day: dt.date) -> str:
    """A day as people read it: 3 May 2026."""
    return f"{day.day} {day:%B} {day.year}"
