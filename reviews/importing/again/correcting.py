"""Bringing a file into a review that is there: which of its rows are added, and what else it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from agencies.actors import System
from agencies.models import User
from agencies.refusals import Refused
from reviews.importing.again import updating
from reviews.importing.again.before import BECAME
from reviews.importing.again.comparing import Compared, Comparison, Verdict, compare
from reviews.importing.pieces import Batch, Made, Piece
from reviews.importing.staged import StagedRow, answers_for
from reviews.models import PlanImport

#: So many rows are changed at once.
CHANGED_AT_ONCE = 100


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


def changed(comparison: Comparison | None) -> list[Compared]:
    """The rows that change an action which is there."""
    return [row for row in comparison.of(Verdict.CHANGED) if row.to_apply] if comparison else []


def to_correct(comparison: Comparison | None) -> list[int]:
    """The numbers of the rows that change an action, or go under a recommendation that is there."""
    added = {row.number for row in _new(comparison) if row.under} if comparison else set()
    numbers = added | {row.number for row in changed(comparison)}
    return [row.number for row in comparison.rows if row.number in numbers] if comparison else []


def known(comparison: Comparison | None) -> dict[str, int]:
    """The action that each row is which is there already, by its number."""
    return {str(row.number): row.present.action.pk for row in comparison.rows if row.present} if comparison else {}


def unled(comparison: Comparison | None) -> list[int]:
    """The rows that name other leads than the plan has, where nobody said that the leads are to change."""
    return [row.number for row in comparison.rows if _names_others(row) and not _gives(row)] if comparison else []


def pieces(batch: Batch, rows: Sequence[StagedRow], numbers: Sequence[int]) -> list[Piece]:
    """The pieces that change what the file says otherwise, and add what goes under a recommendation that is there.

    ``numbers`` are the rows of ``to_correct``, as they were when it was begun.
    """
    comparison = compare(batch.staged, rows, batch.found, batch.on) if numbers else None
    if comparison is None:
        return []
    chunks = [list(numbers[start : start + CHANGED_AT_ONCE]) for start in range(0, len(numbers), CHANGED_AT_ONCE)]
    return [Piece(len(chunk), partial(_correct, batch, comparison, chunk)) for chunk in chunks]


def _correct(batch: Batch, comparison: Comparison, numbers: list[int]) -> Made:
    made, became = updating.apply(staged=batch.staged, comparison=comparison, by=batch.by, on=batch.on, only=numbers)
    if became:
        choices = batch.staged.choices
        choices[BECAME] = {**choices[BECAME], **{str(number): key for number, key in became.items()}}
        PlanImport.objects.filter(pk=batch.staged.pk).update(choices=choices)
    return made


def _new(comparison: Comparison) -> list[Compared]:
    return [row for row in comparison.of(Verdict.NEW) if not row.left]


def _names_others(row: Compared) -> bool:
    return any(change.field == "agencies" for change in row.changes)


def _gives(row: Compared) -> bool:
    return any(change.field == "agencies" for change in row.to_apply)
