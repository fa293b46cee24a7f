"""How people leave an agency, or change what they do there, without their work being left behind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from agencies import audit, confirming, memberships
from agencies.models import Agency, Membership
from agencies.permissions import objects_for, require
from agencies.post import AccountMail
from agencies.refusals import Refused
from agencies.roles import ROLES, Container, Permission, RoleCode, roles_with
from agencies.succession import lock_agencies
from reviews import drafts, policies
from reviews.models import Action, Assignment, Draft, Notice
from reviews.reader_shadows import lock_people

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.actors import System
    from agencies.models import User


@dataclass(frozen=True)
class Work:
    """What would be left behind: how many unsent drafts, and the actions that the person sees to.

    ``unread`` is how many more those are, of restricted reviews that whoever asks is not named to read.
    """

    drafts: int
    owned: list[Assignment]
    unread: int
    is_last_lead: bool
    is_last_coordinator: bool = False

    @property
    def has_any(self) -> bool:
        """Whether there is something to hand over."""
        return bool(self.drafts or self.owned or self.unread)


def work_of(membership: Membership, *, seen_by: User) -> Work:
    """What hangs on this person in this role, as far as ``seen_by`` may read it.

    On a coordinator hang the drafts of what they were recording for agencies.
    """
    written = _drafts(membership).count()
    if membership.agency_id is None:
        is_last = membership.role == RoleCode.COORDINATOR and not _colleagues(membership, [RoleCode.COORDINATOR])
        return Work(written, [], 0, is_last_lead=False, is_last_coordinator=is_last)
    owned = _owned(membership)
    read = _read_by(owned, seen_by).select_related("action__recommendation", "action__review").order_by("action")
    shown = list(read)
    return Work(
        drafts=written,
        owned=shown,
        unread=owned.count() - len(shown),
        is_last_lead=membership.role == RoleCode.AGENCY_LEAD and not _colleagues(membership, [RoleCode.AGENCY_LEAD]),
    )


def heirs_of(membership: Membership) -> QuerySet[Membership]:
    """The colleagues there who may take over: those who report for the agency, or record for all of them."""
    kind = Container.AGENCY if membership.agency_id else Container.PARTNERSHIP
    return _colleagues(membership, roles_with(_writing(membership), kind)).select_related("user")


@transaction.atomic
def leave(*, membership: Membership, by: User | System, to: Membership | None = None) -> Membership:
    """End ``membership``: access is gone at once, sessions too, and so is what the person was named to read.

    What they had begun and saw to goes to ``to``, a colleague; without one the actions are without an owner, and say
    so, and drafts go to a lead, or to the coordinator; a coordinator's to another coordinator first. So are those of a
    restricted review that ``to`` is not named to read. What they wrote and sent stays as it is.
    """
    lock_memberships(Membership.objects.filter(pk=membership.pk))
    _hand_over(membership, to, by)
    return memberships.end(membership=membership, by=by)


@transaction.atomic
def leave_all(*, leaving: QuerySet[Membership], by: User | System) -> int:
    """End all of ``leaving`` that still do when it is their turn; how many. Drafts go to a colleague who stays."""
    rows = lock_memberships(leaving)
    for membership in sorted(rows, key=lambda row: (row.role, row.pk)):  # leads first: they inherit nothing
        _hand_over(membership, None, by)
        memberships.end(membership=membership, by=by)
    return len(rows)


def ownerless_after(membership: Membership) -> str:
    """What to say, once somebody has left, of the actions that nobody took over; nothing where there are none."""
    number = _owned(membership).count()
    if not number:
        return ""
    actions = "1 action that they saw to has" if number == 1 else f"{number} actions that they saw to have"
    return f"{actions} no owner now. Whoever takes one over must be named to read its review: ask the coordinator."


def end_unconfirmed(*, on: dt.date, by: System) -> int:
    """End the access that nobody confirmed within a month of being asked; how many. For the daily tick.

    Only where the question reached a mail server a fortnight ago or longer. Leads and coordinators are told.
    """
    due = confirming.run_out(on=on).filter(_question_sent(before=on - confirming.AGAIN))
    places = Agency.objects.filter(memberships__in=due.order_by()).distinct().order_by("pk")
    return sum(_end_unconfirmed_at(agency, due.filter(agency=agency), on=on, by=by) for agency in places)


@transaction.atomic
def _end_unconfirmed_at(agency: Agency, due: QuerySet[Membership], *, on: dt.date, by: System) -> int:
    """End what is still due at ``agency`` and ask for the mail that says so: both, or neither."""
    leads, coordinators = confirming.answerable_for(agency)
    ended = leave_all(leaving=due, by=by)
    if ended:
        confirming.tell_ended(agency, [*leads, *coordinators], on=on)
    return ended


def _question_sent(*, before: dt.date) -> Exists:
    """Whether somebody was sent the question about a membership on the day ``before`` or earlier."""
    sent = Notice.objects.filter(kind=AccountMail.CONFIRM_PEOPLE, state=Notice.State.SENT, sent_at__date__lte=before)
    return Exists(sent.filter(about_id=OuterRef("agency_id"), sent_at__date__gte=OuterRef("asked_on")))


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User | System, to: Membership | None = None) -> Membership:
    """Give a member another role in the same place.

    What they see to, have begun and were named for stays theirs while the new role reports too. Otherwise it is handed
    over as when they ``leave``.
    """
    lock_agencies([membership.agency] if membership.agency else [])  # before memberships, as where one is closed
    lock_memberships(Membership.objects.filter(pk=membership.pk))
    reports = role in ROLES and _writing(membership) in ROLES[role].may
    if not reports:
        _hand_over(membership, to, by)
    after = memberships.change_role(membership=membership, role=role, by=by)
    if reports and after.agency_id:
        _owned(membership).filter(policies.open_to_owner(after.user)).update(owner=after)
    return after


def lock_memberships(rows: QuerySet[Membership]) -> list[Membership]:
    """Lock these memberships, then their people, each in primary-key order, and read them anew."""
    locked = rows.select_for_update(of=("self",), no_key=True).select_related("user", "agency", "partnership")
    found = list(locked.order_by("pk"))
    lock_people(row.user_id for row in found)
    return found


def _hand_over(membership: Membership, to: Membership | None, by: User | System) -> None:
    place = membership.container
    if to and not heirs_of(membership).filter(pk=to.pk).exists():
        raise Refused(f"{to.user} does not report for {place}. Choose somebody who does.", field="to")
    if membership.partnership_id and to is None:
        to = heirs_of(membership).order_by("on", "pk").first()
    agencies = Agency.objects.filter(pk__in=_drafts(membership).order_by().values("agency"))
    for agency in [membership.agency] if membership.agency else agencies.select_related("partnership"):
        require(by, Permission.MANAGE_PEOPLE, agency)
        drafts.hand_over_drafts(of=membership.user, to=to.user if to else None, agency=agency, by=by)
    if to is None or membership.agency is None:
        return
    taken = dict(_owned(membership).filter(policies.open_to_owner(to.user)).values_list("pk", "action_id"))
    Assignment.objects.filter(pk__in=taken).update(owner=to)
    if actions := sorted(taken.values()):
        partnership = membership.agency.partnership_id
        audit.record("actions.handed_over", by=by, about=membership, partnership=partnership, to=to.pk, actions=actions)


def _writing(membership: Membership) -> Permission:
    """What a role there must carry for its holder to write updates."""
    return Permission.UPDATE_ACTION if membership.agency_id else Permission.RECORD_FOR_AGENCY


def _drafts(membership: Membership) -> QuerySet[Draft]:
    """What its person could send no more without this role."""
    written = Draft.objects.filter(author=membership.user_id)
    if membership.agency_id:
        return written.filter(agency=membership.agency_id)
    if _writing(membership) not in ROLES[membership.role].may:
        return written.none()
    reporting = roles_with(Permission.UPDATE_ACTION, Container.AGENCY)
    own = Membership.objects.filter(user=membership.user_id, role__in=reporting, until__isnull=True)
    return written.filter(agency__partnership=membership.partnership_id).exclude(agency__in=own.values("agency"))


def _owned(membership: Membership) -> QuerySet[Assignment]:
    return Assignment.objects.current().filter(owner=membership)


def _read_by(parts: QuerySet[Assignment], user: User) -> QuerySet[Assignment]:
    """Those of ``parts`` whose action ``user`` may read."""
    return parts.filter(action__in=objects_for(user, Permission.READ_ACTION, Action).order_by().values("pk"))


def _colleagues(membership: Membership, roles: list[str] | list[RoleCode]) -> QuerySet[Membership]:
    here = {"agency": membership.agency_id, "partnership": membership.partnership_id}
    live = Membership.objects.filter(**here, until__isnull=True, user__is_active=True)
    return live.filter(role__in=roles).exclude(pk=membership.pk).order_by("user__name", "pk")
