"""Who answers for an action inside its agencies, and how a part passes from one agency to another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies import audit
from agencies.actors import System
from agencies.models import Agency, Contact, Membership, User
from agencies.permissions import holds, require
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.succession import lock_agencies
from reviews import plans, policies
from reviews.models import Assignment, Part, ProgressUpdate, Reader
from reviews.projection import lock_one, project


@transaction.atomic
def give_owner(
    *, assignment: Assignment, by: User | System, owner: Membership | None = None, contact: Contact | None = None
) -> Assignment:
    """Name who at the agency sees to the action: one of its people, or a contact; nobody when neither is given.

    The coordinator names them, or whoever manages the agency's people. In a restricted review it is one of those who
    are named to read it.
    """
    lock_one(assignment.action)
    if not holds(by, Permission.EDIT_PLAN, assignment.action):
        require(by, Permission.MANAGE_PEOPLE, assignment.agency)
        require(by, Permission.READ_ACTION, assignment.action)
    row = Assignment.objects.current().filter(pk=assignment.pk).first()
    if row is None:
        raise Refused("This agency's part in the action has ended.")
    _check_owner(row, owner, contact)
    row.owner, row.owner_contact = owner, contact
    row.save(update_fields=["owner", "owner_contact"])
    _record(
        "action.owner_given", by, row, membership=owner.pk if owner else None, contact=contact.pk if contact else None
    )
    return row


def could_own(assignment: Assignment, *, on: dt.date) -> dict[str, dict[str, Any]]:
    """Who could be named on the day ``on``, by a key: what ``give_owner`` takes of them. The empty key is nobody.

    The agency's people, in a restricted review those named to read it, and its contacts.
    """
    members = Membership.objects.filter(agency=assignment.agency, until__isnull=True, user__is_active=True)
    if (review := assignment.action.review).is_restricted:
        readers = Reader.objects.filter(review=review, agency=assignment.agency, until__isnull=True)
        members = members.filter(user__in=readers.values("user"))
    stays = Q(until__isnull=True) | Q(until__gte=on)
    return {
        "": {},
        **{f"member-{row.pk}": {"owner": row} for row in members.select_related("user").order_by("user__name", "pk")},
        **{f"contact-{row.pk}": {"contact": row} for row in Contact.objects.filter(stays, agency=assignment.agency)},
    }


def owner_words(who: dict[str, Any]) -> str:
    """What one of ``could_own`` is called in a list to choose from."""
    if "owner" in who:
        return f"{who['owner'].user}, {who['owner'].get_role_display()}"
    return f"{who['contact']} (no account)" if who else "nobody yet"


def owner_key(assignment: Assignment) -> str:
    """The key in ``could_own`` of who is named now."""
    if assignment.owner_id:
        return f"member-{assignment.owner_id}"
    return f"contact-{assignment.owner_contact_id}" if assignment.owner_contact_id else ""


@transaction.atomic
def hand_over(*, assignment: Assignment, agency: Agency, by: User | System, on: dt.date) -> Assignment:
    """Let ``agency`` take this part in the action from ``on``, in the place of the one that had it."""
    part = Part(assignment.part)
    lock_agencies([agency])
    plans.end_assignment(assignment=assignment, by=by, on=on)
    return plans.assign(action=assignment.action, agency=agency, part=part, by=by, on=on)


@transaction.atomic
def change_part(*, assignment: Assignment, part: Part, by: User | System, on: dt.date) -> Assignment:
    """Let an agency lead that supported, or the other way round, from ``on``. The part before it is kept as it was.

    Who becomes the lead beside another lead is a joint lead, as whoever is added is. The owner stays, unless they have
    left or may not see to it any more: then nobody is named.
    """
    if part == assignment.part:
        raise Refused("That is the part which this agency has.", field="part")
    lock_agencies([assignment.agency])
    plans.end_assignment(assignment=assignment, by=by, on=on, stays=True)
    row = plans.assign(action=assignment.action, agency=assignment.agency, part=part, by=by, on=on)
    _stands_where_it_stood(row, Assignment.everything.get(pk=assignment.pk))
    stays = assignment.owner and not policies.why_not_own(assignment, assignment.owner)
    row.owner = assignment.owner if stays else None
    row.owner_contact, row.owner_as_worded = assignment.owner_contact, assignment.owner_as_worded
    row.save(update_fields=["owner", "owner_contact", "owner_as_worded"])
    return row


def _stands_where_it_stood(row: Assignment, before: Assignment) -> None:
    """A lead that has said nothing itself yet stands where whom it took over from stood, a claim included."""
    own = ProgressUpdate.everything.in_force().filter(action=row.action_id, agency=row.agency_id)
    if before.is_leading and row.is_leading and not own.exists():
        row.initial_status, row.initial_claimed_on = before.status, before.claimed_on
        row.save(update_fields=["initial_status", "initial_claimed_on"])
        project([row.action])
        row.refresh_from_db()


def _check_owner(row: Assignment, owner: Membership | None, contact: Contact | None) -> None:
    if owner and contact:
        raise Refused("Name one person.", field="owner")
    if owner:
        policies.check(policies.why_not_own(row, owner), field="owner")
    gone = contact and contact.until and contact.until < timezone.localdate()
    if contact and (contact.agency_id != row.agency_id or gone):
        raise Refused(f"That person is no contact of {row.agency}.", field="owner")


def _record(event: str, by: User | System, row: Assignment, **detail: int | None) -> None:
    audit.record(event, by=by, about=row.action, partnership=row.action.review.partnership_id, part=row.pk, **detail)
