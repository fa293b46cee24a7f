"""Who belongs to an agency that answers for an action has an interest, and records no decision on it alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import User
from agencies.refusals import Refused
from agencies.roles import RoleCode
from reviews import sign_off, voiding
from reviews.interest import interest_of, interests
from reviews.models import ProgressUpdate, SignOff
from tests.factories import TODAY, a_member, join
from tests.world import Side, World

pytestmark = [pytest.mark.django_db, pytest.mark.either]

DECIDED = {"on": TODAY, "decided_at": "March meeting"}


@pytest.fixture(autouse=True)
def noon(time_machine) -> None:
    """Verbs read the clock, so it stands at noon of the day of the tests."""
    time_machine.move_to(dt.datetime.combine(TODAY, dt.time(12), tzinfo=dt.UTC), tick=False)


@pytest.fixture
def here(world: World) -> Side:
    """The side on which the coordinator also is a member of the police."""
    join(world.here.people.coordinator, RoleCode.AGENCY_MEMBER, world.here.agencies.police)
    return world.here


def test_who_is_coordinator_and_member_is_told_who_records_it(here: Side) -> None:
    for verb in (sign_off.sign_off, sign_off.send_back, sign_off.not_pursue):
        reason = {} if verb is sign_off.sign_off else {"reason": "Seen."}
        with pytest.raises(Refused, match=r"You belong to Borough Police.* interest.* Colm Brady can record it"):
            verb(action=here.plans.awaiting, by=here.people.coordinator, **DECIDED, **reason)
    sign_off.sign_off(action=here.plans.awaiting, by=here.people.chair, **DECIDED)
    with pytest.raises(Refused, match="Colm Brady can record it"):
        voiding.void(row=SignOff.objects.get(action=here.plans.awaiting), by=here.people.coordinator, reason="No.")


def test_where_nobody_is_without_interest_a_site_administrator_is_asked(here: Side) -> None:
    join(here.people.chair, RoleCode.AGENCY_OBSERVER, here.agencies.police)
    with pytest.raises(Refused, match="Ask a site administrator"):
        sign_off.sign_off(action=here.plans.awaiting, by=here.people.chair, **DECIDED)


def test_the_rule_binds_a_site_administrator_too(world: World, here: Side) -> None:
    join(world.superuser, RoleCode.AGENCY_MEMBER, here.agencies.police)
    with pytest.raises(Refused, match="interest"):
        sign_off.sign_off(action=here.plans.awaiting, by=world.superuser, **DECIDED)


def test_an_interest_ends_with_the_membership_but_not_that_in_ones_own_claim(here: Side) -> None:
    action, coordinator = here.plans.awaiting, here.people.coordinator
    memberships.end(membership=coordinator.memberships.get(agency=here.agencies.police), by=EXAMPLE, on=TODAY)
    assert interest_of(coordinator, action) == []
    ProgressUpdate.objects.filter(action=action).update(recorded_by=coordinator)
    assert interest_of(coordinator, action) == [here.agencies.police]
    ProgressUpdate.objects.filter(action=action).update(source=ProgressUpdate.Source.RECORDED_FOR)
    assert interest_of(coordinator, action) == [], "who records for an agency without accounts may record the decision"
    sign_off.sign_off(action=action, by=coordinator, **DECIDED)


def test_only_agencies_that_answer_for_it_now_count(here: Side) -> None:
    coordinator, plans = here.people.coordinator, here.plans
    assert interest_of(coordinator, plans.joint) == [here.agencies.police]
    for action in (plans.of_health, plans.supported, plans.formerly_of_police):
        assert interest_of(coordinator, action) == []
    sign_off.not_pursue(action=plans.of_health, by=coordinator, reason="Overtaken", **DECIDED)


def who(rows: list) -> list[User]:
    return [row.person for row in rows]


def test_interests_are_those_of_the_moment(here: Side, time_machine) -> None:
    action, coordinator = here.plans.awaiting, here.people.coordinator
    assert who(interests(action)) == [coordinator], "agencies' own people do not oversee it"
    decided = timezone.now()
    time_machine.move_to(decided + dt.timedelta(days=2), tick=False)
    memberships.end(
        membership=coordinator.memberships.get(agency=here.agencies.police), by=EXAMPLE, on=TODAY + dt.timedelta(days=2)
    )
    later = a_member(RoleCode.GROUP_MEMBER, action.review.partnership, name="Late Comer")
    join(later, RoleCode.AGENCY_MEMBER, here.agencies.police)
    assert who(interests(action)) == [later]
    assert who(interests(action, at=decided)) == [coordinator]
