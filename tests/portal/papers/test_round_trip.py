"""What goes out of the portal as a table comes in again as the same plan."""

import pytest

from agencies.actors import EXAMPLE
from portal.papers.formats import export
from reviews import plans
from reviews.as_at import plan_as_at
from reviews.importing import staging
from reviews.models import Review
from reviews.plan_lines import ActionLine, RecommendationLine, ReportLine
from reviews.statuses import Status
from tests.factories import TODAY, a_review
from tests.portal.papers.conftest import leads
from tests.world import days

#: Every table that goes out: its layout and the ending of its file.
TABLES = [(layout, extension) for layout in ("update-report", "statutory") for extension in ("xlsx", "csv")]
#: The four columns in Word print an action and its recommendation in one cell, which cannot be told apart again.
TABLES.append(("statutory", "docx"))

pytestmark = pytest.mark.parametrize(("layout", "extension"), TABLES)


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
