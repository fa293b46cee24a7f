"""A sheet for each agency: whose rows these are stands in its name or above its heading, and in no column."""

from __future__ import annotations

import re
from collections.abc import Collection

from reviews.importing.understanding.cells import names_a_body
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.layouts import Layout

_LABELLED = re.compile(
    r"^(?:lead |responsible )?(?:agency|organisation|service|partner)\s*[:–-]\s*(\S.*)?$", re.IGNORECASE
)
#: Names that say what a sheet is for, and not whose it is.
_GENERAL = re.compile(
    r"\b(?:sheet|table|plan|tracker|action|actions|recommendations?|open|closed|completed?|archived?|outstanding|current"
    r"|all|summary|data|master|theme|phase|part|export|update|review|copy|sar|dhr|dardr|cspr)\b|\d",
    re.IGNORECASE,
)


def agency_of_sheet(layout: Layout, known: Collection[str], *, alone: bool) -> str:
    """The agency of every row of a sheet that has no column for it; empty where nothing says so.

    ``known`` are names in small letters; ``alone`` is said of the only sheet with a plan, whose name tells little.
    """
    if any(layout.has(column) for column in (Column.AGENCY, Column.AGENCY_AND_RECOMMENDATION)) or layout.table.flows:
        return ""
    for row in layout.table.rows[: layout.top]:
        texts = [cell.text for cell in row.cells if cell.text and not cell.below]
        label = _LABELLED.match(texts[0]) if texts else None
        if label and (name := label[1] or " ".join(texts[1:2])):
            return name
    name = layout.table.name
    if names_a_body(name, known) or (not alone and name and not _GENERAL.search(name)):
        return name
    return ""
