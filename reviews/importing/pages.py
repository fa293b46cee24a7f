"""What pages do to a table: they cut it in two, print its heading anew, and put a line of their own between.

The tables of a document that carry one plan become one table again, before anything is read of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from reviews.importing.cells import names_a_body
from reviews.importing.columns import Column
from reviews.importing.layouts import Layout
from reviews.importing.tables import Row, Table

_THEME = re.compile(r"^(?:theme|priority|objective|strand|learning point|section)\b.{0,110}$", re.IGNORECASE)


def joined(tables: Sequence[Table], find: Callable[[Table], Layout | None]) -> list[Table]:
    """The tables of a file, with those that go on from one another made one. Sheets are left as they are."""
    done: list[Table] = []
    at: int | None = None  # where the plan stands that a table may go on
    layout: Layout | None = None
    between: list[Row] = []
    for table in tables:
        if not table.flows:
            between = list(table.rows) if table.prose else []
            done.append(table)
            continue
        own = find(table)
        if at is not None and layout and _goes_on(layout, own, table):
            announced = _announcements(between, layout)
            done[at] = replace(done[at], rows=(*done[at].rows, *announced, *table.rows))
        else:
            if own:
                at, layout = len(done), own
                announced = _announcements(between, own)
                rows = (*table.rows[: own.body], *announced, *table.rows[own.body :])
                table = replace(table, rows=rows) if announced else table  # noqa: PLW2901
            done.append(table)
        between = []
    return done


def _goes_on(layout: Layout, own: Layout | None, table: Table) -> bool:
    """Whether a table goes on with a plan: the same headings again, or none and as many columns of such content."""
    if own:
        return [(one.index, one.column) for one in own.headings] == [(one.index, one.column) for one in layout.headings]
    width = max(len(row.cells) for row in table.rows)
    if width != max(len(row.cells) for row in layout.table.rows) or width < 3:
        return False
    if _is_heading_like(table.rows[0], width):
        return False
    words = [one.index for one in layout.headings if one.column in (Column.RECOMMENDATION, Column.ACTION)]
    words += [one.index for one in layout.headings if one.column == Column.AGENCY_AND_RECOMMENDATION]
    return any(len(row.cell(index).text) > 25 for row in table.rows for index in words)


def _is_heading_like(row: Row, width: int) -> bool:
    texts = [cell.text for cell in row.cells if cell.text]
    return len(texts) == width and all(len(text.split()) <= 4 and text[-1:] != "." for text in texts)


def _announcements(between: Sequence[Row], layout: Layout) -> list[Row]:
    """The paragraph right above a table, as a line across it, where it names the theme or the agency of its rows."""
    if not between:
        return []
    row = between[-1]
    text = row.cells[0].text
    has_agency = layout.has(Column.AGENCY) or layout.has(Column.AGENCY_AND_RECOMMENDATION)
    if not _THEME.match(text) and (has_agency or not names_a_body(text)):
        return []
    width = max(len(one.cells) for one in layout.table.rows)
    return [replace(row, cells=(replace(row.cells[0], width=width),))]
