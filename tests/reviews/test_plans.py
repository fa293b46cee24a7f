"""Plans are made and changed by verbs: allowed, wrong person, wrong moment, audited, nothing left behind."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from agencies.actors import EXAMPLE
from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews import plans, progress, sign_off, succeeding
from reviews.as_at import plan_as_at
from reviews.models import Action, Assignment, Part, ProgressUpdate, Recommendation, SignOff, TargetDate
from reviews.models.action import natural
from reviews.plan_lines import ActionLine, LeadLine, MilestoneLine, RecommendationLine, ReportLine
from reviews.progress import Report
from reviews.projection import project
from reviews.statuses import Decision, Status
from tests.factories import TODAY, an_agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world):
    return world.here


def lines(*agencies, status=Status.NOT_STARTED, **facts):
    leads = tuple(LeadLine(agency, status=status) for agency in agencies)
    return [RecommendationLine("Train all staff.", reference="2a", actions=(ActionLine(leads=leads, **facts),))]


def test_add_many_keeps_order_dates_milestones_and_words(here):
    actions = plans.add_many(
        review=here.plans.published,
        lines=lines(
            here.agencies.police,
            here.agencies.health,
            target_date=dt.date(2026, 6, 30),
            target_as_written="end of June",
            revised_date=dt.date(2026, 9, 30),
            milestones=(MilestoneLine("Write it"), MilestoneLine("Send it", due_as_written="Q2")),
        )
        * 2,
        by=here.people.coordinator,
        on=TODAY,
    )
    first, second = Action.objects.filter(pk__in=[row.pk for row in actions]).order_by("order")
    assert (first.order, second.order) == (here.plans.published.actions.count() - 1, first.order + 1)
    assert first.original_target_date == dt.date(2026, 6, 30)
    assert first.target_date == dt.date(2026, 9, 30)
    assert [row.text for row in first.milestones.all()] == ["Write it", "Send it"]
    assert first.words == "Train all staff."
    assert first.recommendation.wordings.get().text == "Train all staff."
    assert AuditEntry.objects.filter(event="plan.added").count() == 1


def test_a_plans_own_complete_is_carried_over_and_not_an_update_by_the_agency(here):
    (action,) = plans.add_many(
        review=here.plans.published,
        lines=lines(
            here.agencies.police, status=Status.COMPLETE, report=ReportLine("All trained.", status_as_written="Done")
        ),
        by=here.people.coordinator,
        on=TODAY,
    )
    action.refresh_from_db()
    assert action.status == Status.COMPLETE
    assert SignOff.objects.get(action=action).decision == Decision.CARRIED_OVER
    assert action.updates.get().source == ProgressUpdate.Source.IMPORTED
    assert action.assignments.get().last_update_on is None


def test_a_blank_status_stays_not_recorded(here):
    (action,) = plans.add_many(
        review=here.plans.published,
        lines=lines(here.agencies.police, status=Status.NOT_RECORDED),
        by=here.people.coordinator,
        on=TODAY,
    )
    assert Action.objects.get(pk=action.pk).status == Status.NOT_RECORDED


def test_add_many_refused_for_another_partnerships_agency_leaves_nothing(world, here):
    before = Recommendation.objects.count()
    with pytest.raises(Refused, match="another partnership"):
        plans.add_many(
            review=here.plans.published,
            lines=lines(here.agencies.police) + lines(world.there.agencies.police),
            by=here.people.coordinator,
            on=TODAY,
        )
    assert Recommendation.objects.count() == before


def test_add_many_costs_the_same_however_long_the_plan(here, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        plans.add_many(
            review=here.plans.published,
            lines=lines(here.agencies.police, target_date=TODAY) * 300,
            by=here.people.coordinator,
            on=TODAY,
        )


@pytest.mark.parametrize("source", ProgressUpdate.Source)
def test_what_is_projected_is_right_from_the_start_whatever_the_plan_says(here, source):
    """``add_many`` works it out before it writes; projecting the rows anew finds nothing to change."""
    leads = (here.agencies.police, here.agencies.health)
    said = {"completed_on": TODAY - dt.timedelta(days=500), "next_review_on": TODAY, "outcome": "Calls halved."}
    plan = [
        RecommendationLine("Do it.", actions=(ActionLine(leads=tuple(parts), report=report, **dates),))
        for parts in (
            *([LeadLine(leads[0], status=one)] for one in Status),
            *([LeadLine(leads[0], Part.JOINT, one), LeadLine(leads[1], Part.JOINT, Status.ONGOING)] for one in Status),
            [LeadLine(leads[0]), LeadLine(leads[1], Part.SUPPORTING, Status.ONGOING)],
            [],
        )
        for report in (ReportLine(), ReportLine(**said))
        for dates in ({}, {"target_date": TODAY, "revised_as_written": "When we can"})
    ]
    actions = plans.add_many(review=here.plans.published, lines=plan, by=EXAMPLE, on=TODAY, source=source)

    stored = list(Action.objects.filter(pk__in=[action.pk for action in actions]).order_by("pk"))
    assert project(stored) == 0
    assert [one.status for one in stored] == [one.status for one in actions]
    assert {one.status for one in stored} == set(Status)


def test_assign_makes_a_second_lead_a_joint_one(here):
    row = plans.assign(action=here.plans.of_police, agency=here.agencies.housing, by=here.people.coordinator, on=TODAY)
    assert row.part == Part.JOINT
    with pytest.raises(Refused, match="already has a part"):
        plans.assign(action=here.plans.of_police, agency=here.agencies.housing, by=here.people.coordinator, on=TODAY)


def test_assign_refused_for_a_foreign_or_closed_agency(world, here):
    closed = an_agency(here.partnership, closed_on=TODAY)
    for agency in (closed, world.there.agencies.police):
        with pytest.raises(Refused):
            plans.assign(action=here.plans.of_police, agency=agency, by=here.people.coordinator, on=TODAY)


def test_end_assignment_keeps_the_row_and_its_day(here):
    assignment = here.plans.of_police.assignments.get()
    plans.end_assignment(assignment=assignment, by=here.people.coordinator, on=TODAY)
    assert Assignment.objects.get(pk=assignment.pk).until == TODAY
    with pytest.raises(Refused, match="already ended"):
        plans.end_assignment(assignment=assignment, by=here.people.coordinator, on=TODAY)


def test_change_target_date_keeps_the_original_for_ever(here):
    action = here.plans.of_police
    original = action.original_target_date
    plans.change_target_date(
        action=action, date=dt.date(2027, 1, 1), by=here.people.coordinator, on=TODAY, reason="The trainer left."
    )
    action.refresh_from_db()
    assert (action.original_target_date, action.target_date) == (original, dt.date(2027, 1, 1))
    assert TargetDate.objects.filter(action=action).count() == 2


def test_change_target_date_refused_without_a_reason_or_the_right(here):
    facts = {"action": here.plans.of_police, "date": dt.date(2027, 1, 1), "on": TODAY}
    with pytest.raises(Refused, match="Say why"):
        plans.change_target_date(by=here.people.coordinator, reason=" ", **facts)
    for person in (here.people.lead, here.people.chair):
        with pytest.raises(PermissionDenied):
            plans.change_target_date(by=person, reason="Because", **facts)
    assert TargetDate.objects.filter(action=here.plans.of_police).count() == 1


def test_reword_keeps_the_wording_before(here):
    recommendation = plans.add(review=here.plans.published, line=lines()[0], by=here.people.coordinator, on=TODAY)[
        0
    ].recommendation
    plans.reword(
        recommendation=recommendation, text="Train everyone.", by=here.people.coordinator, on=TODAY, reason="Clearer"
    )
    recommendation.refresh_from_db()
    assert recommendation.text == "Train everyone."
    assert [row.text for row in recommendation.wordings.all()] == ["Train all staff.", "Train everyone."]


def decided(decision, action, here, **facts):
    facts = {"by": here.people.chair, "on": TODAY, "decided_at": "Meeting", "reason": "Because"} | facts
    return getattr(sign_off, decision)(action=action, **facts)


def test_the_successor_begins_where_the_predecessor_stands_whatever_was_decided_before(here):
    police, group, action = here.agencies.police, here.agencies.advisory_group, here.plans.awaiting
    decided("send_back", action, here)
    report = Report(progress="It goes on.", status=Status.ONGOING, next_review_on=TODAY + dt.timedelta(days=90))
    progress.submit(action=action, agency=police, by=here.people.lead, on=TODAY, report=report)

    succeeding.move_open_actions(predecessor=police, successor=group, by=here.people.coordinator, on=TODAY)

    action.refresh_from_db()
    assert action.status == Status.ONGOING
    assert {one.pk: one.status for one in plan_as_at(action.review, TODAY).actions}[action.pk] == Status.ONGOING
    not_pursued = decided("not_pursue", action, here, reason="Overtaken")
    assert (action.assignments.current().get().status, not_pursued.action.status) == (Status.NOT_PURSUED,) * 2


def test_who_is_put_on_an_action_that_is_closed_does_not_open_it(here):
    plans.assign(action=here.plans.complete, agency=here.agencies.police, by=here.people.coordinator, on=TODAY)
    here.plans.complete.refresh_from_db()
    assert here.plans.complete.status == Status.COMPLETE


def test_who_is_put_on_an_action_that_was_reopened_has_not_started(here):
    decided("reopen", here.plans.complete, here)
    row = plans.assign(action=here.plans.complete, agency=here.agencies.police, by=here.people.coordinator, on=TODAY)
    assert row.status == Status.NOT_STARTED


def test_who_comes_back_to_an_action_stands_where_they_stood(here):
    decided("send_back", here.plans.awaiting, here)
    ended = here.plans.awaiting.assignments.current().get()
    plans.end_assignment(assignment=ended, by=here.people.coordinator, on=TODAY)
    row = plans.assign(action=here.plans.awaiting, agency=ended.agency, by=here.people.coordinator, on=TODAY)
    assert row.status == Status.IN_PROGRESS


def test_references_sort_as_people_count():
    assert sorted(["10", "2a", "2", "15.10.1", "15.2.1", "R1"], key=natural) == [
        "2",
        "2a",
        "10",
        "15.2.1",
        "15.10.1",
        "R1",
    ]
