"""After an older backup was restored: what was true then and may not be true now is put aside, or plainly said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Count, F, Q

from agencies import audit, confirming, invitations
from agencies.models import Invitation, Membership, Partnership, User
from agencies.roles import RoleCode
from reviews.chasing import arrangements
from reviews.models import Line, Notice, Reader, Why

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.actors import System

_STATE = Notice.State


@dataclass(frozen=True)
class OfThen:
    """What a restored backup brings back: how much can be put aside, and what people have to go through.

    ``asked`` are the people of whom an agency was asked whether they still belong, and had not answered. ``readings``
    are, for each restricted review and agency, the reference, the agency, and how many are named there;
    ``panels``, for each review with panel readers, the reference, the partnership, and how many they are.
    """

    sessions: int
    invitations: int
    messages: int
    sending: int
    asked: int
    members: int
    readings: list[tuple[str, str, int]]
    panels: list[tuple[str, str, int]]


def of_then() -> OfThen:
    """What there is of it now."""
    named = Reader.objects.filter(role=RoleCode.NAMED_READER, until__isnull=True, review__is_restricted=True)
    rows = (
        named.values_list("review__reference", "agency__name").annotate(number=Count("pk")).order_by("review", "agency")
    )
    panel = Reader.objects.filter(role=RoleCode.PANEL_READER, until__isnull=True)
    panels = panel.values_list("review__reference", "review__partnership__name").annotate(number=Count("pk"))
    return OfThen(
        sessions=Session.objects.count(),
        invitations=_open_invitations().count(),
        messages=_unsent().count(),
        sending=Partnership.objects.filter(chasing_paused=False).count(),
        asked=confirming.open_questions().count(),
        members=Membership.objects.filter(until__isnull=True).count(),
        readings=list(rows.order_by("review__reference", "agency__name")),
        panels=list(panels.order_by("review__reference", "review__partnership__name")),
    )


@transaction.atomic
def put_aside(*, by: System) -> OfThen:
    """End every session, withdraw every open invitation, send nothing that waited, and pause all reminders.

    Whether somebody still belongs is asked anew: an answer may be lost, and access would end without it.
    Memberships and readers of restricted reviews stay: nobody can tell from the backup which of them ended since. What
    was there before is returned.
    """
    before = of_then()
    Session.objects.all().delete()
    User.objects.update(access_version=F("access_version") + 1)
    for invitation in _open_invitations():
        invitations.withdraw(invitation=invitation, by=by)
    Line.objects.filter(notice__in=_unsent(), state=Line.State.QUEUED).update(
        state=Line.State.DROPPED, why=Why.RESTORED
    )
    _unsent().update(state=_STATE.DROPPED, why=Why.RESTORED, retry_at=None, leased_by="", lease_until=None, address="")
    for partnership in Partnership.objects.filter(chasing_paused=False):
        arrangements.pause(partnership=partnership, by=by)
    confirming.ask_anew(by=by)
    audit.record("portal.put_aside", by=by, about=None, invitations=before.invitations, messages=before.messages)
    return before


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def _unsent() -> QuerySet[Notice]:
    waits = Q(state__in=(_STATE.QUEUED, _STATE.SENDING)) | Q(state=_STATE.FAILED, retry_at__isnull=False)
    return Notice.objects.filter(waits)
