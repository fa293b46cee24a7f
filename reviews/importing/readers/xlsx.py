"""Reads an Excel workbook with openpyxl: words, real dates, fills, merged cells, hidden rows and columns."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from reviews.importing.readers import DAMAGED
from reviews.importing.tables import MAX_COLUMNS, MAX_ROWS, Cell, Row, Table, Unreadable, clean, place

#: What openpyxl raises at a workbook that is damaged or was made to harm; anything else is answered by the sandbox.
_DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
)


def read(data: bytes) -> list[Table]:
    """The visible sheets of a workbook, in its order."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        with_formula = any(cell.data_type == "f" for sheet in sheets for cell in sheet._cells.values())
        kept = openpyxl.load_workbook(io.BytesIO(data), data_only=True) if with_formula else book
        return [_table(sheet, kept[sheet.title]) for sheet in sheets]
    except _DAMAGE as error:
        raise Unreadable(DAMAGED) from error
    except Exception as error:
        if type(error).__module__.startswith(("defusedxml", "xml", "lxml", "pyexpat", "zlib")):
            raise Unreadable(DAMAGED) from error
        raise


def _table(sheet: Any, kept: Any) -> Table:
    merged = dict(_merged(sheet))
    rows: dict[int, dict[int, Any]] = {}
    # A sheet may declare a million rows and hold ten: only the cells that are there are looked at.
    for (row, column), cell in sheet._cells.items():
        if column <= MAX_COLUMNS:
            rows.setdefault(row, {})[column] = cell
    if len(rows) > MAX_ROWS:
        raise Unreadable(
            f"The sheet “{sheet.title}” has more than {MAX_ROWS:,} rows. Delete those that are not the plan."
        )
    return Table(
        sheet.title,
        tuple(_row(sheet, kept, number, rows[number], merged) for number in sorted(rows)),
        frozenset(_hidden_columns(sheet)),
    )


def _merged(sheet: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int, int]]]:
    """For each cell of a merged area: the cell whose words it shows, and how wide the area is."""
    for area in sheet.merged_cells.ranges:
        width = area.max_col - area.min_col + 1
        for row in range(area.min_row, min(area.max_row, area.min_row + MAX_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1):
                yield (row, column), (area.min_row, area.min_col, width)


def _row(sheet: Any, kept: Any, number: int, cells: dict[int, Any], merged: dict[Any, Any]) -> Row:
    found = []
    for column in range(1, max(cells) + 1):
        top, left, width = merged.get((number, column), (number, column, 1))
        if left != column:
            found.append(Cell(place=place(sheet.title, number, column - 1), covered=True))
            continue
        shown = sheet._cells.get((top, left)) if top != number else cells.get(column)
        found.append(_cell(shown, kept, place(sheet.title, number, column - 1), below=top != number, width=width))
    return Row(
        number, tuple(found), hidden=number in sheet.row_dimensions and bool(sheet.row_dimensions[number].hidden)
    )


def _cell(cell: Any, kept: Any, where: str, *, below: bool, width: int) -> Cell:
    if cell is None:
        return Cell(place=where)
    value, formula = cell.value, cell.data_type == "f"
    if formula:
        value = kept.cell(cell.row, cell.column).value
    lost = (formula and value is None) or cell.data_type == "e"
    date = value.date() if isinstance(value, dt.datetime) else value if isinstance(value, dt.date) else None
    style = re.sub(r'"[^"]*"|\[[^\]]*\]', "", cell.number_format or "").lower()
    return Cell(
        text="" if lost else _shown(value, style),
        place=where,
        date=date,
        month_only=date is not None and "d" not in style,
        colour=_fill(cell),
        below=below,
        width=width,
        lost=lost,
    )


def _shown(value: object, style: str) -> str:
    """What the cell shows, near enough: a date as its format says, a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (dt.datetime, dt.date)):
        if "d" in style:
            return f"{value:%d/%m/%Y}"
        return f"{value:%B %Y}" if "mmmm" in style else f"{value:%b-%y}"
    if isinstance(value, (int, float)) and "%" in style:
        return f"{value * 100:g}%"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10g}"
    return clean(value)


def _fill(cell: Any) -> str:
    if not cell.has_style or cell.fill.fill_type != "solid":
        return ""
    colour = cell.fill.fgColor.rgb
    return colour[-6:].upper() if isinstance(colour, str) and colour[-6:].upper() != "FFFFFF" else ""


def _hidden_columns(sheet: Any) -> Iterator[int]:
    for name, column in sheet.column_dimensions.items():
        if column.hidden:
            first = column.min or column_index_from_string(name)
            yield from range(first - 1, min(column.max or first, MAX_COLUMNS))
