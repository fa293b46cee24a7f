"""What pages do to a table: they cut it in two, print its heading anew, and put a line of their own between.

The tables of a document that carry one plan become one table again, before anything is read of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from reviews.importing.understanding.banners import RECOMMENDED
from reviews.importing.understanding.cells import looks_like_name, names_a_body
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.layouts import Layout
from reviews.importing.understanding.tables import Row, Table

_THEME = re.compile(r"^(?:theme|priority|objective|strand|learning point|section)\b.{0,110}$", re.IGNORECASE)

_FEW = 4  # paragraphs that hold a recommendation above its table
#: What heads a table and names nobody.
_GENERAL = re.compile(
    r"\b(?:plan|table|tracker|actions?|recommendations?|open|closed|completed?|summary|part|update|review|appendix|annex"
    r"|background|introduction|contents|notes|overview|dhr|dardr|sar|cspr|page|section|learning|themes?)\b|\d",
    re.IGNORECASE,
)


def joined(tables: Sequence[Table], find: Callable[[Table], Layout | None]) -> list[Table]:
    """The tables of a file, with those that go on from one another made one. Sheets are left as they are."""
    done: list[Table] = []
    at: int | None = None  # where the plan stands that a table may go on
    layout: Layout | None = None
    between: list[Row] = []
    several = sum(table.flows and find(table) is not None for table in tables) > 1
    for table in tables:
        if not table.flows:
            between = list(table.rows) if table.prose else []
            done.append(table)
            continue
        own = find(table)
        if at is not None and layout and _goes_on(layout, own, table):
            announced = _announcements(between, layout, several=several)
            done[at] = replace(done[at], rows=(*done[at].rows, *announced, *table.rows))
        else:
            if own:
                at, layout = len(done), own
                announced = _announcements(between, own, several=several)
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


def _announcements(between: Sequence[Row], layout: Layout, *, several: bool) -> list[Row]:
    """The paragraphs right above a table, as lines across it, where they say what its rows are about: their theme,
    their agency, or the recommendation whose actions they are.
    """
    if not between:
        return []
    width = max(len(one.cells) for one in layout.table.rows)
    rows = [replace(row, cells=(replace(row.cells[0], width=width),)) for row in between]
    recommended = layout.has(Column.RECOMMENDATION) or layout.has(Column.AGENCY_AND_RECOMMENDATION)
    begun = [number for number, row in enumerate(rows) if RECOMMENDED.match(row.cells[0].text)]
    if begun and not recommended and len(rows) - begun[-1] <= _FEW:
        return rows[begun[-1] :]
    text = rows[-1].cells[0].text
    has_agency = layout.has(Column.AGENCY) or layout.has(Column.AGENCY_AND_RECOMMENDATION)
    names = names_a_body(text) or (several and looks_like_name(text) and not _GENERAL.search(text))
    return rows[-1:] if _THEME.match(text) or (names and not has_agency) else []
