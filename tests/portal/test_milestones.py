"""A lead agency says that a milestone was reached, through the page."""

from __future__ import annotations

import pytest

from agencies.releasing import set_release
from reviews.models import Action, Milestone
from reviews.statuses import Status
from tests.factories import TODAY
from tests.portal.conftest import SignedIn
from tests.portal.test_progress import day, problems
from tests.world import World, days


@pytest.fixture
def milestone(world: World) -> Milestone:
    """A step of an action of the police."""
    return world.here.plans.of_police.milestones.get()


@pytest.fixture
def address(milestone: Milestone) -> str:
    return f"/actions/{milestone.action_id}/milestones/{milestone.pk}/reached/"


def test_a_member_of_the_lead_agency_says_when_it_was_reached(
    world: World, signed_in: SignedIn, milestone: Milestone, address: str
) -> None:
    client = signed_in(world.here.people.member)
    assert address in client.get(f"/actions/{milestone.action_id}/").content.decode()
    assert "in the future" in problems(client.post(address, day("on", days(1))))
    assert client.post(address, day("on", days(-3))).status_code == 302
    milestone.refresh_from_db()
    assert milestone.achieved_on == days(-3)
    assert address not in client.get(f"/actions/{milestone.action_id}/").content.decode()
    assert "reached already" in problems(client.post(address, day("on", TODAY)))


def test_who_does_not_report_for_a_lead_agency_says_nothing_of_it(
    world: World, signed_in: SignedIn, milestone: Milestone, address: str
) -> None:
    people = world.here.people
    for user, status in ((people.observer, 403), (people.chair, 403), (people.health_lead, 404)):
        assert signed_in(user).post(address, day("on", TODAY)).status_code == status
    step = Milestone.objects.create(action=world.here.plans.supported, text="Hall found", on=days(-9))
    of_helper = f"/actions/{step.action_id}/milestones/{step.pk}/reached/"
    assert signed_in(people.member).post(of_helper, day("on", TODAY)).status_code == 403
    assert not Milestone.objects.filter(achieved_on__isnull=False).exists()


def test_where_leads_release_what_is_said_a_lead_says_it(
    world: World, signed_in: SignedIn, milestone: Milestone, address: str
) -> None:
    set_release(agency=world.here.agencies.police, required=True, by=world.here.people.lead)
    assert signed_in(world.here.people.member).post(address, day("on", TODAY)).status_code == 403
    assert signed_in(world.here.people.lead).post(address, day("on", TODAY)).status_code == 302


def test_a_closed_action_takes_none(world: World, signed_in: SignedIn, milestone: Milestone, address: str) -> None:
    Action.objects.filter(pk=milestone.action_id).update(status=Status.COMPLETE)
    assert signed_in(world.here.people.member).post(address, day("on", TODAY)).status_code == 403
