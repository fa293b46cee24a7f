"""What a column is, told by what stands in it, where its heading is missing or says nothing that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviews.importing.understanding.cells import names_a_body
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.dates import read_date
from reviews.importing.understanding.marks import Key, read_mark
from reviews.importing.understanding.tables import Cell, Row, Table, letters

_LOOK_AT = 60  # rows
_FEWEST = 2  # cells with words that show what a column is
_REFERENCE = re.compile(r"(?:r|rec|a)?\.? ?\d{1,3}(?:\.\d{1,3})*[a-z]?[.)]?", re.IGNORECASE)


def column_by_content(table: Table, body: int, index: int, taken: set[Column]) -> Column | None:
    """The column that the cells below ``body`` show to stand at ``index``, unless the plan has one of that meaning."""
    cells = list(_cells(table.rows[body : body + _LOOK_AT], index))
    if len(cells) < _FEWEST:
        return None
    tests = ((Column.STATUS, _is_status), (Column.TARGET_DATE, _is_date), (Column.AGENCY, _is_body))
    for column, test in tests:
        if column not in taken and sum(map(test, cells)) * 5 >= len(cells) * 4:
            return column
    return None


def is_numbering(table: Table, body: int, index: int) -> bool:
    """Whether a column holds nothing but the numbers of its rows."""
    cells = list(_cells(table.rows[body : body + _LOOK_AT], index))
    return len(cells) >= _FEWEST and all(_REFERENCE.fullmatch(cell.text) and not cell.date for cell in cells)


def columns_without_heading(table: Table, body: int, headed: set[int]) -> Iterator[tuple[int, str]]:
    """Each column that has words in its rows and none above them, with what a page calls it: ``Column C``."""
    found: set[int] = set()
    for row in table.rows[body : body + _LOOK_AT]:
        if len(row.filled) > 1:  # what stands alone runs across the table
            found |= {index for index in row.filled if row.cells[index].width == 1}
    for index in sorted(found - headed):
        yield index, f"Column {letters(index)}"


def _cells(rows: Sequence[Row], index: int) -> Iterator[Cell]:
    for row in rows:
        cell = row.cell(index)
        if cell.text and not cell.below and len(row.filled) > 1:
            yield cell


def _is_status(cell: Cell) -> bool:
    return len(cell.text) < 60 and bool(read_mark(cell.text, Key()).status)


def _is_date(cell: Cell) -> bool:
    return bool(cell.date) or (len(cell.text) < 40 and read_date(cell.text).date is not None)


def _is_body(cell: Cell) -> bool:
    return len(cell.text) < 120 and names_a_body(cell.text.split("\n")[0])
