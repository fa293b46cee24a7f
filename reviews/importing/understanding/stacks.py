"""Several tables under one another on one sheet: each with headings of its own becomes a table of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from reviews.importing.understanding.columns import OUR_OWN, Column, Headings
from reviews.importing.understanding.layouts import WORDED
from reviews.importing.understanding.tables import Row, Table

_FEWEST = 3  # headings that make a row one of headings
_LONGEST = 80  # letters of a heading


def stacked(table: Table, known: Headings = OUR_OWN) -> list[Table]:
    """The tables of which this is made; the table itself where it is one. The same headings again begin no other."""
    starts: list[int] = []
    before: dict[int, Column] = {}
    for number, row in enumerate(table.rows):
        found = _headings(row, known)
        if not found:
            continue
        if before and found != before and not _is_part_of(found, before):
            starts.append(_with_its_title(table, number))
        before = found
    if not starts:
        return [table]
    return [replace(table, rows=table.rows[first:last]) for first, last in _spans([0, *starts, len(table.rows)])]


def _headings(row: Row, known: Headings) -> dict[int, Column]:
    """What each cell of a row means that reads like headings; nothing for any other row."""
    own = row.own
    if len(own) < _FEWEST or any(len(row.cells[index].text) > _LONGEST for index in own):
        return {}
    meant = {index: column for index in own if (column := known.meaning(row.cells[index].text))}
    sure = [index for index in meant if known.surely(row.cells[index].text)]
    worded = any(meant[index] in WORDED for index in sure)
    return meant if worded and len(sure) >= 2 and len(meant) * 5 >= len(own) * 3 else {}


def _is_part_of(found: dict[int, Column], before: dict[int, Column]) -> bool:
    """Whether all that is found stands in its own column already: a heading that was printed again in part."""
    return all(before.get(index) == column for index, column in found.items())


def _with_its_title(table: Table, number: int) -> int:
    """Where a table begins whose headings stand in this row: at the lines of one cell right above them."""
    while number > 1 and len(table.rows[number - 1].own) == 1 and len(table.rows[number - 1].filled) == 1:
        number -= 1
    return number


def _spans(edges: list[int]) -> Iterator[tuple[int, int]]:
    return ((first, last) for first, last in itertools.pairwise(edges) if first < last)
