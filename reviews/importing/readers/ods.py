"""Reads an OpenDocument spreadsheet, row by row: a sheet that repeats an empty row a million times costs nothing.

odfpy would build the whole document and each repeated cell in memory; this reads the one part that holds the tables.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from reviews.importing.readers import DAMAGED
from reviews.importing.understanding.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Row,
    Table,
    Taking,
    Unreadable,
    clean,
    place,
)

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"{{{_NS}table:1.0}}",
    f"{{{_NS}office:1.0}}",
    f"{{{_NS}text:1.0}}",
    f"{{{_NS}style:1.0}}",
)
_MOST_SPACES = 100  # in one run of them
_BACKGROUND = f"{{{_NS}xsl-fo-compatible:1.0}}background-color"


def read(data: bytes) -> list[Table]:
    """The visible sheets of the file, in its order."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
            return _tables(iterparse(content, events=("start", "end")))
    except (ParseError, DefusedXmlException, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError) as error:
        raise Unreadable(DAMAGED) from error


@dataclass
class _Sheet:
    """A sheet while it is being read. ``carried`` holds, by column, merged cells that reach further down."""

    name: str
    hidden: bool
    rows: list[Row] = field(default_factory=list)
    number: int = 0
    columns: int = 0
    hidden_columns: set[int] = field(default_factory=set)
    carried: dict[int, tuple[int, Cell]] = field(default_factory=dict)


@dataclass
class _Styles:
    colours: dict[str, str] = field(default_factory=dict)
    hidden_sheets: set[str] = field(default_factory=set)
    take: Taking = field(default_factory=Taking)


def _tables(events: Iterator[tuple[str, Element]]) -> list[Table]:
    found: list[Table] = []
    styles, sheet = _Styles(), None
    for event, element in events:
        if event == "start":
            if element.tag == f"{_TABLE}table" and sheet is None:
                sheet = _begin(element, styles)
        elif element.tag == f"{_STYLE}style":
            _learn(element, styles)
        elif sheet is not None and element.tag == f"{_TABLE}table":
            found += _end(sheet, ours=styles.take.ours)
            sheet = None
        elif sheet is not None:
            _take(sheet, element, styles)
    return found


def _begin(element: Element, styles: _Styles) -> _Sheet:
    hidden = element.get(f"{_TABLE}style-name", "") in styles.hidden_sheets
    return _Sheet(clean(element.get(f"{_TABLE}name", "")), hidden)


def _take(sheet: _Sheet, element: Element, styles: _Styles) -> None:
    if element.tag == f"{_TABLE}table-column":
        _column(sheet, element)
    elif element.tag == f"{_TABLE}table-row":
        _add_row(sheet, element, styles)
        element.clear()


def _end(sheet: _Sheet, *, ours: bool) -> list[Table]:
    hidden = frozenset(sheet.hidden_columns)
    return [] if sheet.hidden else [Table(sheet.name, tuple(sheet.rows), hidden, ours=ours)]


def _learn(style: Element, styles: _Styles) -> None:
    name = style.get(f"{_STYLE}name", "")
    for properties in style:
        colour = properties.get(_BACKGROUND, "")
        if (
            properties.tag == f"{_STYLE}table-cell-properties"
            and colour.startswith("#")
            and colour.lower() != "#ffffff"
        ):
            styles.colours[name] = colour[1:].upper()
        if properties.get(f"{_TABLE}display") == "false":
            styles.hidden_sheets.add(name)


def _column(sheet: _Sheet, element: Element) -> None:
    last = min(sheet.columns + _count(element, "number-columns-repeated"), MAX_COLUMNS)
    if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
        sheet.hidden_columns.update(range(sheet.columns, last))
    sheet.columns = last


def _count(element: Element, name: str) -> int:
    return max(1, int(element.get(f"{_TABLE}{name}") or 1))


def _add_row(sheet: _Sheet, element: Element, styles: _Styles) -> None:
    repeated = _count(element, "number-rows-repeated")
    empty = not any(_words(cell) for cell in element)
    if empty and (repeated > 1 or not sheet.carried):
        sheet.number += repeated
        sheet.carried.clear()
        return
    hidden = element.get(f"{_TABLE}visibility") in ("collapse", "filter")
    for _ in range(repeated):
        sheet.number += 1
        sheet.rows.append(Row(sheet.number, tuple(_cells(sheet, element, styles)), hidden=hidden))
        if len(sheet.rows) > MAX_ROWS:
            raise Unreadable(
                f"The sheet “{sheet.name}” has more than {MAX_ROWS:,} rows. Delete those that are not the plan."
            )


def _cells(sheet: _Sheet, row: Element, styles: _Styles) -> Iterator[Cell]:
    column = across = 0
    for element in row:
        if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        covered = element.tag == f"{_TABLE}covered-table-cell"
        for _ in range(_count(element, "number-columns-repeated")):
            if column >= MAX_COLUMNS:
                return
            where = place(sheet.name, sheet.number, column)
            if covered and column in sheet.carried:
                yield _carried(sheet, column, where)
            elif covered:
                yield Cell(place=where, covered=across > 0)
            else:
                cell = _cell(element, where, styles)
                across = cell.width
                if (down := _count(element, "number-rows-spanned")) > 1:
                    sheet.carried[column] = (down - 1, cell)
                yield cell
            across = max(0, across - 1)
            column += 1


def _carried(sheet: _Sheet, column: int, where: str) -> Cell:
    left, cell = sheet.carried.pop(column)
    if left > 1:
        sheet.carried[column] = (left - 1, cell)
    return replace(cell, place=where, below=True)


def _cell(element: Element, where: str, styles: _Styles) -> Cell:
    text = styles.take(_words(element))
    written = element.get(f"{_OFFICE}date-value", "")[:10]
    date = dt.date.fromisoformat(written) if element.get(f"{_OFFICE}value-type") == "date" and written else None
    formula = bool(element.get(f"{_TABLE}formula"))
    return Cell(
        text=text,
        place=where,
        date=date,
        month_only=date is not None and not any(str(date.day) in part for part in text.replace("/", " ").split()[:2]),
        colour=styles.colours.get(element.get(f"{_TABLE}style-name", ""), ""),
        width=_count(element, "number-columns-spanned"),
        lost=formula and not text,
    )


def _words(element: Element) -> str:
    """The paragraphs of a cell, one a line; not its comments."""
    return "\n".join(_inline(part) for part in element if part.tag == f"{_TEXT}p")


def _inline(element: Element) -> str:
    words = element.text or ""
    for part in element:
        if part.tag == f"{_TEXT}line-break":
            words += "\n"
        elif part.tag == f"{_TEXT}s":
            words += " " * min(int(part.get(f"{_TEXT}c") or 1), _MOST_SPACES)
        elif part.tag == f"{_TEXT}tab":
            words += "\t"
        elif part.tag != f"{_OFFICE}annotation":
            words += _inline(part)
        words += part.tail or ""
    return words
