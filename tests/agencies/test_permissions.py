"""Who reaches what, on the standing cast."""

from agencies.permissions import holds, objects_for
from agencies.roles import Permission
from reviews.models import Action
from tests.world import World


def test_an_agencys_people_reach_its_own_current_actions_in_open_reviews(world: World) -> None:
    plans, people = world.here.plans, world.here.people
    reached = objects_for(people.member, Permission.UPDATE_ACTION, Action)
    assert set(reached) == {
        plans.of_police,
        plans.of_police_overdue,
        plans.joint,
        plans.supported,
        plans.awaiting,
    }


def test_a_named_reader_reaches_the_agencys_actions_in_the_restricted_review_too(world: World) -> None:
    plans, people = world.here.plans, world.here.people
    assert holds(people.named, Permission.UPDATE_ACTION, plans.restricted_of_police)
    assert not holds(people.named, Permission.UPDATE_ACTION, plans.restricted_of_health)
    assert not holds(people.lead, Permission.UPDATE_ACTION, plans.restricted_of_police)
