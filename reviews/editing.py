"""A plan edited in a meeting: its recommendations and actions are added, put in order, described and reworded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from agencies import audit
from agencies.actors import System, person
from agencies.days import check_day
from agencies.models import User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.succession import lock_agencies
from reviews import plans, policies
from reviews.models import Action, ActionWording, ProgressUpdate, Recommendation, Review
from reviews.plan_lines import ActionLine, RecommendationLine
from reviews.plan_rows import PlanRows
from reviews.projection import lock, lock_for, lock_one, lock_recommendations

#: What ``describe_recommendation`` and ``describe_action`` take: facts without a history of their own.
RECOMMENDATION_FACTS = ("reference", "addressee", "scope")
ACTION_FACTS = ("reference", "change_expected", "agency_response")


@transaction.atomic
def add_recommendation(
    *,
    review: Review,
    by: User | System,
    on: dt.date,
    text: str,
    reference: str = "",
    addressee: str = "",
    scope: str = "",
) -> Recommendation:
    """Add a recommendation without actions at the end of the plan."""
    if not text.strip():
        raise Refused("Enter the wording of the recommendation.", field="text")
    plans.add(review=review, line=RecommendationLine(text, reference, addressee, scope, actions=()), by=by, on=on)
    return review.recommendations.latest("order")


@transaction.atomic
def add_action(*, recommendation: Recommendation, line: ActionLine, by: User | System, on: dt.date) -> Action:
    """Add an action to a recommendation, after those that it has."""
    lock_agencies(lead.agency for lead in line.leads)
    review = lock_one(recommendation.review)
    recommendation = lock_for(by, Permission.EDIT_PLAN, recommendation)
    first = recommendation.wordings.in_force().aggregate(first=Min("on"))["first"]
    check_day(on, after={"The recommendation": first})
    for lead in line.leads:
        policies.check(policies.why_not_assign(review, lead.agency), field="agency")
    if line.target_date:
        policies.check(policies.why_not_target(line.target_date, on=on), field="target_date")
    rows = PlanRows(
        review=review,
        by=person(by),
        on=on,
        next_order=0,
        next_action_order=plans.next_place(Action, review),
        source=ProgressUpdate.Source.RECORDED_FOR,
    )
    action = rows.add_to(recommendation, line)
    audit.record("action.added", by=by, about=action, partnership=review.partnership_id, on=f"{on}")
    return action


@transaction.atomic
def move(*, row: Recommendation | Action, by: User | System, up: bool) -> None:
    """Let a recommendation, or an action of one, change places with the one before it (``up``) or after it."""
    review = lock_one(row.review)
    row.refresh_from_db()
    beside: Any = type(row)._default_manager.filter(review=review)
    if isinstance(row, Action):
        beside = beside.filter(recommendation=row.recommendation_id)
    beside = beside.filter(order__lt=row.order).order_by("-order") if up else beside.filter(order__gt=row.order)
    other = beside.first() if up else beside.order_by("order").first()
    both = _lock_both(row, other)
    require(by, Permission.EDIT_PLAN, review)
    if len(both) < 2:
        raise Refused(f"It is the {'first' if up else 'last'} already.")
    both[0].order, both[1].order = both[1].order, both[0].order
    fields = ["order"]
    if isinstance(row, Action):
        fields.append("sort_key")
        for each in both:
            each.sort_key = each.sort_by()
    type(row).objects.bulk_update(both, fields)
    audit.record("plan.reordered", by=by, about=row, partnership=review.partnership_id, up=up)


def _lock_both(row: Recommendation | Action, other: Any) -> list[Any]:
    """Lock two neighbours, of which there may be one only, and what actions are sorted by."""
    there = [each.pk for each in (row, other) if each]
    if isinstance(row, Recommendation):
        return lock_recommendations(there)
    lock_one(row.recommendation)
    return lock(there)


@transaction.atomic
def reword_action(*, action: Action, text: str, by: User | System, on: dt.date, reason: str) -> Action:
    """Change the wording of an action from ``on``; the wording before it is kept."""
    action = lock_for(by, Permission.EDIT_PLAN, action)
    policies.check(policies.why_not_reword(action.review, reason), field="reason")
    check_day(on, after={"The wording in force": action.wordings.in_force().aggregate(last=Max("on"))["last"]})
    ActionWording.objects.create(action=action, text=text, reason=reason, on=on, recorded_by=person(by))
    action.text = action.wordings.in_force().latest().text
    action.save(update_fields=["text"])
    audit.record("action.reworded", by=by, about=action, partnership=action.review.partnership_id)
    return action


@transaction.atomic
def describe_action(*, action: Action, by: User | System, **facts: str) -> Action:
    """Change any of ACTION_FACTS."""
    lock_one(action.recommendation)  # whose number the action may sort by
    action = lock_for(by, Permission.EDIT_PLAN, action)
    _set(action, facts, ACTION_FACTS)
    action.sort_key = action.sort_by()
    action.save(update_fields=[*facts, "sort_key"])
    _described(action, by, facts)
    return action


@transaction.atomic
def describe_recommendation(*, recommendation: Recommendation, by: User | System, **facts: str) -> Recommendation:
    """Change any of RECOMMENDATION_FACTS."""
    row = lock_one(recommendation)
    # Also those that are just being brought in: they will stand in the plan beside the others.
    actions = list(Action.everything.filter(recommendation=row).order_by("pk").select_for_update())
    require(by, Permission.EDIT_PLAN, row)
    _set(row, facts, RECOMMENDATION_FACTS)
    row.save(update_fields=list(facts))
    for action in actions:
        action.recommendation = row
        action.sort_key = action.sort_by()
    Action.everything.bulk_update(actions, ["sort_key"], batch_size=500)
    _described(row, by, facts)
    return row


def _set(row: Action | Recommendation, facts: dict[str, str], allowed: tuple[str, ...]) -> None:
    if unknown := set(facts) - set(allowed):
        raise TypeError(f"not facts of it: {', '.join(sorted(unknown))}")
    for name, value in facts.items():
        setattr(row, name, value)


def _described(row: Action | Recommendation, by: User | System, facts: dict[str, str]) -> None:
    event = f"{row._meta.model_name}.described"
    audit.record(event, by=by, about=row, partnership=row.review.partnership_id, fields=sorted(facts))
