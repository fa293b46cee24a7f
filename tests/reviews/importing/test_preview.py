"""The page of a staged plan: its date asked first, problems beside their cells, what settles them pressed in place."""

import datetime as dt
import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from reviews.importing import staging
from reviews.importing.staged import row_of, rows_of
from reviews.models import HeadingMeaning, PlanImport, Review
from tests.factories import TODAY
from tests.reviews.importing import plans
from tests.reviews.importing.test_page import about, page_of, row_page
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.either]

HEADINGS = ("Ref", "Recommendation", "Lead agency", "Target date", "Status", "How it goes")
ROWS = (
    ("1", "To listen. To learn.", "Borough Police", "31 September 2026", "", "A day was held."),
    ("2", "To share.", "All agencies", "March 2026", "Ongoing", "Shared."),
    ("3", "To keep records.", "Borough Police", "31/03/2026", "In progress", ""),
    ("4", "To ask.", "", "TBC", "Ongoing", ""),
    ("5", "To print.", "Quay Team", "April 2015 and June 2016", "Ongoing", ""),
)
SPOKEN_FOR = dt.date(2019, 3, 31)


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    """The browser of the coordinator."""
    client.force_login(world.here.people.coordinator)
    return client


@pytest.fixture
def undated(world: World) -> PlanImport:
    """A plan that was just read."""
    data = plans.a_workbook([("Adult Z: plan of 4 May 2019",), HEADINGS, *ROWS])
    by = world.here.people.coordinator
    return staging.stage(partnership=world.here.partnership, name="plan.xlsx", data=data, by=by)


@pytest.fixture
def plan(undated: PlanImport, world: World) -> PlanImport:
    """The plan, with its date said."""
    return staging.speak_for(plan_import=undated, day=SPOKEN_FOR, by=world.here.people.coordinator, on=TODAY)


@pytest.fixture
def press(coordinator: Client, plan: PlanImport):
    """Press a button of a row; see the plan as it stands then, and where the page goes."""

    def press(number: int, query: str = "", **sent: str) -> str:
        answer = coordinator.post(f"{row_page(plan, number)}{query}", sent)
        plan.refresh_from_db()
        assert answer.status_code == 302, answer.context["form"].errors
        return answer.headers["Location"]

    return press


def seen(client: Client, plan: PlanImport, query: str = "?show=all") -> str:
    return " ".join(html.unescape(client.get(f"{page_of(plan)}{query}").content.decode()).split())


def cell(page: str, number: int, label: str) -> str:
    """What stands in one cell of a row, without markup."""
    row = page.split(f'id="row-{number}"')[1]
    found = re.search(rf"<dt>{label}</dt> ?<dd>(.*?)</dd>", row.split("</section>")[0])
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_the_date_is_asked_before_anything_else_can_be_confirmed(coordinator, undated):
    page = seen(coordinator, undated)
    assert "What date does this document speak for?" in page
    assert "4 May 2019, which stands in the document" in page
    assert "Bring in the plan" not in page
    sent = about(undated, confirm="1")
    assert "Enter the date" in coordinator.post(page_of(undated), sent).content.decode()
    undated.refresh_from_db()
    assert undated.state == PlanImport.State.STAGED


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ({"found": "2019-05-04"}, dt.date(2019, 5, 4)),
        ({"found": "other", "day": "2018-02-28"}, dt.date(2018, 2, 28)),
        ({"day": "2018-02-28"}, dt.date(2018, 2, 28)),
    ],
)
def test_the_date_that_was_found_or_another_is_taken_and_asked_no_more(coordinator, undated, sent, day):
    page = coordinator.post(page_of(undated), sent, follow=True).content.decode()
    undated.refresh_from_db()
    assert (undated.speaks_for, undated.reference) == (day, f"DHR-{day.year}-1")
    assert "What date does this document speak for?" not in page
    assert "Bring in the plan" in page
    assert "What date does this document speak for?" in seen(coordinator, undated, "?day=again")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"found": "other"}, "Enter the date"),
        ({"found": "2019-05-05"}, "Select a valid choice"),
        ({"found": "other", "day": "2099-01-01"}, "until today"),
        ({"found": "other", "day": "1 Smarch"}, "real date"),
    ],
)
def test_a_day_that_cannot_be_is_refused_kindly(coordinator, undated, sent, sentence):
    assert sentence in coordinator.post(page_of(undated), sent).content.decode()
    undated.refresh_from_db()
    assert "dated" not in undated.choices


def test_each_filter_says_how_many_rows_it_shows_and_errors_come_first(coordinator, plan):
    page = seen(coordinator, plan, "")
    for words in ("Errors: to be mended first (2)", "Warnings: worth a look (2)", "All rows (5)"):
        assert words in page
    shown = [[int(found) for found in re.findall(r'id="row-(\d+)"', seen(coordinator, plan, query))]
             for query in ("", "?show=errors", "?show=warnings", "?show=all", "?show=nonsense")]  # fmt: skip
    assert shown == [[2, 4], [2, 4], [1, 5], [1, 2, 3, 4, 5], [2, 4]]


def test_a_problem_stands_beside_its_cell_and_a_date_says_how_it_was_read(coordinator, plan):
    page = seen(coordinator, plan)
    assert "not a day that exists" in cell(page, 1, "Target date")
    assert "Plan!D3" in cell(page, 1, "Target date")
    assert "gives no status" in cell(page, 1, "Status")
    assert cell(page, 2, "Target date") == "31 March 2026 the last day of the month written “March 2026”"
    assert cell(page, 3, "Target date") == "31 March 2026 written “31/03/2026”"
    assert "No agency can be made out" in cell(page, 4, "Lead agencies")
    assert "Say which agency this is" in cell(page, 5, "Lead agencies")
    assert "not a day that exists" not in cell(page, 1, "Recommendation")


def test_a_day_that_may_be_meant_is_picked_or_another_typed(coordinator, plan, press):
    page = cell(seen(coordinator, plan), 1, "Target date")
    assert "30 September 2026" in page
    assert "1 October 2026" in page
    where = press(1, "?show=warnings&page=1", only="target_date", target_date="2026-09-30")
    assert where == f"{page_of(plan)}?show=warnings&page=1&with=1#row-1"
    assert row_of(plan, 1).fields["target_date"] == "2026-09-30"
    press(4, only="target_date", target_date="2026-12-24")
    page = seen(coordinator, plan)
    assert cell(page, 1, "Target date") == "30 September 2026 as you entered it written “31 September 2026”"
    assert "24 December 2026 as you entered it" in cell(page, 4, "Target date")
    assert row_of(plan, 1).fields["recommendation"] == "To listen. To learn."


def test_a_row_that_was_pressed_stays_in_sight_when_its_filter_has_no_more_use_for_it(coordinator, plan, press):
    where = press(4, "?show=errors", only="agencies", agencies="Borough Police")
    assert not row_of(plan, 4).blocks
    page = seen(coordinator, plan, "?" + where.partition("?")[2].partition("#")[0])
    assert "Errors: to be mended first (1)" in page
    assert 'id="row-4"' in page


def test_all_agencies_are_those_that_the_plan_names(coordinator, plan, press):
    page = seen(coordinator, plan)
    assert "All 2 that this plan names" in cell(page, 2, "Lead agencies")
    named = html.unescape(
        re.search(r'value="(Borough Police\s[^"]+)"', coordinator.get(page_of(plan)).content.decode())[1]
    )
    press(2, only="agencies", agencies=named)
    assert row_of(plan, 2).fields["agencies"] == ["Borough Police", "Quay Team"]
    press(2, only="agencies", agencies="Quay Team; Adult Services")
    assert row_of(plan, 2).fields["agencies"] == ["Quay Team", "Adult Services"]


def test_a_status_is_chosen_in_place(plan, press):
    press(1, only="status", status="ongoing")
    assert row_of(plan, 1).fields["status"] == "ongoing"


def test_a_row_is_left_out_and_put_back_with_one_press(coordinator, plan, press):
    press(4, do="leave-out")
    assert "Put row 4 back" in seen(coordinator, plan)
    assert (row_of(plan, 4).left_out, row_of(plan, 4).blocks) == (True, False)
    press(4, do="put-back")
    assert not row_of(plan, 4).left_out


def test_a_row_is_split_where_it_was_said_and_joined_again(coordinator, plan, press):
    assert "“To learn.”" in seen(coordinator, plan)
    press(1, do="cut", cut=f"recommendation:{len('To listen. ')}")
    page = seen(coordinator, plan)
    assert [row.fields["recommendation"] for row in rows_of(plan)][:2] == ["To listen.", "To learn."]
    assert "Row 1, part 1" in page
    assert "Put row 1, part 2 back into the row it was split from" in page
    press(6, do="join")
    assert len(rows_of(plan)) == 5


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "cut"}, "Choose where the second row begins."),
        ({"do": "cut", "cut": "recommendation:3"}, "Select a valid choice"),
        ({"do": "join"}, "was not split"),
        ({"only": "target_date", "target_date": "nonsense"}, "Enter a real date"),
        ({"only": "status", "status": "done"}, "Select a valid choice"),
        ({"only": "agencies", "agencies": " "}, "lead agency"),
    ],
)
def test_what_cannot_be_is_said_on_the_page_of_the_row_and_changes_nothing(coordinator, plan, sent, sentence):
    answer = coordinator.post(row_page(plan, 1), sent)
    assert answer.status_code == 200
    assert sentence in html.unescape(answer.content.decode())
    plan.refresh_from_db()
    assert plan.choices == {"dated": True}


def headings_page(plan: PlanImport) -> str:
    return reverse("admin:reviews_import_headings", args=[plan.pk])


def test_a_heading_is_put_right_from_the_list_and_the_plan_read_again(coordinator, plan, press):
    form = coordinator.get(page_of(plan)).context["headings"]
    assert ("How it goes", "Not read") in form.taken_for
    press(5, only="status", status="complete")
    sent = {name: field.initial for name, field in form.fields.items()}
    name = next(name for name, field in form.fields.items() if field.label == "“How it goes”")
    page = coordinator.post(headings_page(plan), sent | {name: "progress"}, follow=True).content.decode()
    assert "The plan was read again so" in page
    plan.refresh_from_db()
    assert row_of(plan, 1).fields["progress"] == "A day was held."
    assert row_of(plan, 5).fields["status"] == "complete"
    assert plan.choices["dated"]
    assert HeadingMeaning.objects.get(heading="how it goes").column == "progress"


def test_headings_that_nobody_changed_or_that_are_none_of_the_plan_change_nothing(coordinator, plan):
    form = coordinator.get(page_of(plan)).context["headings"]
    same = {name: field.initial for name, field in form.fields.items()}
    assert "Nothing was changed" in coordinator.post(headings_page(plan), same, follow=True).content.decode()
    wrong = {**same, next(iter(same)): "shoe_size"}
    assert "The plan has changed since" in coordinator.post(headings_page(plan), wrong, follow=True).content.decode()
    ignored = dict.fromkeys(same, "ignore")
    refused = coordinator.post(headings_page(plan), ignored, follow=True).content.decode()
    assert "Nothing was changed. With these headings: No table" in html.unescape(refused)
    assert coordinator.get(headings_page(plan)).url == page_of(plan)


def test_a_file_whose_headings_nobody_knows_is_kept_until_they_are_explained(coordinator, world):
    headings = ("Nr", "Was gesagt wurde", "Wer", "Wie es steht")
    text = "\n".join("\t".join(row) for row in (headings, ("1", "To listen.", "Borough Police", "Ongoing")))
    sent = {"partnership": world.here.partnership.pk, "text": text}
    answer = coordinator.post(reverse("admin:reviews_planimport_add"), sent, follow=True)
    plan = PlanImport.objects.latest("pk")
    assert "say what its headings mean" in answer.content.decode()
    assert "Bring in the plan" not in answer.content.decode()
    form = answer.context["headings"]
    meant = dict(zip(headings, ("reference", "recommendation", "agency", "status"), strict=True))
    said = {name: meant[field.label.strip("“”")] for name, field in form.fields.items()}
    page = coordinator.post(headings_page(plan), said, follow=True).content.decode()
    assert "1 row was read" in " ".join(page.split())


def test_the_page_says_what_is_left_to_do_and_then_nothing(coordinator, plan, press):
    page = seen(coordinator, plan, "")
    for task in ("Say which agency 1 name is", "Mend 2 rows, or leave them out"):
        assert task in page
    press(2, do="leave-out")
    press(4, do="leave-out")
    coordinator.post(page_of(plan), about(plan, save="1"))
    page = seen(coordinator, plan, "")
    assert "Before it can come in" not in page
    assert "3 rows come in as a new review." in page
    assert "2 are left out" in page
    coordinator.post(page_of(plan), about(plan, confirm="1"))
    assert Review.objects.get(title="Adult Q").actions.count() == 3


def test_the_page_costs_the_same_however_much_was_decided(
    coordinator, world, django_assert_max_num_queries, press, plan
):
    press(1, do="cut", cut=f"recommendation:{len('To listen. ')}")
    press(2, do="leave-out")
    for query in ("", "?show=all&page=1", "?show=errors&with=2"):
        with django_assert_max_num_queries(20):
            coordinator.get(f"{page_of(plan)}{query}")
