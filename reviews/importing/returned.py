"""The rows of a plan that were not taken, as a workbook in the plan's own layout that says why.

It is made to be mended and brought in again: the headings are the plan's own, in their order, each row as it was
written, and every cell is text, whatever it begins with.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from reviews.importing.before import BECAME
from reviews.importing.columns import LABELS, Column
from reviews.importing.staged import BLOCKING, StagedRow, rows_of
from reviews.models import PlanImport

WHY = "Why it was not taken"
#: What a plan may say elsewhere than in a column of its own: in a banner, in the name of a sheet, before its words.
_ELSEWHERE = (Column.REFERENCE, Column.THEME, Column.AGENCY, Column.OWNER, Column.ACTION, Column.STATUS)
_IN_ONE = {
    Column.AGENCY: Column.AGENCY_AND_RECOMMENDATION,
    Column.RECOMMENDATION: Column.AGENCY_AND_RECOMMENDATION,
}
_HEADING_ROW = 3
_MOST_LETTERS = 32_767  # in one cell of a workbook
_WIDE, _NARROW = 44, 18

Layout = Sequence[tuple[str, str]]


def not_taken(staged: PlanImport) -> list[StagedRow]:
    """The rows that were left out, and those that cannot come in before they are mended; not what the plan has."""
    known = staged.choices.get(BECAME, {})
    return [row for row in rows_of(staged) if row.left_out or (row.blocks and str(row.number) not in known)]


def as_workbook(staged: PlanImport, rows: Sequence[StagedRow]) -> bytes:
    """These rows as a .xlsx file that can be brought in again."""
    book = Workbook()
    page: Any = book.active
    page.title = "Not taken"
    said = f", {staged.speaks_for.day} {staged.speaks_for:%B %Y}" if staged.speaks_for else ""
    _put(page, 1, 1, f"{staged.title or staged.file_name}: action plan{said}").font = Font(bold=True)
    written = [_as_written(staged, row) for row in rows]
    layout = _layout(staged, written)
    for column, (heading, _) in enumerate((*layout, (WHY, "")), 1):
        _put(page, _HEADING_ROW, column, heading).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = _WIDE if len(heading) > 9 else _NARROW
    for number, (row, fields) in enumerate(zip(rows, written, strict=True), _HEADING_ROW + 1):
        given: set[str] = set()
        for column, (heading, meaning) in enumerate(layout, 1):
            if meaning == Column.IGNORE:
                _put(page, number, column, str(fields.get("unread", {}).get(heading, "")))
            elif meaning not in given:  # two headings of one meaning were read into one
                _put(page, number, column, _words(meaning, fields))
            given.add(meaning)
        _put(page, number, len(layout) + 1, _why(row))
    page.freeze_panes = page.cell(_HEADING_ROW + 1, 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _as_written(staged: PlanImport, row: StagedRow) -> Mapping[str, Any]:
    """A row as the file has it; of a row that was split, the part as it stands."""
    return row.fields if row.parts > 1 else staged.reading["rows"][row.root - 1]


def _layout(staged: PlanImport, rows: Sequence[Mapping[str, Any]]) -> Layout:
    """The plan's headings with what each means, and one of ours for what stands in none of its columns."""
    read = [table for table in staged.reading.get("tables", ()) if table["read"]]
    headings = {one["printed"]: one["column"] for table in read for one in table["headings"]}
    headings = headings or dict(staged.reading.get("columns", {}))
    layout = [(printed, column) for printed, column in headings.items() if printed != WHY]
    there = set(headings.values())
    layout.extend(
        (LABELS[column], column)
        for column in _ELSEWHERE
        if column not in there and _IN_ONE.get(column) not in there and any(_words(column, row) for row in rows)
    )
    return layout


def _words(meaning: str, fields: Mapping[str, Any]) -> str:
    if meaning == Column.AGENCY:
        return "\n".join(fields.get("agencies") or ())
    if meaning == Column.AGENCY_AND_RECOMMENDATION:
        named = " and ".join(fields.get("agencies") or ())
        return "\n".join(words for words in (named, str(fields.get("recommendation") or "")) if words)
    if meaning == Column.COMPLETED_AND_OUTCOME:
        day = _day(fields.get("completed_on"))
        return " ".join(words for words in (day, str(fields.get("outcome") or "")) if words)
    if meaning in (Column.TARGET_DATE, Column.REVISED_DATE):
        return str(fields.get(f"{meaning}_as_written") or _day(fields.get(meaning)))
    if meaning == Column.STATUS:
        return str(fields.get("status_as_written") or "")
    return str(fields.get(meaning) or "")


def _day(day: str | None) -> str:
    return f"{dt.date.fromisoformat(day):%d/%m/%Y}" if day else ""


def _why(row: StagedRow) -> str:
    said = [problem["message"] for problem in row.problems if row.left_out or problem["code"] in BLOCKING]
    return "\n".join(["It was left out.", *said] if row.left_out else said)


def _put(page: Any, row: int, column: int, words: str) -> Any:
    """Write one cell. Text is text, whatever it begins with: nothing that somebody typed is ever run."""
    cell = page.cell(row, column)
    text = ILLEGAL_CHARACTERS_RE.sub("", words)[:_MOST_LETTERS]
    cell.alignment = Alignment(wrap_text=row >= _HEADING_ROW, vertical="top")
    if text:
        cell.value = text
        cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
    return cell
