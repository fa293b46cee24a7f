"""Who belongs to an agency or partnership, as its People page shows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, Max, OuterRef, Q

from agencies.invitations import still_offered
from agencies.memberships import grantable
from agencies.models import Agency, Invitation, Membership, Partnership
from agencies.permissions import objects_for
from agencies.roles import Permission, RoleCode

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User

#: How many of those who left are shown.
MOST_LEFT = 50


@dataclass(frozen=True)
class Belonging:
    """One person's part. ``is_theirs`` says that whoever looks may change or end it."""

    membership: Membership
    is_oneself: bool
    is_theirs: bool
    has_second_step: bool


@dataclass(frozen=True)
class Asked:
    """One open invitation."""

    invitation: Invitation
    state: Invitation.State
    is_theirs: bool
    is_offered: bool

    @property
    def has_expired(self) -> bool:
        """Whether its links open no more."""
        return self.state == Invitation.State.EXPIRED


@dataclass(frozen=True)
class Place:
    """The people of one agency or partnership. ``roles`` are those that whoever looks may grant."""

    people: list[Belonging]
    asked: list[Asked]
    left: list[Membership]
    roles: list[str]

    @property
    def has_lead(self) -> bool:
        """Whether anybody is lead now whose account is open."""
        leads = (row.membership for row in self.people if row.membership.role == RoleCode.AGENCY_LEAD)
        return any(lead.user.is_active for lead in leads)


def people_of(container: Agency | Partnership, *, seen_by: User, now: dt.datetime) -> Place:
    """Who belongs there, who was asked, and who left: leads first, then by name."""
    roles = grantable(seen_by, container)
    here = Q(agency=container) if isinstance(container, Agency) else Q(partnership=container)
    order = {code: place for place, code in enumerate(RoleCode.values)}
    live = Membership.objects.filter(here, until__isnull=True).select_related("user")
    second_step = Exists(Authenticator.objects.filter(user=OuterRef("user")))
    people = [
        Belonging(row, row.user_id == seen_by.pk, row.role in roles, row.has_second_step)
        for row in live.annotate(has_second_step=second_step)
    ]
    people.sort(key=lambda row: (order[row.membership.role], row.membership.user.name.casefold()))
    asked = Invitation.objects.filter(here, accepted_at=None, withdrawn_at=None).select_related("recorded_by")
    waiting = asked.exclude(role=RoleCode.PANEL_READER)  # who is asked to read one review stands on a page of its own
    offered = still_offered(list(waiting), container)
    ended = Membership.objects.filter(here, until__isnull=False).select_related("user").order_by("-until", "-pk")
    return Place(
        people=people,
        asked=[Asked(row, row.state(now), row.role in roles, row.pk in offered) for row in waiting],
        left=list(ended[:MOST_LEFT]),
        roles=roles,
    )


def agencies_seen_by(user: User, *, words: str = "") -> QuerySet[Agency]:
    """The agencies whose people ``user`` may see, with the numbers of people, leads and open invitations.

    One that no longer exists is among them while somebody has access. ``words`` narrows them by a part of the name.
    """
    live = Q(memberships__until__isnull=True)
    leads = live & Q(memberships__role=RoleCode.AGENCY_LEAD, memberships__user__is_active=True)
    asked = Q(invitations__isnull=False, invitations__accepted_at=None, invitations__withdrawn_at=None)
    somebody = Exists(Membership.objects.filter(agency=OuterRef("pk"), until__isnull=True))
    rows = objects_for(user, Permission.READ_PEOPLE, Agency).filter(Q(closed_on=None) | somebody, name__icontains=words)
    return (
        rows.select_related("partnership")
        .annotate(
            members=Count("memberships", filter=live, distinct=True),
            leads=Count("memberships", filter=leads, distinct=True),
            asked=Count("invitations", filter=asked, distinct=True),
            last_in=Max("memberships__user__last_login", filter=live),
        )
        .order_by("partnership__name", "name", "pk")
    )


def partnerships_seen_by(user: User) -> QuerySet[Partnership]:
    """The partnerships whose people ``user`` may see."""
    found: QuerySet[Partnership] = objects_for(user, Permission.READ_PEOPLE, Partnership).order_by("name")
    return found


def left_by(user: User) -> list[Membership]:
    """Where ``user`` belonged and does no more: how it ended last, each place once, the latest first."""
    rows = list(Membership.objects.filter(user=user).select_related("agency__partnership", "partnership"))
    there = {row.container for row in rows if row.until is None}
    gone = sorted((row.until, row.pk, row) for row in rows if row.until and row.container not in there)
    last = {row.container: row for *_, row in gone}
    return sorted(last.values(), key=lambda row: (row.until, row.pk), reverse=True)[:MOST_LEFT]
