"""What the Strategic Group decides of an action: sign off, send back, reopen, not pursue.

Who belongs to an agency that answers for the action records none of it: see ``reviews.interest``.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from agencies import audit
from agencies.actors import System, person
from agencies.models import User
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import following, interest, policies
from reviews.chasing.returned import queue_returned
from reviews.models import Action, ProgressUpdate, SignOff
from reviews.projection import lock_for, project
from reviews.statuses import Decision

#: After these somebody has work to do.
OPENING = (Decision.RETURNED, Decision.REOPENED)


def sign_off(*, action: Action, by: User | System, on: dt.date, decided_at: str) -> SignOff:
    """The group agrees that the action is complete. ``decided_at`` names the meeting or the chair's action."""
    return _decide(Decision.SIGNED_OFF, action=action, by=by, on=on, decided_at=decided_at)


def send_back(*, action: Action, by: User | System, on: dt.date, reason: str, decided_at: str) -> SignOff:
    """The group returns the claim; the agencies read ``reason``, and their clock runs again."""
    return _decide(Decision.RETURNED, action=action, by=by, on=on, decided_at=decided_at, reason=reason)


def reopen(*, action: Action, by: User | System, on: dt.date, reason: str, decided_at: str) -> SignOff:
    """The group takes back that an action is closed, for example because the change did not hold."""
    return _decide(Decision.REOPENED, action=action, by=by, on=on, decided_at=decided_at, reason=reason)


def not_pursue(*, action: Action, by: User | System, on: dt.date, reason: str, decided_at: str) -> SignOff:
    """The group decides that the action will not be done."""
    return _decide(Decision.NOT_PURSUED, action=action, by=by, on=on, decided_at=decided_at, reason=reason)


@transaction.atomic
def _decide(
    decision: Decision, *, action: Action, by: User | System, on: dt.date, decided_at: str, reason: str = ""
) -> SignOff:
    if decision in OPENING:
        following.lock_heirs(action)
    action = lock_for(by, Permission.RECORD_DECISION, action)
    policies.check(policies.why_not_decide(action, decision))
    policies.check(interest.why_not_alone(action, by))
    policies.check_action_day(action, on, after={"The last report or decision on this action": _last_day(action)})
    if not decided_at.strip():
        raise Refused("Say at which meeting, or by whose chair's action, this was decided.", field="decided_at")
    if decision != Decision.SIGNED_OFF and not reason.strip():
        raise Refused("Give the reason. The agencies read it.", field="reason")
    if decision in OPENING:
        policies.check(following.why_not_follow(action))
        following.follow(action, by=by, on=on)
    row = SignOff.objects.create(
        action=action, decision=decision, on=on, decided_at=decided_at, reason=reason, recorded_by=person(by)
    )
    project([action])
    if decision == Decision.RETURNED:
        queue_returned(row)
    audit.record(f"action.{decision.value}", by=by, about=action, partnership=action.review.partnership_id, row=row.pk)
    return row


def _last_day(action: Action) -> dt.date | None:
    """A decision speaks for no day before the last row it decides on; else it would be overtaken at once."""
    updates = ProgressUpdate.objects.in_force().filter(action=action).exclude(status="")
    days = [*updates.values_list("on", flat=True), *action.sign_offs.in_force().values_list("on", flat=True)]
    return max(days, default=None)
