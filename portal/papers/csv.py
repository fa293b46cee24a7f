"""A sheet as text: for whatever reads tables. Cells that a spreadsheet might run are guarded, and the file says so."""

from __future__ import annotations

import csv
import datetime as dt
import io

from portal.papers.paper import printable
from portal.papers.sheet import Sheet, Value
from reviews.export_mark import EXPORT_MARK, guarded


def render(sheet: Sheet) -> bytes:
    """The sheet as a .csv file: UTF-8 with the mark that Excel needs, and our own mark as its last column."""
    stream = io.StringIO(newline="")
    # Where a list is parted by semicolons, as in much of Europe, a bare one would begin a cell of its own.
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow([*sheet.headings, EXPORT_MARK])
    for row in sheet.rows:
        writer.writerow([*(_cell(value) for value in row), _cell(sheet.on)])
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return guarded(printable(str(value)))
