"""What a heading means among the others of its plan: two numbers, several agencies, a date that may be either."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.importing.understanding.columns import Column, plain
from reviews.importing.understanding.dates import leading_date, read_date
from reviews.importing.understanding.marks import COMPLETE, Key, is_sign, is_tick, read_mark, says_status
from reviews.importing.understanding.tables import Row

_LOOK_AT = 100  # rows
_ACTION = re.compile(r"action\b", re.IGNORECASE)
_HELPS = re.compile(r"\b(?:support|partner|other|involved|contribut|assist|also)", re.IGNORECASE)
#: What is progress where no other column is.
_COMMENTS = frozenset(
    ("comment", "comments", "notes", "note", "remarks", "comments notes", "additional comments", "any comments")
)
#: A day that is past in one plan and to come in the next.
_COMPLETION = frozenset(("completion date", "date of completion", "completion"))
#: A column of ticks in one plan, of days in the next.
_DONE = frozenset(("completed", "complete", "done", "action completed", "action complete", "closed", "completed y n"))

#: What an action is to be, a column each. One of these words alone says nothing of what stands below it.
_SMART = frozenset((
    "specific", "measurable", "achievable", "attainable", "agreed", "realistic", "relevant", "time bound", "timebound",
    "timely", "timed",
))  # fmt: skip
_SMART_ALONE = frozenset(("specific", "measurable", "timely", "timed"))


@dataclass(frozen=True)
class Heading:
    """One column of the plan: where it stands, what it means, what is printed over it."""

    index: int
    column: Column
    printed: str


def among_others(headings: Sequence[Heading], rows: Sequence[Row]) -> dict[int, Column]:
    """By column, what each heading means that means something else, or something at all, beside the others.

    ``rows`` are those below the headings.
    """
    has = {one.column for one in headings}
    found = {one.index: Column.ACTION_REFERENCE for one in _numbers_of_actions(headings)}
    found |= {one.index: Column.IGNORE for one in (*_helpers(headings), *_smart_alone(headings))}
    found |= {one.index: Column.STATUS for one in _ticks(headings, rows)}
    has |= {Column.STATUS} & set(found.values())
    for one in headings:
        words = plain(one.printed)
        cells = [row.cell(one.index).text for row in rows[:_LOOK_AT] if row.cell(one.index).text]
        if words in _COMMENTS and one.column == Column.IGNORE and Column.PROGRESS not in has:
            found[one.index] = Column.PROGRESS
            has.add(Column.PROGRESS)
        elif (words in _DONE or read_mark(words, Key()).status == COMPLETE) and one.column == Column.IGNORE and cells:
            dated = _mostly(leading_date(text)[0] is not None for text in cells)
            ticked = _mostly(_is_mark(text) for text in cells)
            if dated or (ticked and Column.STATUS not in has):
                found[one.index] = Column.COMPLETED_AND_OUTCOME if dated else Column.STATUS
        elif words in _COMPLETION and Column.TARGET_DATE not in has and _is_to_come(one, headings, rows):
            found[one.index] = Column.TARGET_DATE
    return found


def _numbers_of_actions(headings: Sequence[Heading]) -> list[Heading]:
    """The numbers of actions, where the plan numbers its recommendations too."""
    numbers = [one for one in headings if one.column == Column.REFERENCE]
    actions = [one for one in numbers if _ACTION.match(one.printed)]
    return actions if 0 < len(actions) < len(numbers) else []


def _helpers(headings: Sequence[Heading]) -> list[Heading]:
    """The columns of agencies that help, where another names those that lead."""
    agencies = [one for one in headings if one.column in (Column.AGENCY, Column.AGENCY_AND_RECOMMENDATION)]
    helpers = [one for one in agencies if _HELPS.search(one.printed) and "lead" not in one.printed.lower()]
    return helpers if len(helpers) < len(agencies) else []


def _ticks(headings: Sequence[Heading], rows: Sequence[Row]) -> list[Heading]:
    """The columns of ticks that share the status between them: "Not started", "In progress", "Complete"."""
    found = []
    for one in headings:
        cells = [row.cell(one.index).text for row in rows[:_LOOK_AT] if row.cell(one.index).text]
        if says_status(one.printed) and all(is_sign(text) or _is_no(text) for text in cells):
            found.append(one)
    ticked = any(row.cell(one.index).text for one in found for row in rows[:_LOOK_AT])
    return found if ticked and len(found) > 1 else []


def _smart_alone(headings: Sequence[Heading]) -> list[Heading]:
    """The one heading of those that make an action smart, where the others are not there."""
    smart = [(one, words) for one in headings if (words := plain(one.printed.split("(")[0])) in _SMART]
    return [one for one, words in smart if words in _SMART_ALONE] if len(smart) == 1 else []


def _is_to_come(date: Heading, headings: Sequence[Heading], rows: Sequence[Row]) -> bool:
    """Whether dates stand in rows that are not complete: then they say when that should be."""
    status = next((one.index for one in headings if one.column == Column.STATUS), None)
    if status is None:
        return False
    open_ones = [row for row in rows[:_LOOK_AT] if row.cell(status).text and not _is_complete(row.cell(status).text)]
    days = [row.cell(date.index) for row in open_ones if row.cell(date.index).text]
    return bool(days) and _mostly(bool(cell.date or read_date(cell.text).date) for cell in days)


def _is_mark(text: str) -> bool:
    return is_tick(text) or _is_no(text) or bool(read_mark(text, Key()).status)


def _is_no(text: str) -> bool:
    return text.strip().lower() in ("no", "n", "0", "-", "–")


def _is_complete(text: str) -> bool:
    return read_mark(text, Key()).status == COMPLETE


def _mostly(answers: Iterable[bool]) -> bool:
    given = list(answers)
    return bool(given) and sum(given) * 5 >= len(given) * 4
