"""A plan as at a day: wordings, dates, names, successions, and what was recorded too late."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from agencies import succession
from agencies.actors import EXAMPLE
from agencies.models import AuditEntry, Partnership
from reviews import milestones, plans, progress, reviewing, sign_off, succeeding
from reviews.as_at import plan_as_at
from reviews.models import Milestone, Part, ProgressUpdate, Review
from reviews.plan_lines import ActionLine, LeadLine, MilestoneLine, RecommendationLine, ReportLine
from reviews.progress import Completion, Report
from reviews.statuses import Decision, Lateness, Status
from tests.factories import TODAY, a_partnership, a_person, a_review, an_agency

AGREED = TODAY - dt.timedelta(days=200)


def day(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


@pytest.fixture
def partnership(db) -> Partnership:
    return a_partnership()


@pytest.fixture
def police(partnership):
    return an_agency(partnership, name="Borough Police")


@pytest.fixture
def health(partnership):
    return an_agency(partnership, name="Riverside Health Trust")


@pytest.fixture
def review(partnership, police, health) -> Review:
    """A plan of two recommendations: a joint one, and one that came in complete."""
    review = a_review(partnership, report_on=day(-300), agreed_on=AGREED, published_on=day(-10))
    plans.add_many(
        review=review,
        by=EXAMPLE,
        on=AGREED,
        lines=[
            RecommendationLine(
                "Share what is known.",
                reference="1",
                themes=("Sharing",),
                actions=(
                    ActionLine(
                        "Agree a protocol.",
                        leads=(LeadLine(police, Part.JOINT), LeadLine(health, Part.JOINT)),
                        target_date=day(10),
                        milestones=(MilestoneLine("Draft", due_on=day(-50), achieved_on=day(-40)),),
                    ),
                ),
            ),
            RecommendationLine(
                "Keep records.",
                reference="2",
                actions=(
                    ActionLine(leads=(LeadLine(health, status=Status.COMPLETE),), report=ReportLine(progress="Kept.")),
                ),
            ),
        ],
    )
    return review


def report(action, agency, on, completion=None, **more):
    facts = {"progress": "Some.", "status": Status.IN_PROGRESS} | more
    return progress.submit(
        action=action, agency=agency, by=EXAMPLE, on=on, report=Report(**facts), completion=completion
    )


def first(plan):
    return plan.recommendations[0].actions[0]


def test_each_lead_has_its_own_words_and_status_as_at_the_day(review, police, health):
    action = review.actions.first()
    report(action, police, day(-100), progress="A draft.")
    report(action, police, day(-30), progress="A second draft.", next_steps="Sign it.")
    report(action, health, day(-20), progress="Read it.")

    then, now = first(plan_as_at(review, day(-50))), first(plan_as_at(review, TODAY))

    assert [(lead.name, lead.status, lead.progress) for lead in then.leads] == [
        ("Borough Police", Status.IN_PROGRESS, "A draft."),
        ("Riverside Health Trust", Status.NOT_STARTED, ""),
    ]
    assert then.status == Status.NOT_STARTED
    assert [(lead.progress, lead.next_steps) for lead in now.leads] == [
        ("A second draft.", "Sign it."),
        ("Read it.", ""),
    ]
    assert now.status == Status.IN_PROGRESS


def test_carried_over_is_complete_and_counted_apart(review):
    plan = plan_as_at(review, TODAY)

    assert plan.recommendations[1].actions[0].is_carried_over
    assert (plan.counts.total, plan.counts.carried_over) == (2, 1)
    assert plan.counts.by_status == {Status.NOT_STARTED: 1, Status.COMPLETE: 1}


def test_a_claim_signed_off_is_complete_and_says_what_changed(review, police, health):
    action = review.actions.first()
    for agency in (police, health):
        progress.submit(
            action=action, agency=agency, by=EXAMPLE, on=day(-9), report=Report("Done."),
            completion=Completion(day(-11), "Staff ring each other."),
        )  # fmt: skip
    sign_off.sign_off(action=action, by=EXAMPLE, on=day(-2), decided_at="Meeting")

    before, after = first(plan_as_at(review, day(-3))), first(plan_as_at(review, TODAY))

    assert (before.status, before.timing.lateness) == (Status.AWAITING, Lateness.ON_TIME)
    assert (after.status, after.is_carried_over) == (Status.COMPLETE, False)
    assert after.leads[0].completed_on == day(-11)
    assert after.leads[0].what_changed == "Staff ring each other."
    assert [one.decision for one in after.decisions] == [Decision.SIGNED_OFF]


def test_the_wording_is_that_of_the_day(review):
    recommendation = review.recommendations.first()
    plans.reword(recommendation=recommendation, text="Share it at once.", by=EXAMPLE, on=day(-5), reason="Clearer")

    assert plan_as_at(review, day(-6)).recommendations[0].text == "Share what is known."
    assert plan_as_at(review, TODAY).recommendations[0].text == "Share it at once."


def test_the_target_date_is_that_of_the_day_beside_the_original(review):
    action = review.actions.first()
    plans.change_target_date(action=action, date=day(90), by=EXAMPLE, on=day(-7), reason="New system")

    before, after = first(plan_as_at(review, day(-8))).target, first(plan_as_at(review, TODAY)).target

    assert (before.date, before.original, before.was_changed) == (day(10), day(10), False)
    assert (after.date, after.original, after.was_changed, after.changes) == (day(90), day(10), True, 1)


def test_a_milestone_is_achieved_only_from_its_day(review):
    assert first(plan_as_at(review, day(-41))).milestones[0].achieved_on is None
    assert first(plan_as_at(review, TODAY)).milestones[0].achieved_on == day(-40)


def test_a_milestone_recorded_as_achieved_later_changes_no_paper_made_before(review, time_machine):
    row = milestones.add(action=review.actions.first(), text="Signed", by=EXAMPLE, on=day(-30))
    closed = timezone.now()
    time_machine.shift(dt.timedelta(hours=1))
    milestones.achieve(milestone=row, by=EXAMPLE, on=day(-3))

    then, now = plan_as_at(review, TODAY, known_at=closed), plan_as_at(review, TODAY)

    assert [step.achieved_on for step in first(then).milestones] == [day(-40), None]
    assert [step.achieved_on for step in first(now).milestones] == [day(-40), day(-3)]
    assert [(later.what, later.on) for later in then.recorded_later] == [("Milestone achieved", day(-3))]
    assert now.recorded_later == []
    assert plan_as_at(review, day(-4), known_at=closed).recorded_later == [], "it speaks for a later day"


def test_milestones_achieved_before_that_moment_was_kept_are_of_the_audits_entry_or_of_the_step(review, time_machine):
    came_with_the_plan = review.actions.first().milestones.get()
    row = milestones.add(action=review.actions.first(), text="Signed", by=EXAMPLE, on=day(-30))
    time_machine.shift(dt.timedelta(hours=1))
    milestones.achieve(milestone=row, by=EXAMPLE, on=day(-3))
    said = AuditEntry.objects.get(event="milestone.achieved").at
    Milestone.objects.filter(pk=row.pk).update(achieved_recorded_at=said - dt.timedelta(days=9))
    Milestone.objects.exclude(pk=row.pk).filter(achieved_on__isnull=False).update(achieved_recorded_at=said)

    import_module("reviews.migrations.0020_when_a_milestone_was_achieved").give_the_moment(apps, None)

    row.refresh_from_db()
    assert row.achieved_recorded_at == said
    moments = Milestone.objects.filter(pk=came_with_the_plan.pk).values_list("achieved_recorded_at", flat=True)
    assert list(moments) == [came_with_the_plan.recorded_at]


def test_a_day_before_the_plan_has_nothing(review):
    plan = plan_as_at(review, AGREED - dt.timedelta(days=1))

    assert plan.recommendations == ()
    assert [what for what, _ in plan.dates] == ["Overview report completed"]


def test_dates_of_the_review_after_the_day_are_left_out(review):
    assert [on for _, on in plan_as_at(review, day(-20)).dates] == [day(-300), AGREED]
    assert [on for _, on in plan_as_at(review, TODAY).dates] == [day(-300), AGREED, day(-10)]


def test_papers_use_the_published_name(review, health):
    reviewing.publish_as(review=review, agency=health, name="Health Trust A", by=EXAMPLE)

    assert [lead.name for lead in first(plan_as_at(review, TODAY)).leads] == ["Borough Police", "Health Trust A"]


def test_a_succession_is_a_footnote_from_its_day(review, police, partnership):
    for name, on in (("Force of Two Boroughs", day(-60)), ("London Police", day(-30))):
        successor = an_agency(partnership, name=name)
        succession.record(predecessor=police, successor=successor, by=EXAMPLE, on=on)
        police = successor

    assert plan_as_at(review, day(-61)).footnotes == ()
    assert [note.now_called for note in plan_as_at(review, day(-31)).footnotes] == ["Force of Two Boroughs"]
    assert [note.now_called for note in plan_as_at(review, TODAY).footnotes] == ["London Police"]


def test_a_renamed_agency_keeps_its_name_in_the_plan_with_a_footnote_from_its_day(review, police, time_machine):
    before = timezone.now()
    time_machine.shift(dt.timedelta(hours=1))
    for name, on in (("City Police", day(-60)), ("Two Boroughs Police", day(-30))):
        police = succession.rename(agency=police, name=name, by=EXAMPLE, on=on)
    police = succession.rename(agency=police, name="Two Boroughs’ Police", by=EXAMPLE)

    def shown(on, known_at=None):
        plan = plan_as_at(review, on, known_at)
        return first(plan).leads[0].name, [(note.name, note.now_called) for note in plan.footnotes]

    assert shown(day(-61)) == ("Borough Police", [])
    assert shown(day(-60)) == ("Borough Police", [("Borough Police", "City Police")])
    assert shown(TODAY) == ("Borough Police", [("Borough Police", "Two Boroughs’ Police")])
    assert shown(TODAY, before) == ("Borough Police", [])
    late = RecommendationLine("Meet.", reference="9", actions=(ActionLine("Meet.", leads=(LeadLine(police),)),))
    other = a_review(review.partnership)
    plans.add_many(review=other, by=EXAMPLE, on=day(-10), lines=[late])
    plan = plan_as_at(other, TODAY)
    assert (first(plan).leads[0].name, plan.footnotes) == ("Two Boroughs’ Police", ())
    reviewing.publish_as(review=review, agency=police, name="Police force A", by=EXAMPLE)
    assert shown(TODAY) == ("Police force A", [])


def test_who_was_renamed_and_then_succeeded_is_now_the_successor(review, police, partnership):
    succession.rename(agency=police, name="City Police", by=EXAMPLE, on=day(-60))
    successor = an_agency(partnership, name="London Police")
    succession.record(predecessor=police, successor=successor, by=EXAMPLE, on=day(-30))
    succession.rename(agency=successor, name="Greater London Police", by=EXAMPLE, on=day(-5))

    noted = [(note.name, note.now_called) for note in plan_as_at(review, day(-10)).footnotes]
    assert noted == [("Borough Police", "London Police")]
    assert plan_as_at(review, TODAY).footnotes[0].now_called == "Greater London Police"


def test_no_footnote_tells_who_an_anonymised_agency_is(review, police, partnership):
    successor = an_agency(partnership, name="Force of Two Boroughs")
    succession.record(predecessor=police, successor=successor, by=EXAMPLE, on=day(-60))
    reviewing.publish_as(review=review, agency=police, name="Police force A", by=EXAMPLE)

    assert plan_as_at(review, TODAY).footnotes == ()


def test_actions_that_moved_to_the_successor_carry_no_footnote(review, police, partnership):
    successor = an_agency(partnership, name="London Police")
    succession.record(predecessor=police, successor=successor, by=EXAMPLE, on=day(-30))
    succeeding.move_open_actions(predecessor=police, successor=successor, by=EXAMPLE, on=day(-30))

    assert first(plan_as_at(review, day(-31))).leads[0].name == "Borough Police"
    assert first(plan_as_at(review, TODAY)).leads[0].name == "London Police"
    assert plan_as_at(review, TODAY).footnotes == ()


def test_who_took_over_prints_what_was_said_before_until_it_reports_itself(review, police, health, partnership):
    action, new = review.actions.first(), an_agency(partnership, name="Capital Police")
    report(action, health, day(-22), progress="Health words.")
    report(action, police, day(-20), progress="The guide is half written.", next_steps="Print it.")
    done = Completion(completed_on=day(-21), what_changed="It is used.", no_evidence_reason="Seen on site.")
    report(action, health, day(-12), progress="Health is done.", status=Status.AWAITING, completion=done)
    other = an_agency(partnership, name="Lakeside Health Trust")
    for predecessor, successor in ((police, new), (health, other)):
        succeeding.succeed(predecessor=predecessor, successor=successor, by=EXAMPLE, on=day(-8))

    def leads(on):
        return [(lead.name, lead.progress, lead.is_carried) for lead in first(plan_as_at(review, on)).leads]

    assert leads(day(-9)) == [
        ("Borough Police", "The guide is half written.", False),
        ("Riverside Health Trust", "Health is done.", False),
    ]
    assert leads(TODAY) == [
        ("Capital Police", "The guide is half written.", True),
        ("Lakeside Health Trust", "Health is done.", True),
    ]
    claimed = first(plan_as_at(review, TODAY)).leads[1]
    assert (claimed.status, claimed.completed_on, claimed.what_changed) == (Status.AWAITING, day(-21), "It is used.")
    assert claimed.updated_on == day(-12)
    assert action.assignments.current().get(agency=other).claimed_on == day(-21), "so it is not late as of today"
    report(action, new, day(-2), progress="It is printed.")
    assert leads(TODAY)[0] == ("Capital Police", "It is printed.", False)


def test_what_was_said_by_who_still_answers_stays_its_own(review, police, health, partnership):
    action = review.actions.first()
    report(action, police, day(-20), progress="Police words.")
    succession.record(predecessor=police, successor=health, by=EXAMPLE, on=day(-8), closes=False)
    assert [lead.progress for lead in first(plan_as_at(review, TODAY)).leads] == ["Police words.", ""]


def test_what_was_voided_vanishes(review, police):
    action = review.actions.first()
    report(action, police, day(-40), progress="True.")
    wrong = report(action, police, day(-30), progress="Of another action.")
    progress.void(update=wrong, by=EXAMPLE, reason="Wrong action")

    assert first(plan_as_at(review, TODAY)).leads[0].progress == "True."


def test_a_row_recorded_after_the_paper_shows_as_recorded_later(review, police, time_machine):
    action = review.actions.first()
    report(action, police, day(-40), progress="Known.")
    closed = timezone.now()
    time_machine.shift(dt.timedelta(days=3))
    report(action, police, day(-30), progress="Back-dated.")

    paper, fresh = first(plan_as_at(review, TODAY, closed)), first(plan_as_at(review, TODAY))

    assert paper.leads[0].progress == "Known."
    assert [(row.what, row.on, row.taken_back) for row in paper.recorded_later] == [
        ("Update by Borough Police", day(-30), False)
    ]
    assert fresh.leads[0].progress == "Back-dated."
    assert fresh.recorded_later == ()


def test_a_paper_keeps_what_was_taken_back_after_it(review, police, time_machine):
    update = report(review.actions.first(), police, day(-40), progress="Printed.")
    closed = timezone.now()
    time_machine.shift(dt.timedelta(days=3))
    progress.void(update=update, by=EXAMPLE, reason="Wrong")

    paper = plan_as_at(review, TODAY, closed)

    assert first(paper).leads[0].progress == "Printed."
    assert [row.taken_back for row in paper.recorded_later] == [True]


def test_a_part_that_ended_after_the_paper_stands_in_it(review, police, time_machine):
    closed = timezone.now()
    time_machine.shift(dt.timedelta(days=3))
    plans.end_assignment(assignment=review.actions.first().assignments.get(agency=police), by=EXAMPLE, on=day(-1))

    paper = first(plan_as_at(review, TODAY, closed))

    assert [lead.name for lead in paper.leads] == ["Borough Police", "Riverside Health Trust"]
    assert [row.what for row in paper.recorded_later] == ["End of the part of Borough Police"]
    assert [lead.name for lead in first(plan_as_at(review, TODAY)).leads] == ["Riverside Health Trust"]


def test_a_recommendation_added_after_the_paper_is_named_and_not_in_it(review, police, time_machine):
    closed = timezone.now()
    time_machine.shift(dt.timedelta(days=3))
    line = RecommendationLine("Late.", actions=(ActionLine(leads=(LeadLine(police),)),))
    plans.add(review=review, line=line, by=EXAMPLE, on=day(-1))

    paper = plan_as_at(review, TODAY, closed)

    assert len(paper.recommendations) == 2
    assert [row.what for row in paper.recorded_later] == ["A recommendation was added"]
    assert len(plan_as_at(review, TODAY).recommendations) == 3


def test_a_report_recorded_for_an_agency_says_who_gave_it(review, police):
    clerk = a_person(name="Ruth Okello", is_superuser=True)
    progress.submit(
        action=review.actions.first(), agency=police, by=clerk, on=day(-3), given_by="Inspector by telephone",
        report=Report("Told us.", status=Status.IN_PROGRESS),
    )  # fmt: skip

    lead = first(plan_as_at(review, TODAY)).leads[0]

    assert (lead.source, lead.given_by) == (ProgressUpdate.Source.RECORDED_FOR, "Inspector by telephone")
    assert lead.recorded_by == "Ruth Okello"


@pytest.mark.parametrize("actions", [5, 300])
@pytest.mark.parametrize("known", [None, dt.datetime(2026, 3, 2, 13, tzinfo=dt.UTC)])
def test_the_number_of_queries_does_not_grow(actions, known, partnership, police, django_assert_num_queries):
    review = a_review(partnership)
    report_line = ReportLine(progress="Some.", next_steps="More.")
    line = RecommendationLine(
        "R",
        themes=("T",),
        actions=(ActionLine("A", leads=(LeadLine(police),), target_date=day(3), report=report_line),),
    )
    plans.add_many(review=review, lines=[line] * actions, by=EXAMPLE, on=AGREED)
    review = Review.objects.select_related("partnership").get(pk=review.pk)

    with django_assert_num_queries(13):
        plan = plan_as_at(review, TODAY, known)

    assert len(plan.actions) == actions
