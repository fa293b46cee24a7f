"""Plans for tests, made as spreadsheets in the forms that boards hold them in. Every word in them is invented."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

REPORT_HEADINGS = ("Organisation", "Recommendation", "Progress against recommendations", "Next Steps", "Status")
#: An update report in five columns: merged organisations, blank statuses below a printed one, two joint leads.
REPORT = (
    ("VAWG Delivery Group*", "To map the helplines in the borough.", "Map printed.", "N/A", "Complete"),
    ("Advice on Alcohol (AOA)", "To keep records for seven years.", "Policy changed.", "", "Complete"),
    ("", "To train its staff each spring.", "Training is held by the team leader (Corin Vale).", "", "Ongoing"),
    ("Hillside Hospital Trust", "To review its guidance on referral.", "", "N/A", "Complete"),
    ("School", "The school should ask pupils what would help them.", "", "N/A", "Complete"),
    ("", "The posters in its corridors should be reviewed.", "", "", ""),
    (
        "Hillside Clinical Commissioning Group and Riverbank Clinical Commissioning Group",
        "The Panel would like both groups to be sure that practices ask.",
        "A pilot began in March.",
        "Complete procurement of the service",
        "In progress",
    ),
)
#: First and last row of each merged organisation, counted from the first row of REPORT.
REPORT_MERGED = ((1, 2), (4, 5))

Rows = Sequence[Sequence[Any]]

CODE = b"\xd0\xcf\x11\xe0 Sub AutoOpen() Shell End Sub"
TYPES = "[Content_Types].xml"
RELATED = "xl/_rels/workbook.xml.rels"
MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def a_workbook(rows: Rows, merged: Sequence[str] = (), name: str = "Plan") -> bytes:
    """An Excel workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    for area in merged:
        sheet.merge_cells(area)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def the_report_as_xlsx() -> bytes:
    """REPORT under a title and an empty row, its organisations merged down."""
    title = ("Riverbank DHR (Adult Q): action plan update, March 2019",)
    merged = [f"A{first + 4}:A{last + 4}" for first, last in REPORT_MERGED]
    return a_workbook([title, (), REPORT_HEADINGS, *REPORT], merged, "Adult Q")


def the_report_as_csv(separator: str = ",", encoding: str = "utf-8") -> bytes:
    """REPORT as a spreadsheet saves it: what was merged is blank."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows([REPORT_HEADINGS, *REPORT])
    return stream.getvalue().encode(encoding)


def the_report_as_ods() -> bytes:
    """REPORT as LibreOffice keeps it, with a million empty rows below."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="Adult Q")
    starts = {first: last - first + 1 for first, last in REPORT_MERGED}
    covered = {row for first, last in REPORT_MERGED for row in range(first + 1, last + 1)}
    for number, values in enumerate([REPORT_HEADINGS, *REPORT], start=-1):
        row = TableRow()
        for column, value in enumerate(values):
            if column == 0 and number in covered:
                row.addElement(CoveredTableCell())
                continue
            span = {"numberrowsspanned": starts[number]} if column == 0 and number in starts else {}
            cell = TableCell(valuetype="string", **span)
            if value:
                cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    table.addElement(TableRow(numberrowsrepeated=1_000_000))
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def written(rows: Rows, name: str) -> bytes:
    """Rows of words in a file of the kind that its name says."""
    from tests.reviews.importing.documents import a_document

    if name.endswith(".xlsx"):
        return a_workbook(rows)
    if name.endswith(".docx"):
        return a_document(rows)
    if name.endswith(".ods"):
        return an_ods(rows)
    stream = io.StringIO()
    csv.writer(stream, delimiter="," if name.endswith(".csv") else "\t").writerows(rows)
    return stream.getvalue().encode()


def an_ods(rows: Rows) -> bytes:
    """A spreadsheet of LibreOffice of one sheet, with nothing merged."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="Plan")
    for values in rows:
        row = TableRow()
        for value in values:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def a_plan(*rows: Sequence[Any], headings: Sequence[str] = ("Ref", "Recommendation", "Lead agency", "Status")) -> bytes:
    """A workbook with these headings in its first row."""
    return a_workbook([headings, *rows])


def as_csv(rows: Rows) -> bytes:
    """These rows as a spreadsheet saves them."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def with_macros(data: bytes, folder: str = "xl") -> bytes:
    """A workbook as Excel saves it with macros: the code, what it is, and to what it belongs."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == TYPES:
                more = b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
                content = content.replace(PLAIN_TYPE, MACRO_TYPE).replace(b"</Types>", more + b"</Types>")
            elif name == RELATED:
                more = b'<Relationship Id="rId99" Type="http://x.example/vbaProject" Target="vbaProject.bin"/>'
                content = content.replace(b"</Relationships>", more + b"</Relationships>")
            new.writestr(name, content)
        new.writestr(f"{folder}/vbaProject.bin", CODE)
    return stream.getvalue()
