"""What the page of a plan that is being brought in shows: which rows, and what is left to do before it comes in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse

from agencies.typed_days import MOST_OF_A_PART
from reviews.admin.import_row_forms import STATUS_CHOICES
from reviews.admin.import_shown import shown
from reviews.importing.staged import Answers, StagedRow
from reviews.models import PlanImport

PER_PAGE = 25
ERRORS, WARNINGS, ALL = "errors", "warnings", "all"
#: What each filter is called, and which rows it shows.
FILTERS: dict[str, tuple[str, Callable[[StagedRow], bool]]] = {
    ERRORS: ("Errors: to be mended first", lambda row: row.blocks),
    WARNINGS: ("Warnings: worth a look", lambda row: row.warns),
    ALL: ("All rows", lambda row: True),
}


def looked_through(request: HttpRequest, staged: PlanImport, rows: list[StagedRow], answers: Answers) -> dict[str, Any]:
    """The rows of the filter and page that were asked for, each with the forms that mend it.

    Without a filter errors come first, then warnings. The row that was pressed last stays, even if it fits no longer.
    """
    found = {name: [row for row in rows if fits(row)] for name, (_, fits) in FILTERS.items()}
    asked = request.GET.get("show", "")
    show = asked if asked in FILTERS else next(name for name in FILTERS if found[name] or name == ALL)
    pressed = request.GET.get("with", "")
    _, fits = FILTERS[show]
    listed = found[show]
    if pressed and show != ALL:
        listed = [row for row in rows if fits(row) or str(row.root) == pressed]
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "filters": [(name, words, len(found[name]), name == show) for name, (words, _) in FILTERS.items()],
        "show": show,
        "page": page,
        "query": urlencode({"show": show, "page": page.number}),
        "shown": [shown(row, answers, staged.speaks_for) for row in page.object_list],
        "statuses": STATUS_CHOICES,
        "day_parts": MOST_OF_A_PART.items(),
    }


def counted(rows: list[StagedRow], answers: Answers) -> dict[str, Any]:
    """How many rows there are of each sort, and what they name."""
    named = [*answers.found, *answers.to_make, *answers.open]
    return {
        "count": len(rows),
        "blocked": sum(row.blocks for row in rows),
        "warned": sum(row.warns for row in rows),
        "left_out": sum(row.left_out for row in rows),
        "coming": sum(not row.left_out for row in rows),
        "named": len(named),
        "named_lines": "\n".join(named),
        "to_make": len(answers.to_make),
    }


def stood_in(rows: list[StagedRow]) -> list[tuple[str, int]]:
    """The sheets, or the tables of the document, in which the rows stood, each with how many; none of a plain text."""
    names = [re.match(r"(.+?)(?:!\w+$|, row \d)", row.place) for row in rows]
    return list(Counter(found[1] for found in names if found).items())


def left_to_do(staged: PlanImport, answers: Answers, blocked: int) -> list[tuple[str, str]]:
    """What stands between the plan and its coming in: words, and where on the page it is done."""
    tasks = []
    if staged.review is None and not (staged.reference.strip() and staged.title.strip()):
        tasks.append(("Give the new review a reference and a title", "#plan"))
    if count := len(answers.open):
        tasks.append((f"Say which agency {count} name{' is' if count == 1 else 's are'}", "#agencies"))
    if blocked:
        rows, them = ("1 row", "it") if blocked == 1 else (f"{blocked} rows", "them")
        tasks.append((f"Mend {rows}, or leave {them} out", f"?show={ERRORS}#rows"))
    return tasks


def page_of(request: HttpRequest, pk: int, row: StagedRow | None = None) -> str:
    """The page of the plan from which somebody came to a row, with its filter; at that row, where one is given."""
    kept = {name: request.GET[name] for name in ("show", "page") if name in request.GET}
    if row is not None:
        kept["with"] = str(row.root)
    address = reverse("admin:reviews_planimport_change", args=[pk])
    address = f"{address}?{urlencode(kept)}" if kept else address
    return f"{address}#row-{row.number}" if row is not None else address
