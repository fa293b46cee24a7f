"""Who is chased about what: state, dates, recipients, permissions, memory."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import User
from agencies.roles import RoleCode
from reviews import reviewing
from reviews.chasing.selection import Selection, due
from reviews.kinds import PlanStage
from reviews.models import Assignment, Part, Review, Stage, TargetDate
from reviews.statuses import Status
from tests.factories import (
    TODAY,
    a_contact,
    a_member,
    a_partnership,
    a_reader,
    a_recommendation,
    a_review,
    an_action,
    an_agency,
    an_assignment,
    an_update,
    join,
)
from tests.reviews.chasing.conftest import Chased, days


def found(selection: Selection) -> dict[str, list[tuple[int, str]]]:
    """By address: the actions and stages of each digest."""
    return {
        digest.person.email: [(row.action.pk, row.reached.stage.value) for row in digest.reminders]
        for digest in selection.digests
    }


def stages(chased: Chased, on: dt.date = TODAY) -> list[str]:
    return [stage for lines in found(due(chased.partnership, on)).values() for _, stage in lines]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.NOT_RECORDED, ["overdue"]),
        (Status.NOT_STARTED, ["overdue"]),
        (Status.IN_PROGRESS, ["overdue"]),
        (Status.AWAITING, []),
        (Status.COMPLETE, []),
        (Status.NOT_PURSUED, []),
    ],
)
def test_only_an_action_with_work_left_is_chased(chased: Chased, status: Status, expected: list[str]) -> None:
    chased.action(days(-3), status=status)
    assert stages(chased) == expected


def test_an_update_saying_in_progress_does_not_silence_the_chaser(chased: Chased) -> None:
    action = chased.action(days(-3))
    an_update(action, chased.agency, chased.lead, on=TODAY)
    assert stages(chased) == ["overdue"]


def test_an_action_without_a_date_is_never_chased(chased: Chased) -> None:
    chased.action(None)
    for on in (days(-1000), TODAY, days(1000)):
        assert stages(chased, on) == []


def test_an_ongoing_action_is_judged_by_its_next_review_and_not_by_its_target(chased: Chased) -> None:
    action = chased.action(days(-300), status=Status.ONGOING)
    an_update(action, chased.agency, status=Status.ONGOING, next_review_on=days(7))
    assert stages(chased) == ["due_7"]
    assert stages(chased, days(-1)) == ["due_28"]


def test_an_ongoing_action_without_a_review_date_is_not_chased(chased: Chased) -> None:
    chased.action(days(-300), status=Status.ONGOING)
    assert stages(chased) == []


def test_a_successor_keeps_the_review_date_that_was_set_before_it_came(chased: Chased) -> None:
    action = chased.action(None, status=Status.ONGOING)
    an_update(action, an_agency(chased.partnership), status=Status.ONGOING, next_review_on=days(1))
    assert stages(chased) == ["due_1"]


def test_nothing_is_chased_before_a_coordinator_starts_it(chased: Chased) -> None:
    chased.action(days(-3))
    Review.objects.update(chasing_from=None)
    assert stages(chased) == []
    coordinator = a_member(RoleCode.COORDINATOR, chased.partnership)
    reviewing.start_chasing(review=chased.review, by=coordinator, on=TODAY)
    assert stages(chased) == []
    assert stages(chased, days(1)) == ["overdue"]
    reviewing.stop_chasing(review=chased.review, by=coordinator)
    assert stages(chased, days(1)) == []


def test_a_concluded_plan_is_not_chased(chased: Chased) -> None:
    chased.action(days(-3))
    Review.objects.update(stage=PlanStage.CONCLUDED)
    assert stages(chased) == []


def test_an_agency_that_came_late_is_chased_from_the_day_it_came(chased: Chased) -> None:
    action = chased.action(days(-100))
    Assignment.objects.update(on=TODAY)
    assert stages(chased) == []
    (digest,) = due(chased.partnership, days(1)).digests
    (row,) = digest.reminders
    assert (row.reached.stage, row.reached.number) == (Stage.OVERDUE, 0)
    assert row.reached.anchor == f"assignment:{action.assignments.get().pk}"


def test_a_new_target_date_starts_a_new_series_and_the_same_date_again_does_not(chased: Chased) -> None:
    action = chased.action(days(-3))
    chased.run(TODAY)
    TargetDate.objects.create(action=action, date=days(-3), as_written="3 days ago", on=TODAY)
    assert stages(chased, days(1)) == []
    TargetDate.objects.create(action=action, date=days(6), reason="Agreed", on=TODAY)
    type(action).objects.update(target_date=days(6))
    assert stages(chased, days(1)) == ["due_7"]


def test_the_owner_is_written_to_and_not_the_leads(chased: Chased) -> None:
    action = chased.action(days(-3))
    owner = a_member(RoleCode.AGENCY_MEMBER, chased.agency)
    action.assignments.update(owner=owner.memberships.get())
    assert found(due(chased.partnership, TODAY)) == {owner.email: [(action.pk, "overdue")]}


def test_the_leads_are_written_to_where_the_owner_has_left(chased: Chased) -> None:
    action = chased.action(days(-3))
    owner = a_member(RoleCode.AGENCY_MEMBER, chased.agency)
    second_lead = a_member(RoleCode.AGENCY_LEAD, chased.agency)
    action.assignments.update(owner=owner.memberships.get())
    memberships.end(membership=owner.memberships.get(), by=EXAMPLE)
    assert set(found(due(chased.partnership, TODAY))) == {chased.lead.email, second_lead.email}


def test_the_leads_are_written_to_where_the_owner_has_no_account(chased: Chased) -> None:
    action = chased.action(days(-3))
    action.assignments.update(owner_contact=a_contact(chased.agency, email="kept@police.example"))
    assert set(found(due(chased.partnership, TODAY))) == {chased.lead.email}


def test_an_action_with_nobody_to_write_to_is_reported(chased: Chased) -> None:
    memberless = an_agency(chased.partnership)
    a_member(RoleCode.AGENCY_MEMBER, memberless)
    action = chased.action(days(-3), agencies=(memberless,))
    selection = due(chased.partnership, TODAY)
    assert selection.digests == ()
    assert selection.left_out == {"no_recipient": [action.pk]}


def test_a_lead_without_a_usable_address_is_reported(chased: Chased) -> None:
    action = chased.action(days(-3))
    User.objects.filter(pk=chased.lead.pk).update(email="not an address")
    assert due(chased.partnership, TODAY).left_out == {"no_address": [action.pk]}


def test_in_a_restricted_review_only_named_readers_are_written_to(chased: Chased) -> None:
    action = chased.action(days(-3))
    Review.objects.update(is_restricted=True)
    assert due(chased.partnership, TODAY).left_out == {"no_right": [action.pk]}
    a_reader(chased.lead, chased.review, agency=chased.agency)
    assert set(found(due(chased.partnership, TODAY))) == {chased.lead.email}


def test_supporting_and_former_agencies_are_not_chased(chased: Chased) -> None:
    others = [an_agency(chased.partnership) for _ in range(2)]
    for other in others:
        a_member(RoleCode.AGENCY_LEAD, other)
    action = chased.action(days(-3), supporting=(others[0],))
    an_assignment(action, others[1], until=days(-50))
    assert set(found(due(chased.partnership, TODAY))) == {chased.lead.email}


def test_of_joint_leads_only_those_with_work_left_are_chased(chased: Chased) -> None:
    other = an_agency(chased.partnership)
    other_lead = a_member(RoleCode.AGENCY_LEAD, other)
    action = chased.action(days(-3), agencies=(chased.agency, other))
    assert set(found(due(chased.partnership, TODAY))) == {chased.lead.email, other_lead.email}
    action.assignments.filter(agency=chased.agency).update(status=Status.AWAITING)
    assert set(found(due(chased.partnership, TODAY))) == {other_lead.email}


def test_who_leads_for_both_joint_leads_hears_of_the_action_once(chased: Chased) -> None:
    other = an_agency(chased.partnership)
    join(chased.lead, RoleCode.AGENCY_LEAD, other)
    action = chased.action(days(-3), agencies=(chased.agency, other))
    action.assignments.filter(agency=other).update(on=days(-2), part=Part.JOINT)
    assert found(due(chased.partnership, TODAY)) == {chased.lead.email: [(action.pk, "overdue")]}
    chased.run(TODAY)
    assert [stages(chased, days(n)) for n in range(1, 12)] == [[]] * 11


def test_one_digest_a_person_the_longest_overdue_first(chased: Chased) -> None:
    second = a_recommendation(a_review(chased.partnership, chasing_from=days(-200)))
    soon = an_action(second, chased.agency, target_date=days(5))
    late = chased.action(days(-9))
    later = an_action(second, chased.agency, target_date=days(-40))
    assert found(due(chased.partnership, TODAY)) == {
        chased.lead.email: [(later.pk, "overdue"), (late.pk, "overdue"), (soon.pk, "due_7")]
    }


def test_a_digest_never_mixes_partnerships(chased: Chased) -> None:
    other = a_partnership()
    there = an_agency(other)
    join(chased.lead, RoleCode.AGENCY_LEAD, there)
    foreign = an_action(a_recommendation(a_review(other, chasing_from=days(-9))), there, target_date=days(-3))
    own = chased.action(days(-3))
    assert found(due(chased.partnership, TODAY)) == {chased.lead.email: [(own.pk, "overdue")]}
    assert found(due(other, TODAY)) == {chased.lead.email: [(foreign.pk, "overdue")]}


def test_an_agency_of_another_partnership_is_not_written_to(chased: Chased) -> None:
    """No verb makes such a row; should one ever stand there, nothing is told across the wall."""
    foreign = an_agency(a_partnership())
    a_member(RoleCode.AGENCY_LEAD, foreign)
    chased.action(days(-3), agencies=(foreign,))
    assert due(chased.partnership, TODAY).digests == ()


def test_the_cap_lets_those_who_waited_longest_go_first(chased: Chased) -> None:
    chased.partnership.daily_mail_cap = 1
    chased.partnership.save()
    other = an_agency(chased.partnership)
    other_lead = a_member(RoleCode.AGENCY_LEAD, other)
    new = chased.action(days(-1))
    old = chased.action(days(-3), agencies=(other,))
    selection = due(chased.partnership, TODAY)
    assert found(selection) == {other_lead.email: [(old.pk, "overdue")]}
    assert selection.left_out == {"over_cap": [new.pk]}
    chased.run(TODAY)
    assert found(due(chased.partnership, days(1))) == {chased.lead.email: [(new.pk, "overdue")]}


def test_a_paused_partnership_sends_nothing_and_catches_up_afterwards(chased: Chased) -> None:
    chased.action(days(7))
    chased.partnership.chasing_paused = True
    chased.partnership.save()
    assert stages(chased) == []
    assert chased.run(TODAY) is None
    chased.partnership.chasing_paused = False
    chased.partnership.save()
    assert stages(chased, days(3)) == ["due_7"]


def test_selecting_takes_as_many_queries_for_many_actions_as_for_few(chased: Chased) -> None:
    chased.action(days(-3))
    with CaptureQueriesContext(
        connection,
    ) as few:
        due(chased.partnership, TODAY)
    for _ in range(60):
        chased.action(days(-3))
        action = chased.action(None, status=Status.ONGOING)
        an_update(action, chased.agency, status=Status.ONGOING, next_review_on=days(3))
    with CaptureQueriesContext(connection) as many:
        assert len(due(chased.partnership, TODAY).digests[0].reminders) == 121
    assert len(many) == len(few) <= 7
