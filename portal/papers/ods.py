"""A sheet as an OpenDocument spreadsheet: text typed as text, dates as dates, headings that stay in sight."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

from odf import config, dc, meta, number, style, table, text
from odf.opendocument import OpenDocumentSpreadsheet
from odf.teletype import addTextToElement

from portal.papers.paper import printable
from portal.papers.sheet import HEADING_ROW, NARROW, WIDE, Sheet, Value, fitted, width_of

SHADE = "#f1ebf0"
LETTER = 1.9  # millimetres that the width of a letter takes
PAGE = {"pagewidth": "297mm", "pageheight": "210mm", "printorientation": "landscape", "margin": "12mm"}
#: The looks of cells: name, size of the letters, bold, shaded, and what is in them.
LOOKS = (
    ("title", "14pt", True, False, ""),
    ("note", "9pt", False, False, ""),
    ("heading", "10pt", True, True, ""),
    ("strong", "10pt", True, False, ""),
    ("words", "10pt", False, False, "text"),
    ("date", "10pt", False, False, "day"),
    ("number", "10pt", False, False, ""),
)


def render(sheet: Sheet) -> bytes:
    """The sheet as an .ods file, with the key on a sheet of its own."""
    document = OpenDocumentSpreadsheet()
    _set_page(document)
    _set_looks(document)
    _set_properties(document, sheet)
    _add_plan(document, sheet)
    _add_key(document, sheet)
    _keep_headings_in_sight(document)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def _set_page(document: Any) -> None:
    """Landscape, as wide as the page, as many pages long as it takes."""
    layout = style.PageLayout(name="landscape")
    layout.addElement(style.PageLayoutProperties(scaletox="1", scaletoy="0", **PAGE))
    document.automaticstyles.addElement(layout)
    document.masterstyles.addElement(style.MasterPage(name="plan", pagelayoutname=layout))
    sheets = style.Style(name="sheet", family="table", masterpagename="plan")
    sheets.addElement(style.TableProperties(display="true"))
    document.automaticstyles.addElement(sheets)


def _set_looks(document: Any) -> None:
    styles = document.automaticstyles
    words = number.TextStyle(name="text")
    words.addElement(number.TextContent())
    day = number.DateStyle(name="day")
    for part in (number.Day(style="long"), number.Month(style="long"), number.Year(style="long")):
        if day.hasChildNodes():
            day.addElement(number.Text(text="/"))
        day.addElement(part)
    styles.addElement(words)
    styles.addElement(day)
    for name, size, bold, shaded, form in LOOKS:
        look = style.Style(name=name, family="table-cell", **({"datastylename": form} if form else {}))
        shade = {"backgroundcolor": SHADE} if shaded else {}
        wraps = "no-wrap" if name in ("title", "note") else "wrap"
        look.addElement(style.TableCellProperties(wrapoption=wraps, verticalalign="top", **shade))
        weight = {"fontweight": "bold"} if bold else {}
        look.addElement(style.TextProperties(fontfamily="Arial", fontsize=size, **weight))
        styles.addElement(look)
    for width in (NARROW, WIDE, NARROW * 1.5, WIDE * 2):
        column = style.Style(name=f"wide{width:.0f}", family="table-column")
        column.addElement(style.TableColumnProperties(columnwidth=f"{width * LETTER:.0f}mm"))
        styles.addElement(column)
    row = style.Style(name="row", family="table-row")
    row.addElement(style.TableRowProperties(useoptimalrowheight="true"))
    styles.addElement(row)


def _set_properties(document: Any, sheet: Sheet) -> None:
    """Every property by us: a document's own would tell who made it, with what, and when."""
    facts = document.meta
    for made in list(facts.childNodes):
        facts.removeChild(made)
    noon = dt.datetime.combine(sheet.on, dt.time(12)).isoformat()
    for fact in (
        dc.Title(text=printable(sheet.title)),
        dc.Subject(text=sheet.reference),
        meta.InitialCreator(text=printable(sheet.publisher)),
        dc.Creator(text=printable(sheet.publisher)),
        meta.CreationDate(text=noon),
        dc.Date(text=noon),
    ):
        facts.addElement(fact)


def _add_plan(document: Any, sheet: Sheet) -> None:
    page = table.Table(name="Plan", stylename="sheet")
    for heading in sheet.headings:
        _add_column(page, width_of(heading))
    _add_row(page, [sheet.title], "title")
    _add_row(page, [sheet.note], "note")
    repeated = table.TableHeaderRows()  # on each page that is printed
    _add_row(repeated, sheet.headings, "heading")
    page.addElement(repeated)
    for row in sheet.rows:
        _add_row(page, row)
    document.spreadsheet.addElement(page)
    last = f"{_letters(len(sheet.headings))}{HEADING_ROW + len(sheet.rows)}"
    filters = table.DatabaseRanges()
    reach = f"Plan.A{HEADING_ROW}:Plan.{last}"
    filters.addElement(table.DatabaseRange(name="plan", targetrangeaddress=reach, displayfilterbuttons="true"))
    document.spreadsheet.addElement(filters)


def _add_key(document: Any, sheet: Sheet) -> None:
    page = table.Table(name="Key", stylename="sheet")
    _add_column(page, NARROW * 1.5)
    _add_column(page, WIDE * 2)
    _add_row(page, ["Key to the statuses"], "title")
    _add_row(page, [""])
    for words, meaning in sheet.key:
        row = table.TableRow(stylename="row")
        row.addElement(_cell(words, "strong"))
        row.addElement(_cell(meaning, "words"))
        page.addElement(row)
    document.spreadsheet.addElement(page)


def _add_column(page: Any, width: float) -> None:
    page.addElement(table.TableColumn(stylename=f"wide{width:.0f}"))


def _add_row(page: Any, values: Iterable[Value], look: str = "") -> None:
    row = table.TableRow(stylename="row")
    for value in values:
        row.addElement(_cell(value, look))
    page.addElement(row)


def _cell(value: Value, look: str = "") -> Any:
    """One cell. Text is text, whatever it begins with: nothing that somebody typed is ever run."""
    if isinstance(value, dt.date):
        cell = table.TableCell(stylename=look or "date", valuetype="date", datevalue=value.isoformat())
        cell.addElement(text.P(text=f"{value:%d/%m/%Y}"))
    elif isinstance(value, int):
        cell = table.TableCell(stylename=look or "number", valuetype="float", value=str(value))
        cell.addElement(text.P(text=str(value)))
    elif words := fitted(value):
        cell = table.TableCell(stylename=look or "words", valuetype="string")
        for line in words.split("\n"):
            paragraph = text.P()
            addTextToElement(paragraph, line)
            cell.addElement(paragraph)
    else:
        cell = table.TableCell(stylename=look or "words")
    return cell


def _keep_headings_in_sight(document: Any) -> None:
    """The rows down to the headings stay where they are when the sheet is scrolled."""
    view = config.ConfigItemSet(name="ooo:view-settings")
    views = config.ConfigItemMapIndexed(name="Views")
    first = config.ConfigItemMapEntry()
    sheets = config.ConfigItemMapNamed(name="Tables")
    plan = config.ConfigItemMapEntry(name="Plan")
    frozen, bottom, top = ("VerticalSplitMode", "2"), ("PositionBottom", HEADING_ROW), ("PositionTop", 0)
    active = ("ActiveSplitRange", "2")
    for name, value in (frozen, ("VerticalSplitPosition", HEADING_ROW), active, top, bottom):
        kind = "int" if name.startswith(("VerticalSplitP", "Position")) else "short"
        plan.addElement(config.ConfigItem(name=name, type=kind, text=str(value)))
    sheets.addElement(plan)
    first.addElement(config.ConfigItem(name="ViewId", type="string", text="view1"))
    first.addElement(sheets)
    views.addElement(first)
    view.addElement(views)
    document.settings.addElement(view)


def _letters(column: int) -> str:
    """The name of a column as a spreadsheet shows it, counted from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
