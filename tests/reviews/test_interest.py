"""Who belongs to an agency that answers for an action has an interest, and records no decision on it alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from agencies import memberships, succession
from agencies.actors import EXAMPLE
from agencies.models import User
from agencies.refusals import Refused
from agencies.roles import RoleCode
from reviews import plans, sign_off, succeeding, voiding
from reviews.interest import interest_of, interests
from reviews.kinds import PlanStage
from reviews.models import Assignment, ProgressUpdate, Review, SignOff
from reviews.projection import project
from reviews.statuses import Status
from tests.factories import TODAY, a_claim, a_member, an_agency, an_update, join
from tests.world import Side, World, days

pytestmark = [pytest.mark.django_db, pytest.mark.either]

DECIDED = {"on": TODAY, "decided_at": "March meeting"}


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


def test_who_records_a_claim_for_an_agency_with_accounts_does_not_decide_on_it(here: Side) -> None:
    action, coordinator = here.plans.of_school, here.people.coordinator
    said = {"status": Status.AWAITING, "source": ProgressUpdate.Source.RECORDED_FOR}
    a_claim(an_update(action, here.agencies.school, coordinator, **said))
    project([action])
    assert interest_of(coordinator, action) == [], "the school has no accounts: somebody had to record it"
    claim = ProgressUpdate.objects.filter(action=here.plans.awaiting)
    claim.update(recorded_by=coordinator, source=ProgressUpdate.Source.RECORDED_FOR)
    memberships.end(membership=coordinator.memberships.get(agency=here.agencies.police), by=EXAMPLE, on=TODAY)
    with pytest.raises(Refused, match=r"or reported on it for them.* Colm Brady can record it"):
        sign_off.sign_off(action=here.plans.awaiting, by=coordinator, **DECIDED)
    shown = [str(row) for row in interests(here.plans.awaiting)]
    assert f"{coordinator}, who reported on it for Borough Police" in shown
    assert interests(here.plans.awaiting, at=timezone.now() - dt.timedelta(days=99)) == []
    assert interests(action) == []
    sign_off.sign_off(action=action, by=coordinator, **DECIDED)


def test_who_had_accounts_when_it_was_recorded_is_what_counts(here: Side) -> None:
    action, people = here.plans.of_school, here.people
    school = a_member(RoleCode.AGENCY_OBSERVER, here.agencies.school)
    ended = school.memberships.filter(agency=here.agencies.school)
    said = {"status": Status.AWAITING, "source": ProgressUpdate.Source.RECORDED_FOR}
    a_claim(an_update(action, here.agencies.school, people.coordinator, **said))
    assert interest_of(people.coordinator, action) == [here.agencies.school]
    ended.update(on=days(-9), until=days(-1))
    assert interest_of(people.coordinator, action) == []


def test_who_released_a_colleagues_claim_has_the_interest_of_who_wrote_it(here: Side) -> None:
    action, chair = here.plans.awaiting, here.people.chair
    ProgressUpdate.objects.filter(action=action).update(released_by=chair)
    with pytest.raises(Refused, match="you have an interest"):
        sign_off.sign_off(action=action, by=chair, **DECIDED)
    assert interest_of(chair, action) == [here.agencies.police]
    assert [row.person for row in interests(action) if not row.belongs] == [chair]


@pytest.mark.parametrize("moves", [False, True])
def test_an_interest_follows_a_succession(moves: bool, here: Side, time_machine) -> None:
    action, chair, police = here.plans.awaiting, here.people.chair, here.agencies.police
    member = join(chair, RoleCode.AGENCY_MEMBER, police)
    memberships.end(
        membership=here.people.coordinator.memberships.get(agency=police), by=EXAMPLE, on=TODAY
    )  # who can record it, then
    before = timezone.now()
    time_machine.move_to(before + dt.timedelta(hours=1), tick=False)
    new = an_agency(here.partnership, name="Capital Police")
    succeeding.succeed(
        predecessor=police, successor=new, by=EXAMPLE, on=TODAY, people=[member], access=succeeding.Access.ENDS
    )
    if moves:
        Assignment.objects.filter(action=action).update(agency=new)
    answers = new if moves else police
    assert interest_of(chair, action) == [answers]
    assert [row.agency for row in interests(action)] == [new]
    if not moves:
        assert {row.agency for row in interests(action, at=before)} == {police}, "as it was when it was decided"
    with pytest.raises(Refused, match=f"{here.people.coordinator} can record it"):
        sign_off.sign_off(action=action, by=chair, **DECIDED)


def test_a_claim_that_was_taken_over_keeps_its_authors_interest(here: Side) -> None:
    action, chair = here.plans.awaiting, here.people.chair
    ProgressUpdate.objects.filter(action=action).update(recorded_by=chair)
    new = an_agency(here.partnership, name="Capital Police")
    succeeding.succeed(predecessor=here.agencies.police, successor=new, by=EXAMPLE, on=TODAY)
    Assignment.objects.filter(action=action).update(agency=new)
    assert interest_of(chair, action) == [new]
    other = an_agency(here.partnership, name="Airport Police")
    join(here.people.member_of_group, RoleCode.AGENCY_MEMBER, other)
    succession.record(predecessor=here.agencies.police, successor=other, by=EXAMPLE, on=TODAY)
    assert interest_of(here.people.member_of_group, action) == [], "who took over another part has no interest in this"


def test_a_coordinator_who_belongs_to_the_agency_does_not_move_its_date_alone(here: Side) -> None:
    action, coordinator = here.plans.of_police, here.people.coordinator
    later = {"action": action, "date": days(300), "on": TODAY, "reason": "The printer is closed."}
    assert action.original_target_date
    with pytest.raises(Refused, match="Say who agreed, and where") as refused:
        plans.change_target_date(by=coordinator, **later)
    assert refused.value.field == "agreed_by"
    plans.change_target_date(by=coordinator, **later, agreed_by="Strategic Group, March")
    memberships.end(membership=coordinator.memberships.get(agency=here.agencies.police), by=EXAMPLE, on=TODAY)
    plans.change_target_date(by=coordinator, **later | {"date": days(301)})
    join(coordinator, RoleCode.AGENCY_MEMBER, here.agencies.police)
    Review.objects.filter(pk=action.review_id).update(stage=PlanStage.WRITING)
    plans.change_target_date(by=coordinator, **later | {"date": days(302)})


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
