"""What a plan that is brought in says of outcome and evidence: facts of their own, in the paper where they belong."""

import datetime as dt

import pytest

from agencies.actors import EXAMPLE
from agencies.models import Partnership
from portal.papers.formats import export
from portal.papers.layouts import statutory, update_report
from portal.papers.sheet import plan_sheet
from reviews import plans, progress
from reviews.as_at import plan_as_at
from reviews.as_at_model import ActionAsAt
from reviews.importing import staging
from reviews.inspection.walls import walls
from reviews.models import Evidence, Part, ProgressUpdate, Review
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine, ReportLine
from reviews.progress import Report
from reviews.projection import project
from reviews.statuses import Status
from tests.factories import TODAY, a_partnership, a_review, an_agency
from tests.reviews.importing.plans import a_plan
from tests.world import days

SAID = ReportLine("Two teams were trained.", outcome="Referrals doubled.", evidence="Register,\nminutes of May")
LONG = "Minutes. " * 200


@pytest.fixture
def partnership(db) -> Partnership:
    return a_partnership()


def a_review_with(partnership: Partnership, status: Status = Status.IN_PROGRESS, report: ReportLine = SAID) -> Review:
    review = a_review(partnership)
    leads = tuple(
        LeadLine(an_agency(partnership, name=name), Part.JOINT, status) for name in ("Borough Police", "River Trust")
    )
    line = RecommendationLine("Train.", actions=(ActionLine(leads=leads, report=report),))
    plans.add(review=review, line=line, by=EXAMPLE, on=days(-60))
    return review


def the_action(review: Review, on: dt.date = TODAY) -> ActionAsAt:
    return plan_as_at(review, on).actions[0]


def test_outcome_and_evidence_are_kept_beside_the_progress_for_each_lead(partnership):
    review = a_review_with(partnership, report=ReportLine("Done so.", outcome="It helped.", evidence=LONG))

    updates = ProgressUpdate.objects.filter(action__review=review)
    assert [(one.progress, one.outcome) for one in updates] == [("Done so.", "It helped.")] * 2
    pieces = Evidence.objects.order_by("pk")
    assert [(one.kind, one.where_held, one.update, one.on) for one in pieces] == [
        (Evidence.Kind.HELD, LONG, update, days(-60)) for update in updates
    ]
    assert {one.agency for one in pieces} == {one.agency for one in updates}
    assert not list(walls())
    assert project(list(review.actions.all())) == 0


def test_a_claim_says_what_changed_and_the_update_does_not_say_it_again(partnership):
    review = a_review_with(partnership, Status.AWAITING)

    update = ProgressUpdate.objects.filter(action__review=review).first()
    assert (update.claim.what_changed, update.outcome) == ("Referrals doubled.", "")
    assert [lead.what_changed for lead in the_action(review).leads] == ["Referrals doubled."] * 2


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.COMPLETE, Status.AWAITING])
def test_each_layout_says_the_outcome_once(partnership, status):
    plan = plan_as_at(a_review_with(partnership, status), TODAY)

    for paper in (update_report(plan), statutory(plan)):
        row = paper.groups[0].rows[0]
        assert sum("Referrals doubled." in one.words for cell in row for one in cell) == 1
    assert statutory(plan).groups[0].rows[0][-1][-1].words == "Referrals doubled."


def test_evidence_stands_in_the_data_and_in_no_printed_layout(partnership):
    plan = plan_as_at(a_review_with(partnership), TODAY)

    sheet = plan_sheet(plan, update_report(plan))
    assert sheet.rows[0][sheet.headings.index("Evidence")] == "Register,\nminutes of May"
    for layout in ("update-report", "statutory"):
        assert b"minutes of May" not in export(plan, "html", layout).data


def test_what_the_agency_reports_later_takes_the_place_of_what_the_plan_said(partnership):
    review = a_review_with(partnership)
    action = review.actions.get()
    agency = action.assignments.first().agency
    progress.submit(
        action=action, agency=agency, by=EXAMPLE, on=days(-1), report=Report("Three.", "", Status.IN_PROGRESS)
    )

    assert [lead.what_changed for lead in the_action(review).leads] == ["", "Referrals doubled."]
    assert [lead.evidence for lead in the_action(review, days(-2)).leads] == ["Register,\nminutes of May"] * 2


def test_a_file_with_outcome_and_evidence_comes_in_with_each_in_its_place(partnership):
    headings = ("Recommendation", "Lead agency", "Progress", "Evidence", "Date of completion and outcome", "Status")
    data = a_plan(
        ("Listen.", "Borough Police", "Held.", "Minutes", "3 May 2025 Calls fell.", "Complete"),
        ("Learn.", "Borough Police", "Begun.", "", "3 May 2025 A first class.", "In progress"),
        headings=headings,
    )
    an_agency(partnership, name="Borough Police")
    staged = staging.stage(partnership=partnership, name="plan.xlsx", data=data, by=EXAMPLE)
    staging.settle(plan_import=staged, by=EXAMPLE, title="Again", reference="AGAIN", speaks_for=days(-60))
    review = staging.confirm(plan_import=staged, by=EXAMPLE, on=TODAY)

    done, begun = (one.leads[0] for one in plan_as_at(review, TODAY).actions)
    assert (done.progress, done.what_changed, done.evidence) == ("Held.", "Calls fell.", "Minutes")
    assert (begun.progress, begun.what_changed, begun.evidence) == ("Begun.", "3 May 2025 A first class.", "")
