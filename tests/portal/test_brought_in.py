"""What a plan that was brought in says of outcome and evidence, on the pages and to whom."""

from agencies.actors import EXAMPLE
from reviews import plans
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine, ReportLine
from tests.portal.conftest import SignedIn
from tests.portal.test_actions import said
from tests.world import World, days

SAID = ReportLine("Two teams were trained.", outcome="Referrals doubled.", evidence="Register,\nminutes of May")


def test_people_read_it_where_they_may(world: World, signed_in: SignedIn):
    police = world.here.agencies.police
    line = RecommendationLine("Train.", actions=(ActionLine(leads=(LeadLine(police),), report=SAID),))
    (action,) = plans.add(review=world.here.plans.published, line=line, by=EXAMPLE, on=days(-60))
    people, report = world.here.people, f"/reviews/{world.here.plans.published.pk}/report.csv"

    page = said(signed_in(people.lead), f"/actions/{action.pk}/")
    assert page.count("What changed. Referrals doubled.") == 2  # what it said last, and in the history
    assert "Held by the agency: Register," in page
    assert "minutes of May" in signed_in(people.chair).get(report).content.decode()
    assert "minutes of May" not in signed_in(people.panel_reader).get(report).content.decode()
