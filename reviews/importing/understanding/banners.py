"""Lines across a plan that announce what stands below them: a theme, an agency, a recommendation and its actions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reviews.importing.understanding.cells import looks_like_name, names_a_body
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.layouts import WORDED, Layout
from reviews.importing.understanding.tables import Cell, Row

#: Columns in which words that stand alone go on with those above, and announce nothing.
TEXTS = (Column.PROGRESS, Column.NEXT_STEPS, Column.EVIDENCE, Column.MILESTONES, Column.AGENCY_RESPONSE)
_THEME = re.compile(r"theme\b", re.IGNORECASE)
#: A recommendation that heads the table of its actions, with its number and mostly with its words.
RECOMMENDED = re.compile(
    r"(?:recommendation|rec)\b\.?\s*(?:no\b\.?|number)?\s*(?:[a-z]{0,3}\d+(?:\.\d+)*[a-z]?)\s*(?:[:.–-]\s*|\s|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Announced:
    """What the lines above say of a row."""

    theme: str = ""
    agency: str = ""
    recommendation: Cell | None = None


def is_banner(layout: Layout, row: Row) -> bool:
    """One cell alone in its row that is no recommendation, action or agency response of its own."""
    if len(row.filled) != 1:
        return False
    index = row.filled[0]
    text = row.cells[index].text
    if row.cells[index].width * 2 > len(layout.headings) or _THEME.match(text) or _is_recommendation(layout, text):
        return True
    columns = [heading.column for heading in layout.headings if heading.index == index]
    if Column.AGENCY_AND_RECOMMENDATION in columns:
        return looks_like_name(text)
    worded = columns and (columns[0] in WORDED or (index == 0 and columns[0] in TEXTS))
    if worded and not layout.has(Column.AGENCY):
        return names_a_body(text)
    return not any(column in (*WORDED, *TEXTS) for column in columns)


def right_above(layout: Layout) -> list[Row]:
    """The lines right above a heading that announce the rows below it, and not the plan as a whole."""
    found: list[Row] = []
    for row in reversed(layout.table.rows[: layout.top]):
        text = row.cells[row.own[0]].text if len(row.own) == 1 else ""
        if not text or not (_THEME.match(text) or _is_recommendation(layout, text)):
            break
        found.insert(0, row)
    return found


def announced(layout: Layout, rows: Sequence[Row], before: Announced) -> Announced:
    """What these banners say, and what was said before that still holds."""
    for row in rows:
        before = _one(layout, row, before)
    return before


def _one(layout: Layout, row: Row, before: Announced) -> Announced:
    index = row.filled[0]
    cell = row.cells[index]
    if _is_recommendation(layout, cell.text):
        return replace(before, recommendation=cell)
    words = before.recommendation.text if before.recommendation else ""
    if words and _is_number_alone(words) and not _THEME.match(cell.text) and not names_a_body(cell.text):
        return replace(before, recommendation=replace(cell, text=f"{words.rstrip(' :.–-')}: {cell.text}"))
    in_agency = cell.width == 1 and any(h.index == index and h.column == Column.AGENCY for h in layout.headings)
    if in_agency or (not layout.has(Column.AGENCY) and not _THEME.match(cell.text)) or names_a_body(cell.text):
        return replace(before, agency=cell.text)
    return replace(before, theme=cell.text)


def _is_recommendation(layout: Layout, text: str) -> bool:
    within = layout.has(Column.RECOMMENDATION) or layout.has(Column.AGENCY_AND_RECOMMENDATION)
    return not within and bool(RECOMMENDED.match(text))


def _is_number_alone(text: str) -> bool:
    return bool(RECOMMENDED.fullmatch(text))
