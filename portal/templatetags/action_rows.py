"""The rows of a list of actions. Load with ``{% load action_rows %}``.

They are put together here and not in a template: fifty of them took 24 ms of the processor there, and take 2 ms here.
Whatever people have written goes through ``escape``.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape  # the same as Django's, which also asks each time whether the words are lazy

from django import template
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.safestring import SafeString

from portal.templatetags.components import lateness_tag, status_tag
from portal.templatetags.dates import date_with
from reviews.models import Action
from reviews.reading.lists import Answering, Row
from reviews.statuses import Status

register = template.Library()


@register.simple_tag
def action_rows(rows: Iterable[Row], several_partnerships: bool = False) -> SafeString:
    """Rows of one's own actions, each under the reference of its review and, if asked, its partnership."""
    before, after = _address()

    def heading(row: Row) -> str:
        action = row.action
        whose = f"{escape(str(action.review.partnership))} · " if several_partnerships else ""
        return (
            f'<span class="app-table__ref">{whose}{escape(action.review.reference)} · {escape(action.label)}</span> '
            f'<a class="govuk-link" href="{before}{action.pk}{after}">{escape(_shortened(action.words, 180))}</a>'
        )

    return SafeString("".join(_row(row, heading(row), _beside(row)) for row in rows))


@register.simple_tag
def plan_rows(rows: Iterable[Row]) -> SafeString:
    """Rows of a plan's actions, each under its number if it has one, below their recommendation.

    That one says what an action without words of its own does.
    """
    before, after = _address()

    def heading(action: Action) -> str:
        words = escape(_shortened(action.text, 300)) or (
            f'As recommended<span class="govuk-visually-hidden">: {escape(action.label)}</span>'
        )
        number = f'<span class="app-table__ref">{escape(action.reference)}</span> ' if action.reference else ""
        return f'{number}<a class="govuk-link" href="{before}{action.pk}{after}">{words}</a>'

    return SafeString("".join(_row(row, heading(row.action)) for row in rows))


def _row(row: Row, heading: str, beside: str = "") -> str:
    tags = f'<span class="app-tags">{status_tag(row.action.status)} {lateness_tag(row.timing)}</span>'
    return (
        f'<tr class="govuk-table__row{" app-table__row--late" if row.is_late else ""}" role="row">'
        '<th class="govuk-table__header govuk-table__header--row" scope="row" role="rowheader">'
        f"{heading}</th>"
        f'<td class="govuk-table__cell" role="cell" data-label="Agency">{_agencies(row.agencies)}</td>'
        f'<td class="govuk-table__cell" role="cell" data-label="Date">{_due(row.action)}</td>'
        f'<td class="govuk-table__cell" role="cell" data-label="Status">{tags}{beside}</td></tr>\n'
    )


def _agencies(parts: Iterable[Answering]) -> str:
    said = " ".join(
        f'<span class="app-line">{escape(each.name)}</span>'
        + ("" if each.leads else ' <span class="app-table__sub">supports</span>')
        for each in parts
    )
    return said or '<span class="app-table__sub">Nobody yet</span>'


def _due(action: Action) -> str:
    if action.status == Status.ONGOING:
        return date_with(action.next_review_on, "next review", missing="No review date")
    return date_with(action.target_date, missing=action.target_as_written or "No date")


def _beside(row: Row) -> str:
    """What concerns the reader alone, below the status."""
    draft = "Returned to you" if row.is_returned else "You have a draft" if row.has_draft else ""
    said = f' <span class="app-table__sub">{draft}</span>' if draft else ""
    if apart := row.status_apart:
        said += f' <span class="app-table__sub">Your agency: {escape(apart.label)}</span>'
    return said


def _shortened(words: str, most: int) -> str:
    return words if len(words) <= most else truncatechars(words, most)


def _address() -> tuple[str, str]:
    """What stands before and after the number in an action's address: asked once, not for each row."""
    before, _, after = reverse("action-detail", args=[0]).rpartition("0")
    return before, after
