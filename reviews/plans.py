"""Everything that makes or changes a plan: recommendations, actions, who answers for them, and by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.days import check_day
from agencies.models import Agency, User
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.succession import lock_agencies
from reviews import policies
from reviews.interest import why_not_move
from reviews.kinds import PlanStage
from reviews.models import (
    Action,
    Assignment,
    Part,
    PlanImport,
    ProgressUpdate,
    Recommendation,
    RecommendationWording,
    Review,
    Submission,
    TargetDate,
)
from reviews.plan_lines import RecommendationLine
from reviews.plan_rows import PlanRows
from reviews.projection import beginning, lock_for, project
from reviews.returning import give_back


def add(*, review: Review, line: RecommendationLine, by: User | System, on: dt.date) -> list[Action]:
    """Add one recommendation with its actions at the end of the plan."""
    return add_many(review=review, lines=[line], by=by, on=on)


@transaction.atomic
def add_many(
    *,
    review: Review,
    lines: Sequence[RecommendationLine],
    by: User | System,
    on: dt.date,
    source: ProgressUpdate.Source = ProgressUpdate.Source.IMPORTED,
) -> list[Action]:
    """Add recommendations with their actions at the end of the plan, as they stood on the day ``on``.

    One check, one lock, bulk rows and one audit entry for the batch. Returns the actions in plan order.
    """
    actions = _rows_at_the_end(review, lines, by, on, source=source).bring_in(lines)
    audit.record("plan.added", by=by, about=review, partnership=review.partnership_id, actions=len(actions), on=f"{on}")
    return actions


@transaction.atomic
def add_piece(
    *,
    review: Review,
    lines: Sequence[RecommendationLine],
    by: User | System,
    on: dt.date,
    came_with: PlanImport,
    into: Recommendation | None = None,
) -> None:
    """Write a piece of a plan that is being brought in. It does not stand before all of it is there.

    The actions of the first line go to ``into``, where the piece before ended amid a recommendation. The audit has one
    entry for the whole import, which its caller writes.
    """
    rows = _rows_at_the_end(review, lines, by, on, source=ProgressUpdate.Source.IMPORTED, came_with=came_with)
    rows.bring_in(lines, into=into)


def _rows_at_the_end(
    review: Review, lines: Sequence[RecommendationLine], by: User | System, on: dt.date, **values: Any
) -> PlanRows:
    """The rows that ``lines`` will make, after all that the plan has. Checks who and whether now; locks the review."""
    check_day(on)
    agencies = {lead.agency for line in lines for action in line.actions for lead in action.leads}
    lock_agencies(agencies)
    review = lock_for(by, Permission.EDIT_PLAN, review)
    for agency in agencies:
        policies.check(policies.why_not_assign(review, agency), field="agency")
    return PlanRows(
        review=review,
        by=person(by),
        on=on,
        next_order=next_place(Recommendation, review),
        next_action_order=next_place(Action, review),
        **values,
    )


@transaction.atomic
def assign(*, action: Action, agency: Agency, by: User | System, on: dt.date, part: Part = Part.LEAD) -> Assignment:
    """Let ``agency`` answer for ``action``, or help with it, from ``on``."""
    lock_agencies([agency])
    action = lock_for(by, Permission.EDIT_PLAN, action)
    policies.check(policies.why_not_assign(action.review, agency), field="agency")
    current = list(action.assignments.current())
    if any(row.agency_id == agency.pk for row in current):
        raise Refused(f"{agency} already has a part in this action.", field="agency")
    ended = action.assignments.filter(agency=agency).aggregate(last=Max("until"))["last"]
    policies.check_action_day(action, on, after={f"The end of the earlier part of {agency}": ended})
    if part == Part.LEAD and any(row.part == Part.LEAD for row in current):
        part = Part.JOINT
    assignment = Assignment.objects.create(
        action=action,
        agency=agency,
        part=part,
        order=max((row.order for row in current), default=0) + 1,
        on=on,
        recorded_at=timezone.now(),
        initial_status=beginning(action, agency),
    )
    project([action])
    _record("action.assigned", by, action, agency=agency.pk, part=part.value)
    assignment.refresh_from_db()
    return assignment


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: User | System, on: dt.date, stays: bool = False) -> None:
    """The agency no longer answers for the action, or helps with it, from ``on``; its people lose sight of it.

    What waits there for release goes back to its author, unless the agency ``stays`` in another part.
    """
    action = lock_for(by, Permission.EDIT_PLAN, assignment.action)
    current = action.assignments.current().filter(pk=assignment.pk)
    if not current:
        raise Refused("This agency's part in the action has already ended.")
    check_day(on, after={"The beginning of this agency's part": current[0].on})
    current.update(until=on, ended_at=timezone.now())
    project([action])
    if not stays:
        waiting = Submission.objects.filter(action=action, agency=assignment.agency)
        note = f"{assignment.agency} has no part in this action any more, so nobody there could release this."
        give_back(waiting, note=note, by=by)
    _record("action.unassigned", by, action, agency=assignment.agency_id)


@transaction.atomic
def change_target_date(
    *,
    action: Action,
    date: dt.date | None,
    by: User | System,
    on: dt.date,
    reason: str,
    as_written: str = "",
    asked_by: Agency | None = None,
    agreed_by: str = "",
) -> TargetDate:
    """Give ``action`` another target date, decided on the day ``on``. Earlier dates, the original first, are kept.

    Once the plan is agreed, whoever has an interest in the action says in ``agreed_by`` who agreed: a later date is the
    group's decision.
    """
    action = lock_for(by, Permission.EDIT_PLAN, action)
    if not reason.strip() and action.original_target_date:
        raise Refused("Say why the date changes. The reason is kept beside the original date.", field="reason")
    is_moved = action.original_target_date and action.review.stage != PlanStage.WRITING
    if is_moved and not agreed_by.strip():
        policies.check(why_not_move(action, by), field="agreed_by")
    last = action.target_dates.in_force().aggregate(last=Max("on"))["last"]
    policies.check_action_day(action, on, after={"The target date in force": last})
    policies.check(policies.why_not_target(date, on=on) if date else "", field="date")
    row = TargetDate.objects.create(
        action=action,
        date=date,
        as_written=as_written,
        reason=reason,
        asked_by=asked_by,
        agreed_by=agreed_by,
        on=on,
        recorded_by=person(by),
    )
    project([action])
    _record("action.date_changed", by, action, row=row.pk)
    return row


@transaction.atomic
def reword(*, recommendation: Recommendation, text: str, by: User | System, on: dt.date, reason: str) -> None:
    """Change the wording of a recommendation from ``on``; the wording before it is kept."""
    row = lock_for(by, Permission.EDIT_PLAN, recommendation)
    if not text.strip():
        raise Refused("Enter the wording of the recommendation.", field="text")
    policies.check(policies.why_not_reword(row.review, reason), field="reason")
    check_day(on, after={"The wording in force": row.wordings.in_force().aggregate(last=Max("on"))["last"]})
    RecommendationWording.objects.create(recommendation=row, text=text, reason=reason, on=on, recorded_by=person(by))
    row.text = row.wordings.in_force().latest().text
    row.save(update_fields=["text"])
    audit.record("recommendation.reworded", by=by, about=row, partnership=row.review.partnership_id)


def next_place(model: type[Recommendation | Action], review: Review) -> int:
    """The place after the last of a plan. What is just being brought in has its place; what was undone has none."""
    undone = Q(stands=False, came_with__state=PlanImport.State.UNDONE)
    last: int | None = model.everything.filter(review=review).exclude(undone).aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def _record(event: str, by: User | System, action: Action, **detail: Any) -> None:
    audit.record(event, by=by, about=action, partnership=action.review.partnership_id, **detail)
