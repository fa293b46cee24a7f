"""The plan as a table of data: one row an action, in the founding spreadsheet's columns and then what else is known.

Made to be sorted, filtered, and brought in again: each heading is one that bringing in a plan understands. A column in
which nothing stands is left out, but for the founding five.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from portal.papers.cells import completed, differ, steps
from portal.papers.paper import Paper, day, printable
from reviews.as_at_model import ActionAsAt, AgencyPart, PlanAsAt, RecommendationAsAt
from reviews.export_mark import AS_WRITTEN, EXPORT_NOTE, NEXT_REVIEW
from reviews.export_words import said_of_each
from reviews.statuses import Lateness, Status

Value = str | dt.date | int
HEADING_ROW = 3  # below the title and the note
MOST_CHARACTERS = 32_767  # in one cell; a longer text would make a workbook unreadable
WIDE, NARROW = 44, 18  # letters
WIDE_HEADINGS = (
    *("Recommendation", "Action", "Progress", "Next", "Key milestones", "Date of completion and outcome", "Barriers"),
    *("Outcome", "Evidence", "Agency response"),
)


@dataclass(frozen=True)
class Sheet:
    """Rows of values under headings, with the title and the key that stand beside them in a workbook."""

    title: str
    note: str
    publisher: str
    reference: str
    on: dt.date
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    key: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """One column: its heading, what stands in it, and whether it stands there even when empty."""

    heading: str
    value: Callable[[RecommendationAsAt, ActionAsAt], Value]
    always: bool = False


def fitted(words: str) -> str:
    """``words`` as a cell of a workbook can hold them."""
    text = printable(words)
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def width_of(heading: str) -> int:
    """How wide a column is, in letters: wide where sentences stand."""
    return WIDE if heading.startswith(WIDE_HEADINGS) else NARROW


def plan_sheet(plan: PlanAsAt, paper: Paper) -> Sheet:
    """The plan of which ``paper`` is the update report, as data."""
    lines = [(row, action) for row in plan.recommendations for action in row.actions]
    rows = [tuple(column.value(*line) for column in COLUMNS) for line in lines]
    kept = [
        place
        for place, column in enumerate(COLUMNS)
        if column.always or any(row[place] not in ("", None) for row in rows)
    ]
    return Sheet(
        title=f"{plan.title}: {paper.subtitle[0].lower()}{paper.subtitle[1:]}",
        note=EXPORT_NOTE,
        publisher=plan.partnership,
        reference=plan.reference,
        on=plan.on,
        headings=tuple(COLUMNS[place].heading for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in rows),
        key=paper.key,
    )


def paper_sheet(paper: Paper) -> Sheet:
    """Any layout as data: its own columns, one row for each of its rows, all in words."""
    return Sheet(
        title=f"{paper.title}: {paper.subtitle[0].lower()}{paper.subtitle[1:]}",
        note=EXPORT_NOTE,
        publisher=paper.publisher,
        reference=paper.reference,
        on=paper.on,
        headings=tuple(heading.words for heading in paper.headings),
        rows=tuple(
            tuple("\n".join(paragraph.words for paragraph in cell) for cell in row)
            for group in paper.groups
            for row in group.rows
        ),
        key=paper.key,
    )


def _organisation(recommendation: RecommendationAsAt, action: ActionAsAt) -> str:
    return "\n".join(lead.name for lead in action.leads) or recommendation.addressee


def _said(words: Callable[[AgencyPart], str]) -> Callable[[RecommendationAsAt, ActionAsAt], str]:
    """A column of what the leads say, under their names where several say something."""
    return lambda _, action: _of_each(action, words)


def _of_each(action: ActionAsAt, words: Callable[[AgencyPart], str]) -> str:
    return said_of_each({lead.name: words(lead) for lead in action.leads if words(lead)}, len(action.leads))


def _status(_: RecommendationAsAt, action: ActionAsAt) -> str:
    """In words, each lead's below where they differ; blank where none was recorded, as in the plan brought in."""
    if differ(action):
        return "\n".join([action.status.label, *(f"{lead.name}: {lead.status.label}" for lead in action.leads)])
    return "" if action.status == Status.NOT_RECORDED else action.status.label


def _date(date: dt.date | None, as_written: str) -> Value:
    """A date to sort by; words that give none, unless they could be taken for one."""
    return date or ("" if any(letter.isdigit() for letter in as_written) else as_written)


def _written(date: dt.date | None, as_written: str) -> str:
    """The words as written, where the column of the date does not hold them."""
    return as_written if _date(date, as_written) != as_written else ""


def _original(_: RecommendationAsAt, action: ActionAsAt) -> tuple[dt.date | None, str]:
    return action.target.original, action.target.original_as_written


def _revised(_: RecommendationAsAt, action: ActionAsAt) -> tuple[dt.date | None, str]:
    return (action.target.date, action.target.as_written) if action.target.was_changed else (None, "")


def _completed_on(_: RecommendationAsAt, action: ActionAsAt) -> Value:
    days = {completed(action, lead)[0] for lead in action.leads}
    if len(days) == 1 and (only := days.pop()):
        return only
    return _of_each(action, lambda lead: day(on) if (on := completed(action, lead)[0]) else "")


def _overdue(_: RecommendationAsAt, action: ActionAsAt) -> Value:
    return -(action.timing.days or 0) if action.timing.lateness == Lateness.OVERDUE else ""


COLUMNS = (
    Column("Organisation", _organisation, always=True),
    Column("Reference", lambda recommendation, action: recommendation.reference),
    Column("Recommendation", lambda recommendation, action: recommendation.text, always=True),
    Column("Action reference", lambda recommendation, action: action.reference),
    Column("Action", lambda recommendation, action: action.text),
    Column("Progress against recommendations", _said(lambda lead: lead.progress), always=True),
    Column("Next Steps", _said(lambda lead: lead.next_steps), always=True),
    Column("Status", _status, always=True),
    Column("Target date", lambda *line: _date(*_original(*line))),
    Column(AS_WRITTEN["Target date"], lambda *line: _written(*_original(*line))),
    Column("Revised date", lambda *line: _date(*_revised(*line))),
    Column(AS_WRITTEN["Revised date"], lambda *line: _written(*_revised(*line))),
    Column(NEXT_REVIEW, lambda recommendation, action: action.next_review_on or ""),
    Column("Days overdue", _overdue),
    Column("Key milestones", lambda recommendation, action: "\n".join(steps(action))),
    Column("Date of completion", _completed_on),
    Column("Outcome", _said(lambda lead: lead.what_changed)),
    Column("Evidence", _said(lambda lead: lead.evidence)),
    Column("Barriers", _said(lambda lead: lead.obstacles)),
    Column("Agency response", lambda recommendation, action: action.agency_response),
    Column("Scope", lambda recommendation, action: recommendation.scope),
    Column("Theme", lambda recommendation, action: "\n".join(recommendation.themes)),
)
