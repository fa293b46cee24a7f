"""Writes the plans of ``variations`` into files of each kind, as the programs that people use would save them."""

from __future__ import annotations

import csv
import io
import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import docx
import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl.styles import PatternFill

from tests.reviews.importing import plans
from tests.reviews.importing.documents import a_document, saved, shade
from tests.reviews.importing.variations import HEADINGS, NAMES, STATUSES, Grid, Model, Told, a_cell, a_grid


@dataclass
class Written:
    """A plan as a file, with how it was written for whoever has to look why it did not come back."""

    name: str
    data: bytes
    how: list[str] = field(default_factory=list)


def write(model: Model, chance: random.Random, kind: str) -> Written:
    """The plan in a file of this kind, in a form that chance chooses."""
    how: list[str] = []
    grid = a_grid(model, chance, kind, how)
    data = WRITERS[kind](model, grid, chance, how)
    return Written(f"plan.{ENDINGS.get(kind, kind)}", data, how)


def _docx(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    document = docx.Document()
    document.add_paragraph(model.title)
    if chance.random() < 0.4:
        how.append("a glossary above")
        glossary = document.add_table(2, 2)
        for at, words in enumerate(("Term", "Meaning", "IMR", "A report")):
            glossary.cell(at // 2, at % 2).text = words
        document.add_paragraph("")
    parts = [(0, len(grid.rows))]
    if not grid.merged and not grid.across and len(grid.rows) > 3 and chance.random() < 0.4:
        middle = len(grid.rows) // 2
        parts = [(0, middle), (middle, len(grid.rows))]
        how.append("split into two tables")
    for number, (first, last) in enumerate(parts):
        _docx_table(document, grid, first, last, repeat=number == 0 or chance.random() < 0.8)
        document.add_paragraph("")
    if grid.fills:
        _key_in_words(document)
    return saved(document)


def _docx_table(document: Any, grid: Grid, first: int, last: int, *, repeat: bool) -> None:
    head = (1 if grid.grouped is None else 2) if repeat else 0
    table = document.add_table(head + last - first, len(grid.columns))
    if repeat:
        for at, words in enumerate(grid.headings):
            table.cell(0, at).text = words
        if grid.grouped is not None:
            _docx_groups(table, grid)
    for number in range(first, last):
        _docx_row(table, head + number - first, grid, number)
    for top, bottom, at in grid.merged:
        table.cell(head + top - first, at).merge(table.cell(head + bottom - first, at))


def _docx_row(table: Any, place: int, grid: Grid, number: int) -> None:
    for at, words in enumerate(grid.rows[number]):
        if words:
            table.cell(place, at).text = words
        if fill := grid.fills.get((number, at)):
            shade(table.cell(place, at), fill)
    if number in grid.across:
        table.cell(place, 0).merge(table.cell(place, len(grid.columns) - 1))


def _docx_groups(table: Any, grid: Grid) -> None:
    for at in range(len(grid.columns)):
        if at not in (grid.grouped, grid.grouped + 1):
            table.cell(0, at).merge(table.cell(1, at))
    for at, words in enumerate(("Original", "Revised"), start=grid.grouped):
        table.cell(1, at).text = words
    table.cell(0, grid.grouped + 1).text = ""
    table.cell(0, grid.grouped).merge(table.cell(0, grid.grouped + 1)).text = "Target date"


def _key_in_words(document: Any) -> None:
    key = document.add_table(len(NAMES), 2)
    meanings = {status: words[0] for status, words in STATUSES.items()}
    for number, (status, colour) in enumerate(NAMES.items()):
        key.cell(number, 0).text, key.cell(number, 1).text = colour, meanings[status]


def _xlsx(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = chance.choice(("Plan", "Sheet1", "Action plan"))
    top = 1
    if chance.random() < 0.5:
        sheet.cell(1, 1).value = model.title
        top = chance.choice((2, 3, 5))
        how.append("title rows")
    for at, words in enumerate(grid.headings, start=1):
        sheet.cell(top, at).value = words
    if grid.grouped is not None:
        _xlsx_groups(sheet, grid, top)
        top += 1
    _fill_sheet(sheet, grid, top + 1)
    if grid.fills:
        key = book.create_sheet("Key")
        for number, (status, colour) in enumerate(NAMES.items(), start=1):
            key.cell(number, 1).value, key.cell(number, 2).value = colour, STATUSES[status][0]
    return plans.saved(book)


def _xlsx_groups(sheet: Any, grid: Grid, top: int) -> None:
    assert grid.grouped is not None
    for at in range(len(grid.columns)):
        if at not in (grid.grouped, grid.grouped + 1):
            sheet.merge_cells(None, top, at + 1, top + 1, at + 1)
    sheet.cell(top, grid.grouped + 1).value, sheet.cell(top, grid.grouped + 2).value = "Target date", None
    sheet.merge_cells(None, top, grid.grouped + 1, top, grid.grouped + 2)
    for at, words in enumerate(("Original", "Revised"), start=grid.grouped + 1):
        sheet.cell(top + 1, at).value = words


def _fill_sheet(sheet: Any, grid: Grid, top: int) -> None:
    for number, cells in enumerate(grid.rows):
        for at, words in enumerate(cells):
            if words:
                sheet.cell(top + number, at + 1).value = words
    for (number, at), fill in grid.fills.items():
        sheet.cell(top + number, at + 1).fill = PatternFill("solid", fgColor=f"FF{fill}")
    for number in grid.across:
        sheet.merge_cells(None, top + number, 1, top + number, len(grid.columns))
    for first, last, at in grid.merged:
        sheet.merge_cells(None, top + first, at + 1, top + last, at + 1)


def _ods(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Plan")
    below = {(number, at) for first, last, at in grid.merged for number in range(first + 1, last + 1)}
    spans = {(first, at): last - first + 1 for first, last, at in grid.merged}
    for number, cells in enumerate([grid.headings, *grid.rows], start=-1):
        row = TableRow()
        for at, words in enumerate(cells):
            if (number, at) in below or (number in grid.across and at):
                row.addElement(CoveredTableCell())
                continue
            span = {"numberrowsspanned": spans[number, at]} if (number, at) in spans else {}
            if number in grid.across:
                span = {"numbercolumnsspanned": len(cells), "numberrowsspanned": 1}
            cell = TableCell(valuetype="string", **span)
            if words:
                cell.addElement(P(text=words))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def _csv(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    separator = chance.choice(",;\t|")
    encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252"))
    how += [repr(separator), encoding]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    if chance.random() < 0.4:
        writer.writerow([model.title])
    writer.writerows([grid.headings, *grid.rows])
    return stream.getvalue().encode(encoding)


def _txt(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    lines = [model.title, ""]
    again = len(grid.rows) // 2 if chance.random() < 0.5 else None
    for number, cells in enumerate(grid.rows):
        if number in (0, again):
            lines.append(("\f" if number else "") + "\t".join(grid.headings))
        lines.append(cells[0] if number in grid.across else "\t".join(cells))
    return "\n".join(lines).encode()


def _pdf(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    """The text of a published PDF: columns by spaces, each cell over as many lines as it needs."""
    wide = ("recommendation", "action", "progress", "next_steps")
    widths = [chance.randint(22, 34) if name in wide else chance.randint(15, 20) for name in grid.columns]
    gap = chance.choice((2, 3, 4))
    blank = chance.random() < 0.5
    how.append("blank lines between rows" if blank else "no blank lines")
    lines = [model.title, ""]
    again = len(grid.rows) // 2 if chance.random() < 0.5 else None
    for number, cells in enumerate(grid.rows):
        if number in (0, again):
            heading = _wrapped(grid.headings, widths, gap)
            lines += [("\f" if number else "") + heading[0], *heading[1:], *([""] if blank else [])]
        lines += [cells[0]] if number in grid.across else _wrapped(cells, widths, gap)
        lines += [""] if blank else []
    return "\n".join(lines).encode()


def _wrapped(cells: Sequence[str], widths: Sequence[int], gap: int) -> list[str]:
    columns = [textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False) or [""]
               for words, width in zip(cells, widths, strict=True)]  # fmt: skip
    return [
        "".join(
            (column[line] if line < len(column) else "").ljust(width + gap)
            for column, width in zip(columns, widths, strict=True)
        ).rstrip()
        for line in range(max(map(len, columns)))
    ]


def _cards(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    """A card for each row, as tables of a document or one under another on a sheet."""
    headings = [_label(name, chance) for name in model.columns]
    cards = [
        [(head, words) for head, words in zip(headings, _values(row, model, chance), strict=True) if words]
        for row in model.rows
    ]
    return a_document(model.title, *(block for card in cards for block in (card, "")))


def _label(name: str, chance: random.Random) -> str:
    return f"{chance.choice(CARD_LABELS.get(name) or HEADINGS[name])}{chance.choice(('', ':'))}"


def _values(row: Told, model: Model, chance: random.Random) -> list[str]:
    return [a_cell(row, name, chance) for name in model.columns]


def _sheets(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    """A sheet for each agency, whose name is that of the sheet."""
    columns = [name for name in model.columns if name != "agency"]
    headings = [chance.choice(HEADINGS[name]) for name in columns]
    for row in model.rows:
        row["agency"] = str(row["agencies"][0])[:31]  # type: ignore[index]
        row["agencies"] = [row["agency"]]
    names = list(dict.fromkeys(str(row["agency"]) for row in model.rows))
    model.rows.sort(key=lambda row: names.index(str(row["agency"])))
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in names:
        sheet = book.create_sheet(name)
        sheet.append(headings)
        for row in model.rows:
            if row["agency"] == name:
                sheet.append([a_cell(row, column, chance) or None for column in columns])
    return plans.saved(book)


WRITERS = {"docx": _docx, "xlsx": _xlsx, "ods": _ods, "csv": _csv, "txt": _txt, "pdf": _pdf, "cards": _cards,
           "sheets": _sheets}  # fmt: skip
ENDINGS = {"pdf": "txt", "cards": "docx", "sheets": "xlsx"}
#: On a card a label stands beside its words, so "No" or "ID" would say too little.
CARD_LABELS = {"reference": ("Ref", "Rec no", "Recommendation number")}
