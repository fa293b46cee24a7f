"""What stands in which cell."""

import datetime as dt
import json
from pathlib import Path

import pytest

from agencies.actors import EXAMPLE
from portal.papers.layouts import statutory, update_report
from portal.papers.paper import Cell, Look, Paper
from reviews import plans, sign_off
from reviews.as_at import plan_as_at
from reviews.models import RecommendationWording
from reviews.plan_lines import ActionLine, RecommendationLine, ReportLine
from reviews.statuses import Status
from tests.factories import TODAY, a_review, an_agency
from tests.portal.papers.conftest import NASTY, claim, leads
from tests.world import days

pytestmark = pytest.mark.either

SAMPLE = Path(__file__).resolve().parents[4] / "shared" / "samples" / "haringey-adult-a-2016.xlsx.truth.json"


def words(cell: Cell) -> str:
    return "\n".join(paragraph.words for paragraph in cell)


def group(paper: Paper, name: str):
    return next(group for group in paper.groups if group.name == name)


def test_the_four_columns_are_the_founding_papers(plan):
    assert [heading.words for heading in update_report(plan).headings] == [
        "Organisation and recommendation",
        "Progress against recommendations",
        "Next Steps",
        "Status",
    ]
    assert sum(heading.share for heading in update_report(plan).headings) == 100


def test_rows_are_grouped_by_organisation_in_plan_order(plan):
    groups = update_report(plan).groups

    assert [(group.name, len(group.rows)) for group in groups] == [
        ("Borough Police", 2),
        ("Riverside Trust", 1),
        ("Borough Police and Riverside Trust", 1),
        ("Old Forum*", 1),
        ("School", 2),
    ]


def test_a_recommendation_is_printed_once_above_its_actions(plan):
    first, second = group(update_report(plan), "Borough Police").rows

    assert words(first[0]) == "Recommendation 1: Train everybody.\nAction 1.1: Brief the teams."
    assert words(second[0]) == "Action 1.3: Print a card."


def test_a_successor_is_a_footnote_and_an_anonymised_name_stays_one(plan):
    paper = update_report(plan)

    assert group(paper, "Old Forum*").footnotes == ("* now the Advisory Group",)
    assert "Hillside" not in repr(paper)


def test_joint_leads_each_have_their_words_under_their_name(plan):
    (row,) = group(update_report(plan), "Borough Police and Riverside Trust").rows

    assert [paragraph.words for paragraph in row[1]] == [
        "Borough Police", "Police words.", "Reported on 21 February 2026",
        "Riverside Trust", "Health words.", "Reported on 22 February 2026",
    ]  # fmt: skip
    assert [paragraph.words for paragraph in row[1] if paragraph.look is Look.STRONG] == [
        "Borough Police",
        "Riverside Trust",
    ]
    assert words(row[2]) == "Borough Police\nPolice next."
    assert words(row[3]) == "In progress"


def test_joint_leads_who_differ_each_have_their_status(review, bodies):
    claim(review.actions.all()[3], bodies["health"], days(-2))

    (row,) = group(update_report(plan_as_at(review, TODAY)), "Borough Police and Riverside Trust").rows

    assert words(row[3]) == "In progress\nBorough Police: In progress\nRiverside Trust: Complete, awaiting sign-off"


def test_lateness_stands_below_the_status_and_dates_below_next_steps(plan):
    row = group(update_report(plan), "Borough Police").rows[0]

    assert (
        words(row[1])
        == f"{NASTY}\nWhat stands in the way: @home\nHelp wanted from the group: =Help()\nReported on 10 February 2026"
    )
    assert words(row[2]) == "+1 more team\nTarget date: 25 February 2026 (originally 18 February 2026)"
    assert words(row[3]) == "In progress\nOverdue by 5 days"


def test_the_groups_answer_stands_with_the_progress(review, bodies, plan):
    assert words(group(update_report(plan), "Borough Police").rows[1][1]) == (
        "Not pursued on 27 February 2026: Phones do it."
    )

    late = review.actions.first()
    claim(late, bodies["police"], days(-4))
    sign_off.send_back(action=late, by=EXAMPLE, on=days(-1), reason="Two teams miss.", decided_at="Meeting")
    returned = group(update_report(plan_as_at(review, TODAY)), "Borough Police").rows[0]

    assert words(returned[1]).endswith("Returned to the agency on 1 March 2026: Two teams miss.")
    assert words(returned[3]) == "In progress\nOverdue by 5 days"


def test_a_sign_off_says_when_and_what_changed(review, bodies):
    late = review.actions.first()
    claim(late, bodies["police"], days(-4))
    sign_off.sign_off(action=late, by=EXAMPLE, on=days(-1), decided_at="Meeting")

    row = group(update_report(plan_as_at(review, TODAY)), "Borough Police").rows[0]

    assert words(row[1]).startswith("All done.\nWhat changed: Calls halved.")
    assert words(row[2]) == ""
    assert words(row[3]) == "Complete\nSigned off on 1 March 2026"


def test_cells_are_blank_where_nothing_was_said(plan):
    complete, unknown = group(update_report(plan), "School").rows

    assert [words(cell) for cell in complete[1:]] == ["", "N/A", "Complete"]
    assert [words(cell) for cell in unknown[1:]] == ["", "", "Not recorded"]


def test_the_introduction_gives_the_reviews_dates_and_counts(plan):
    assert update_report(plan).introduction == (
        "Overview report completed on 6 May 2025; published on 22 November 2025.",
        "Independent chair: Chris Chair.",
        "First.",
        "Second.",
        (
            "Of 7 actions: 1 not recorded; 1 not started; 2 in progress; 2 complete; 1 not pursued. 1 is overdue. "
            "All of those complete are complete as reported in the plan, not checked here. "
            "1 of the 2 complete is complete without a word of what was done."
        ),
    )
    assert update_report(plan).subtitle == "Action plan update report, as at 2 March 2026"


def test_the_key_explains_every_status_on_every_paper(plan):
    for paper in (update_report(plan), statutory(plan)):
        assert {status.label for status in Status} <= {name for name, _ in paper.key}
        assert "Overdue by …" in {name for name, _ in paper.key}


def test_a_day_before_the_plan_says_so(review):
    paper = update_report(plan_as_at(review, days(-250)))

    assert paper.groups == ()
    assert paper.introduction[-1] == "The plan has nothing for 25 June 2025. Choose a later date."


def test_a_recommendation_without_an_action_stands_under_its_addressee(review):
    line = RecommendationLine("Nobody's.", addressee="Home Office", actions=())
    plans.add(review=review, line=line, by=EXAMPLE, on=days(-1))

    (row,) = group(update_report(plan_as_at(review, TODAY)), "Home Office").rows

    assert [words(cell) for cell in row] == ["Nobody's.", "No action has been agreed yet.", "", ""]


def test_an_action_without_an_agency_stands_under_nobody_whoever_is_addressed(review):
    line = RecommendationLine("Nobody's.", addressee="Home Office", actions=(ActionLine("Write to all."),))
    plans.add(review=review, line=line, by=EXAMPLE, on=days(-1))
    plan = plan_as_at(review, TODAY)

    (row,) = group(update_report(plan), "Not yet assigned").rows

    assert "Write to all." in words(row[0])
    assert all(group.name != "Home Office" for group in update_report(plan).groups)


def test_what_was_recorded_after_a_paper_is_listed_in_it(review):
    closed = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)  # the rows of this plan were recorded on the day of the tests

    paper = update_report(plan_as_at(review, TODAY, closed))

    assert paper.groups == ()
    assert len(paper.recorded_later) == 5
    assert paper.recorded_later[0] == "A recommendation was added, of 14 August 2025: recorded 2 March 2026"


def test_the_day_of_recording_is_that_of_the_clocks_here(review):
    after_midnight = dt.datetime(2025, 8, 14, 23, 30, tzinfo=dt.UTC)  # the 15th, in British summer time
    RecommendationWording.objects.filter(recommendation__review=review).update(recorded_at=after_midnight)

    paper = update_report(plan_as_at(review, TODAY, dt.datetime(2025, 8, 1, tzinfo=dt.UTC)))

    assert paper.recorded_later[0].endswith("recorded 15 August 2025")


def test_the_statutory_plan_has_its_seven_columns(plan):
    paper = statutory(plan)
    rows = paper.groups[0].rows

    assert [heading.words for heading in paper.headings] == [
        "Recommendation",
        "Scope of recommendation (i.e. local or regional)",
        "Action to take",
        "Lead Agency",
        "Key milestones achieved in enacting recommendation",
        "Target Date",
        "Date of completion and outcome",
    ]
    assert sum(heading.share for heading in paper.headings) == 100
    assert [words(cell) for cell in rows[0]] == [
        "Recommendation 1: Train everybody.", "Local", "Action 1.1: Brief the teams.", "Borough Police",
        "Draft (due 11 January 2026; achieved 21 January 2026)",
        "25 February 2026 (originally 18 February 2026)\nOverdue by 5 days", "In progress",
    ]  # fmt: skip
    assert words(rows[1][0]) == ""
    assert words(rows[3][3]) == "Borough Police\nRiverside Trust"
    assert len(rows) == 7


def test_the_founding_paper_comes_out_as_it_went_in(partnership):
    """Organisations, their order, progress, next steps and statuses of the published report of February 2016."""
    if not SAMPLE.exists():
        pytest.skip(f"the founding paper is not here: {SAMPLE.name}")
    truth = json.loads(SAMPLE.read_text())["rows"]
    names = {name for row in truth for name in row["agencies"]}
    agencies = {name: an_agency(partnership, name=name) for name in names}
    review = a_review(partnership)
    lines = [
        RecommendationLine(
            row["recommendation"],
            actions=(
                ActionLine(
                    leads=leads(
                        *(agencies[name] for name in row["agencies"]), status=Status(row["status"] or "not_recorded")
                    ),
                    report=ReportLine(progress=row["progress"], next_steps=row["next_steps"]),
                ),
            ),
        )
        for row in truth
    ]
    plans.add_many(review=review, lines=lines, by=EXAMPLE, on=dt.date(2016, 2, 28))

    paper = update_report(plan_as_at(review, dt.date(2016, 2, 28)))

    printed = [(group.name, *map(words, row)) for group in paper.groups for row in group.rows]
    assert len(paper.groups) == 14
    assert printed == [
        (
            " and ".join(row["agencies"]),
            row["recommendation"],
            row["progress"],
            row["next_steps"],
            row["status_as_written"] or "Not recorded",
        )
        for row in truth
    ]
