"""Reads an Excel workbook with openpyxl: words, real dates, fills, merged cells, hidden rows and columns."""

from __future__ import annotations

import colorsys
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from reviews.importing.readers import DAMAGED
from reviews.importing.tables import MAX_COLUMNS, MAX_ROWS, Cell, Row, Table, Unreadable, clean, place

Theme = list[str]

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
        theme = _theme(book.loaded_theme)
        return [_table(sheet, kept[sheet.title], theme) for sheet in sheets]
    except _DAMAGE as error:
        raise Unreadable(DAMAGED) from error
    except Exception as error:
        if type(error).__module__.startswith(("defusedxml", "xml", "lxml", "pyexpat", "zlib")):
            raise Unreadable(DAMAGED) from error
        raise


def _table(sheet: Any, kept: Any, theme: Theme) -> Table:
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
        tuple(_row(sheet, kept, number, rows[number], merged, theme) for number in sorted(rows)),
        frozenset(_hidden_columns(sheet)),
    )


def _merged(sheet: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int, int]]]:
    """For each cell of a merged area: the cell whose words it shows, and how wide the area is."""
    for area in sheet.merged_cells.ranges:
        width = area.max_col - area.min_col + 1
        for row in range(area.min_row, min(area.max_row, area.min_row + MAX_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1):
                yield (row, column), (area.min_row, area.min_col, width)


def _row(sheet: Any, kept: Any, number: int, cells: dict[int, Any], merged: dict[Any, Any], theme: Theme) -> Row:
    found = []
    for column in range(1, max(cells) + 1):
        top, left, width = merged.get((number, column), (number, column, 1))
        if left != column:
            found.append(Cell(place=place(sheet.title, number, column - 1), covered=True))
            continue
        shown = sheet._cells.get((top, left)) if top != number else cells.get(column)
        where = place(sheet.title, number, column - 1)
        found.append(_cell(shown, kept, where, theme, below=top != number, width=width))
    return Row(
        number, tuple(found), hidden=number in sheet.row_dimensions and bool(sheet.row_dimensions[number].hidden)
    )


def _cell(cell: Any, kept: Any, where: str, theme: Theme, *, below: bool, width: int) -> Cell:
    if cell is None:
        return Cell(place=where)
    value, formula = cell.value, cell.data_type == "f"
    if formula:
        value = kept.cell(cell.row, cell.column).value
    lost = (formula and value is None) or cell.data_type == "e"
    date = value.date() if isinstance(value, dt.datetime) else value if isinstance(value, dt.date) else None
    style = str(cell.number_format or "")
    parts = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", style).lower()
    if date and not re.search("[dm]", parts):  # it shows its year alone, or nothing of the day
        return Cell(shown_date(date, style), where, below=below, width=width, colour=_fill(cell, theme))
    return Cell(
        text="" if lost else _shown(value, style),
        place=where,
        date=date,
        month_only=date is not None and "d" not in parts,
        colour=_fill(cell, theme),
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
        return shown_date(value, style)
    if isinstance(value, (int, float)) and "%" in style:
        return f"{value * 100:g}%"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10g}"
    return clean(value)


def shown_date(value: dt.date, style: str) -> str:
    """A day as this number format shows it. A format in the order of the United States is what Excel calls
    the short date, which it shows day first here.
    """
    first = style.split(";", 1)[0].lower()
    if first == "general" or re.match(r"(?:\[[^\]]*\])?m{1,2}\W+d", first):
        return f"{value:%d/%m/%Y}"
    words = ""
    for token in re.findall(r'"[^"]*"|\[[^\]]*\]|\\.|y+|m+|d+|[^ymd]', first):
        if token[0] == "h":  # the time of day is no part of a date
            break
        if token[0] in '"\\':
            words += token.strip('"\\')
        elif token[0] not in "[_*@":
            words += _DATE_PARTS[token[0]][min(len(token), 4) - 1](value) if token[0] in _DATE_PARTS else token
    return clean(words.strip(" ,-/")) or f"{value:%d/%m/%Y}"


#: What one to four letters of a number format show of a day.
_DATE_PARTS: dict[str, tuple[Callable[[dt.date], str], ...]] = {
    "d": (lambda on: str(on.day), lambda on: f"{on:%d}", lambda on: f"{on:%a}", lambda on: f"{on:%A}"),
    "m": (lambda on: str(on.month), lambda on: f"{on:%m}", lambda on: f"{on:%b}", lambda on: f"{on:%B}"),
    "y": (lambda on: f"{on:%y}", lambda on: f"{on:%y}", lambda on: str(on.year), lambda on: str(on.year)),
}


def _theme(xml: bytes | None) -> Theme:
    """The workbook's own colours, in the order in which cells name them by number."""
    found = re.findall(rb'<a:(?:dk|lt|accent)\d>\s*<a:\w+ (?:val="\w*" lastClr|val)="([0-9A-Fa-f]{6})"', xml or b"")
    colours = [colour.decode().upper() for colour in found]
    # Light and dark stand the other way about in the file.
    return [colours[1], colours[0], colours[3], colours[2], *colours[4:]] if len(colours) > 3 else []


def _fill(cell: Any, theme: Theme) -> str:
    if not cell.has_style or cell.fill.fill_type != "solid":
        return ""
    colour = cell.fill.fgColor
    named = ""
    if colour.type == "rgb" and isinstance(colour.rgb, str):
        named = colour.rgb[-6:]
    elif colour.type == "indexed" and 0 <= colour.indexed < len(COLOR_INDEX):
        named = COLOR_INDEX[colour.indexed][-6:]
    elif colour.type == "theme" and 0 <= colour.theme < len(theme):
        named = _tinted(theme[colour.theme], float(colour.tint or 0))
    return named.upper() if named.upper() != "FFFFFF" else ""


def _tinted(colour: str, tint: float) -> str:
    """A colour made lighter, or darker where ``tint`` is below nought, as Excel does it."""
    hue, light, strength = colorsys.rgb_to_hls(*(int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light + (1 - light) * min(tint, 1)
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, max(0.0, light), strength))


def _hidden_columns(sheet: Any) -> Iterator[int]:
    for name, column in sheet.column_dimensions.items():
        if column.hidden:
            first = column.min or column_index_from_string(name)
            yield from range(first - 1, min(column.max or first, MAX_COLUMNS))
