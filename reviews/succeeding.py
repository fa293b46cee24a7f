"""One agency takes over from another: its actions, its people and what they have begun go along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from agencies import audit, memberships, succession
from agencies.days import check_day
from agencies.models import Agency, Membership
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import leaving, policies
from reviews.models import Action, Assignment, Draft, Submission
from reviews.projection import lock, project
from reviews.returning import give_back
from reviews.statuses import OPEN

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.actors import System
    from agencies.models import User


class Access(TextChoices):
    """What becomes of access to an agency that no longer exists."""

    KEPT = "kept", "Everybody keeps it, to read what the agency answered for"
    LEFT_ENDS = "left_ends", "It ends for whoever does not go along"
    ENDS = "ends", "It ends for everybody"


@transaction.atomic
def succeed(
    *,
    predecessor: Agency,
    successor: Agency,
    by: User | System,
    on: dt.date,
    actions: Collection[int] | None = None,
    people: Sequence[Membership] = (),
    closes: bool = True,
    access: str = Access.KEPT,
) -> int:
    """Let ``successor`` take over from ``predecessor``; how many actions went along.

    All open actions go, or those in ``actions`` where an agency is split and others go elsewhere. ``people`` are given
    the role that they have there at the successor too, and keep what they see to and have begun. What others saw to, a
    contact among them, is without an owner; who reads a restricted review is named anew, and so is who sees to its
    actions. A predecessor that ``closes`` may keep nothing open: record the other successors first, or close it later.
    ``access`` says what then becomes of access to the predecessor itself.
    """
    succession.lock_for_succession(predecessor, successor)
    belong = leaving.lock_memberships(Membership.objects.filter(agency=predecessor, until__isnull=True))
    _lock_actions_of(predecessor)
    if not predecessor.successions.filter(successor=successor).exists():
        succession.record(predecessor=predecessor, successor=successor, by=by, on=on, closes=False)
    _carry_people(predecessor, successor, people, by, among={row.pk for row in belong})
    _carry_wish_to_release(predecessor, successor)
    before, named = _owners(predecessor), _named(predecessor)
    _make_way(predecessor, successor, on, actions)
    moved = move_open_actions(predecessor=predecessor, successor=successor, by=by, on=on, only=actions)
    moved += _drop_doubles(predecessor, successor, on, actions)
    _carry_work(predecessor, successor, before)
    ownerless(successor).filter(action__in=named).update(owner_as_worded="")  # who was meant is not there
    _carry_waiting(predecessor, successor, by)
    if closes:
        close(agency=predecessor, by=by, on=on)
        goes_along = {row.user_id for row in people} if access == Access.LEFT_ENDS else set()
        if access != Access.KEPT:
            end_access(agency=predecessor, by=by, but=goes_along)
    return moved


@transaction.atomic
def move_open_actions(
    *, predecessor: Agency, successor: Agency, by: User | System, on: dt.date, only: Collection[int] | None = None
) -> int:
    """Move the open actions of an agency to the one that succeeded it, from ``on``; how many moved.

    ``only`` are the keys of those that go to this successor, where others go to another.
    """
    succession.lock_for_succession(predecessor, successor)
    check_day(on)
    if successor.closed_on:
        raise Refused(f"{successor} no longer exists. Choose the agency that took over from it.", field="successor")
    moving = (
        Assignment.objects.current()
        .filter(agency=predecessor)
        .exclude(action__assignments__in=Assignment.objects.current().filter(agency=successor))
    )
    going = Action.objects.open().filter(assignments__in=moving)
    if only is not None:
        going = going.filter(pk__in=only)
    actions = [action for action in lock(going.values_list("pk", flat=True)) if action.status in OPEN]
    require(by, Permission.EDIT_PLAN, predecessor.partnership)
    old = list(moving.filter(action__in=actions).order_by("pk"))
    now = _end(old, on)
    Assignment.objects.bulk_create(
        [
            Assignment(
                action_id=row.action_id,
                agency=successor,
                part=row.part,
                order=row.order,
                on=max(on, row.on),
                recorded_at=now,
                initial_status=row.status,
                initial_claimed_on=row.claimed_on,
                status=row.status,
                owner_as_worded=row.owner_as_worded,
            )
            for row in old
        ],
        batch_size=500,
    )
    project(actions)
    audit.record(
        "agency.actions_moved",
        by=by,
        about=predecessor,
        partnership=predecessor.partnership_id,
        to=successor.pk,
        actions=len(old),
    )
    return len(old)


@transaction.atomic
def close(*, agency: Agency, by: User | System, on: dt.date) -> Agency:
    """Say that ``agency`` exists no longer since ``on``. Refused while it answers for an open action."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    _lock_actions_of(agency)
    require(by, Permission.EDIT_PLAN, agency.partnership)
    if agency.closed_on:
        raise Refused(f"{agency} is closed already.")
    if number := open_parts(agency).count():
        raise Refused(
            f"{agency} still has a part in {number} open action{'s' if number > 1 else ''}. "
            "Give them to the agency that takes over, or close it later.",
            field="closes",
        )
    check_day(on)
    agency.closed_on = on
    agency.save(update_fields=["closed_on"])
    audit.record("agency.closed", by=by, about=agency, partnership=agency.partnership_id)
    return agency


@transaction.atomic
def end_access(*, agency: Agency, by: User | System, but: Collection[int] = ()) -> int:
    """End the access of everybody at ``agency`` but those with the keys ``but``; of how many. Drafts are handed on."""
    live = Membership.objects.filter(agency=agency, until__isnull=True).exclude(user__in=but)
    return leaving.leave_all(leaving=live, by=by)


def open_parts(agency: Agency) -> QuerySet[Assignment]:
    """The agency's parts in actions on which work is still to be done, in plan order."""
    rows = Assignment.objects.current().filter(agency=agency, action__in=Action.objects.open())
    return rows.select_related("action__review", "action__recommendation").order_by("action")


def _lock_actions_of(agency: Agency) -> None:
    """Lock every action in which the agency has a part, be it closed: nobody changes or opens one meanwhile."""
    lock(Assignment.objects.current().filter(agency=agency).values_list("action_id", flat=True))


def _carry_people(
    predecessor: Agency,
    successor: Agency,
    people: Sequence[Membership],
    by: User | System,
    *,
    among: Collection[int],
) -> None:
    there = set(Membership.objects.filter(agency=successor, until__isnull=True).values_list("user_id", flat=True))
    for membership in people:
        if membership.pk not in among:
            raise Refused(f"{membership.user} does not belong to {predecessor}.", field="people")
        if membership.user_id not in there:
            memberships.grant(user=membership.user, role=membership.role, container=successor, by=by)


def _carry_wish_to_release(predecessor: Agency, successor: Agency) -> None:
    """Where updates waited for a lead they go on to wait, unless the successor had work, and a way, of its own."""
    waits = Agency.objects.filter(pk=predecessor.pk, releases_updates=True).exists()
    if waits and not Assignment.objects.filter(agency=successor).exists():
        Agency.objects.filter(pk=successor.pk).update(releases_updates=True)


def _owners(agency: Agency) -> dict[int, int]:
    """Who sees to each action of the agency now: action → person."""
    owned = Assignment.objects.current().filter(agency=agency, owner__isnull=False)
    return dict(owned.values_list("action_id", "owner__user_id"))


def _named(agency: Agency) -> list[int]:
    """The actions for which somebody at the agency is named now, a contact among them."""
    parts = Assignment.objects.current().filter(agency=agency).exclude(owner=None, owner_contact=None)
    return list(parts.values_list("action_id", flat=True))


def ownerless(agency: Agency) -> QuerySet[Assignment]:
    """The agency's parts in open actions for which nobody there is named."""
    return open_parts(agency).filter(owner=None, owner_contact=None)


def _make_way(predecessor: Agency, successor: Agency, on: dt.date, only: Collection[int] | None) -> None:
    """Where the predecessor leads and the successor helped, the successor helps no more: it is about to lead."""
    led = [part.action_id for part in _going(predecessor, only) if part.is_leading]
    theirs = Assignment.objects.current().filter(agency=successor, action__in=led)
    _lock_and_end([row for row in theirs if not row.is_leading], on)


def _drop_doubles(predecessor: Agency, successor: Agency, on: dt.date, only: Collection[int] | None) -> int:
    """End the predecessor's part where the successor has one already; how many."""
    theirs = set(Assignment.objects.current().filter(agency=successor).values_list("action_id", flat=True))
    return _lock_and_end([part for part in _going(predecessor, only) if part.action_id in theirs], on)


def _going(agency: Agency, only: Collection[int] | None) -> QuerySet[Assignment]:
    parts = open_parts(agency)
    return parts if only is None else parts.filter(action__in=only)


def _lock_and_end(parts: Sequence[Assignment], on: dt.date) -> int:
    actions = lock([part.action_id for part in parts])
    _end(parts, on)
    project(actions)
    return len(parts)


def _end(parts: Sequence[Assignment], on: dt.date) -> dt.datetime:
    """End these parts; the moment at which they were."""
    now = timezone.now()
    for part in parts:
        # One that began only after the agency was succeeded ends, and moves, on the day when it began.
        part.until, part.ended_at = max(on, part.on), now
    Assignment.objects.bulk_update(parts, ["until", "ended_at"], batch_size=500)
    return now


def _carry_work(predecessor: Agency, successor: Agency, before: dict[int, int]) -> None:
    live = Membership.objects.filter(agency=successor, until__isnull=True, user__in=set(before.values()))
    new = Assignment.objects.current().filter(agency=successor, owner=None, owner_contact=None)
    for member in live.select_related("user"):
        theirs = [action for action, user in before.items() if user == member.user_id]
        new.filter(policies.open_to_owner(member.user), action__in=theirs).update(owner=member)
    members = Membership.objects.filter(agency=successor, until__isnull=True).values("user")
    now_theirs = Assignment.objects.current().filter(agency=successor).values("action")
    drafts = Draft.objects.filter(agency=predecessor, author__in=members, action__in=now_theirs)
    for draft in drafts:
        held = Draft.objects.filter(action=draft.action_id, agency=successor, author=draft.author_id)
        if not held.exists():
            Draft.objects.filter(pk=draft.pk).update(agency=successor)


def _carry_waiting(predecessor: Agency, successor: Agency, by: User | System) -> None:
    """What waits for release goes along; back to its author where the successor has no lead who could release it."""
    live = Membership.objects.filter(agency=successor, until__isnull=True, user__is_active=True)
    theirs = Assignment.objects.current().filter(agency=successor).values("action")
    waiting = Submission.objects.filter(agency=predecessor, outcome=Submission.Outcome.WAITING, action__in=theirs)
    if memberships.leads_of(successor).exists():
        waiting.update(agency=successor)
        return
    note = f"{successor} took over from {predecessor}, and nobody there could release this."
    keys = list(waiting.values_list("pk", flat=True))
    waiting.filter(author__in=live.values("user")).update(agency=successor)
    give_back(Submission.objects.filter(pk__in=keys), note=note, by=by)
