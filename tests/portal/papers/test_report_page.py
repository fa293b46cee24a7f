"""The report as a page and as downloads: who may, for which day, and what goes with the file."""

import datetime as dt
import io
import zipfile

import pytest

from agencies import audit
from agencies.actors import EXAMPLE
from portal.papers.formats import FORMATS
from portal.papers.layouts import LAYOUTS
from reviews import succeeding
from reviews.models import ProgressUpdate
from tests.factories import an_update
from tests.portal.conftest import SignedIn
from tests.portal.many import many_actions
from tests.portal.test_actions import said
from tests.world import MARKER, World, days

pytestmark = pytest.mark.either


@pytest.fixture
def report(world: World) -> str:
    """The address of the report on the published review."""
    return f"/reviews/{world.here.plans.published.pk}/report"


def test_words_of_the_agency_before_stand_until_the_next_reports(
    world: World, signed_in: SignedIn, report: str
) -> None:
    agencies = world.here.agencies
    succeeding.succeed(predecessor=agencies.police, successor=agencies.council, by=EXAMPLE, on=days(-1))
    page = said(signed_in(world.here.people.chair), f"{report}/")
    assert "The guide is half written." in page
    assert "by the agency from which it took over" in page


def test_overseers_read_the_report_in_its_four_columns(world: World, signed_in: SignedIn, report: str) -> None:
    page = said(signed_in(world.here.people.member_of_group), f"{report}/")

    headings = ["Organisation and recommendation", "Progress against recommendations", "Next Steps", "Status"]
    places = [page.index(f">{words}<") if f">{words}<" in page else page.index(words) for words in headings]
    assert places == sorted(places)
    assert "as at 2 March 2026" in page
    assert "The guide is half written." in page
    assert "Key to the statuses" in page
    assert MARKER not in page


@pytest.mark.parametrize("extension", FORMATS)
def test_nothing_of_the_twin_is_in_any_file(world: World, signed_in: SignedIn, report: str, extension: str) -> None:
    answer = signed_in(world.here.people.chair).get(f"{report}.{extension}")

    assert answer.status_code == 200
    assert MARKER.encode() not in answer.content


def test_a_restricted_report_opens_to_those_who_read_the_whole_plan(world: World, signed_in: SignedIn) -> None:
    people = world.here.people
    for address in (f"/reviews/{world.here.plans.restricted.pk}/report{end}" for end in ("/", ".docx", ".csv")):
        for user in (people.coordinator, people.chair, people.panel_reader):
            assert signed_in(user).get(address).status_code == 200
        for user in (people.named, people.lead, people.partnership_observer, world.there.people.chair, world.stranger):
            assert signed_in(user).get(address).status_code == 404


def words_of_docx(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()


def test_people_are_named_in_the_report_to_those_only_who_read_them_on_the_action(
    world: World, signed_in: SignedIn
) -> None:
    people, action = world.here.people, world.here.plans.restricted_of_police
    facts = {"given_by": "Ursula Brand, by telephone", "source": ProgressUpdate.Source.RECORDED_FOR}
    an_update(action, world.here.agencies.police, people.coordinator, on=days(-1), **facts)
    report = f"/reviews/{world.here.plans.restricted.pk}/report"

    for user, named in ((people.coordinator, True), (people.chair, True), (people.panel_reader, False)):
        client = signed_in(user)
        pages = [client.get(address).content.decode() for address in (f"/actions/{action.pk}/", f"{report}/")]
        pages.append(words_of_docx(client.get(f"{report}.docx").content))
        for page in pages:
            assert ("Ursula Brand" in page) is named, (user, page)
            assert ("Morgan Ellery" in page) is named or user == people.coordinator, (user, page)
            assert "1 March 2026" in page


def test_another_day_is_chosen_by_its_parts_or_in_one(world: World, signed_in: SignedIn, report: str) -> None:
    client = signed_in(world.here.people.chair)
    for query in ("as_at_day=20&as_at_month=1&as_at_year=2026", "as_at=2026-01-20"):
        answer = client.get(f"{report}/?{query}")
        page = answer.content.decode()
        assert "as at 20 January 2026" in page
        assert "The guide is half written." not in page
        assert answer.context["form"].cleaned_data["as_at"] == dt.date(2026, 1, 20)
        links = [href for _, links in answer.context["downloads"] for _, href in links]
        assert len(links) == 2 * len(FORMATS)
        assert all("?as_at=2026-01-20&layout=" in href for href in links)


@pytest.mark.parametrize(
    ("query", "why"),
    [("as_at=2026-03-03", "Choose a day up to today, 2 March 2026"), ("as_at=nonsense", "The date must include a day")],
)
def test_a_day_that_cannot_be_is_refused(world: World, signed_in: SignedIn, report: str, query: str, why: str) -> None:
    client = signed_in(world.here.people.chair)

    page = client.get(f"{report}/?{query}").content.decode()

    assert why in page
    assert "as at 2 March 2026" in page
    assert client.get(f"{report}.docx?{query}").status_code == 400


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("extension", FORMATS)
def test_a_download_is_a_file_and_is_kept_nowhere(
    world: World, signed_in: SignedIn, report: str, extension: str, layout: str
) -> None:
    answer = signed_in(world.here.people.chair).get(f"{report}.{extension}?as_at=2026-01-20&layout={layout}")

    name = f"{world.here.plans.published.reference}-{layout}-2026-01-20.{extension}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Content-Type"] == FORMATS[extension].content_type


def test_taking_a_plan_away_is_told_from_looking_at_it(world: World, signed_in: SignedIn, report: str) -> None:
    chair, review = world.here.people.chair, world.here.plans.published
    client = signed_in(chair)
    for page in (f"{report}/", f"{report}.csv?as_at=2099-01-01", f"{report}.pptx"):
        client.get(page)
    taken = audit.about(review).filter(event="review.exported")
    assert not taken.exists(), "nothing was taken away yet"
    for _ in range(2):
        assert client.get(f"{report}.csv?layout=statutory&as_at=2026-02-10").status_code == 200
    told = {(entry.actor, entry.partnership_id, tuple(sorted(entry.detail.items()))) for entry in taken}
    what = (("as_at", "2026-02-10"), ("format", "csv"), ("layout", "statutory"))
    assert told == {(f"user:{chair.pk}", world.here.partnership.pk, what)}
    assert taken.count() == 2, "each time"


@pytest.mark.parametrize("file", ["pdf", "exe", "csv?layout=another"])
def test_a_format_that_is_not_offered_is_not_there(world: World, signed_in: SignedIn, report: str, file: str) -> None:
    assert signed_in(world.here.people.chair).get(f"{report}.{file}").status_code == 404


@pytest.mark.parametrize("rows", [5, 300])
def test_the_page_asks_no_more_of_a_long_plan(
    world: World, signed_in: SignedIn, report: str, rows: int, django_assert_max_num_queries
) -> None:
    many_actions(world.here.plans.recommendation, [world.here.agencies.police, world.here.agencies.health], rows)
    client = signed_in(world.here.people.member_of_group)
    client.get(f"{report}/")  # the day's first visit is written down, by one statement more

    with django_assert_max_num_queries(18):
        assert client.get(f"{report}/").status_code == 200
