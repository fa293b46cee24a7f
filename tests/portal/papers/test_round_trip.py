"""What goes out of the portal as a table comes in again as the same plan."""

from dataclasses import replace

import pytest

from agencies.actors import EXAMPLE
from agencies.models import Agency
from portal.papers.formats import export
from portal.papers.layouts import LAYOUTS
from reviews import plans
from reviews.as_at import plan_as_at
from reviews.as_at_model import RecommendationAsAt
from reviews.importing import staging
from reviews.importing.running import read_file
from reviews.models import Part, Review
from reviews.plan_lines import ActionLine, LeadLine, MilestoneLine, RecommendationLine, ReportLine
from reviews.statuses import Status
from tests.factories import TODAY, a_review, an_agency
from tests.portal.papers.conftest import leads
from tests.world import days

#: Every table that goes out: its layout and the ending of its file.
TABLES = [(layout, extension) for layout in LAYOUTS for extension in ("docx", "xlsx", "ods", "csv")]

pytestmark = [pytest.mark.parametrize(("layout", "extension"), TABLES), pytest.mark.either]


def out_and_in(review: Review, layout: str, extension: str) -> list:
    """The actions of a plan that was taken out as a file and brought in again, in their order."""
    file = export(plan_as_at(review, TODAY), extension, layout)
    staged = staging.stage(partnership=review.partnership, name=file.name, data=file.data, by=EXAMPLE)
    staging.settle(plan_import=staged, by=EXAMPLE, title="Again", reference="AGAIN", speaks_for=TODAY)
    return plan_as_at(staging.confirm(plan_import=staged, by=EXAMPLE, on=TODAY), TODAY).recommendations


def a_plan(partnership, *actions: ActionLine) -> Review:
    review = a_review(partnership, title="Review (Adult A)")
    lines = [RecommendationLine(f"Do thing {n}.", actions=(one,)) for n, one in enumerate(actions)]
    plans.add_many(review=review, lines=lines, by=EXAMPLE, on=days(-60))
    return review


def test_each_status(partnership, bodies, layout, extension):
    review = a_plan(
        partnership,
        *(ActionLine(leads=leads(bodies["police"], status=one), report=ReportLine("Words.")) for one in Status),
    )

    again = out_and_in(review, layout, extension)
    awaiting = again[list(Status).index(Status.AWAITING)].actions[0]

    assert awaiting.claimed_on == days(-60)
    assert [one.actions[0].status for one in again] == list(Status)


def lines_of_everything(bodies: dict[str, Agency]) -> list[RecommendationLine]:
    """Dates as days and as words, steps, joint leads who stand apart, and words that a spreadsheet would run."""
    police, health, forum = (
        bodies["police"],
        bodies["health"],
        an_agency(bodies["police"].partnership, name="Arm and Leg"),
    )
    said = ReportLine("=1+1\n\n• two", "-1 next", "@home", outcome="+Calls fell.\nTwice.", evidence="\tMinutes")
    done = replace(said, completed_on=days(-90), progress="")
    apart = (
        LeadLine(health, Part.JOINT, Status.AWAITING, report=replace(done, progress="Wards done.", evidence="")),
        LeadLine(forum, Part.JOINT, Status.IN_PROGRESS, report=replace(said, outcome="")),
    )
    steps = (
        MilestoneLine("Draft (first)", days(9), "By the 11th", days(-70)),
        MilestoneLine("1. Ask\nand wait"),
        MilestoneLine("Sign", None, "Spring 2027"),
    )
    return [
        RecommendationLine(
            "2. Train all.\n- In the day\n- At night", "R1", scope="national", themes=("Sharing", "Training"),
            actions=(
                ActionLine("Recommendation 5: done.", "1a", leads(police, status=Status.ONGOING), days(-9), "9/3/26",
                           days(30), "April 2026", agency_response="Yes.",
                           report=replace(said, next_review_on=days(40))),
                ActionLine("@both", "1b", apart, None, "31 September 2026"),
            ),
        ),
        RecommendationLine("=Share", "", actions=(
            ActionLine("", "", leads(police, forum, status=Status.COMPLETE), days(-3), report=done, milestones=steps),
        )),
        RecommendationLine("Share more", "3", actions=(ActionLine("Do.", "", leads(police), days(5), "By then"),)),
    ]  # fmt: skip


def test_a_plan_of_everything(partnership, bodies, layout, extension):
    review = a_review(partnership, title="Review (Adult A)")
    plans.add_many(review=review, lines=lines_of_everything(bodies), by=EXAMPLE, on=days(-60))
    before = plan_as_at(review, TODAY)

    after = out_and_in(review, layout, extension)

    carried = CARRIED[layout, extension == "docx"]
    assert [told(one, carried) for one in after] == [told(one, carried) for one in before.recommendations]


#: What a table carries of an action beside its words, its leads and where they stand.
OF_LEADS = ("progress", "next_steps", "obstacles", "what_changed")
CARRIED: dict[tuple[str, bool], tuple[str, ...]] = {
    ("update-report", True): OF_LEADS,
    ("update-report", False): (*OF_LEADS, "evidence", "target", "milestones", "themes", "scope", "agency_response"),
    ("statutory", True): ("what_changed", "target", "milestones", "scope"),
    ("statutory", False): ("what_changed", "target", "milestones", "scope"),
}


def told(row: RecommendationAsAt, carried: tuple[str, ...]) -> list[object]:
    """A recommendation with what was carried of it and of its actions."""

    def some(value: object) -> list[object]:
        return [getattr(value, name) for name in carried if hasattr(value, name)]

    actions = [
        (
            one.reference, one.text, one.status, one.next_review_on, *some(one),
            *(one.target for _ in "d" if one.status not in (Status.COMPLETE, Status.NOT_PURSUED)),
            [(lead.name, lead.part, lead.status, lead.completed_on, *some(lead)) for lead in one.leads],
        )
        for one in row.actions
    ]  # fmt: skip
    return [row.reference, row.text, *some(row), actions]


def test_a_cell_that_a_spreadsheet_would_run_is_changed_by_nothing_else(partnership, bodies, layout, extension):
    words = ("=1", "+1", "-1", "@a", "\ta", "'a", "'=1", "＝1")
    actions = (ActionLine(text, leads=leads(bodies["police"]), report=ReportLine(text)) for text in words)
    review = a_plan(partnership, *actions)

    again = out_and_in(review, layout, extension)

    assert [one.actions[0].text for one in again] == list(words)
    assert [one.actions[0].leads[0].progress for one in again] == list(words)


def test_the_references_of_recommendations_and_of_their_actions(partnership, bodies, layout, extension):
    police = leads(bodies["police"])
    lines = [
        RecommendationLine(
            "Train.", "R1", actions=tuple(ActionLine(w, n, police) for w, n in (("A.", "1a"), ("B.", "1b")))
        ),
        RecommendationLine("Share.", "2", actions=(ActionLine("C.", "", police), ActionLine("D.", "2.2", police))),
        RecommendationLine("Listen.", "", actions=(ActionLine("E.", "7", police),)),
    ]
    review = a_review(partnership, title="Review (Adult A)")
    plans.add_many(review=review, lines=lines, by=EXAMPLE, on=days(-60))

    again = out_and_in(review, layout, extension)

    assert [(one.reference, [(action.reference, action.text) for action in one.actions]) for one in again] == [
        ("R1", [("1a", "A."), ("1b", "B.")]),
        ("2", [("", "C."), ("2.2", "D.")]),
        ("", [("7", "E.")]),
    ]


def test_nobody_is_an_agency_where_none_answers_yet(partnership, layout, extension):
    plan = plan_as_at(a_plan(partnership, ActionLine("Ask."), ActionLine("Tell.")), TODAY)
    file = export(plan, extension, layout)

    rows = read_file(file.data, file.name).rows

    assert [row["action"] for row in rows] == ["Ask.", "Tell."]
    assert [row["agencies"] for row in rows] == [[], []]
    assert all("unknown_agency" in [one["code"] for one in row["problems"]] for row in rows)
