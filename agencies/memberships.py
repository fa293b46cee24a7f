"""How people come, change role and go. A membership is the truth; guardian's rows are its shadow, written here only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission as PermissionRow
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.days import check_day, in_words
from agencies.holdings import forget
from agencies.models import Agency, AgencyUserPermission, Membership, Partnership, PartnershipUserPermission, User
from agencies.refusals import Refused
from agencies.roles import GROUP_ROLES, ROLES, Container, RoleCode
from agencies.succession import lock_agencies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

ShadowRow = AgencyUserPermission | PartnershipUserPermission
#: What ends with a belonging, and belongs to the layer above, which registers it here.
_ended_too: list[Callable[[Membership, User | System], None]] = []
#: The roles that open Django admin.
ADMIN_DOORS = [code for code, role in ROLES.items() if role.admin_door]


def grantable(by: User | System, container: Agency | Partnership) -> list[str]:
    """The codes of the roles that ``by`` may grant on ``container``, by a role held there or on its partnership."""
    kind = Container.AGENCY if isinstance(container, Agency) else Container.PARTNERSHIP
    there = [role for role in ROLES.values() if role.on == kind]
    if isinstance(by, System) or (by.is_active and by.is_superuser):
        return [role.code.value for role in there]
    held = _held_over(by, container)
    return [role.code.value for role in there if held & set(role.granted_by)]


def may_grant(by: User | System, role: str, container: Agency | Partnership) -> bool:
    """Whether ``by`` holds, on this container or on its partnership, a role that the table lets grant ``role``."""
    if isinstance(by, System) or (by.is_active and by.is_superuser):
        return True
    return bool(_held_over(by, container) & set(ROLES[role].granted_by))


def leads_of(agency: Agency) -> QuerySet[User]:
    """The people who lead ``agency`` now; ordered by ``memberships__on``, who has led it longest comes first."""
    return _serving(memberships__agency=agency, memberships__role=RoleCode.AGENCY_LEAD)


def coordinators_of(partnership: int) -> QuerySet[User]:
    """The people who coordinate the partnership of this id now, to be ordered likewise."""
    return _serving(memberships__partnership=partnership, memberships__role=RoleCode.COORDINATOR)


def _serving(**there: Any) -> QuerySet[User]:
    return User.objects.filter(is_active=True, memberships__until__isnull=True, **there)


def held_over(people: Iterable[int], container: Agency | Partnership) -> dict[int, set[str]]:
    """The roles that each of ``people`` holds now on ``container``, and on its partnership."""
    here = Q(partnership=container.pk)
    if isinstance(container, Agency):
        here = Q(agency=container) | Q(partnership=container.partnership_id)
    live = Membership.objects.filter(here, user__in=people, user__is_active=True, until__isnull=True)
    held: dict[int, set[str]] = {}
    for user, role in live.values_list("user", "role"):
        held.setdefault(user, set()).add(role)
    return held


def _held_over(by: User, container: Agency | Partnership) -> set[str]:
    return held_over([by.pk], container).get(by.pk, set())


@transaction.atomic
def grant(
    *, user: User, role: str, container: Agency | Partnership, by: User | System, on: dt.date | None = None
) -> Membership:
    """Give ``user`` a role on ``container`` from ``on`` (today by default).

    Refused to oneself, for a role that does not belong there, twice, for a group role beside coordinator, and from a
    day to come: what is granted is held at once.
    """
    _lock_place(container)
    # One after another for the same person, so that the second sees what the first has written.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _check_can_grant(user, role, container, by)
    on = on or timezone.localdate()
    check_day(on)
    membership = Membership.objects.create(
        user=user,
        role=role,
        agency=container if isinstance(container, Agency) else None,
        partnership=container if isinstance(container, Partnership) else None,
        on=on,
        recorded_by=person(by),
    )
    _write_shadow([membership])
    project_admin_door(user)
    audit.record("membership.granted", by=by, about=membership, partnership=_partnership(membership), role=role)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User | System) -> Membership:
    """End ``membership`` and give its person another role in the same place; both stay in the history."""
    _check_other(membership.user, by)  # first: once the old role has ended, its person may grant nothing any more
    container = membership.agency or membership.partnership
    assert container is not None  # the database holds that a membership has one container  # noqa: S101
    _lock_place(container)
    ended = _end(membership, by, on=None)
    return grant(user=ended.user, role=role, container=container, by=by)


def _lock_place(container: Agency | Partnership) -> None:
    """Let nobody close an agency while a role is given there; it is judged as it is now. Before all other locks."""
    if isinstance(container, Agency):
        lock_agencies([container])


def when_one_ends(do: Callable[[Membership, User | System], None]) -> None:
    """Say what ends with each membership, in the same transaction. Called once, when the app above starts."""
    _ended_too[:] = [do]


@transaction.atomic
def end(*, membership: Membership, by: User | System, on: dt.date | None = None) -> Membership:
    """End a membership. What it permitted is gone at once, and so is every session of its person.

    So is what they were named to read there. ``reviews.leaving.leave`` hands their work over too: pages call that.
    """
    membership = _end(membership, by, on)
    for do in _ended_too:
        do(membership, by)
    return membership


def _end(membership: Membership, by: User | System, on: dt.date | None) -> Membership:
    locked = Membership.objects.select_for_update(of=("self",), no_key=True)  # not the person, whom much names
    membership = locked.select_related("user").get(pk=membership.pk)
    container = membership.agency or membership.partnership
    if container is None or not may_grant(by, membership.role, container):
        raise PermissionDenied("this role is not theirs to end")
    if membership.until is not None:
        raise Refused(f"{membership.user} already left on {in_words(membership.until)}.")
    if on:
        check_day(on, after={"The beginning of this role": membership.on})
    membership.until = on or max(timezone.localdate(), membership.on)
    membership.save(update_fields=["until"])
    _shadows(membership).delete()
    forget()
    project_admin_door(membership.user)
    User.objects.filter(pk=membership.user_id).update(access_version=F("access_version") + 1)
    audit.record(
        "membership.ended", by=by, about=membership, partnership=_partnership(membership), role=membership.role
    )
    return membership


@transaction.atomic
def rebuild_shadows() -> None:
    """Write guardian's rows and admin doors anew from the memberships, as after a change of the roles table."""
    AgencyUserPermission.objects.all().delete()
    PartnershipUserPermission.objects.all().delete()
    _write_shadow(Membership.objects.filter(until__isnull=True))
    for user in wrong_doors():
        project_admin_door(user)


def wrong_doors() -> QuerySet[User]:
    """The people whose admin door is open without a role for it, or shut in spite of one."""
    holders = Membership.objects.filter(until__isnull=True, role__in=ADMIN_DOORS).values("user")
    entitled = Q(is_superuser=True) | Q(pk__in=holders)
    return User.objects.filter((entitled & Q(is_staff=False)) | (~entitled & Q(is_staff=True)))


def shadow_differences() -> int:
    """How many guardian rows are missing or stand there without a membership; 0 when the shadow is true."""
    live = list(Membership.objects.filter(until__isnull=True))
    wanted = {_key(row) for row in _shadow_rows(live)}
    found = {_key(row) for model in (AgencyUserPermission, PartnershipUserPermission) for row in model.objects.all()}
    return len(wanted ^ found)


def _check_can_grant(user: User, role: str, container: Agency | Partnership, by: User | System) -> None:
    if not may_grant(by, role, container):
        raise PermissionDenied("this role is not theirs to grant")
    _check_other(user, by)
    wanted = Container.AGENCY if isinstance(container, Agency) else Container.PARTNERSHIP
    if ROLES[role].on != wanted:
        raise Refused(f"{ROLES[role].code.label} is not a role on {wanted.label}.")
    if isinstance(container, Agency) and container.closed_on:
        raise Refused(f"{container} no longer exists. Give the role at the agency that took over.")
    live = Membership.objects.filter(user=user, until__isnull=True)
    here = live.filter(agency=container) if isinstance(container, Agency) else live.filter(partnership=container)
    if held := here.first():
        sentence = f"{user} is already {held.get_role_display()} at {container}. Change that role instead."
        if {role, held.role} & set(GROUP_ROLES) and RoleCode.COORDINATOR in {role, held.role}:
            sentence = f"{user} cannot be both coordinator and of the Strategic Group in {container}."
        raise Refused(sentence)


def _check_other(user: User, by: User | System) -> None:
    if user == by:
        raise Refused("You cannot give a role to yourself. Ask somebody else who may.")


def _write_shadow(memberships: Iterable[Membership]) -> None:
    rows = _shadow_rows(memberships)
    for model in (AgencyUserPermission, PartnershipUserPermission):
        model.objects.bulk_create([row for row in rows if isinstance(row, model)], ignore_conflicts=True)
    forget()


def _shadow_rows(memberships: Iterable[Membership]) -> list[ShadowRow]:
    ids = {
        (model, code): pk
        for model, code, pk in PermissionRow.objects.filter(
            content_type__app_label="agencies", content_type__model__in=("agency", "partnership")
        ).values_list("content_type__model", "codename", "pk")
    }
    rows: list[ShadowRow] = []
    for membership in memberships:
        for code in ROLES[membership.role].may:
            if membership.agency_id:
                rows.append(
                    AgencyUserPermission(
                        user_id=membership.user_id,
                        content_object_id=membership.agency_id,
                        permission_id=ids["agency", code],
                    )
                )
            else:
                rows.append(
                    PartnershipUserPermission(
                        user_id=membership.user_id,
                        content_object_id=membership.partnership_id,
                        permission_id=ids["partnership", code],
                    )
                )
    return rows


def _shadows(membership: Membership):  # type: ignore[no-untyped-def]
    if membership.agency_id:
        return AgencyUserPermission.objects.filter(user=membership.user_id, content_object=membership.agency_id)
    return PartnershipUserPermission.objects.filter(user=membership.user_id, content_object=membership.partnership_id)


def project_admin_door(user: User) -> None:
    """Set ``is_staff`` from the live memberships; a change of it ends every session of the person."""
    live = Membership.objects.filter(user=user, until__isnull=True)
    open_ = user.is_superuser or live.filter(role__in=ADMIN_DOORS).exists()
    User.objects.filter(pk=user.pk).exclude(is_staff=open_).update(
        is_staff=open_, access_version=F("access_version") + 1
    )
    user.refresh_from_db(fields=["is_staff", "access_version"])


def _partnership(membership: Membership) -> int | None:
    return membership.agency.partnership_id if membership.agency else membership.partnership_id


def _key(row: ShadowRow) -> tuple[str, int, int, int]:
    return (type(row).__name__, row.user_id, row.content_object_id, row.permission_id)
