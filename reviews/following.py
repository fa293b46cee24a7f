"""What is open again goes to who took over, where the agency that answered for it no longer exists.

A succession takes along what is open then. What waits for the group, or is closed, stays with who answered for it: when
that is returned or reopened, somebody must do the work.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from agencies import audit, succession
from agencies.models import Agency, Membership
from reviews import policies
from reviews.models import Action, Assignment
from reviews.projection import project

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.actors import System
    from agencies.models import User


def successor_of(agency: Agency) -> Agency | None:
    """The one that exists now of those that took over from ``agency``, one after another; None for none or several."""
    there = [one for one in succession.lineage(agency)[1:] if one.closed_on is None]
    return there[0] if len(there) == 1 else None


def why_not_follow(action: Action) -> str:
    """Why ``action`` cannot be open again: who answered for it is gone, and nobody can say who does now."""
    for part in _of_closed(action):
        if part.is_leading and successor_of(part.agency) is None:
            several = "several took" if part.agency.successions.exists() else "none took"
            return (
                f"{part.agency} answered for this and no longer exists, and {several} over from it. The coordinator "
                "first hands its part to an agency: on the action, Open beside the agency, Hand over."
            )
    return ""


def lock_heirs(action: Action) -> None:
    """Lock the agencies to which ``follow`` may give a part, so that none of them is closed meanwhile.

    Agencies come before actions in the order of locks: call it before ``action`` is locked.
    """
    succession.lock_agencies(filter(None, (successor_of(part.agency) for part in _of_closed(action))))


def follow(action: Action, *, by: User | System, on: dt.date) -> None:
    """Let who took over from an agency that no longer exists have its part in ``action``, where that is one agency.

    Call it on a locked action, before the decision that opens it, which then speaks of the successor; or after what
    was taken back has opened it.
    """
    for part in _of_closed(action):
        if successor := successor_of(part.agency):
            _pass_on(part, successor, on)
            audit.record(
                "action.followed", by=by, about=action, partnership=action.review.partnership_id,
                of=part.agency_id, to=successor.pk,
            )  # fmt: skip
    project([action])


def _of_closed(action: Action) -> QuerySet[Assignment]:
    rows = Assignment.objects.current().filter(action=action, agency__closed_on__isnull=False)
    return rows.select_related("agency", "owner__user").order_by("order", "pk")


def _pass_on(part: Assignment, successor: Agency, on: dt.date) -> None:
    """End ``part`` and begin it anew at ``successor``, which keeps a part of its own where that does no less."""
    now = timezone.now()
    theirs = Assignment.objects.current().filter(action=part.action_id, agency=successor).first()
    ending = [part] if theirs is None or theirs.is_leading or not part.is_leading else [part, theirs]
    for row in ending:
        row.until, row.ended_at = max(on, row.on), now
        row.save(update_fields=["until", "ended_at"])
    if theirs and theirs not in ending:
        return
    new = Assignment.objects.create(
        action_id=part.action_id,
        agency=successor,
        part=part.part,
        order=part.order,
        on=max(on, part.on),
        recorded_at=now,
        initial_status=part.status,
        initial_claimed_on=part.claimed_on,
        status=part.status,
    )
    if part.owner:
        there = Membership.objects.filter(agency=successor, user=part.owner.user, until__isnull=True).first()
        Assignment.objects.filter(policies.open_to_owner(part.owner.user), pk=new.pk).update(owner=there)
