"""What ``has_perm`` of Django answers, and that nothing but a container ever grants anything."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.models import Permission as PermissionRow
from django.core.checks import run_checks
from django.urls import reverse
from guardian.shortcuts import assign_perm

from agencies.models import AgencyUserPermission, Membership
from agencies.permissions import held_somewhere, holds, objects_for
from agencies.roles import Permission
from reviews.models import Action, Draft
from tests.factories import TODAY
from tests.world import Side, World

UPDATE = "reviews.update_action"


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def test_has_perm_is_about_one_object(here: Side) -> None:
    member = here.people.member
    assert member.has_perm(UPDATE, here.plans.of_police)
    assert not member.has_perm(UPDATE, here.plans.of_health)
    assert not member.has_perm(UPDATE), "without an object it would let every list through"
    assert not member.has_perm("agencies.update_action", here.plans.of_police), "the app is the object's own"
    assert not member.has_perm("update_action", here.plans.of_police)
    assert not member.has_perm("reviews.change_action", here.plans.of_police), "Django's own permissions mean nothing"
    assert not member.has_module_perms("reviews")
    assert member.get_all_permissions() == set()


def test_inactive_and_anonymous_people_hold_nothing(here: Side) -> None:
    for nobody in (here.people.inactive, AnonymousUser()):
        assert not nobody.has_perm(UPDATE, here.plans.of_police)
        assert not objects_for(nobody, Permission.UPDATE_ACTION, Action).exists()
        assert held_somewhere(nobody) == frozenset()


def test_a_row_of_guardian_left_behind_grants_nothing(here: Side) -> None:
    leaver = here.people.leaver
    assign_perm("update_action", leaver, here.agencies.police)
    assign_perm("read_action", leaver, here.agencies.police)
    assert AgencyUserPermission.objects.filter(user=leaver).count() == 2
    assert not holds(leaver, Permission.UPDATE_ACTION, here.plans.of_police)
    assert not objects_for(leaver, Permission.READ_ACTION, Action).exists()
    assert held_somewhere(leaver) == frozenset()


def test_a_row_of_guardian_beyond_the_role_grants_nothing(here: Side) -> None:
    observer = here.people.observer
    assign_perm("update_action", observer, here.agencies.police)
    assert not holds(observer, Permission.UPDATE_ACTION, here.plans.of_police)
    assert Permission.UPDATE_ACTION not in held_somewhere(observer)


def test_a_membership_without_its_shadow_grants_nothing(world: World, here: Side) -> None:
    Membership.objects.create(user=world.stranger, role="agency_lead", agency=here.agencies.police, on=TODAY)
    assert not holds(world.stranger, Permission.READ_ACTION, here.plans.of_police)
    assert held_somewhere(world.stranger) == frozenset()


@pytest.mark.parametrize("through", ["person", "group"])
def test_a_global_permission_grants_nothing_and_is_reported(through: str, world: World, here: Side) -> None:
    assert run_checks(databases=["default"], tags=["database"]) == []
    row = PermissionRow.objects.get(codename="update_action", content_type__model="agency")
    if through == "person":
        world.stranger.user_permissions.add(row)
    else:
        group = Group.objects.create(name="everybody")
        group.permissions.add(row)
        world.stranger.groups.add(group)
    assert not world.stranger.has_perm(UPDATE, here.plans.of_police)
    assert not world.stranger.has_perm("agencies.update_action", here.agencies.police)
    assert not world.stranger.has_perm("agencies.update_action")
    assert not objects_for(world.stranger, Permission.UPDATE_ACTION, Action).exists()
    found = run_checks(databases=["default"], tags=["database"])
    assert [(error.id, str(world.stranger.pk) in error.msg) for error in found] == [("agencies.E001", True)]


def test_what_has_not_said_how_it_is_reached_is_reached_by_nobody(world: World, here: Side) -> None:
    for person in (here.people.member, here.people.coordinator, world.superuser):
        assert not objects_for(person, Permission.READ_ACTION, Draft).exists()
        assert not objects_for(person, Permission.READ_ACTION, type(world.stranger)).exists()


def test_what_a_menu_offers_is_what_one_holds_somewhere(world: World, here: Side) -> None:
    assert Permission.RUN_CHASING in held_somewhere(here.people.coordinator)
    assert Permission.RUN_CHASING not in held_somewhere(here.people.chair)
    assert held_somewhere(here.people.panel_reader) == {Permission.READ_ACTION, Permission.READ_PLAN}
    assert held_somewhere(world.superuser) == set(Permission.values)


def test_the_admin_sites_own_sign_in_is_not_a_second_door(world: World, client) -> None:
    answer = client.get(reverse("admin:index"))
    assert answer.headers["Location"].startswith(reverse("account_login"))
