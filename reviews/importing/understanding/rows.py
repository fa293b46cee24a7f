"""From one action line to one row: the fields by name, and everything that a person should look at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.dates import end_of_month, find_date, leading_date, names_impossible_day, read_date
from reviews.importing.understanding.layouts import Line
from reviews.importing.understanding.marks import (
    COMPLETE,
    Key,
    Mark,
    fill_name,
    is_sign,
    of_colour,
    read_mark,
    says_status,
)
from reviews.importing.understanding.names import Addressees, read_addressees
from reviews.importing.understanding.people import names_a_person, owner_names_a_person
from reviews.importing.understanding.problems import Problem, problem
from reviews.importing.understanding.several import holds_several
from reviews.importing.understanding.tables import Cell

Fields = dict[str, Any]

TEXTS = ("progress", "next_steps", "evidence", "milestones", "agency_response", "barriers")
_TEXT_COLUMNS = [(Column(name), name) for name in TEXTS]
_PEOPLED = [(Column(name), name) for name in ("recommendation", "action", *TEXTS)]
_REFERENCE = re.compile(
    r"^(?:recommendation|rec)\.? +([a-z]{0,3}\d+(?:\.\d+)*[a-z]?)\s*(?:[:.–-]+\s*|\n)", re.IGNORECASE
)
_ACTION_REFERENCE = re.compile(r"^action +([A-Z]{0,3}\d[\w.]{0,20}): +", re.IGNORECASE)
_SAID = re.compile(
    r"(?:completed?|achieved|closed|done|delivered|implemented|finished|signed off|actioned)\W+(?:on )?", re.IGNORECASE
)
_NOTHING = re.compile(r"^(?:n/?a|none|nil|-|–|not applicable)\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class Context:
    """What the rest of the document says that a row needs: its key, the day it counts from, the names it knows."""

    key: Key = field(default_factory=Key)
    anchor: dt.date | None = None
    known: Collection[str] = ()
    has_status: bool = False
    addressees: dict[str, Addressees] = field(default_factory=dict)  # of cells that were read already

    def addressed(self, text: str) -> Addressees:
        """Who stands in an agency's cell. A plan says the same of many rows."""
        if text not in self.addressees:
            self.addressees[text] = read_addressees(text, self.known)
        return self.addressees[text]


@dataclass
class _Row:
    line: Line
    fields: Fields
    problems: list[Problem]

    def note(self, code: str, column: Column, text: str = "", place: str = "") -> None:
        self.problems.append(problem(code, column, place or self.line.place(column), text))


def read_row(line: Line, context: Context) -> Fields:
    """The fields of one row, with ``place`` and ``problems``."""
    row = _Row(line, {}, list(line.problems))
    _words(row)
    _addressees(row, context)
    _date(row, "target_date", Column.TARGET_DATE, context)
    _date(row, "revised_date", Column.REVISED_DATE, context)
    mark = _completion(row, context)
    _status(row, context, mark)
    return judged(line, row.fields, row.problems)


def judged(line: Line, fields: Fields, problems: list[Problem]) -> Fields:
    """The fields of a row with ``place`` and ``problems``: those that are known, and what else is to be looked at."""
    row = _Row(line, fields, problems)
    for check in CHECKS:
        check(row)
    return row.fields | {
        "place": next((cell.place for cell in line.row.cells if cell.place), ""),
        "places": _places(line),
        "problems": [found.as_json() for found in row.problems],
    }


def _places(line: Line) -> dict[str, str]:
    """Where the words of each field stand in the file, by the names of the columns."""
    places = {}
    for column, pairs in line.cells.items():
        for _, cell in pairs:
            if cell.text or cell.colour:
                places[column.value] = cell.place
                break
    return places


def _words(row: _Row) -> None:
    line, fields = row.line, row.fields
    recommendation, reference = line.text(Column.RECOMMENDATION), line.text(Column.REFERENCE)
    if match := _REFERENCE.match(recommendation):
        recommendation = recommendation[match.end() :]
        reference = reference or match[1]
    fields["reference"] = re.sub(r"^(?:recommendation|rec)\.? +(?=\d)", "", reference, flags=re.I)
    fields["recommendation"] = recommendation
    fields["theme"] = line.text(Column.THEME) or line.theme
    fields["scope"] = scope_of(line.text(Column.SCOPE))
    action, number = line.text(Column.ACTION), line.text(Column.ACTION_REFERENCE)
    if match := _ACTION_REFERENCE.match(action):
        action, number = action[match.end() :], number or match[1]
    fields["action"], fields["action_reference"] = action, number
    for column, name in _TEXT_COLUMNS:
        fields[name] = line.text(column)


def scope_of(text: str) -> str:
    """How far a recommendation reaches, by its code; as it is written where it says something else."""
    found = re.search(r"\b(local|regional|national)\b", text, re.I)
    return found[1].lower() if found else text


def _addressees(row: _Row, context: Context) -> None:
    line = row.line
    text = line.text(Column.AGENCY)
    found = context.addressed(text)
    row.fields["agencies"] = list(found.agencies)
    row.fields["agencies_as_written"] = text
    owners = [line.text(Column.OWNER), found.owner]
    row.fields["owner"] = "\n".join(dict.fromkeys(owner for owner in owners if owner))
    if found.code:
        row.note(found.code, Column.AGENCY, text)
    elif line.agency_from_above:
        row.note("agency_from_above", Column.AGENCY, line.agency_from_above)


def _date(row: _Row, name: str, column: Column, context: Context) -> None:
    cells = [cell for _, cell in row.line.cells.get(column, ()) if cell.text]
    text = "\n".join(cell.text for cell in cells)
    row.fields[name], row.fields[f"{name}_as_written"] = None, text
    if len(cells) == 1 and cells[0].date:
        day = cells[0].date
        row.fields[name] = (end_of_month(day.year, day.month) if cells[0].month_only else day).isoformat()
        return
    written = read_date(text, context.anchor)
    row.fields[name] = written.date.isoformat() if written.date else None
    if written.code:
        row.note(written.code, column, text)


def _completion(row: _Row, context: Context) -> Mark:
    """The day of completion and the outcome; and what the cell says of the status where no column does."""
    dates, outcomes, mark, written = [], [], Mark(), ""
    for _, cell in row.line.cells.get(Column.COMPLETED_AND_OUTCOME, ()):
        if not cell.text:
            continue
        first, _, below = cell.text.partition("\n")
        said = read_mark(first, context.key)
        if cell.date:
            dates.append(cell.date)
            continue
        if said.status or said.code == "blank_status":
            first, words = _said_apart(first) if said.status else ("", "")
            mark, written, rest = said, first, "\n".join(filter(None, (words, below)))
            dates += [said.completed_on] if said.completed_on else []
        else:
            rest = cell.text
        date, outcome = leading_date(rest)
        dates += [date] if date else []
        outcomes.append(outcome)
    row.fields["completed_on"] = dates[0].isoformat() if dates else None
    row.fields["completed_as_written"] = row.line.text(Column.COMPLETED_AND_OUTCOME)
    row.fields["outcome"] = "\n".join(filter(None, outcomes))
    if not context.has_status:
        row.fields["status_as_written"] = written
        return mark if mark.status else Mark(COMPLETE if dates else "")
    return Mark()


def _said_apart(line: str) -> tuple[str, str]:
    """The status with its date, and what else a line says: "Completed April 2017. It was audited." holds both."""
    said = _SAID.match(line)
    date, words = leading_date(line[said.end() :]) if said else (None, "")
    return (line[: len(line) - len(words)].rstrip(" .:;,–-"), words) if date and words else (line, "")


def _status(row: _Row, context: Context, completion: Mark) -> None:
    if context.has_status:
        mark, written, place = _marked(row, context)
        row.fields["status_as_written"] = written
    else:
        mark, written, place = completion, row.fields["status_as_written"], row.line.place(Column.COMPLETED_AND_OUTCOME)
    row.fields["status"] = mark.status or None
    if mark.completed_on and not row.fields["completed_on"]:
        row.fields["completed_on"] = mark.completed_on.isoformat()
    if mark.code:
        row.note(mark.code, Column.STATUS, written, place)


def _marked(row: _Row, context: Context) -> tuple[Mark, str, str]:
    """The status, as written, and where: from words, from ticks under headings, or from a fill."""
    cells = row.line.cells.get(Column.STATUS, [])
    worded = [(heading, cell) for heading, cell in cells if cell.text]
    place = (worded or cells)[0][1].place if cells else ""
    ticked = [said for head, cell in worded if is_sign(cell.text) and (said := says_status(head.printed))]
    if len(ticked) > 1:
        return Mark(code="conflicting_status"), "; ".join(ticked), place
    if ticked:
        return read_mark(ticked[0], context.key), ticked[0], place
    if worded:  # of several the latest, where their headings say of when they are
        text = max(worded, key=lambda pair: find_date(pair[0].printed) or dt.date.min)[1].text
        return read_mark(text, context.key), text, place
    for _, cell in cells:
        if cell.colour and not _is_band(row.line, cell) and (name := fill_name(cell.colour)):
            status = context.key.fills.get(cell.colour) or context.key.names.get(name, "")
            return of_colour(status), name, cell.place
    return Mark(code="blank_status"), "", place


# --- What else a person should look at --------------------------------------------------------------


def _is_band(line: Line, cell: Cell) -> bool:
    """Whether a fill is that of the whole row, and says nothing of its status."""
    status = {id(one) for _, one in line.cells.get(Column.STATUS, ())}
    others = [one for column in line.cells.values() for _, one in column if one.text and id(one) not in status]
    return bool(others) and sum(one.colour == cell.colour for one in others) * 2 > len(others)


def _check_words(row: _Row) -> None:
    if not row.fields["recommendation"] and not row.fields["action"]:
        row.note("no_recommendation", Column.RECOMMENDATION)


def _check_complete(row: _Row) -> None:
    milestones = [h for h, _ in row.line.cells.get(Column.MILESTONES, ()) if "achieved" in h.printed.lower()]
    said = [row.fields[name] for name in ("progress", "evidence", "outcome")]
    said += [row.fields["milestones"]] if milestones else []
    if row.fields["status"] == COMPLETE and not any(text and not _NOTHING.match(text) for text in said):
        row.note("complete_without_progress", Column.PROGRESS)


def _check_completed(row: _Row) -> None:
    """A day of completion that cannot be is said: the row would seem to give none."""
    written = ((Column.STATUS, "status_as_written"), (Column.COMPLETED_AND_OUTCOME, "completed_as_written"))
    for column, name in written if not row.fields.get("completed_on") else ():
        text = str(row.fields.get(name) or "").partition("\n")[0]
        if names_impossible_day(text):
            row.note("impossible_date", Column.COMPLETED_AND_OUTCOME, text, row.line.place(column))
            return


def _check_several(row: _Row) -> None:
    if holds_several(row.fields["recommendation"]):
        row.note("several_recommendations_in_cell", Column.RECOMMENDATION)


def _check_people(row: _Row) -> None:
    tests = [(Column.OWNER, row.fields["owner"], owner_names_a_person)]
    tests += [(column, row.fields[name], names_a_person) for column, name in _PEOPLED]
    tests.append((Column.COMPLETED_AND_OUTCOME, row.fields["outcome"], names_a_person))
    for column, text, test in tests:
        if text and (name := test(text)):
            place = row.line.place(column) or (row.line.place(Column.AGENCY) if column is Column.OWNER else "")
            row.note("possible_personal_name", column, name, place)


def _check_cells(row: _Row) -> None:
    if row.line.row.hidden:
        row.note("hidden_row", Column.IGNORE, place=next((c.place for c in row.line.row.cells if c.place), ""))
    for column, cells in row.line.cells.items():
        for _, cell in cells:
            if cell.lost:
                row.note("formula_without_value", column, place=cell.place)


CHECKS: tuple[Callable[[_Row], None], ...] = (
    _check_words,
    _check_complete,
    _check_completed,
    _check_several,
    _check_people,
    _check_cells,
)
