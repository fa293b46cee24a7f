"""The rows of a plan that were not taken, as a workbook in the plan's own layout that says why.

It is made to be mended and brought in again: the headings are the plan's own, in their order, each row as it was
written, and every cell is text, whatever it begins with.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from agencies.days import in_words
from reviews.importing.again.before import BECAME
from reviews.importing.staged import BLOCKING, StagedRow, rows_of
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.dates import read_date
from reviews.importing.understanding.marks import colour_name
from reviews.models import PlanImport
from reviews.statuses import Status

WHY = "Why it was not taken"
#: What a plan may say elsewhere than in a column of its own (in a banner, in the name of a sheet, before its words),
#: with the heading under which it stands then.
_ELSEWHERE = {
    Column.REFERENCE: "Reference",
    Column.THEME: "Theme",
    Column.AGENCY: "Lead agency",
    Column.OWNER: "Person responsible",
    Column.ACTION: "Action",
    Column.STATUS: "Status",
}
#: What holds it, too.
_HELD_BY = {
    Column.AGENCY: Column.AGENCY_AND_RECOMMENDATION,
    Column.STATUS: Column.COMPLETED_AND_OUTCOME,
}
_KEY_ROW, _HEADING_ROW = 2, 4
_MOST_LETTERS = 32_767  # in one cell of a workbook
_WIDE, _NARROW = 44, 18
_TICK = "✓"

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
    said = f", {in_words(staged.speaks_for)}" if staged.speaks_for else ""
    _put(page, 1, 1, f"{staged.title or staged.file_name}: action plan{said}").font = Font(bold=True)
    if key := _key(staged.reading["rows"]):
        _put(page, _KEY_ROW, 1, key)
    written = [_as_written(staged, row) for row in rows]
    layout = _layout(staged, written)
    for column, (heading, _) in enumerate((*layout, (WHY, "")), 1):
        _put(page, _HEADING_ROW, column, heading).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = _WIDE if len(heading) > 9 else _NARROW
    for number, (row, fields) in enumerate(zip(rows, written, strict=True), _HEADING_ROW + 1):
        for column, words in enumerate((*_cells(layout, fields), _why(row)), 1):
            _put(page, number, column, words)
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
        (heading, column)
        for column, heading in _ELSEWHERE.items()
        if column not in there and _HELD_BY.get(column) not in there and any(_words(column, row, there) for row in rows)
    )
    return layout


def _cells(layout: Layout, fields: Mapping[str, Any]) -> Iterator[str]:
    """The words under each heading. Two headings of one meaning were read into one: the first has them."""
    there = {meaning for _, meaning in layout}
    given: set[str] = set()
    ticked = _ticked([heading for heading, meaning in layout if meaning == Column.STATUS], fields)
    for heading, meaning in layout:
        if meaning == Column.IGNORE:
            yield str(fields.get("unread", {}).get(heading, ""))
        elif meaning == Column.STATUS and ticked:
            yield _TICK if heading in ticked else ""
        else:
            yield "" if meaning in given else _words(meaning, fields, there)
        given.add(meaning)


def _ticked(headings: Sequence[str], fields: Mapping[str, Any]) -> list[str]:
    """Of several headings of a status those that were ticked; none where a status was written in words."""
    said = str(fields.get("status_as_written") or "").split("; ")
    names = {re.sub(r"\s*\(tick\)|\s*tick$", "", heading, flags=re.IGNORECASE): heading for heading in headings}
    return [names[name] for name in said if name in names] if len(headings) > 1 else []


def _key(rows: Sequence[Mapping[str, Any]]) -> str:
    """What the document's colours stand for, where it says so: "Green = In progress; Blue = Complete"."""
    meant = {
        str(row["status_as_written"]): str(Status(row["status"]).label)
        for row in rows
        if row.get("status") and colour_name(str(row.get("status_as_written") or ""))
    }
    return "; ".join(f"{colour} = {label}" for colour, label in meant.items())


def _words(meaning: str, fields: Mapping[str, Any], there: Collection[str]) -> str:
    """What the plan says in a column of this meaning, of which ``there`` are those that it has."""
    said = {name: str(fields.get(name) or "") for name in ("recommendation", "outcome", "status_as_written")}
    agencies = fields.get("agencies") or ()
    if meaning == Column.AGENCY:
        return "\n".join(agencies)
    if meaning == Column.AGENCY_AND_RECOMMENDATION:
        return _joined("\n", " and ".join(agencies), said["recommendation"])
    if meaning == Column.COMPLETED_AND_OUTCOME:
        done = _joined(" ", _day(fields.get("completed_on")), said["outcome"])
        return done if Column.STATUS in there else _joined("\n", said["status_as_written"], done)
    if meaning in (Column.TARGET_DATE, Column.REVISED_DATE):
        return _dated(str(fields.get(f"{meaning}_as_written") or ""), fields.get(meaning))
    return said["status_as_written"] if meaning == Column.STATUS else str(fields.get(meaning) or "")


def _dated(written: str, day: str | None) -> str:
    """A date as it was written; before words that counted from a day that only the document gave, the day itself."""
    known = not day or (written and read_date(written).date)
    return written if known else _joined(" ", _day(day), f"({written})" if written else "")


def _joined(between: str, *words: str) -> str:
    return between.join(one for one in words if one)


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
