"""The whole reading of a file: from its tables to a plan, as values that can be written as JSON."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from reviews.export_mark import EXPORT_MARK
from reviews.importing.ours.rows import read_ours
from reviews.importing.understanding.body import names_that_stand_alone, read_lines
from reviews.importing.understanding.cards import tidied
from reviews.importing.understanding.columns import Column, Headings
from reviews.importing.understanding.dates import find_date
from reviews.importing.understanding.found import Found, few, table_not_read, table_read
from reviews.importing.understanding.layouts import Layout, Line, find_layout
from reviews.importing.understanding.lists import divide
from reviews.importing.understanding.marks import find_key
from reviews.importing.understanding.pages import joined
from reviews.importing.understanding.problems import Problem, problem
from reviews.importing.understanding.rows import Context, Fields, read_row
from reviews.importing.understanding.sheets import agency_of_sheet
from reviews.importing.understanding.stacks import stacked
from reviews.importing.understanding.tables import Row, Table, Unreadable

NO_PLAN = (
    "No table in the file has the headings of an action plan. It needs a row of headings with at least a "
    "“Recommendation” or “Action” column and one more, such as “Lead agency” or “Status”."
)
_KINDS = (
    ("dardr", r"domestic abuse related death|\bdardr\b"),
    ("dhr", r"domestic homicide|\bdhr\b"),
    ("sar", r"safeguarding adults? review|\bsar\b"),
    ("cspr", r"child safeguarding practice|\bcspr\b|\blcspr\b"),
    ("owhr", r"offensive weapons|\bowhr\b"),
    ("nhs", r"\bnhs\b.*\binvestigation|independent investigation"),
)
#: What the title of a plan has in it.
_OF_A_REVIEW = re.compile(r"\breview\b|\bDHR\b|investigation|homicide", re.IGNORECASE)
#: How a recommendation or an action begins that stands above its own table.
_BEGINS_A_ROW = re.compile(r"(?:recommendation|rec|action)s?\b\.?(?: no\.?| number)?\s*[a-z]{0,3}\d", re.IGNORECASE)
_ACTION_PLAN = re.compile(r"\s*[:–-]?\s*(?:\b(?:combined|multi-agency|joint|single)\s+)*\baction plan\b", re.IGNORECASE)


@dataclass
class Plan:
    """What was read of a file. ``problems`` are of the file as a whole; each row carries its own."""

    review_title: str = ""
    kind: str = ""
    speaks_for: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    tables: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: list[Fields] = field(default_factory=list)

    def about(self) -> dict[str, Any]:
        """Everything but the rows."""
        return {
            "review_title": self.review_title,
            "kind": self.kind,
            "speaks_for": self.speaks_for,
            "columns": self.columns,
            "tables": self.tables,
            "problems": [found.as_json() for found in self.problems],
        }


def read_plan(tables: Sequence[Table], known: Collection[str] = (), headings: Mapping[str, str] | None = None) -> Plan:
    """The plan in these tables. ``known`` are names of agencies by which joint leads may be told apart; ``headings``
    are columns by headings as they are shown, which count for more than what they look like.

    Raises Unreadable when no table holds a plan.
    """
    meant = Headings.corrected(headings or {})
    parted = [part for table in tables for part in ([table] if table.flows or table.ours else stacked(table, meant))]
    tables = [table if table.ours else tidied(table, meant) for table in parted]
    tables = joined(tables, partial(find_layout, known=meant))
    layouts = [(table, layout) for table in tables if not table.prose and (layout := find_layout(table, meant))]
    if not layouts:
        raise Unreadable(NO_PLAN, _found(tables, {}, meant))
    plan, lines = Plan(), list[tuple[Layout, Line]]()
    names = {name.casefold() for name in known}
    outside = [row for table in tables if not any(table is held for held, _ in layouts) for row in table.rows]
    above: list[Row] = []
    read: dict[int, tuple[Layout, int]] = {}
    for table, layout in layouts:
        agency = agency_of_sheet(layout, names, alone=len({one.name for one, _ in layouts}) == 1)
        if agency:
            plan.problems.append(problem("agency_from_sheet", Column.AGENCY, layout.table.name, agency))
        before = len(lines) + len(plan.rows)
        others: list[Row] = []
        if table.ours:
            plan.rows += read_ours(layout)
        else:
            found, others = read_lines(layout, names, agency)
            lines += [(layout, part) for line in found for part in divide(line)]
        read[id(table)] = (layout, len(lines) + len(plan.rows) - before)
        above += layout.table.rows[: layout.top]
        outside += [*layout.table.rows[: layout.top], *others]
        plan.columns |= {heading.printed: heading.column.value for heading in layout.headings}
        plan.problems += [*layout.problems, *_not_read(others)]
    plan.tables = _found(tables, read, meant)
    if not lines and not plan.rows:
        raise Unreadable("The file has the headings of an action plan, but no row below them.", plan.tables)
    plan.problems += _tables_not_read(tables, [table for table, _ in layouts])
    first = tables[: tables.index(layouts[0][0])]
    above = [*(row for table in first if table.prose for row in table.rows), *above]
    _say_what_it_is(plan, above, [date for _, layout in layouts for date in _as_at(layout)])
    names |= names_that_stand_alone([line for _, line in lines])
    plan.rows += _rows(lines, outside, names)
    return plan


def _found(tables: Sequence[Table], read: Mapping[int, tuple[Layout, int]], known: Headings) -> list[Found]:
    return few([
        table_read(*read[id(table)], known) if id(table) in read else table_not_read(table, known)
        for table in tables
        if table.rows and not table.prose
    ])  # fmt: skip


def _rows(lines: list[tuple[Layout, Line]], outside: list[Row], names: set[str]) -> Iterator[Fields]:
    key, anchor = find_key([Table("", tuple(outside))]), _published(outside)
    contexts = {has_status: Context(key, anchor, names, has_status) for has_status in (True, False)}
    for layout, line in lines:
        row = read_row(line, contexts[layout.has(Column.STATUS)])
        # What stands in columns that are not read goes with the row, for the file in which it may be given back.
        unread = {one.printed: line.row.cell(one.index).text for one in layout.headings if one.column == Column.IGNORE}
        yield row | {"unread": unread} if any(unread.values()) else row


def _published(rows: list[Row]) -> dt.date | None:
    """The day of publication, where a line beside the plan gives it: relative dates count from it."""
    for row in rows:
        text = " ".join(cell.text for cell in row.cells if cell.text)
        found = re.search(r"\bpubli(?:shed|cation)\b[^.]{0,40}", text, re.IGNORECASE)
        if found and (date := find_date(found[0])):
            return date
    return None


def _as_at(layout: Layout) -> list[str]:
    marked = [heading.index for heading in layout.headings if heading.printed == EXPORT_MARK]
    return [row.cell(index).text for index in marked for row in layout.table.rows[layout.body : layout.body + 1]]


def _not_read(rows: list[Row]) -> list[Problem]:
    return [
        problem("line_not_read", Column.IGNORE, row.cells[row.filled[0]].place, row.cells[row.filled[0]].text)
        for row in rows
        if row.filled
    ]


def _tables_not_read(tables: Sequence[Table], read: Sequence[Table]) -> list[Problem]:
    """The sheets, and the tables of a document, that hold no plan; not the paragraphs around them."""
    return [
        problem("sheet_not_read", Column.IGNORE, table.name, _called(table))
        for table in tables
        if table.rows and not table.prose and not table.ours and not any(table is one for one in read)
    ]


def _called(table: Table) -> str:
    """What people know a table by: a sheet by its name, a table of a document by the words of its first row."""
    first = " | ".join(cell.text for cell in table.rows[0].cells if cell.text)
    return f"{table.name}: {first}" if table.flows else table.name


def _say_what_it_is(plan: Plan, rows: list[Row], own_dates: list[str]) -> None:
    """Title, kind and date from the lines above the heading; our own exports carry their date in a column."""
    lines = [cell.text for row in rows for cell in row.cells if cell.text and not cell.below]
    whole = " ".join(lines)
    plan.kind = next((kind for kind, words in _KINDS if re.search(words, whole, re.IGNORECASE)), "")
    plan.review_title = _title([line for line in lines if not _BEGINS_A_ROW.match(line)])
    as_at = [line for line in lines if re.search(r"\bas (?:at|of)\b", line, re.IGNORECASE)]
    dates = [date for line in (*own_dates, *as_at, *lines) if (date := find_date(line))]
    plan.speaks_for = dates[0].isoformat() if dates else None


def _title(lines: list[str]) -> str:
    """The line that names the review, without what names the plan; but not the review after the plan."""
    titled = next((line for line in lines if _OF_A_REVIEW.search(line)), "")
    title = titled or next((line for line in lines if "plan" in line.lower()), "")
    short = _ACTION_PLAN.split(title)[0]
    return (title if titled and not _OF_A_REVIEW.search(short) else short).strip(" :–-")[:300]
