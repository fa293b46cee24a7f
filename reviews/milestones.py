"""The milestones of an action: the steps towards it, each with a day of its own where there is one."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.models import User
from agencies.permissions import holds, require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import policies
from reviews.models import Action, Assignment, Milestone
from reviews.progress import waits_for_release
from reviews.projection import lock_for, lock_one


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
    """Say that a milestone was reached on the day ``on``. Said once; a mistake is taken back by voiding it.

    The people of a lead agency say it while the action is open, where no lead has to release what they say; a
    coordinator says it for them.
    """
    action = lock_one(milestone.action)
    if not holds(by, Permission.RECORD_FOR_AGENCY, action):
        require(by, Permission.UPDATE_ACTION, action)
        policies.check(policies.why_not_update(action))
        _check_leads(action, by)
    policies.check_action_day(action, on)
    waiting = Milestone.objects.in_force().filter(pk=milestone.pk, achieved_on__isnull=True)
    if not waiting.update(achieved_on=on, achieved_recorded_at=timezone.now()):
        raise Refused("This milestone was reached already, or taken back.")
    audit.record("milestone.achieved", by=by, about=action, partnership=action.review.partnership_id, row=milestone.pk)


def _check_leads(action: Action, by: User | System) -> None:
    """Raise unless ``by`` reports for one of the action's lead agencies, and needs nobody's release there."""
    parts = (
        Assignment.objects.current().leading().filter(action=action).select_related("agency").order_by("order", "pk")
    )
    own = [part.agency for part in parts if holds(by, Permission.UPDATE_ACTION, part.agency)]
    if not own:
        raise PermissionDenied("only a lead agency says that a milestone was reached")
    if all(waits_for_release(agency, by) for agency in own):
        raise Refused(f"A lead of {own[0]} releases what is said. Ask them to say that this was reached.")
