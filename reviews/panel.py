"""How people of a review's panel come to read it: asked by mail, like everybody else who comes.

The independent chair and the panel's members seldom belong to an agency here. They read one review, and until a day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from agencies import audit, invitations
from agencies.models import User
from agencies.permissions import objects_for, require
from agencies.refusals import Refused
from agencies.roles import Permission, RoleCode
from reviews import readers
from reviews.models import PanelInvitation, Reader, Review
from reviews.projection import lock_one

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.actors import System
    from agencies.models import Invitation, Partnership


@transaction.atomic
def invite(*, review: Review, email: str, by: User | System, ends_on: dt.date | None = None) -> Invitation:
    """Ask ``email`` to read the whole of ``review`` until ``ends_on``; without a day, until it is published.

    Refused to who reads it so already or was asked, for a day that has passed, and without a day once it is published.
    """
    review = lock_one(review)
    require(by, Permission.MANAGE_PEOPLE, review.partnership)
    readers.check_last_day(review, ends_on)
    if ends_on and ends_on < timezone.localdate():
        raise Refused("The last day of reading has passed.", field="ends_on")
    address = User.objects.normalize_email(email)
    live = Reader.objects.filter(review=review, role=RoleCode.PANEL_READER, until__isnull=True)
    if reader := live.filter(user__email=address).select_related("user").first():
        raise Refused(f"{reader.user} already reads this review.", field="email")
    if asked_for(review.partnership).filter(review=review, invitation__email=address).exists():
        raise Refused("This address was already invited. You can send that invitation again.", field="email")
    invited = invitations.invite(
        email=email, role=RoleCode.PANEL_READER, container=review.partnership, by=by, of_a_panel=True
    )
    PanelInvitation.objects.create(invitation=invited, review=review, ends_on=ends_on)
    audit.record("panel.invited", by=by, about=review, partnership=review.partnership_id, invitation=invited.pk)
    return invited


def admit(invitation: Invitation, user: User) -> Reader:
    """Let who accepted ``invitation`` read its review. In the transaction of the verb that accepts it."""
    part = PanelInvitation.objects.select_related("review__partnership").get(invitation=invitation)
    if part.ends_on and part.ends_on < timezone.localdate():
        raise Refused("The last day on which you were to read this review has passed. Ask the coordinator.")
    by = invitation.recorded_by or invitations.INVITED
    return readers.admit_to_panel(review=part.review, user=user, by=by, ends_on=part.ends_on)


def asked_for(partnership: Partnership) -> QuerySet[PanelInvitation]:
    """Who was asked to read a review of ``partnership`` and has not answered."""
    rows = PanelInvitation.objects.filter(invitation__accepted_at=None, invitation__withdrawn_at=None)
    return rows.filter(review__partnership=partnership).select_related("invitation__recorded_by", "review")


@dataclass(frozen=True)
class Waiting:
    """Somebody who was asked and has not answered."""

    part: PanelInvitation
    has_expired: bool
    is_offered: bool


@dataclass(frozen=True)
class Panel:
    """Who reads the reviews of one partnership as their panels do, and who was asked to."""

    readers: list[Reader]
    waiting: list[Waiting]


def panel_of(partnership: Partnership, *, now: dt.datetime) -> Panel:
    """By review, then by name or address."""
    live = Reader.objects.filter(review__partnership=partnership, role=RoleCode.PANEL_READER, until__isnull=True)
    asked = list(asked_for(partnership).order_by("review__reference", "invitation__email"))
    offered = invitations.still_offered([part.invitation for part in asked], partnership)
    return Panel(
        readers=list(live.select_related("review", "user").order_by("review__reference", "user__name", "pk")),
        waiting=[Waiting(row, now >= row.invitation.expires_at, row.invitation_id in offered) for row in asked],
    )


def reviews_to_open(by: User, partnership: Partnership) -> QuerySet[Review]:
    """The reviews of ``partnership`` that ``by`` may let others read."""
    found: QuerySet[Review] = objects_for(by, Permission.MANAGE_PEOPLE, Review).filter(partnership=partnership)
    return found.order_by("reference")


def read_before(user: User) -> list[Reader]:
    """What ``user`` read as a review's panel does, and reads so no more; each review once, the latest first."""
    rows = Reader.objects.filter(user=user, role=RoleCode.PANEL_READER).select_related("review__partnership")
    last = {reader.review_id: reader for reader in rows.order_by("on", "pk")}
    return [reader for reader in reversed(last.values()) if reader.until]
