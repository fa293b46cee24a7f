"""A sheet as an Excel workbook: text typed as text, dates as dates, headings that stay in sight."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter

from portal.papers.paper import printable
from portal.papers.sheet import HEADING_ROW, NARROW, WIDE, Sheet, Value, fitted, width_of
from reviews.export_mark import DANGEROUS

#: The looks of the cells of a plan: what a workbook calls each, and how it shows what is in it.
WORDS, DAY, NUMBER = "Plan words", "Plan date", "Plan number"
KINDS = ((WORDS, "@"), (DAY, "dd/mm/yyyy"), (NUMBER, "General"))
SHADE = PatternFill("solid", fgColor="F1EBF0")


def render(sheet: Sheet) -> bytes:
    """The sheet as a .xlsx file, with the key on a sheet of its own."""
    book = Workbook()
    for name, form in KINDS:  # made once: a look of its own for each cell takes ten times as long as all the rest
        wraps = Alignment(wrap_text=True, vertical="top")
        look = NamedStyle(name=name, font=Font(name="Arial", size=10), alignment=wraps, number_format=form)
        book.add_named_style(look)
    _set_properties(book, sheet)
    _fill_plan(book.active, sheet)
    _fill_key(book.create_sheet("Key"), sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill_plan(page: Any, sheet: Sheet) -> None:
    page.title = "Plan"
    _put(page, 1, 1, sheet.title).font = Font(name="Arial", size=14, bold=True)
    _put(page, 2, 1, sheet.note).font = Font(name="Arial", size=9)
    for column, heading in enumerate(sheet.headings, start=1):
        cell = _put(page, HEADING_ROW, column, heading)
        cell.font, cell.fill = Font(name="Arial", size=10, bold=True), SHADE
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(column)].width = width_of(heading)
    for number, row in enumerate(sheet.rows, start=HEADING_ROW + 1):
        for column, value in enumerate(row, start=1):
            _put(page, number, column, value, _kind(value))
    last = get_column_letter(len(sheet.headings))
    page.freeze_panes = page.cell(HEADING_ROW + 1, 1)
    page.auto_filter.ref = f"A{HEADING_ROW}:{last}{HEADING_ROW + len(sheet.rows)}"
    page.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _fill_key(page: Any, sheet: Sheet) -> None:
    _put(page, 1, 1, "Key to the statuses").font = Font(name="Arial", size=14, bold=True)
    for number, (words, meaning) in enumerate(sheet.key, start=HEADING_ROW):
        _put(page, number, 1, words).font = Font(name="Arial", size=10, bold=True)
        _put(page, number, 2, meaning, WORDS)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = NARROW * 1.5, WIDE * 2


def _kind(value: Value) -> str:
    return DAY if isinstance(value, dt.date) else NUMBER if isinstance(value, int) else WORDS


def _put(page: Any, row: int, column: int, value: Value, kind: str = "") -> Any:
    """Write one cell. Text is text, whatever it begins with: nothing that somebody typed is ever run."""
    cell = page.cell(row, column)
    if kind:
        cell.style = kind
    if isinstance(value, str):
        cell.value = text = fitted(value)
        if text:
            cell.data_type = "s"
        if text.startswith(DANGEROUS):
            cell.quotePrefix = True  # text it stays when somebody edits it
    else:
        cell.value = value
    return cell


def _set_properties(book: Workbook, sheet: Sheet) -> None:
    facts = book.properties
    facts.title, facts.subject = printable(sheet.title), sheet.reference
    facts.creator = facts.lastModifiedBy = printable(sheet.publisher)
    facts.created = facts.modified = dt.datetime.combine(sheet.on, dt.time(12))
