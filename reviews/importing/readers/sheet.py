"""One sheet of a workbook: its rows as they come, then what is merged over them."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from reviews.importing.readers.formats import day_of, shown_date, shown_number
from reviews.importing.readers.styles import Style
from reviews.importing.understanding.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Row,
    Table,
    Taking,
    Unreadable,
    clean,
    letters,
)

_PLAIN = Style()
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


@dataclass
class Book:
    """What all sheets of a workbook share: styles and words by number, and the day from which it counts."""

    styles: list[Style]
    strings: list[str]
    since_1904: bool = False
    take: Taking = field(default_factory=Taking)

    def style(self, number: str | None) -> Style:
        """The style that a cell names."""
        at = int(number) if number else 0
        return self.styles[at] if 0 <= at < len(self.styles) else _PLAIN


@dataclass
class _Sheet:
    """A sheet while it is being read: its rows by number, each with its cells and whether it is hidden."""

    book: Book
    name: str
    rows: dict[int, list[Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def read_sheet(book: Book, name: str, elements: Iterator[Any]) -> Table:
    """The sheet of these elements: rows, areas that are merged, and columns."""
    sheet = _Sheet(book, clean(name))
    number = 0
    for element in elements:
        kind = element.tag.rsplit("}", 1)[-1]
        if kind == "row":
            number = int(element.get("r") or number + 1)
            _take_row(sheet, number, element)
        elif kind == "mergeCell":
            sheet.merged += _area(element.get("ref", ""))
        elif element.get("hidden") in ("1", "true"):
            first, last = int(element.get("min")), int(element.get("max"))
            sheet.hidden_columns.update(range(first - 1, min(last, MAX_COLUMNS)))
    _merge(sheet)
    rows = [Row(number, tuple(sheet.rows[number]), number in sheet.hidden_rows) for number in sorted(sheet.rows)]
    return Table(sheet.name, tuple(rows), frozenset(sheet.hidden_columns), ours=book.take.ours)


def _take_row(sheet: _Sheet, number: int, row: Any) -> None:
    cells: list[Cell] = []
    written = False
    at = 0
    where = f"{sheet.name}!" if sheet.name else ""
    for element in row:
        reference = element.get("r")
        at = column_of(reference.rstrip("0123456789")) if reference else at
        if at >= MAX_COLUMNS:
            break
        _pad(cells, at, where, number)
        cell = _cell(sheet.book, element, f"{where}{letters(at)}{number}")
        written = written or bool(cell.text) or cell.lost
        if at == len(cells):
            cells.append(cell)
        else:
            cells[at] = cell
        at += 1
    # A row that is only drawn says nothing. Sheets may hold a million of them.
    if written:
        sheet.rows[number] = cells
        if row.get("hidden") in ("1", "true"):
            sheet.hidden_rows.add(number)
        if len(sheet.rows) > MAX_ROWS:
            raise Unreadable(
                f"The sheet “{sheet.name}” has more than {MAX_ROWS:,} rows. Delete those that are not the plan."
            )


def _pad(cells: list[Cell], width: int, where: str, number: int) -> None:
    cells += [Cell(place=f"{where}{letters(column)}{number}") for column in range(len(cells), width)]


@lru_cache(maxsize=4096)
def column_of(name: str) -> int:
    """The number of a column, from 0, by the name that a spreadsheet shows. Raises ValueError for no name."""
    if not re.fullmatch("[A-Z]{1,3}", name):
        raise ValueError("no column")
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def text_of(item: Any) -> str:
    """The words of an item, of one style or of several; not how they are spoken."""
    if len(item) == 1 and not len(item[0]):
        return item[0].text or ""
    runs = [*item.iterfind("{*}t"), *item.iterfind("{*}r/{*}t")]
    return "".join(run.text or "" for run in runs)


def _cell(book: Book, element: Any, where: str) -> Cell:
    style = book.style(element.get("s"))
    kind = element.get("t", "n")
    value, formula = _value(element, kind)
    if kind == "e" or (formula and value is None):
        return Cell("", where, colour=style.fill, lost=True)
    if value and kind in ("n", "d"):
        return _counted(book, kind, value, style, where)
    if value and kind == "s":
        value = book.strings[int(value)]
    elif value and kind == "b":
        value = "Yes" if value == "1" else "No"
    return Cell(book.take(value) if value else "", where, colour=style.fill)


def _value(element: Any, kind: str) -> tuple[str | None, bool]:
    """What a cell holds, as the file writes it, and whether a formula gave it."""
    value, formula = None, False
    for part in element:
        name = part.tag.rsplit("}", 1)[-1]
        if name == "v":
            value = part.text or ("" if kind == "str" else None)  # words that a formula left blank are kept
        elif name == "is":
            value = text_of(part)
        elif name == "f":
            formula = True
    return value, formula


def _counted(book: Book, kind: str, value: str, style: Style, where: str) -> Cell:
    """A cell that holds a number, which may be a day, or a day as the standard writes it."""
    if kind == "d":
        return _day(dt.date.fromisoformat(value[:10]), style, where)
    day = day_of(float(value), since_1904=book.since_1904) if style.is_day else None
    if day:
        return _day(day, style, where)
    form = "General" if style.is_day else style.format
    return Cell(shown_number(float(value), form), where, colour=style.fill)


def _day(day: dt.date, style: Style, where: str) -> Cell:
    text = shown_date(day, style.format)
    if not style.shows_date and style.is_day:  # it shows its year alone, or nothing of the day
        return Cell(text, where, colour=style.fill)
    return Cell(text, where, date=day, month_only=style.is_day and style.month_only, colour=style.fill)


def _area(reference: str) -> list[tuple[int, int, int, int]]:
    found = _AREA.fullmatch(reference)
    if not found:
        return []
    left, top, right, bottom = found.groups()
    columns = column_of(left), min(column_of(right or left), MAX_COLUMNS - 1)
    return [(int(top), columns[0], int(bottom or top), columns[1])]


def _merge(sheet: _Sheet) -> None:
    """Let every row that an area reaches show its words; a row with no words of its own is none."""
    numbers = sorted(sheet.rows)
    where = f"{sheet.name}!" if sheet.name else ""
    for top, left, bottom, right in sheet.merged:
        width = right - left + 1
        shown = _at(sheet.rows.get(top, []), left)
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            cells = sheet.rows[number]
            _pad(cells, right + 1, where, number)
            for column in range(left, right + 1):
                own = cells[column]
                if column == left:
                    cells[column] = replace(shown, place=own.place, below=number != top, width=width)
                else:
                    cells[column] = Cell(place=own.place, covered=True)


def _at(cells: list[Cell], column: int) -> Cell:
    return cells[column] if column < len(cells) else Cell()
