"""Reads text whose columns stand under one another by spaces alone, as it comes out of a published PDF.

A heading is looked for first: its words say where the columns begin. The gaps between them are then where fewest lines
have letters. A cell may go on over several lines, and a row over a page.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from reviews.importing.readers.printed import Heading, Printed, cut, edges_of, headings_in
from reviews.importing.understanding.cells import looks_like_name, names_a_body
from reviews.importing.understanding.columns import OUR_OWN, Column
from reviews.importing.understanding.layouts import WORDED
from reviews.importing.understanding.marks import Key, colour_name, read_mark
from reviews.importing.understanding.tables import MAX_ROWS, Cell, Row, Table, Unreadable, clean

_LONGEST_LINE = 600
_MOST_LINES = 200_000
#: What numbers a row in its first column, alone or before its words.
_NUMBER = re.compile(
    r"(?:(?:recommendation|rec|r|action)\.? ?)?\d{1,3}(?:\.\d{1,2})*[a-z]?[.):]?(?:\s|$)", re.IGNORECASE
)
_ITEM = re.compile(r"(?:[•▪➢*–-]|\(?[a-z0-9]{1,3}[.)]) ")


@dataclass
class _Row:
    """A row while its lines come in: the words of each column, line by line."""

    first: Printed
    cells: list[list[str]]
    alone: bool = False
    width: int = 1

    def said(self, column: int | None) -> bool:
        """Whether the words of a column are a status and need no other line."""
        return column is not None and column < len(self.cells) and _is_status(" ".join(self.cells[column]))

    def ends(self, column: int) -> bool:
        """Whether the words of a column are a sentence that ended, or none."""
        return not self.cells[column] or self.cells[column][-1].endswith((".", "!", "?", ";"))


def read_aligned(lines: Sequence[Printed], *, paged: bool) -> list[Table]:
    """The tables of a text in which no sign parts the columns; none where it holds no such table."""
    lines = [line for line in lines if len(line.words) <= _LONGEST_LINE]
    if len(lines) > _MOST_LINES:
        raise Unreadable(f"The text has more than {_MOST_LINES:,} lines. Delete those that are not the plan.")
    headings = list(headings_in(lines))
    if not headings:
        return []
    above = [Row(line.number, (Cell(words, _where(line, paged=paged)),)) for line in lines[: headings[0][0]]
             if (words := clean(line.words))]  # fmt: skip
    first = headings[0][1]
    rows = [_Row(lines[headings[0][0]], [[words] for words in first.texts])]
    ends = [number for number, _ in headings[1:]] + [len(lines)]
    for (number, heading), end in zip(headings, ends, strict=True):
        alike = len(heading.spans) == len(first.spans)
        _take(rows, heading if alike else first, lines[number + heading.lines : end])
    if len(rows) < 2:
        return []
    return [*([Table("Text above", tuple(above), prose=True)] if above else []), _table(rows, paged=paged)]


def _table(found: list[_Row], *, paged: bool) -> Table:
    rows = [_finished(row, paged=paged) for row in found]
    if len(rows) > MAX_ROWS:
        raise Unreadable(f"The text has more than {MAX_ROWS:,} rows. Delete those that are not the plan.")
    return Table("Table 1", tuple(rows), flows=True)


def _where(line: Printed, *, paged: bool) -> str:
    return f"page {line.page}, line {line.number}" if paged else f"line {line.number}"


def _take(rows: list[_Row], heading: Heading, lines: Sequence[Printed]) -> None:
    """Divide the lines below a heading into rows."""
    edges = edges_of(heading, lines)
    parted = [(line, cut(line, edges)) for line in lines]
    signs = _Signs(
        reference=heading.where(Column.REFERENCE),
        status=heading.where(Column.STATUS),
        numbered=sum(bool(cells and _NUMBER.match(cells[0])) for _, cells in parted) > 1,
        blanks=_blank_lines_divide(parted),
    )
    blank = True
    above: list[str] = []
    for line, cells in parted:
        if not line.words.strip():
            blank = True
            continue
        row = rows[-1]
        if cells is None:
            rows.append(_Row(line, [[clean(line.words)]], alone=True, width=len(heading.spans)))
        elif not any(cells[1:]) and _is_name(heading, cells[0], blank=blank, ended=not signs.blanks and row.ends(0)):
            rows.append(_Row(line, [[cells[0]]], alone=True))
        elif len(rows) == 1 or row.alone or _begins(row, above, cells, signs, blank=blank):
            rows.append(_Row(line, [[words] if words else [] for words in cells]))
        else:
            for column, words in zip(row.cells, cells, strict=False):
                column.extend([words] if words else [])
        blank = False
        above = cells or []


@dataclass(frozen=True)
class _Signs:
    """What tells where a row begins: the columns of number and status, numbers before words, blank lines."""

    reference: int | None
    status: int | None
    numbered: bool
    blanks: bool


def _is_name(heading: Heading, words: str, *, blank: bool, ended: bool) -> bool:
    """Whether words that stand alone in the first column name the agency of the rows below them."""
    first = OUR_OWN.meaning(heading.texts[0])
    if first in (Column.AGENCY, Column.AGENCY_AND_RECOMMENDATION):
        return (blank and looks_like_name(words)) or (ended and names_a_body(words))
    return names_a_body(words) and (blank or ended or first not in WORDED)


def _blank_lines_divide(parted: Sequence[tuple[Printed, list[str] | None]]) -> bool:
    """Whether what follows a blank line mostly begins in the first column beside other words."""
    after = [
        cells
        for (above, _), (line, cells) in itertools.pairwise(parted)
        if cells and line.words.strip() and not above.words.strip()
    ]
    return bool(after) and sum(bool(cells[0]) and sum(map(bool, cells)) > 1 for cells in after) * 2 > len(after)


def _begins(row: _Row, above: list[str], cells: list[str], signs: _Signs, *, blank: bool) -> bool:
    """Whether a line begins a row, and does not go on with the one above.

    The cells of a row begin in its first line. So a line with words in a column that had none in the line above begins
    a row; one that has none of its own need not.
    """
    filled = [column for column, words in enumerate(cells) if words]
    if signs.reference is not None and cells[signs.reference]:
        return True
    if signs.status is not None and row.said(signs.status) and _is_status(cells[signs.status]) and len(filled) > 2:
        return True
    if signs.numbered:
        return bool(_NUMBER.match(cells[0])) or (blank and signs.blanks and not cells[0] and len(filled) > 2)
    if blank and signs.blanks:
        return bool(cells[0]) or len(filled) > 2
    if len(filled) < 2 or (signs.blanks and not blank):
        return False
    if any(not above[column] for column in filled if above):
        return True
    return all(row.ends(column) and not cells[column][0].islower() for column in filled)


def _finished(row: _Row, *, paged: bool) -> Row:
    where = _where(row.first, paged=paged)
    return Row(row.first.number, tuple(Cell(clean(_joined(lines)), where, width=row.width) for lines in row.cells))


def _is_status(words: str) -> bool:
    return bool(read_mark(words, Key()).status or colour_name(words))


def _joined(lines: Sequence[str]) -> str:
    """The lines of a cell as its writer had them: the edge of a column breaks no sentence, and no hyphened word."""
    words = ""
    for line in lines:
        if not words or _ITEM.match(line):
            words += f"\n{line}"
        else:
            words += line if re.search(r"\w-$", words) else f" {line}"
    return words
