"""A review's plan as it stood on any day: the one read model that every page and paper of a plan renders.

It is worked out from dated rows alone, by the functions that also make today's projection, and never reads the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from reviews.as_at_model import (
    ActionAsAt,
    AgencyPart,
    Decided,
    Footnote,
    PlanAsAt,
    RecommendationAsAt,
    RecordedLater,
    Step,
    TargetAsAt,
)
from reviews.as_at_rows import Rows
from reviews.carried import said_before
from reviews.kinds import Kind, Scope
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    Claim,
    Milestone,
    Part,
    ProgressUpdate,
    Recommendation,
    Review,
    SignOff,
    TargetDate,
)
from reviews.projection import action_now, assignment_now, original
from reviews.statuses import Decision, Status, timing


def plan_as_at(review: Review, on: dt.date, known_at: dt.datetime | None = None) -> PlanAsAt:
    """The plan of ``review`` on the day ``on``, in plan order, from a number of queries that does not grow with it.

    With ``known_at`` only what was recorded by then counts; what came later is listed, so that a back-dated row never
    changes a paper silently. What the plan did not yet have on that day is left out.
    """
    rows = Rows(review, on, known_at)
    recommendations = tuple(_recommendation(rows, row) for row in rows.recommendations)
    return PlanAsAt(
        review_id=review.pk,
        reference=review.reference,
        title=review.title,
        kind=Kind(review.kind).label,
        pseudonym=review.pseudonym,
        chair=review.chair,
        partnership=review.partnership.name,
        group_name=review.partnership.group_name,
        introduction=review.introduction,
        dates=tuple((what, day) for what, day in _dates(review) if what and day and day <= on),
        on=on,
        known_at=known_at,
        recommendations=recommendations,
        footnotes=_footnotes(recommendations),
        added_later=_added_later(rows, recommendations),
    )


def _dates(review: Review) -> Iterable[tuple[str, dt.date | None]]:
    body = review.words.quality_body
    yield "Overview report completed", review.report_on
    yield f"Agreed by the {review.partnership.group_name}", review.agreed_on
    yield f"Agreed by the {body}" if body else "", review.quality_on
    yield "Published", review.published_on


def _recommendation(rows: Rows, row: Recommendation) -> RecommendationAsAt:
    wordings = rows.wordings.get(row.pk, ())
    return RecommendationAsAt(
        pk=row.pk,
        order=row.order,
        reference=row.reference,
        text=wordings[-1].text if wordings else row.text,
        addressee=row.addressee,
        scope=Scope(row.scope).label if row.scope else "",
        themes=tuple(rows.themes.get(row.pk, ())),
        actions=tuple(_action(rows, row, action) for action in rows.actions.get(row.pk, ())),
        recorded_later=_later(rows, rows.later_wordings.get(row.pk, ())),
    )


def _action(rows: Rows, recommendation: Recommendation, row: Action) -> ActionAsAt:
    updates, sign_offs = rows.updates.get(row.pk, []), rows.sign_offs.get(row.pk, [])
    dates, wordings = rows.dates.get(row.pk, []), rows.action_wordings.get(row.pk, ())
    parts = _parts(rows, rows.assignments.get(row.pk, ()), updates, sign_offs)
    now = action_now([assignment for assignment, _ in parts], updates, dates)
    status = Status(now["status"])
    return ActionAsAt(
        pk=row.pk,
        label=row.reference or recommendation.reference or str(row.order),
        reference=row.reference,
        text=wordings[-1].text if wordings else row.text,
        change_expected=row.change_expected,
        agency_response=row.agency_response,
        status=status,
        timing=timing(
            status,
            target=now["target_date"],
            review=now["next_review_on"],
            claimed_on=now["claimed_on"],
            on=rows.on,
        ),
        target=_target(dates),
        next_review_on=now["next_review_on"],
        claimed_on=now["claimed_on"],
        silent_since=now["silent_since"],
        leads=tuple(part for assignment, part in parts if assignment.is_leading),
        supporting=tuple(part for assignment, part in parts if not assignment.is_leading),
        milestones=tuple(_step(rows, step) for step in rows.milestones.get(row.pk, ())),
        decisions=tuple(
            Decided(Decision(one.decision), one.on, one.reason, one.decided_at)
            for one in sorted(sign_offs, key=lambda one: (one.on, one.recorded_at))
        ),
        recorded_later=_later(rows, rows.later.get(row.pk, ())),
    )


def _parts(
    rows: Rows, assignments: Iterable[Assignment], updates: list[ProgressUpdate], sign_offs: list[SignOff]
) -> list[tuple[Assignment, AgencyPart]]:
    """Each agency on an action, once, with where it stood; the assignments carry the status worked out for the day."""
    current = {assignment.agency_id: assignment for assignment in sorted(assignments, key=lambda row: row.on)}
    parts = []
    for assignment in sorted(current.values(), key=lambda row: (row.order, row.pk)):
        theirs = [row for row in updates if row.agency_id == assignment.agency_id]
        for name, value in assignment_now(assignment, theirs, sign_offs).items():
            setattr(assignment, name, value)
        before = said_before(assignment.agency_id, updates, heirs=rows.heirs, answering=current)
        parts.append((assignment, _part(rows, assignment, theirs, before)))
    return parts


def _part(rows: Rows, assignment: Assignment, updates: list[Any], before: list[Any]) -> AgencyPart:
    """Where an agency stood, by its own ``updates``; with the words of those ``before`` it until it has said any."""
    status = Status(assignment.status)
    said: dict[str, Any] = {}
    if updates or before:
        last = (updates or before)[-1]
        said = {
            "progress": last.progress,
            "next_steps": last.next_steps,
            "obstacles": last.obstacles,
            "help_wanted": last.help_wanted,
            "what_changed": last.outcome,
            "evidence": last.evidence_named or "",
            "updated_on": last.on,
            "source": last.source,
            "given_by": last.given_by,
            "recorded_by": str(last.recorded_by or ""),
            "is_carried": not updates,
        }
    if status in (Status.AWAITING, Status.COMPLETE):
        if claims := _claims(updates) or _claims(before):
            said |= {"completed_on": claims[-1].completed_on, "what_changed": claims[-1].what_changed}
        if status == Status.AWAITING:
            said["completed_on"] = assignment.claimed_on  # what it began with, where the claim is of the one before it
    return AgencyPart(
        agency_id=assignment.agency_id,
        name=rows.name_of(assignment.agency),
        now_called=rows.now_called(assignment.agency),
        part=Part(assignment.part),
        since=assignment.on,
        owner=assignment.owner_as_worded,
        status=status,
        **said,
    )


def _claims(updates: list[Any]) -> list[Claim]:
    return [row.claim for row in updates if getattr(row, "claim", None)]


def _target(dates: list[TargetDate]) -> TargetAsAt:
    if not dates:
        return TargetAsAt(None, "", None, "", 0)
    first, last = original(dates), dates[-1]
    return TargetAsAt(last.date, last.as_written, first.date, first.as_written, len(dates) - 1)


def _step(rows: Rows, row: Milestone) -> Step:
    achieved = rows.was_achieved(row) and rows.was_known(row.achieved_recorded_at)
    return Step(row.text, row.due_on, row.due_as_written, row.achieved_on if achieved else None)


def _footnotes(recommendations: Iterable[RecommendationAsAt]) -> tuple[Footnote, ...]:
    """One for each lead that had been renamed or succeeded, in plan order."""
    found = {
        part.agency_id: Footnote(part.name, part.now_called)
        for recommendation in recommendations
        for action in recommendation.actions
        for part in action.leads
        if part.now_called
    }
    return tuple(found.values())


def _added_later(rows: Rows, known: Iterable[RecommendationAsAt]) -> tuple[RecordedLater, ...]:
    """The recommendations of which nothing was on record in time."""
    in_plan = {recommendation.pk for recommendation in known}
    return tuple(
        RecordedLater("A recommendation was added", late[0].on, late[0].recorded_at)
        for pk, late in rows.later_wordings.items()
        if pk not in in_plan
    )


def _later(rows: Rows, late: Iterable[Any]) -> tuple[RecordedLater, ...]:
    return tuple(_late(rows, row) for row in late)


def _late(rows: Rows, row: Any) -> RecordedLater:
    what = _what(rows, row)
    if not rows.was_known(row.recorded_at):
        return RecordedLater(what, row.on, row.recorded_at)
    if isinstance(row, Assignment):
        return RecordedLater(
            f"End of the {what[0].lower()}{what[1:]}", row.until or row.on, row.ended_at or row.recorded_at
        )
    if not row.voided_at:
        return RecordedLater(f"{what} achieved", row.achieved_on, row.achieved_recorded_at)
    return RecordedLater(what, row.on, row.voided_at, taken_back=True)


def _what(rows: Rows, row: Any) -> str:
    """What sort of row this is, in the words of a paper."""
    if isinstance(row, ProgressUpdate):
        return f"Update by {rows.name_of(row.agency)}"
    if isinstance(row, Assignment):
        return f"Part of {rows.name_of(row.agency)}"
    if isinstance(row, SignOff):
        return f"Decision: {row.get_decision_display()}"
    names = {TargetDate: "Target date", Milestone: "Milestone", ActionWording: "Wording of the action"}
    return names.get(type(row), "Wording of the recommendation")
