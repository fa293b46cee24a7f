"""What a page shows of one row of a plan that is being brought in."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.formats import date_format

from reviews.importing.staged import StagedRow
from reviews.statuses import Status

register = template.Library()

_SHOWN = (
    ("Theme", "theme"),
    ("Scope", "scope"),
    ("Recommendation", "recommendation"),
    ("Action", "action"),
    ("Responsible", "owner"),
    ("Milestones", "milestones"),
    ("Progress", "progress"),
    ("Next steps", "next_steps"),
    ("In the way", "barriers"),
    ("Evidence", "evidence"),
    ("Outcome", "outcome"),
    ("Agency’s response", "agency_response"),
)


@register.filter
def facts(row: StagedRow) -> list[tuple[str, str]]:
    """Each field that says something, with its label; dates and status as they were read, and as they are written."""
    found = [(label, str(row.fields[name])) for label, name in _SHOWN if row.fields.get(name)]
    for label, name in (("Target date", "target_date"), ("Revised date", "revised_date")):
        if words := _day(row.fields.get(name), row.fields.get(f"{name}_as_written") or ""):
            found.append((label, words))
    if done := _day(row.fields.get("completed_on"), ""):
        found.append(("Completed on", done))
    return [*found, ("Status", _status(row))]


def _day(day: str | None, written: str) -> str:
    if not day:
        return f"none, written “{written}”" if written else ""
    words = date_format(dt.date.fromisoformat(day), "j F Y")
    return words if not written or written in (words, day) else f"{words}, written “{written}”"


def _status(row: StagedRow) -> str:
    read, written = row.fields.get("status"), row.fields.get("status_as_written") or ""
    label = str(Status(read).label) if read else str(Status.NOT_RECORDED.label)
    return label if not written or written == label else f"{label}, written “{written}”"
