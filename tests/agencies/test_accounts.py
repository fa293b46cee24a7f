"""A second step that was lost is reset by those who may, and by nobody else."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from agencies import accounts
from agencies.models import AuditEntry, User
from agencies.refusals import Refused
from reviews.models import Notice
from tests.world import Side, World


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def with_factor(person: User) -> User:
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=person, type=kind, data={})
    return person


def has_factor(person: User) -> bool:
    return Authenticator.objects.filter(user=person).exists()


def test_the_coordinator_resets_it_for_people_of_agencies(here: Side) -> None:
    person = with_factor(here.people.member)
    before = person.access_version
    accounts.reset_second_factor(user=person, by=here.people.coordinator)
    assert not has_factor(person)
    assert User.objects.get(pk=person.pk).access_version > before, "signed out everywhere"
    entry = AuditEntry.objects.get(event="second_factor.reset")
    assert entry.actor == f"user:{here.people.coordinator.pk}"
    assert entry.partnership_id == here.partnership.pk, "its coordinator and chair read it"
    assert Notice.objects.get(kind="factor_reset").person == person
    with pytest.raises(Refused, match="no second step"):
        accounts.reset_second_factor(user=person, by=here.people.coordinator)


@pytest.mark.parametrize("who", ["lead", "member", "member_of_group", "chair", "health_lead", "inactive"])
def test_others_do_not(who: str, here: Side, world: World) -> None:
    person = with_factor(here.people.named)
    for by in (getattr(here.people, who), world.there.people.coordinator, person):
        with pytest.raises(PermissionDenied):
            accounts.reset_second_factor(user=person, by=by)
    assert has_factor(person)


@pytest.mark.parametrize("whose", ["chair", "member_of_group", "coordinator"])
def test_for_the_admin_door_only_a_site_administrator_does(whose: str, here: Side, world: World) -> None:
    person = with_factor(getattr(here.people, whose))
    for by in (here.people.coordinator, here.people.chair):
        with pytest.raises(PermissionDenied):
            accounts.reset_second_factor(user=person, by=by)
    accounts.reset_second_factor(user=person, by=world.superuser)
    assert not has_factor(person)


def test_a_site_administrator_resets_it_on_the_persons_page(here: Side, world: World, client: Client) -> None:
    chair = here.people.chair
    client.force_login(world.superuser)
    page = reverse("admin:agencies_user_change", args=[chair.pk])
    reset = reverse("admin:agencies_user_second_step", args=[chair.pk])
    assert reset not in client.get(page).content.decode(), "they have none"
    with_factor(chair)
    assert reset in client.get(page).content.decode()
    client.post(reset, follow=True)
    assert not has_factor(chair)
    listed = reverse("people-partnership", args=[here.partnership.pk])
    with_factor(chair)
    offered = reverse("people-second-step", args=[chair.memberships.get().pk])
    assert offered in client.get(listed).content.decode()
    client.force_login(here.people.coordinator)
    assert offered not in client.get(listed).content.decode()
    with_factor(world.superuser)
    with pytest.raises(Refused, match="Nobody resets their own"):
        accounts.reset_second_factor(user=world.superuser, by=world.superuser)


def test_whoever_left_is_nobodys_to_reset(here: Side) -> None:
    with pytest.raises(PermissionDenied):
        accounts.reset_second_factor(user=with_factor(here.people.leaver), by=here.people.coordinator)
