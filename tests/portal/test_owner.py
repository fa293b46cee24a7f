"""A lead names who at the agency sees to an action, through the page."""

from __future__ import annotations

import pytest

from reviews.models import Action
from tests.portal.conftest import SignedIn
from tests.world import World


@pytest.fixture
def action(world: World) -> Action:
    """An action of the police, to which nobody sees."""
    return world.here.plans.of_police


@pytest.fixture
def address(world: World, action: Action) -> str:
    return f"/actions/{action.pk}/owner/{world.here.agencies.police.pk}/"


def test_a_lead_names_a_colleague_and_takes_the_name_back(
    world: World, signed_in: SignedIn, action: Action, address: str
) -> None:
    client, member = signed_in(world.here.people.lead), world.here.people.member.memberships.get()
    page = client.get(f"/actions/{action.pk}/").content.decode()
    assert "Nobody is named who sees to it." in page
    assert address in page
    assert client.post(address, {"owner": f"member-{member.pk}"}).status_code == 302
    assert action.assignments.get().owner == member
    assert f"{member.user} sees to it." in client.get(f"/actions/{action.pk}/").content.decode()
    assert client.get(address).context["form"]["owner"].value() == f"member-{member.pk}"
    client.post(address, {"owner": ""})
    assert action.assignments.get().owner is None


def test_only_people_of_the_agency_are_offered(world: World, signed_in: SignedIn, action: Action, address: str) -> None:
    client, stranger = signed_in(world.here.people.lead), world.here.people.health_lead.memberships.get()
    page = client.post(address, {"owner": f"member-{stranger.pk}"})
    assert "Choose one of those who are listed" in page.content.decode()
    assert str(stranger.user) not in page.content.decode()
    assert action.assignments.get().owner is None


def test_in_a_restricted_review_only_its_named_readers_are_offered(world: World, signed_in: SignedIn) -> None:
    action, people = world.here.plans.restricted_of_police, world.here.people
    client = signed_in(people.coordinator)
    page = client.get(f"/actions/{action.pk}/owner/{world.here.agencies.police.pk}/").content.decode()
    assert str(people.named) in page
    assert str(people.member) not in page


def test_nobody_names_people_of_another_agency(world: World, signed_in: SignedIn, action: Action, address: str) -> None:
    people, joint = world.here.people, world.here.plans.joint
    of_police = f"/actions/{joint.pk}/owner/{world.here.agencies.police.pk}/"
    for user, url, status in (
        (people.member, address, 403),
        (people.health_lead, of_police, 404),
        (people.health_lead, address, 404),
        (world.there.people.coordinator, address, 404),
    ):
        assert signed_in(user).get(url).status_code == status
        assert signed_in(user).post(url, {"owner": ""}).status_code == status
    assert address not in signed_in(people.member).get(f"/actions/{action.pk}/").content.decode()
