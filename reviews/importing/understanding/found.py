"""What was found in a file, table by table, for the person who puts it right: names, headings, and what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reviews.importing.understanding.columns import Column, Headings, as_shown
from reviews.importing.understanding.layouts import Layout, printed_over
from reviews.importing.understanding.tables import Row, Table

_MOST_TABLES = 60
_MOST_HEADINGS = 60
_MOST_LETTERS = 160
_LOOK_FOR_HEADING = 15  # rows from the top of a table that is none of the plan

Found = dict[str, Any]


def table_read(layout: Layout, rows: int, known: Headings) -> Found:
    """A table of the plan: its headings in order with what each was taken for, and how many rows were read under it."""
    headings = [
        _heading(one.printed, one.column, layout.table.rows[layout.top].cell(one.index).place, known)
        for one in sorted(layout.headings, key=lambda heading: heading.index)
    ]
    return _table(layout.table, layout.table.rows[layout.top], headings) | {"read": True, "rows": rows}


def table_not_read(table: Table, known: Headings) -> Found:
    """A table that is none of the plan, with the row that would be its headings if somebody said what they mean."""
    filled = [len(row.own) for row in table.rows[:_LOOK_FOR_HEADING]]
    top = filled.index(max(filled))
    printed = printed_over(table, top, known)
    headings = [
        _heading(as_shown(text), known.column(text) or Column.IGNORE, table.rows[top].cell(index).place, known)
        for index, text in printed.items()
    ]
    return _table(table, table.rows[top], headings if len(printed) > 1 else []) | {"read": False, "rows": 0}


def _table(table: Table, heading: Row, headings: Sequence[Found]) -> Found:
    words = " | ".join(cell.text for row in table.rows[:3] for cell in row.cells if cell.text and not cell.below)
    return {
        "name": table.name,
        "place": next((cell.place for cell in heading.cells if cell.place), ""),
        "headings": list(headings[:_MOST_HEADINGS]),
        "lines": len(table.rows),
        "first_words": _cut(as_shown(words)),
    }


def _heading(printed: str, column: Column, place: str, known: Headings) -> Found:
    return {"printed": _cut(printed), "column": column.value, "place": place, "said": bool(known.was_said(printed))}


def _cut(words: str) -> str:
    return words if len(words) <= _MOST_LETTERS else f"{words[: _MOST_LETTERS - 1]}…"


def few(found: list[Found]) -> list[Found]:
    """As many tables as a page can show: those that were read first of all."""
    if len(found) <= _MOST_TABLES:
        return found
    chosen = sorted(range(len(found)), key=lambda number: not found[number]["read"])[:_MOST_TABLES]
    return [found[number] for number in sorted(chosen)]
