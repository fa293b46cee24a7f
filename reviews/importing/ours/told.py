"""What one row of our own papers says, by the columns of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reviews.export_mark import AS_WRITTEN, NEXT_REVIEW, NOBODY_YET
from reviews.export_words import heard_date, heard_target, said_of_each, unlabelled
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.layouts import Line
from reviews.importing.understanding.tables import Cell

#: What a row may hold beside the columns that every plan may have.
TARGET_WRITTEN, REVISED_WRITTEN, REVIEW, COMPLETED = "target_written", "revised_written", "next_review", "completed_on"
OUTCOME = "outcome"
#: The headings of the data that mean more to us than to anybody.
HEADINGS = {
    AS_WRITTEN["Target date"]: TARGET_WRITTEN,
    AS_WRITTEN["Revised date"]: REVISED_WRITTEN,
    NEXT_REVIEW: REVIEW,
    "Date of completion": COMPLETED,
    "Outcome": OUTCOME,
}


@dataclass
class Told:
    """What one row says: its cells by the columns of the data, and the line in which it stands."""

    line: Line
    cells: dict[str, Cell] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The words of a column."""
        return self.cells[name].text if name in self.cells else ""

    def put(self, name: str, words: str, place: str = "") -> None:
        """Let a column say ``words``."""
        if words:
            self.cells[name] = Cell(words, place)

    @property
    def agencies(self) -> list[str]:
        """The names of those who answer."""
        names = [line.strip().removesuffix("*") for line in self.text(Column.AGENCY).split("\n")]
        return [name for name in names if name not in ("", NOBODY_YET)]

    def put_of_each(self, name: str, said: Mapping[str, str], place: str) -> None:
        """Let a column say what each lead says; what stands under no name is said by all."""
        whole = said.get("", "")
        each = {lead: words for lead in self.agencies if (words := said.get(lead, whole))}
        self.put(name, said_of_each(each, len(self.agencies)) if self.agencies else whole, place)

    def take_asked(self) -> None:
        """Take the references off the words that they stand before."""
        for column, label, reference in (
            (Column.RECOMMENDATION, "Recommendation", Column.REFERENCE),
            (Column.ACTION, "Action", Column.ACTION_REFERENCE),
        ):
            cell = self.cells.get(column, Cell())
            number, words = unlabelled(label, cell.text)
            self.cells[column] = replace(cell, text=words)
            self.put(reference, number, cell.place)

    def take_dates(self, words: str, place: str) -> None:
        """Take apart what a paper says of the dates: by when first, by when now, when to look again."""
        first, revised, review = heard_target(words)
        for said, column, written in (
            (first, Column.TARGET_DATE, TARGET_WRITTEN),
            (revised, Column.REVISED_DATE, REVISED_WRITTEN),
        ):
            heard = heard_date(said)
            self.cells[column] = Cell(place=place, date=heard[0]) if heard else Cell(said, place)
            self.put(written, heard[1] if heard else "", place)
        self.put(REVIEW, review, place)
