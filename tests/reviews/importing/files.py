"""Rows as the sandbox gives them, staged and confirmed without a file: for tests of what comes after reading."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

from agencies.actors import COMMAND
from reviews.importing import staging
from reviews.importing.again.comparing import Comparison, compare
from reviews.importing.staged import answers_for, rows_of
from reviews.models import PlanImport, Review
from tests.factories import TODAY
from tests.world import World

_NUMBERS = itertools.count(1)
EMPTY = {
    **dict.fromkeys(("reference", "action_reference", "theme", "recommendation", "scope", "action", "owner"), ""),
    **dict.fromkeys(("milestones", "progress", "next_steps", "evidence", "agency_response", "barriers", "outcome"), ""),
    **dict.fromkeys(("target_date", "revised_date", "completed_on", "status")),
    **dict.fromkeys(("target_date_as_written", "revised_date_as_written", "status_as_written"), ""),
}


def a_row(**says: Any) -> dict[str, Any]:
    """One row; what is not given is empty, and Borough Police answers."""
    return {**EMPTY, "agencies": ["Borough Police"], "place": "Plan!A2", "problems": [], **says}


def a_file(
    world: World, rows: Sequence[dict[str, Any]], review: Review | None = None, on: dt.date = TODAY, **facts: Any
) -> PlanImport:
    """A file that was read, and waits."""
    number = next(_NUMBERS)
    return PlanImport.objects.create(
        **{
            "partnership": world.here.partnership,
            "review": review,
            "reference": f"FILE-{number}",
            "title": f"Plan {number}",
            "speaks_for": on,
            "file_name": f"plan-{number}.csv",
            "sha256": f"{number:064}",
            "reading": {"review_title": "", "problems": [], "rows": list(rows)},
        }
        | facts
    )


def brought_in(world: World, rows: Sequence[dict[str, Any]], review: Review | None = None, **facts: Any) -> Review:
    """The review that a file makes, or is added to."""
    return staging.confirm(plan_import=a_file(world, rows, review, **facts), by=COMMAND, on=TODAY)


def beside(staged: PlanImport) -> Comparison:
    """The file beside its review."""
    rows = rows_of(staged)
    found = compare(staged, rows, answers_for(staged, rows, COMMAND).found, TODAY)
    assert found is not None
    return found
