"""Plans for tests as Word documents: tables as boards draw them, and what only Word can do to one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm

from tests.reviews.importing import plans

Rows = Sequence[Sequence[str]]
HEADINGS = ("Recommendation", "Action to take", "Lead agency", "Target date", "Status")


def a_document(*blocks: str | Rows, merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A document of paragraphs and tables; ``merged`` areas (top, left, bottom, right) are of its last table."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            add_table(document, block)
    for top, left, bottom, right in merged:
        table = document.tables[-1]
        table.cell(top, left).merge(table.cell(bottom, right))
    return saved(document)


def add_table(where: Any, rows: Rows) -> Any:
    """A table with these words at the end of a document or cell; a row of one cell is merged across."""
    width = max(len(row) for row in rows)
    table = where.add_table(len(rows), width)
    for number, row in enumerate(rows):
        for column, words in enumerate(row):
            if words:
                table.cell(number, column).text = words
        if len(row) == 1 < width:
            table.cell(number, 0).merge(table.cell(number, width - 1))
    return table


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def the_report_as_docx() -> bytes:
    """The update report of ``plans`` under its title, its organisations merged down."""
    merged = [(first + 1, 0, last + 1, 0) for first, last in plans.REPORT_MERGED]
    title = "Riverbank DHR (Adult Q): action plan update, March 2019"
    return a_document(title, [plans.REPORT_HEADINGS, *plans.REPORT], merged=merged)


def raw(xml: str) -> Any:
    """A piece of a document as Word would write it; ``NS`` in it declares what ``w:`` means."""
    return parse_xml(xml.replace("NS", nsdecls("w")))


def shade(cell: Any, colour: str) -> None:
    """Fill a cell."""
    cell._tc.get_or_add_tcPr().append(raw(f'<w:shd NS w:val="clear" w:fill="{colour}"/>'))


def number_lines(cell: Any, words: Sequence[str], number: int) -> None:
    """Lines in a cell that Word numbers itself, by the list of this number."""
    cell.text = ""
    for line in words:
        paragraph = cell.paragraphs[0] if not cell.paragraphs[0].text else cell.add_paragraph()
        paragraph.text = line
        numbered = f'<w:numPr NS><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(raw(numbered))


def span(table: Any, row: int, widths: Sequence[int]) -> None:
    """Draw a row on a finer grid: its cells cover these numbers of grid columns."""
    for cell, width in zip(table.rows[row]._tr.tc_lst, widths, strict=True):
        cell.grid_span = width


def wide_grid(table: Any, columns: int) -> None:
    """Give a table this many grid columns of a centimetre."""
    grid = table._tbl.tblGrid
    for column in list(grid):
        grid.remove(column)
    for _ in range(columns):
        grid.append(raw(f'<w:gridCol NS w:w="{Cm(1).twips}"/>'))
