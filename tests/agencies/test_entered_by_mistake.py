"""What was entered by mistake is deleted on a page of its own; what has a history is refused there, with the reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from agencies import access_log, accounts
from agencies.models import Agency, AuditEntry, User
from agencies.refusals import Refused
from tests.factories import a_person, an_agency
from tests.world import Side, World

AGENCY, PERSON = "admin:agencies_agency_entered_by_mistake", "admin:agencies_user_entered_by_mistake"


@pytest.fixture
def here(world: World) -> Side:
    return world.here


@pytest.fixture
def site(world: World) -> Client:
    """The browser of the site administrator."""
    client = Client()
    client.force_login(world.superuser)
    return client


def why_not(answer: Any) -> str:
    assert answer.status_code == 200, "the form again"
    return " ".join(answer.context["form"].non_field_errors())


def test_the_coordinator_deletes_an_agency_that_nothing_is_known_of(here: Side, client: Client) -> None:
    client.force_login(here.people.coordinator)
    mistake = an_agency(here.partnership, name="Borugh Police")
    page, row = reverse(AGENCY, args=[mistake.pk]), reverse("admin:agencies_agency_change", args=[mistake.pk])
    assert page in client.get(row).content.decode()
    sent = {"press": client.get(page).context["form"].mark}
    for _ in range(2):
        answer = client.post(page, sent)
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:agencies_agency_changelist"))
    assert not Agency.objects.filter(pk=mistake.pk).exists()
    entry = AuditEntry.objects.get(event="agency.deleted")
    assert (entry.actor, entry.about_id) == (f"user:{here.people.coordinator.pk}", mistake.pk)


def test_an_agency_with_a_history_stays_and_the_page_says_why(here: Side, client: Client) -> None:
    client.force_login(here.people.coordinator)
    said = why_not(client.post(reverse(AGENCY, args=[here.agencies.police.pk])))
    assert "has a history here" in said
    assert Agency.objects.filter(pk=here.agencies.police.pk).exists()
    assert not AuditEntry.objects.filter(event="agency.deleted").exists()


def test_a_site_administrator_deletes_an_account_that_was_never_used(site: Client, world: World) -> None:
    mistake = a_person(name="Wrong Person")
    page = reverse(PERSON, args=[mistake.pk])
    assert page in site.get(reverse("admin:agencies_user_change", args=[mistake.pk])).content.decode()
    answer = site.post(page)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:agencies_user_changelist"))
    assert not User.objects.filter(pk=mistake.pk).exists()
    entry = AuditEntry.objects.get(event="account.deleted")
    assert (entry.actor, entry.about_id) == (f"user:{world.superuser.pk}", mistake.pk)


def test_a_person_with_a_history_stays_and_the_page_says_why(site: Client, here: Side) -> None:
    looked, did = a_person(), a_person()
    access_log.opened(here.plans.of_police, by=looked)
    AuditEntry.objects.create(event="x", actor=f"user:{did.pk}")
    for person in (here.people.member, here.people.leaver, looked, did):
        assert "has a history here" in why_not(site.post(reverse(PERSON, args=[person.pk])))
        assert User.objects.filter(pk=person.pk).exists()
    assert not AuditEntry.objects.filter(event="account.deleted").exists()


def test_nobody_deletes_their_own_account_and_others_delete_none(site: Client, world: World, here: Side) -> None:
    assert "your own account" in why_not(site.post(reverse(PERSON, args=[world.superuser.pk])))
    mistake = a_person()
    for by in (here.people.coordinator, here.people.chair):
        with pytest.raises(PermissionDenied):
            accounts.delete(user=mistake, by=by)
    with pytest.raises(Refused):
        accounts.delete(user=world.superuser, by=world.superuser)
    assert User.objects.filter(pk__in=(mistake.pk, world.superuser.pk)).count() == 2
