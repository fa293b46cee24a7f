"""Seeing the portal as an agency: what is seen, that nothing is changed, that it is recorded and said, how it ends."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import AuditEntry, Opened, User
from agencies.permissions import held, held_somewhere, objects_for
from agencies.roles import SEEN_AS_AGENCY, Permission, RoleCode
from reviews.models import Action, Draft, ProgressUpdate
from tests.factories import a_member
from tests.test_wall_posts import everything
from tests.world import MARKER, Side, World

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def here(world: World) -> Side:
    return world.here


@pytest.fixture
def seeing(here: Side, client: Client) -> Client:
    """The chair, who sees as the police."""
    client.force_login(here.people.chair)
    answer = client.post(reverse("see-as", args=[here.agencies.police.pk]))
    assert answer.status_code == 302
    return client


def action_page(client: Client, action: Action) -> int:
    return client.get(reverse("action-detail", args=[action.pk])).status_code


def test_one_sees_what_the_agencys_observers_see_and_nothing_more(seeing: Client, here: Side, world: World) -> None:
    observer = Client()
    observer.force_login(here.people.observer)
    for action in Action.objects.all():
        assert action_page(seeing, action) == action_page(observer, action), action
    assert action_page(seeing, here.plans.of_police) == 200
    assert action_page(seeing, here.plans.restricted_of_police) == 404
    assert MARKER not in seeing.get(reverse("action-list")).content.decode()


@pytest.mark.parametrize("who", ["chair", "superuser", "two_places"])
def test_rights_are_those_of_an_observer_there_whoever_looks(who: str, world: World) -> None:
    here = world.here
    if who == "two_places":  # has a role of their own at another agency, which does not count meanwhile
        person = a_member(RoleCode.COORDINATOR, here.partnership)
    else:
        person = world.superuser if who == "superuser" else here.people.chair
    person.seeing_as = here.agencies.police.pk
    for permission in Permission.values:
        for row in (
            here.plans.of_police,
            here.plans.of_health,
            here.agencies.police,
            here.partnership,
            world.there.plans.of_police,
        ):
            theirs = held(here.people.observer, [permission], row)
            assert held(person, [permission], row) == theirs, (permission, row)
    assert held_somewhere(person) == SEEN_AS_AGENCY
    assert set(objects_for(person, Permission.READ_ACTION, Action)) == set(
        objects_for(here.people.observer, Permission.READ_ACTION, Action)
    )


@pytest.mark.parametrize("name", ["action-update", "action-draft"])
def test_words_written_in_another_window_are_kept_for_their_author(client: Client, here: Side, name: str) -> None:
    client.force_login(here.people.coordinator)
    action, person = here.plans.of_police, here.people.coordinator
    page = client.get(f"/actions/{action.pk}/update/?agency={here.agencies.police.pk}")
    client.post(reverse("see-as", args=[here.agencies.health.pk]))
    answer = client.post(reverse(name, args=[action.pk]), {"progress": "By telephone", "stamp": page.context["stamp"]})
    assert answer.status_code == 403
    assert "What you wrote is kept" in answer.content.decode()
    draft = Draft.objects.get()
    assert (draft.author, draft.agency, draft.answers["progress"]) == (person, here.agencies.police, "By telephone")


def test_nothing_can_be_sent_meanwhile(seeing: Client, here: Side) -> None:
    before = everything()
    for name, args in (
        ("action-update", [here.plans.of_police.pk]),
        ("action-claim", [here.plans.of_police.pk]),
        ("evidence-withdraw", [here.plans.evidence.pk]),
        ("see-as", [here.agencies.health.pk]),
        ("account_change_password", []),
    ):
        answer = seeing.post(reverse(name, args=args), {"progress": "x"})
        assert answer.status_code == 403, name
        assert "Nothing was saved" in answer.content.decode()
    assert everything() == before
    assert not Draft.objects.exists()
    assert not ProgressUpdate.objects.filter(recorded_by=here.people.chair).exists()


def test_the_admin_site_is_shut_meanwhile(seeing: Client) -> None:
    answer = seeing.get(reverse("admin:index"))
    assert (answer.status_code, answer.url) == (302, "/")
    assert seeing.post(reverse("admin:index")).status_code == 302


def test_it_is_said_on_every_page_recorded_and_ends_by_a_press(seeing: Client, here: Side) -> None:
    police, chair = here.agencies.police, here.people.chair
    for name in ("action-list", "your-account", "privacy"):
        assert f"You see the portal as {police}" in seeing.get(reverse(name)).content.decode(), name
    seeing.get(reverse("action-detail", args=[here.plans.of_police.pk]))
    assert Opened.objects.get(person_id=chair.pk).seen_as == police.pk
    answer = seeing.post(reverse("see-as-end"), follow=True)
    assert answer.request["PATH_INFO"] == reverse("admin:agencies_agency_change", args=[police.pk])
    assert "You see the portal as" not in seeing.get(reverse("your-account")).content.decode()
    events = AuditEntry.objects.filter(about_id=police.pk, actor=f"user:{chair.pk}").order_by("pk")
    assert [entry.event for entry in events] == ["agency.seen_as", "agency.seen_as_ended"]


def test_it_ends_with_the_right_to_it(seeing: Client, here: Side) -> None:
    here.people.chair.memberships.update(until="2026-01-01")
    answer = seeing.get(reverse("your-account"))
    assert "You see the portal as" not in answer.content.decode()
    assert "seeing_as" not in seeing.session


def test_who_may_not_is_refused(world: World, client: Client) -> None:
    here = world.here

    def answered(who: User) -> int:
        client.force_login(who)
        return client.post(reverse("see-as", args=[here.agencies.police.pk])).status_code

    assert answered(here.people.coordinator) == 302
    assert answered(here.people.member_of_group) == 403
    assert answered(here.people.lead) == 403
    assert answered(here.people.health_lead) == 404
    assert answered(world.there.people.coordinator) == 404
