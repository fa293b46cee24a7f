"""An agency is closed or taken over while somebody changes its plan: what is open is with an agency that exists."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agencies import invitations, memberships, succession
from agencies.models import Agency
from agencies.refusals import Refused
from agencies.roles import RoleCode
from reviews import drafts, editing, leaving, parts, plans, sign_off, succeeding
from reviews.models import Assignment, Draft
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine
from reviews.statuses import Status
from tests.factories import TODAY, a_draft, a_member, a_person, an_action, an_agency, an_assignment
from tests.racing import waiting
from tests.world import Side, days, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DECIDED = {"decided_at": "March meeting", "reason": "The change did not hold."}


@pytest.fixture
def here() -> Side:
    return make_world().here


def closing(here: Side, agency: Agency) -> Callable[[], object]:
    return lambda: succeeding.close(agency=agency, by=here.people.coordinator, on=TODAY)


def ways_to_give(here: Side) -> dict[Agency, Callable[[], object]]:
    """One way to give each of these agencies, which have no part yet, an open action."""
    given = {"by": here.people.coordinator, "on": TODAY}
    assigned, added, planned, handed = (an_agency(here.partnership) for _ in range(4))
    action, theirs = here.plans.of_police, here.plans.of_police_overdue.assignments.get()
    line = ActionLine(text="Train.", leads=(LeadLine(added),))
    plan = [RecommendationLine("Train.", actions=(ActionLine(leads=(LeadLine(planned),)),))]
    return {
        assigned: lambda: plans.assign(action=action, agency=assigned, **given),
        added: lambda: editing.add_action(recommendation=here.plans.recommendation, line=line, **given),
        planned: lambda: plans.add_many(review=here.plans.published, lines=plan, **given),
        handed: lambda: parts.hand_over(assignment=theirs, agency=handed, **given),
    }


def all_of(calls: list[Callable[[], object]]) -> Callable[[], object]:
    return lambda: [call() for call in calls]


def outcomes(ended: dict[str, BaseException | None]) -> set[type]:
    return {type(error) for error in ended.values()}


def test_nobody_is_given_a_role_at_an_agency_that_is_being_closed(here: Side) -> None:
    by, agency = here.people.coordinator, here.agencies.advisory_group
    person, invited, member = a_person(), a_person(), a_member(RoleCode.AGENCY_MEMBER, agency)
    made = invitations.invite(container=agency, email=invited.email, role=RoleCode.AGENCY_MEMBER, by=by)
    secret = invitations.make_link(made)
    role, place = member.memberships.get(), Agency.objects.get(pk=agency.pk)
    calls = {
        "granted": lambda: memberships.grant(user=person, role=RoleCode.AGENCY_MEMBER, container=place, by=by),
        "accepted": lambda: invitations.accept(secret=secret, by=invited),
        "changed": lambda: leaving.change_role(membership=role, role=RoleCode.AGENCY_OBSERVER, by=by),
    }
    with waiting(calls, behind=closing(here, agency)) as ended:
        pass
    assert {name: type(error) for name, error in ended.items()} == dict.fromkeys(calls, Refused)
    assert set(agency.memberships.filter(until=None)) == {role}


def test_an_agency_that_is_being_closed_is_given_nothing_open(here: Side) -> None:
    ways = ways_to_give(here)
    calls = {agency.name: way for agency, way in ways.items()}
    with waiting(calls, behind=all_of([closing(here, agency) for agency in ways])) as ended:
        pass
    assert outcomes(ended) == {Refused}
    assert not Assignment.objects.filter(agency__in=ways).exists()


def test_an_agency_that_is_being_given_something_open_is_not_closed(here: Side) -> None:
    ways = ways_to_give(here)
    calls = {agency.name: closing(here, agency) for agency in ways}
    with waiting(calls, behind=all_of(list(ways.values()))) as ended:
        pass
    assert outcomes(ended) == {Refused}
    assert not Agency.objects.filter(pk__in=[agency.pk for agency in ways], closed_on__isnull=False).exists()


@pytest.mark.parametrize("first", ["closed", "reopened"])
def test_an_agency_is_not_closed_and_its_action_reopened_at_once(first: str, here: Side) -> None:
    agency = an_agency(here.partnership)
    action = an_action(here.plans.recommendation, agency, status=Status.COMPLETE)
    do = {
        "closed": closing(here, agency),
        "reopened": lambda: sign_off.reopen(action=action, by=here.people.chair, on=TODAY, **DECIDED),
    }
    with waiting({"second": do.pop({"closed": "reopened", "reopened": "closed"}[first])}, behind=do[first]) as ended:
        pass
    assert outcomes(ended) == {Refused}
    agency.refresh_from_db()
    assert bool(agency.closed_on) != succeeding.open_parts(agency).exists()


@pytest.mark.parametrize("first", ["closed", "reopened"])
def test_what_is_reopened_goes_to_no_successor_that_is_being_closed(first: str, here: Side) -> None:
    gone, heir = an_agency(here.partnership), an_agency(here.partnership)
    action = an_action(here.plans.recommendation, gone, status=Status.COMPLETE)
    succeeding.succeed(predecessor=gone, successor=heir, by=here.people.coordinator, on=days(-1))
    do = {
        "closed": closing(here, heir),
        "reopened": lambda: sign_off.reopen(action=action, by=here.people.chair, on=TODAY, **DECIDED),
    }
    with waiting({"second": do.pop({"closed": "reopened", "reopened": "closed"}[first])}, behind=do[first]) as ended:
        pass
    assert outcomes(ended) == {Refused}
    heir.refresh_from_db()
    assert bool(heir.closed_on) != succeeding.open_parts(heir).exists()


def test_access_ends_while_its_person_throws_a_draft_away(here: Side) -> None:
    member, lead = here.people.member, here.people.lead
    draft = a_draft(here.plans.of_police, here.agencies.police, member)
    leave = {"left": lambda: leaving.leave(membership=member.memberships.get(), by=lead)}
    with waiting(leave, behind=lambda: drafts.discard_draft(draft=draft, by=member)) as ended:
        pass
    assert ended == {"left": None}
    assert not Draft.objects.filter(action=here.plans.of_police).exists()


def test_a_part_that_ends_while_the_agency_is_taken_over_ends_on_its_own_day(here: Side) -> None:
    old, new = an_agency(here.partnership), an_agency(here.partnership)
    both = an_action(here.plans.recommendation, old, new)
    part, own = both.assignments.get(agency=old), an_action(here.plans.recommendation, old)
    by = here.people.coordinator

    def end() -> None:
        plans.end_assignment(assignment=part, by=by, on=days(-20))
        sign_off.not_pursue(action=own, by=here.people.chair, on=TODAY, **DECIDED)

    take_over = {"taken over": lambda: succeeding.succeed(predecessor=old, successor=new, by=by, on=days(-1))}
    with waiting(take_over, behind=end) as ended:
        pass
    assert ended == {"taken over": None}
    part.refresh_from_db()
    assert part.until == days(-20)
    assert own.assignments.current().get().agency == old, "it was closed meanwhile"


def test_who_left_meanwhile_does_not_go_along(here: Side) -> None:
    old, new = an_agency(here.partnership), an_agency(here.partnership)
    an_assignment(here.plans.of_police, old)
    membership = a_member("agency_member", old).memberships.get()
    by = here.people.coordinator
    facts = {"predecessor": old, "successor": new, "by": by, "on": TODAY}

    with waiting(
        {"taken over": lambda: succeeding.succeed(people=[membership], **facts)},
        behind=lambda: leaving.leave(membership=membership, by=by),
    ) as ended:
        pass
    assert outcomes(ended) == {Refused}
    assert not succession.lineage(old)[1:]
