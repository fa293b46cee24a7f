"""Who may say that a milestone was reached."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from agencies.refusals import Refused
from agencies.releasing import set_release
from reviews import milestones
from reviews.models import Action, Milestone
from reviews.statuses import Status
from tests.factories import TODAY
from tests.world import Side, World, days


@pytest.fixture
def here(world: World) -> Side:
    return world.here


@pytest.fixture
def row(here: Side) -> Milestone:
    """A step of an action of the police."""
    return here.plans.of_police.milestones.get()


def test_the_lead_agency_says_it_and_the_coordinator_for_it(here: Side, row: Milestone) -> None:
    milestones.achieve(milestone=row, by=here.people.member, on=TODAY)
    other = Milestone.objects.create(action=row.action, text="Second chapter", on=days(-9))
    milestones.achieve(milestone=other, by=here.people.coordinator, on=TODAY)
    assert Milestone.objects.filter(action=row.action, achieved_on=TODAY).count() == 2


def test_nobody_else_says_it(world: World, here: Side, row: Milestone) -> None:
    people = here.people
    for person in (people.observer, people.chair, people.health_lead, people.leaver, world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            milestones.achieve(milestone=row, by=person, on=TODAY)
    helped = Milestone.objects.create(action=here.plans.supported, text="Hall found", on=days(-9))
    with pytest.raises(PermissionDenied, match="lead agency"):
        milestones.achieve(milestone=helped, by=people.member, on=TODAY)


def test_what_leads_release_a_member_does_not_say_and_of_a_closed_action_nothing(here: Side, row: Milestone) -> None:
    set_release(agency=here.agencies.police, required=True, by=here.people.lead)
    with pytest.raises(Refused, match="releases what is said"):
        milestones.achieve(milestone=row, by=here.people.member, on=TODAY)
    Action.objects.filter(pk=row.action_id).update(status=Status.COMPLETE)
    with pytest.raises(Refused, match="closed"):
        milestones.achieve(milestone=row, by=here.people.lead, on=TODAY)
