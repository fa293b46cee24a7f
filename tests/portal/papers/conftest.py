"""A plan with something of everything that a paper has to print."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies import succession
from agencies.actors import EXAMPLE
from agencies.models import Agency, Partnership
from reviews import plans, progress, reviewing, sign_off
from reviews.as_at import plan_as_at
from reviews.as_at_model import PlanAsAt
from reviews.models import Action, Part, Review
from reviews.plan_lines import ActionLine, LeadLine, MilestoneLine, RecommendationLine, ReportLine
from reviews.progress import Completion, Report
from reviews.statuses import Status
from tests.factories import TODAY, a_partnership, a_review, an_agency
from tests.world import days

NASTY = '=HYPERLINK("http://evil.example","Press")'
AGREED = TODAY - dt.timedelta(days=200)


@pytest.fixture
def partnership(db) -> Partnership:
    return a_partnership(name="Borough Partnership", code="borough", group_name="Oversight Group")


@pytest.fixture
def bodies(partnership) -> dict[str, Agency]:
    names = {"police": "Borough Police", "health": "Riverside Trust", "forum": "Old Forum", "school": "Hillside School"}
    return {key: an_agency(partnership, name=name) for key, name in names.items()}


def leads(*agencies: Agency, status: Status = Status.NOT_STARTED) -> tuple[LeadLine, ...]:
    part = Part.LEAD if len(agencies) == 1 else Part.JOINT
    return tuple(LeadLine(agency, part, status) for agency in agencies)


def the_lines(bodies: dict[str, Agency]) -> list[RecommendationLine]:
    police, health, forum, school = (bodies[key] for key in ("police", "health", "forum", "school"))
    return [
        RecommendationLine(
            "Train everybody.", reference="1", scope="local", themes=("Training",),
            actions=(
                ActionLine("Brief the teams.", reference="1.1", leads=leads(police), target_date=days(-12),
                           milestones=(MilestoneLine("Draft", due_on=days(-50), achieved_on=days(-40)),)),
                ActionLine("Brief the wards.", reference="1.2", leads=leads(health), target_as_written="When we can"),
                ActionLine("Print a card.", reference="1.3", leads=leads(police), target_date=days(9)),
            ),
        ),
        RecommendationLine("Share what is known.", actions=(ActionLine(leads=leads(police, health)),)),
        RecommendationLine(
            "Answer callers.",
            actions=(ActionLine(leads=leads(forum, status=Status.COMPLETE), report=ReportLine(progress="Answered.")),),
        ),
        RecommendationLine(
            "Teach respect.",
            actions=(ActionLine(leads=leads(school, status=Status.COMPLETE), report=ReportLine(next_steps="N/A")),),
        ),
        RecommendationLine("Check lessons.", actions=(ActionLine(leads=leads(school, status=Status.NOT_RECORDED)),)),
    ]  # fmt: skip


@pytest.fixture
def review(partnership, bodies) -> Review:
    """Its actions: 1.1 late, 1.2 without a date, 1.3 not pursued; then a joint one, two carried over, one unknown."""
    review = a_review(
        partnership, reference="DHR/1", title="Review (Adult A)", chair="Chris Chair", introduction="First.\n\nSecond.",
        report_on=days(-300), published_on=days(-100), is_restricted=False,
    )  # fmt: skip
    plans.add_many(review=review, lines=the_lines(bodies), by=EXAMPLE, on=AGREED)
    reviewing.publish_as(review=review, agency=bodies["school"], name="School", by=EXAMPLE)
    successor = an_agency(partnership, name="Advisory Group")
    succession.record(predecessor=bodies["forum"], successor=successor, by=EXAMPLE, on=days(-90))
    late, _, card, joint, *_ = review.actions.all()
    plans.change_target_date(action=late, date=days(-5), by=EXAMPLE, on=days(-30), reason="Ill")
    said = Report(NASTY, "+1 more team", Status.IN_PROGRESS, obstacles="@home", help_wanted="=Help()")
    report(late, bodies["police"], days(-20), said)
    sign_off.not_pursue(action=card, by=EXAMPLE, on=days(-3), reason="Phones do it.", decided_at="Meeting")
    report(joint, bodies["police"], days(-9), Report("Police words.", "Police next.", Status.IN_PROGRESS))
    report(joint, bodies["health"], days(-8), Report("Health words.", "", Status.IN_PROGRESS))
    return review


def report(action: Action, agency: Agency, on: dt.date, words: Report, **more: object) -> None:
    progress.submit(action=action, agency=agency, by=EXAMPLE, on=on, report=words, **more)


def claim(action: Action, agency: Agency, on: dt.date) -> None:
    report(action, agency, on, Report("All done."), completion=Completion(on, "Calls halved."))


@pytest.fixture
def plan(review) -> PlanAsAt:
    """The plan on the day of the tests."""
    return plan_as_at(review, TODAY)
