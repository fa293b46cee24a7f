"""Bringing a file into a review that is there: which of its rows are added, and what else it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from agencies.actors import System
from agencies.models import Agency, User
from agencies.refusals import Refused
from reviews.importing import updating
from reviews.importing.before import BECAME, UNLED
from reviews.importing.comparing import Compared, Comparison, Verdict, compare
from reviews.importing.staged import StagedRow, answers_for
from reviews.models import Action, PlanImport


def compared(staged: PlanImport, rows: Sequence[StagedRow], by: User | System, on: dt.date) -> Comparison | None:
    """All ``rows`` beside the review that they are added to; None when they make a new one."""
    return compare(staged, rows, answers_for(staged, rows, by).found, on) if staged.review_id else None


def coming(rows: Sequence[StagedRow], comparison: Comparison | None) -> list[StagedRow]:
    """The rows of which actions are made. Raises Refused while somebody is still to say which row is which action."""
    if comparison is None:
        return [row for row in rows if not row.left_out]
    if unsure := [row for row in comparison.of(Verdict.UNSURE) if not row.left]:
        places = ", ".join(row.row.row.place for row in unsure[:10])
        more = f" and {len(unsure) - 10} more" if len(unsure) > 10 else ""
        raise Refused(f"Say of {places}{more} which action it is, or that it is new.", field="rows")
    return [row.row.row for row in _new(comparison)]


def at_the_end(rows: Sequence[StagedRow], comparison: Comparison | None) -> list[StagedRow]:
    """Those of the coming rows that bring their recommendation with them; the others go under one that is there."""
    if comparison is None:
        return list(rows)
    under = {row.number for row in _new(comparison) if row.under}
    return [row for row in rows if row.number not in under]


def under_what_is_there(rows: Sequence[StagedRow], comparison: Comparison | None) -> list[StagedRow]:
    """Those of the coming rows that go under a recommendation that is there."""
    last = {row.number for row in at_the_end(rows, comparison)}
    return [row for row in rows if row.number not in last]


def with_names(rows: Sequence[StagedRow], comparison: Comparison | None) -> list[StagedRow]:
    """The rows of which every printed name must mean an agency: those that come, and those that change who leads."""
    leading = [row.row.row for row in comparison.rows if _gives(row)] if comparison else []
    return [*rows, *leading]


def correct(
    *, staged: PlanImport, comparison: Comparison, found: Mapping[str, Agency], by: User | System, on: dt.date
) -> dict[int, int]:
    """Change what the file says otherwise and add what goes under a recommendation that is there.

    ``found`` are the agencies of all its names, those just made too. What was made is kept with the import, so that it
    can be undone. Gives the action that each row is, or became.
    """
    if any(_gives(row) or (row.verdict == Verdict.NEW and row.under) for row in comparison.rows):
        again = compare(staged, [row.row.row for row in comparison.rows], found, on)
        comparison = again or comparison
    made, became = updating.apply(staged=staged, comparison=comparison, by=by, on=on)
    for label, keys in made.items():
        staged.made.setdefault(label, []).extend(keys)
    staged.choices[UNLED] = [row.number for row in comparison.rows if _names_others(row) and not _gives(row)]
    return became | {row.number: row.present.action.pk for row in comparison.rows if row.present}


def keep_became(staged: PlanImport, became: dict[int, int], rows: Sequence[StagedRow], made: Sequence[Action]) -> None:
    """Note which action each row is: of ``rows``, those in ``made``. ``staged`` is not saved."""
    new = {row.number: action.pk for row, action in zip(rows, made, strict=True)}
    staged.choices[BECAME] = {str(number): key for number, key in (became | new).items()}


def _new(comparison: Comparison) -> list[Compared]:
    return [row for row in comparison.of(Verdict.NEW) if not row.left]


def _names_others(row: Compared) -> bool:
    return any(change.field == "agencies" for change in row.changes)


def _gives(row: Compared) -> bool:
    return any(change.field == "agencies" for change in row.to_apply)
