"""Accounts are closed and opened again, and administrators end, by another site administrator only."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from agencies import closing, memberships
from agencies.actors import SCHEDULE
from agencies.models import AuditEntry, User
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import Permission, RoleCode
from tests.factories import a_person
from tests.world import World


@pytest.fixture
def other(world: World) -> User:
    """A second site administrator, who is signed in somewhere."""
    return a_person(name="Ola Second", email="second@example.org", is_superuser=True, is_staff=True)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    assert client.get(reverse("your-account")).status_code == 200
    return client


def page(verb: str, person: User) -> str:
    return reverse(f"admin:agencies_user_{verb}", args=[person.pk])


def test_another_administrator_ends_the_administration_of_one(world: World, other: User) -> None:
    at_work, by = signed_in(other), signed_in(world.superuser)
    assert (
        "End the site administration" in by.get(reverse("admin:agencies_user_change", args=[other.pk])).content.decode()
    )
    assert by.post(page("end_administration", other)).status_code == 302
    other.refresh_from_db()
    assert (other.is_superuser, other.is_staff, other.is_active) == (False, False, True)
    assert at_work.get(reverse("your-account")).status_code == 302, "every session has ended"
    assert not holds(other, Permission.READ_ACTION, world.here.plans.of_police)
    assert AuditEntry.objects.get(event="administration.ended").actor == f"user:{world.superuser.pk}"
    with pytest.raises(Refused, match="not a site administrator"):
        closing.end_administration(user=other, by=world.superuser)


def test_who_holds_a_role_with_the_admin_door_keeps_that_door(world: World, other: User) -> None:
    chair = RoleCode.GROUP_CHAIR
    memberships.grant(user=other, role=chair, container=world.here.partnership, by=world.superuser)
    closing.end_administration(user=other, by=world.superuser)
    other.refresh_from_db()
    assert (other.is_superuser, other.is_staff) == (False, True)


def test_an_account_is_closed_at_once_and_opened_again_with_its_roles(world: World) -> None:
    lead, by = world.here.people.lead, signed_in(world.superuser)
    at_work = signed_in(lead)
    assert by.post(page("close", lead)).status_code == 302
    assert at_work.get(reverse("your-account")).status_code == 302
    lead.refresh_from_db()
    assert not lead.is_active
    assert not holds(lead, Permission.READ_ACTION, world.here.plans.of_police)
    with pytest.raises(Refused, match="closed already"):
        closing.close(user=lead, by=world.superuser)
    assert by.post(page("reopen", lead)).status_code == 302
    lead = User.objects.get(pk=lead.pk)
    assert lead.is_active
    assert holds(lead, Permission.READ_ACTION, world.here.plans.of_police)
    assert at_work.get(reverse("your-account")).status_code == 302, "the session of before stays ended"
    with pytest.raises(Refused, match="is open"):
        closing.reopen(user=lead, by=world.superuser)
    events = AuditEntry.objects.filter(about_kind="agencies.user", about_id=lead.pk).order_by("pk")
    assert list(events.values_list("event", flat=True)) == ["account.closed", "account.reopened"]


@pytest.mark.parametrize("verb", [closing.end_administration, closing.close])
def test_nobody_does_it_to_themselves_nor_to_the_last_administrator(verb: object, world: World, other: User) -> None:
    with pytest.raises(Refused, match="your own account"):
        verb(user=other, by=other)
    for by in (world.here.people.coordinator, world.here.people.lead):
        with pytest.raises(PermissionDenied):
            verb(user=other, by=by)
    verb(user=other, by=world.superuser)
    with pytest.raises(PermissionDenied):  # a page that was opened before
        verb(user=world.superuser, by=other)
    with pytest.raises(Refused, match="last site administrator"):
        verb(user=world.superuser, by=SCHEDULE)
    assert User.objects.filter(is_superuser=True, is_active=True).get() == world.superuser


def test_only_site_administrators_see_the_pages(world: World) -> None:
    for who in (world.here.people.coordinator, world.here.people.chair):
        client = signed_in(who)
        for verb in ("end_administration", "close", "reopen"):
            assert client.post(page(verb, world.here.people.lead)).status_code in (403, 404)
    assert world.here.people.lead.is_active
