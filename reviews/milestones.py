"""The milestones of an action: the steps towards it, each with a day of its own where there is one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.models import User
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import policies
from reviews.models import Action, Milestone
from reviews.projection import lock_for


@transaction.atomic
def add(*, action: Action, text: str, by: User | System, on: dt.date, due_on: dt.date | None = None) -> Milestone:
    """Add a milestone after those that the action has."""
    action = lock_for(by, Permission.EDIT_PLAN, action)
    if not text.strip():
        raise Refused("Enter what is to be reached.", field="text")
    policies.check_action_day(action, on)
    policies.check(policies.why_not_target(due_on, on=on) if due_on else "", field="due_on")
    last = action.milestones.aggregate(last=Max("order"))["last"] or 0
    row = Milestone.objects.create(
        action=action, text=text, due_on=due_on, order=last + 1, on=on, recorded_by=person(by)
    )
    audit.record("milestone.added", by=by, about=action, partnership=action.review.partnership_id, row=row.pk)
    return row


@transaction.atomic
def achieve(*, milestone: Milestone, by: User | System, on: dt.date) -> None:
    """Say that a milestone was reached on the day ``on``. Said once; a mistake is taken back by voiding it."""
    action = lock_for(by, Permission.RECORD_FOR_AGENCY, milestone.action)
    policies.check_action_day(action, on)
    waiting = Milestone.objects.in_force().filter(pk=milestone.pk, achieved_on__isnull=True)
    if not waiting.update(achieved_on=on, achieved_recorded_at=timezone.now()):
        raise Refused("This milestone was reached already, or taken back.")
    audit.record("milestone.achieved", by=by, about=action, partnership=action.review.partnership_id, row=milestone.pk)
