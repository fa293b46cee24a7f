"""From what a row of ours tells to the fields of a plan's row. What somebody has changed is read as anybody's words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from reviews.export_words import heard_date, heard_day, heard_of_each, heard_steps, said_day
from reviews.importing.ours.documents import of_document
from reviews.importing.ours.sheets import STATUTORY, of_data, of_statutory
from reviews.importing.ours.told import COMPLETED, OUTCOME, REVIEW, REVISED_WRITTEN, TARGET_WRITTEN, Told
from reviews.importing.understanding.body import by_column
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.dates import leading_date, read_date
from reviews.importing.understanding.layouts import Layout, Line
from reviews.importing.understanding.marks import Key, Mark, read_mark
from reviews.importing.understanding.names import read_addressees
from reviews.importing.understanding.problems import Problem, problem
from reviews.importing.understanding.rows import Fields, judged, scope_of

_WORDS = (
    Column.REFERENCE,
    Column.ACTION_REFERENCE,
    Column.RECOMMENDATION,
    Column.ACTION,
    Column.THEME,
    Column.OWNER,
    Column.PROGRESS,
    Column.NEXT_STEPS,
    Column.EVIDENCE,
    Column.MILESTONES,
    Column.AGENCY_RESPONSE,
    Column.BARRIERS,
)
_CARRIED = (Column.REFERENCE, Column.RECOMMENDATION, Column.SCOPE, Column.THEME)
#: What each lead may say for itself.
_OF_EACH = (Column.PROGRESS, Column.NEXT_STEPS, Column.EVIDENCE, Column.BARRIERS, OUTCOME)


def read_ours(layout: Layout) -> list[Fields]:
    """The rows of a table that this portal wrote, in the order of the plan."""
    filled = [row for row in layout.table.rows[layout.body :] if row.filled]
    lines = [Line(row, by_column(layout, row)) for row in filled]
    if any(cell.parts for row in filled for cell in row.cells):
        rows = of_document(layout, lines)
    else:
        statutory = any(heading.printed == STATUTORY for heading in layout.headings)
        rows = [of_statutory(layout, line) if statutory else of_data(layout, line) for line in lines]
    for above, row in itertools.pairwise(rows):
        if not row.text(Column.RECOMMENDATION) and not row.text(Column.REFERENCE):
            row.cells |= {name: above.cells[name] for name in _CARRIED if name in above.cells}
    return [_Row(told).fields for told in rows]


class _Row:
    """One row while its fields are made."""

    def __init__(self, told: Told) -> None:
        self.told, self.problems = told, list[Problem]()
        self.names = told.agencies
        own: Fields = {str(name): told.text(name) for name in _WORDS}
        own["scope"] = scope_of(told.text(Column.SCOPE))
        own |= self._agencies() | self._status()
        own |= self._date(Column.TARGET_DATE, TARGET_WRITTEN) | self._date(Column.REVISED_DATE, REVISED_WRITTEN)
        review = heard_day(told.text(REVIEW)) or told.cells[REVIEW].date if REVIEW in told.cells else None
        own["next_review_on"] = review.isoformat() if review else None
        own["steps"] = self._steps()
        done, outcome = self._completed(self._cell_words(COMPLETED))
        own["completed_on"] = done
        own["outcome"] = "\n".join(filter(None, (outcome, told.text(OUTCOME))))
        own["by_lead"] = self._by_lead(own)
        self.fields = judged(told.line, own, self.problems)

    def _note(self, code: str, column: Column, text: str) -> None:
        cell = self.told.cells.get(column)
        self.problems.append(problem(code, column, cell.place if cell else self.told.line.place(column), text))

    def _agencies(self) -> Fields:
        text = "\n".join(self.names)
        found = read_addressees(text, {name.casefold() for name in self.names})
        if found.code:
            self._note(found.code, Column.AGENCY, text)
        return {"agencies": list(found.agencies)}

    def _status(self) -> Fields:
        written = self.told.text(Column.STATUS).split("\n", 1)[0]
        if Column.STATUS not in self.told.cells:
            return {"status": None, "status_as_written": ""}
        mark = read_mark(written, Key()) if written else Mark(code="blank_status")
        if mark.code:
            self._note(mark.code, Column.STATUS, written)
        return {"status": mark.status or None, "status_as_written": written}

    def _date(self, column: Column, beside: str) -> Fields:
        cell, written = self.told.cells.get(column), self.told.text(beside)
        words = cell.text if cell else ""
        day = (cell.date if cell else None) or heard_day(words)
        if not day and words:
            read = read_date(words)
            day, written = read.date, written or words
            if read.code:
                self._note(read.code, column, words)
        return {str(column): day.isoformat() if day else None, f"{column}_as_written": written}

    def _steps(self) -> list[dict[str, Any]]:
        found = []
        for step in heard_steps(self.told.text(Column.MILESTONES)):
            day, written = heard_date(step.due) or (None, step.due)
            achieved = step.achieved.isoformat() if step.achieved else None
            due = day.isoformat() if day else None
            found.append({"text": step.text, "due_on": due, "due_as_written": written, "achieved_on": achieved})
        return found

    def _cell_words(self, name: str) -> str:
        cell = self.told.cells.get(name)
        return said_day(cell.date) if cell and cell.date else self.told.text(name)

    def _completed(self, words: str) -> tuple[str | None, str]:
        """The day of completion, and what somebody has written behind it."""
        if self._each(words):
            return None, ""
        day, rest = heard_day(words), ""
        if not day and words:
            day, rest = leading_date(words)
        return (day.isoformat() if day else None), rest

    def _each(self, words: str) -> dict[str, str]:
        return heard_of_each(words, self.names)

    def _by_lead(self, own: Fields) -> dict[str, Fields]:
        """What each lead says for itself; nothing where all say the same."""
        said: dict[str, dict[str, str]] = {str(name): each for name in _OF_EACH if (each := self._each(own[name]))}
        done, stands = self._each(self._cell_words(COMPLETED)), self._stands()
        if not said and not done and not stands:
            return {}
        return {
            name: {str(field): said[field].get(name, "") if field in said else own[field] for field in _OF_EACH}
            | {"completed_on": self._completed(done.get(name, ""))[0] if done else own["completed_on"]}
            | {"status": stands.get(name, own["status"])}
            for name in self.names
        }

    def _stands(self) -> dict[str, str | None]:
        """Where each lead stands, below where the action does."""
        _, _, below = self.told.text(Column.STATUS).partition("\n")
        each: Sequence[tuple[str, str]] = tuple(self._each(below).items())
        return {name: read_mark(words, Key()).status or None for name, words in each}
