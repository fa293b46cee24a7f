"""Rows of our own Word documents, in which the style of each paragraph says what it says.

A report stands by organisations, each named once above its rows; a bookmark in each row keeps its place in the plan.
Paragraphs that somebody has added say what their column says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reviews.export_mark import LABELS, Says
from reviews.export_words import heard_outcome
from reviews.importing.ours.told import COMPLETED, OUTCOME, Told
from reviews.importing.readers.wordtext import PLACE
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.layouts import Layout, Line
from reviews.importing.understanding.tables import Cell

#: What is said in each column of the data, by paragraphs that say one thing.
_SAID: tuple[tuple[str, Says], ...] = (
    (Column.RECOMMENDATION, Says.RECOMMENDATION),
    (Column.SCOPE, Says.SCOPE),
    (Column.ACTION, Says.ACTION),
    (Column.MILESTONES, Says.STEP),
)
#: What each lead may say for itself.
_OF_EACH: tuple[tuple[str, Says], ...] = (
    (Column.PROGRESS, Says.PROGRESS),
    (Column.NEXT_STEPS, Says.NEXT_STEPS),
    (Column.BARRIERS, Says.OBSTACLES),
    (OUTCOME, Says.OUTCOME),
    (COMPLETED, Says.COMPLETED),
)
_FOR_ITSELF = frozenset({Says.STATUS, *(says for _, says in _OF_EACH)})
#: What may go on in another paragraph.
_WORDS = frozenset({Says.RECOMMENDATION, Says.ACTION, Says.PROGRESS, Says.OUTCOME, Says.OBSTACLES, Says.NEXT_STEPS})
#: What stands in a column where nothing says what a paragraph says: somebody has typed it there.
_TYPED: dict[Column, Says] = {
    Column.AGENCY_AND_RECOMMENDATION: Says.RECOMMENDATION,
    Column.RECOMMENDATION: Says.RECOMMENDATION,
    Column.SCOPE: Says.SCOPE,
    Column.ACTION: Says.ACTION,
    Column.AGENCY: Says.AGENCY,
    Column.MILESTONES: Says.STEP,
    Column.TARGET_DATE: Says.DATES,
    Column.COMPLETED_AND_OUTCOME: Says.OUTCOME,
    Column.PROGRESS: Says.PROGRESS,
    Column.NEXT_STEPS: Says.NEXT_STEPS,
    Column.STATUS: Says.STATUS,
}


@dataclass
class _Said:
    """What the paragraphs of a row say: by what it is, the words under the name of each lead, or under none."""

    words: dict[Says, dict[str, list[str]]] = field(default_factory=dict)
    places: dict[Says, str] = field(default_factory=dict)
    at: tuple[int, int] | None = None

    def text(self, says: Says, lead: str = "") -> str:
        """The words that are said under one name."""
        return "\n".join(self.words.get(says, {}).get(lead, ()))


def of_document(layout: Layout, lines: Sequence[Line]) -> list[Told]:
    """What the rows of a document say, in the order of the plan."""
    rows: list[tuple[tuple[int, int], Told]] = []
    agencies, place = Cell(), (0, 0)
    for line in lines:
        said = _said(layout, line)
        told = _told(line, said)
        agencies = told.cells.setdefault(Column.AGENCY, agencies)
        _tell_of_each(told, said)
        place = said.at or place
        rows.append((place, told))
    return [told for _, told in sorted(rows, key=lambda row: row[0])]


def _said(layout: Layout, line: Line) -> _Said:
    said = _Said()
    for heading in layout.headings:
        lead, cell = "", line.row.cell(heading.index)
        for says, words in _parts(cell, _TYPED.get(heading.column, Says.NOTE)):
            if says == PLACE:
                first, second = words.split()
                said.at = int(first), int(second)
            elif says == Says.LEAD:
                lead = words
            elif words:
                kind = Says(says)
                name = lead if kind in _FOR_ITSELF else ""
                said.words.setdefault(kind, {}).setdefault(name, []).append(_bare(kind, heading.column, words))
                said.places.setdefault(kind, cell.place)
    return said


def _parts(cell: Cell, typed: Says) -> Iterator[tuple[str, str]]:
    """The paragraphs of a cell. Words of no style go on with words above them; else they say what the column says.

    So do words below a date that were typed in the style of the date.
    """
    last: str = typed
    for given, words in cell.parts or (("", cell.text),):
        says = given
        if says in (Says.DATES, Says.REVIEW) and typed == Says.NEXT_STEPS and not words.startswith(LABELS[Says(says)]):
            says = typed
        if says != PLACE:
            last = says if says in _WORDS else last if not says and last in _WORDS else typed
        yield says or last, words


def _bare(says: Says, column: Column, words: str) -> str:
    """The words without the label that stands before them in a column where other things are said too."""
    if column == Column.COMPLETED_AND_OUTCOME:
        return heard_outcome(words) if says == Says.OUTCOME else words
    if column == Column.TARGET_DATE and says == Says.DATES:
        return words
    return words if column == Column.PROGRESS and says == Says.PROGRESS else words.removeprefix(LABELS.get(says, ""))


def _told(line: Line, said: _Said) -> Told:
    told = Told(line)
    told.put(Column.AGENCY, said.text(Says.AGENCY), said.places.get(Says.AGENCY, ""))
    for column, says in _SAID:
        told.put(column, said.text(says), said.places.get(says, ""))
    told.take_asked()
    dates, review = said.text(Says.DATES), said.text(Says.REVIEW)
    words = "\n".join(filter(None, (dates, f"{LABELS[Says.REVIEW]}{review}" if review else "")))
    told.take_dates(words, said.places.get(Says.DATES, ""))
    return told


def _tell_of_each(told: Told, said: _Said) -> None:
    """What the leads say: all of them the same, or each for itself."""
    for column, says in _OF_EACH:
        each = {lead: "\n".join(words) for lead, words in said.words.get(says, {}).items()}
        told.put_of_each(column, each, said.places.get(says, ""))
    own = [f"{lead}: {said.text(Says.STATUS, lead)}" for lead in said.words.get(Says.STATUS, {}) if lead]
    lines = [said.text(Says.STATUS), said.text(Says.LEAD_STATUS), *own]
    told.put(Column.STATUS, "\n".join(filter(None, lines)), said.places.get(Says.STATUS, ""))
