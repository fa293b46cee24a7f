"""How people come, change role and go: who may grant what, what goes at once, and what is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import AgencyUserPermission, AuditEntry, Membership, User
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import ROLES, Container, Permission, RoleCode
from tests.factories import a_person
from tests.world import Side, World

R = RoleCode


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def grant(person: User, role: str, container: object, by: object, **facts: object) -> Membership:
    return memberships.grant(user=person, role=role, container=container, by=by, **facts)


#: Who grants what, as the roles table of docs and security says it; site administrators grant everything.
GRANTS = {
    "lead": {R.AGENCY_LEAD, R.AGENCY_MEMBER, R.AGENCY_OBSERVER},
    "member": set(),
    "observer": set(),
    "health_lead": set(),
    "coordinator": {R.AGENCY_LEAD, R.AGENCY_MEMBER, R.AGENCY_OBSERVER, R.PARTNERSHIP_OBSERVER},
    "chair": {R.GROUP_MEMBER},
    "member_of_group": set(),
    "partnership_observer": set(),
    "leaver": set(),
    "inactive": set(),
}


@pytest.mark.parametrize("giver", GRANTS)
def test_each_person_grants_the_roles_that_the_table_lets_them(giver: str, here: Side) -> None:
    by = getattr(here.people, giver)
    for code, role in ROLES.items():
        if role.on == Container.REVIEW:
            continue  # named and admitted by reviews.readers
        container = here.agencies.police if role.on == Container.AGENCY else here.partnership
        person = a_person()
        if code in GRANTS[giver]:
            assert grant(person, code, container, by).recorded_by == by
        else:
            with pytest.raises(PermissionDenied):
                grant(person, code, container, by)
            assert not person.memberships.exists()


def test_nobody_grants_on_another_agency_or_partnership(world: World, here: Side) -> None:
    there, person = world.there, a_person()
    for by, role, container in (
        (here.people.lead, R.AGENCY_MEMBER, here.agencies.health),
        (here.people.lead, R.AGENCY_MEMBER, there.agencies.police),
        (here.people.coordinator, R.AGENCY_LEAD, there.agencies.police),
        (here.people.chair, R.GROUP_MEMBER, there.partnership),
    ):
        with pytest.raises(PermissionDenied):
            grant(person, role, container, by)
    assert not person.memberships.exists()


def test_nobody_grants_to_oneself(world: World, here: Side) -> None:
    for by, role, container in (
        (here.people.coordinator, R.AGENCY_LEAD, here.agencies.police),
        (world.superuser, R.COORDINATOR, here.partnership),
    ):
        with pytest.raises(Refused, match="to yourself"):
            grant(by, role, container, by)
    own = here.people.lead.memberships.get()
    with pytest.raises(Refused, match="to yourself"):
        memberships.change_role(membership=own, role=R.AGENCY_MEMBER, by=here.people.lead)
    own.refresh_from_db()
    assert own.until is None, "what was refused left nothing behind"
    assert holds(here.people.lead, Permission.MANAGE_PEOPLE, here.agencies.police)


def test_a_role_belongs_to_its_kind_of_container(world: World, here: Side) -> None:
    with pytest.raises(Refused, match="is not a role on"):
        grant(a_person(), R.COORDINATOR, here.agencies.police, world.superuser)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=a_person(), role=R.COORDINATOR, agency=here.agencies.police, on=timezone.localdate()
        )


@pytest.mark.parametrize(("held", "wanted"), [("coordinator", R.GROUP_CHAIR), ("chair", R.COORDINATOR)])
def test_a_coordinator_is_not_of_the_group_that_decides(held: str, wanted: RoleCode, world: World, here: Side) -> None:
    person = getattr(here.people, held)
    with pytest.raises(Refused, match="both coordinator and of the Strategic Group"):
        grant(person, wanted, here.partnership, world.superuser)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=person, role=wanted, partnership=here.partnership, on=timezone.localdate())
    assert grant(person, wanted, world.there.partnership, world.superuser)


def test_a_role_is_not_given_twice_nor_from_a_day_to_come(here: Side) -> None:
    with pytest.raises(Refused, match="already"):
        grant(here.people.member, R.AGENCY_LEAD, here.agencies.police, here.people.coordinator)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(Refused, match="in the future"):
        grant(a_person(), R.AGENCY_LEAD, here.agencies.police, here.people.coordinator, on=tomorrow)
    with pytest.raises(Refused, match="in the future"):
        memberships.end(membership=here.people.member.memberships.get(), by=here.people.lead, on=tomorrow)


def test_whoever_is_ended_loses_everything_at_once(here: Side, client: Client) -> None:
    member, membership = here.people.member, here.people.member.memberships.get()
    client.force_login(member)
    assert client.get(f"/actions/{here.plans.of_police.pk}/").status_code == 200
    memberships.end(membership=membership, by=here.people.lead)
    assert not holds(member, Permission.READ_ACTION, here.plans.of_police)
    assert not AgencyUserPermission.objects.filter(user=member).exists()
    assert client.get("/account/").status_code == 302, "the session has ended too"
    with pytest.raises(Refused, match="already left"):
        memberships.end(membership=membership, by=here.people.lead)
    entry = AuditEntry.objects.get(event="membership.ended", about_id=membership.pk)
    assert (entry.actor, entry.partnership_id) == (f"user:{here.people.lead.pk}", here.partnership.pk)


def test_only_who_may_grant_a_role_ends_it(world: World, here: Side) -> None:
    membership = here.people.member.memberships.get()
    for by in (here.people.observer, here.people.health_lead, here.people.chair, world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            memberships.end(membership=membership, by=by)
    with pytest.raises(PermissionDenied):
        memberships.end(membership=here.people.chair.memberships.get(), by=here.people.coordinator)
    membership.refresh_from_db()
    assert membership.until is None


def test_a_changed_role_keeps_the_history_and_permits_the_new_only(here: Side) -> None:
    before = here.people.member.memberships.get()
    after = memberships.change_role(membership=before, role=R.AGENCY_OBSERVER, by=here.people.lead)
    before.refresh_from_db()
    assert before.until is not None
    assert after.role == R.AGENCY_OBSERVER
    assert holds(here.people.member, Permission.READ_ACTION, here.plans.of_police)
    assert not holds(here.people.member, Permission.UPDATE_ACTION, here.plans.of_police)


def test_the_admin_door_follows_from_roles_and_ends_sessions_when_it_opens_or_shuts(
    world: World, here: Side, client: Client
) -> None:
    person = a_person()
    client.force_login(person)
    membership = grant(person, R.GROUP_MEMBER, here.partnership, here.people.chair)
    assert User.objects.get(pk=person.pk).is_staff
    assert client.get("/account/").status_code == 302
    client.force_login(User.objects.get(pk=person.pk))
    assert client.get("/admin/").status_code == 200
    memberships.end(membership=membership, by=here.people.chair)
    assert not User.objects.get(pk=person.pk).is_staff
    assert client.get("/admin/").status_code == 302, "to sign-in: the session is over"
    client.force_login(User.objects.get(pk=person.pk))
    assert client.get("/admin/").status_code == 404


def test_a_second_door_keeps_the_admin_site_open(world: World, here: Side) -> None:
    person = a_person()
    first = grant(person, R.GROUP_MEMBER, here.partnership, EXAMPLE)
    grant(person, R.COORDINATOR, world.there.partnership, EXAMPLE)
    memberships.end(membership=first, by=EXAMPLE)
    assert User.objects.get(pk=person.pk).is_staff


def test_the_shadow_is_true_and_is_rebuilt_from_the_memberships(world: World, here: Side) -> None:
    assert memberships.shadow_differences() == 0
    AgencyUserPermission.objects.filter(user=here.people.member).delete()
    assert memberships.shadow_differences() == len(ROLES[R.AGENCY_MEMBER].may)
    memberships.rebuild_shadows()
    assert memberships.shadow_differences() == 0
    assert holds(here.people.member, Permission.READ_ACTION, here.plans.of_police)
