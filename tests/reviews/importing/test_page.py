"""The pages on which a coordinator brings a plan in: who opens them, what they say, and that a press counts once."""

import datetime as dt
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies import audit
from agencies.actors import EXAMPLE
from agencies.models import Agency
from reviews.admin import import_forms
from reviews.admin.import_forms import MOST_PASTED, field_of
from reviews.importing import staging
from reviews.importing.staged import CREATE, answers_for, row_of, rows_of
from reviews.models import Notice, PlanImport, Review
from tests.factories import TODAY
from tests.reviews.importing import plans
from tests.world import MARKER, World

pytestmark = [pytest.mark.django_db, pytest.mark.either]

ADD = "admin:reviews_planimport_add"
SPOKEN_FOR = dt.date(2019, 3, 31)


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    """The browser of the coordinator."""
    client.force_login(world.here.people.coordinator)
    return client


@pytest.fixture
def plan(world: World) -> PlanImport:
    """An update report that waits to be confirmed."""
    return a_staged(world, plans.the_report_as_xlsx())


def a_staged(world: World, data: bytes, name: str = "plan.xlsx", day: dt.date | None = SPOKEN_FOR) -> PlanImport:
    by = world.here.people.coordinator
    plan = staging.stage(partnership=world.here.partnership, name=name, data=data, by=by)
    return staging.speak_for(plan_import=plan, day=day, by=by, on=TODAY) if day else plan


def page_of(plan: PlanImport) -> str:
    return reverse("admin:reviews_planimport_change", args=[plan.pk])


def row_page(plan: PlanImport, number: int) -> str:
    return reverse("admin:reviews_import_row", args=[plan.pk, number])


def about(plan: PlanImport, **changes: str) -> dict[str, str]:
    """What the form about the plan sends; no name is decided."""
    names = answers_for(plan, rows_of(plan), EXAMPLE).questions
    return (
        dict.fromkeys((field_of(question.match.printed) for question in names), "")
        | {
            "review": "",
            "reference": plan.reference,
            "title": "Adult Q",
            "kind": "dhr",
            "is_restricted": "on",
            "make_all": "on",
        }
        | changes
    )


def a_row(**changes: str) -> dict[str, str]:
    """What the form of a row sends."""
    return {"recommendation": "To listen.", "agencies": "Borough Police", "status": "", "target_date": ""} | changes


def test_a_file_is_read_and_shown_with_what_needs_a_look(coordinator, world):
    file = SimpleUploadedFile("adult-q.xlsx", plans.the_report_as_xlsx())
    sent = {"partnership": world.here.partnership.pk, "file": file}
    response = coordinator.post(reverse(ADD), sent, follow=True)
    page = response.content.decode()
    assert PlanImport.objects.latest("pk").file_name == "adult-q.xlsx"
    assert "7 rows were read.</strong>" in " ".join(page.split())
    assert "Adult Q!E9" in page
    assert "What date does this document speak for?" in page
    assert not Review.objects.filter(title="Adult Q").exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("plan.xlsx", b"%PDF-1.7", "The file is a PDF"),
        ("plan.exe", b"MZ", "cannot be brought in"),
        ("plan.xlsx", plans.the_report_as_xlsx()[:900], "damaged"),
        ("plan.csv", b"x" * (20 * 1024 * 1024 + 1), "larger than 20"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_beside_the_file(coordinator, world, name, data, sentence):
    before = PlanImport.objects.count()
    sent = {"partnership": world.here.partnership.pk, "file": SimpleUploadedFile(name, data)}
    response = coordinator.post(reverse(ADD), sent)
    assert response.status_code == 200
    assert sentence in response.context["form"].errors["file"][0]
    assert PlanImport.objects.count() == before


def test_pasted_text_is_read_like_a_text_file(coordinator, world):
    text = "\t".join(plans.REPORT_HEADINGS) + "\r\nBorough Police\tTo listen.\tA day was held.\t\tIn progress\r\n"
    sent = {"partnership": world.here.partnership.pk, "text": text}
    page = coordinator.post(reverse(ADD), sent, follow=True).content.decode()
    plan = PlanImport.objects.latest("pk")
    assert plan.file_name == "Pasted text.txt"
    assert plan.reading["rows"][0]["recommendation"] == "To listen."
    assert "1 row was read" in " ".join(page.split())
    with plan.file.open("rb") as kept:
        assert kept.read().decode() == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("text", "with_file", "field", "sentence"),
    [
        ("", False, "file", "Choose the plan’s file, or paste its text"),
        ("   \n ", False, "file", "Choose the plan’s file, or paste its text"),
        ("To listen.", True, "text", "You chose a file and pasted text too"),
        ("To listen, and to learn.", False, "text", "No table"),
        ("<table><tr><td>To listen.", False, "text", "web page"),
        ("x" * (MOST_PASTED + 1), False, "text", "Save it as a .txt file"),
        ("a\0b", False, "text", "Null characters"),
    ],
)
def test_one_of_file_and_text_is_given_and_can_be_read(coordinator, world, text, with_file, field, sentence):
    before = PlanImport.objects.count()
    sent = {"partnership": world.here.partnership.pk, "text": text}
    if with_file:
        sent["file"] = SimpleUploadedFile("plan.xlsx", plans.the_report_as_xlsx())
    response = coordinator.post(reverse(ADD), sent)
    assert sentence in response.context["form"].errors[field][0]
    assert PlanImport.objects.count() == before


def test_one_press_brings_it_in_and_a_second_press_nothing_more(coordinator, plan):
    pressed = about(plan, confirm="Bring in the plan")
    for _ in range(2):
        page = coordinator.post(page_of(plan), pressed, follow=True).content.decode()
    assert "This plan was brought in on" in page
    review = Review.objects.get(title="Adult Q")
    assert review.actions.count() == len(plans.REPORT)
    assert review.is_restricted
    assert not Notice.objects.filter(lines__action__review=review).exists()


def test_save_keeps_the_choices_and_brings_nothing_in(coordinator, plan, world):
    chosen = {
        field_of("VAWG Delivery Group"): str(world.here.agencies.advisory_group.pk),
        "make_all": "",
        "save": "Save",
    }
    coordinator.post(page_of(plan), about(plan, title="\u202eAdult\u0007 Q\u2069", **chosen))
    plan.refresh_from_db()
    assert plan.state == PlanImport.State.STAGED
    assert plan.title == "Adult Q"
    assert plan.choices["agencies"]["VAWG Delivery Group"] == str(world.here.agencies.advisory_group.pk)
    assert "selected" in coordinator.get(page_of(plan)).content.decode()


def test_a_page_opened_before_the_names_changed_is_refused_and_gives_nobody_an_action(coordinator, plan, world):
    stale = about(plan, confirm="Bring in") | {field_of("VAWG Delivery Group"): str(world.here.agencies.housing.pk)}
    row = next(row for row in rows_of(plan) if "VAWG Delivery Group" in row.fields["agencies"])
    mended = {"agencies": "Harbour Trust"}
    coordinator.post(row_page(plan, row.number), a_row(**mended))
    page = coordinator.post(page_of(plan), stale)
    assert "The plan has changed since you opened this page" in page.content.decode()
    plan.refresh_from_db()
    assert plan.state == PlanImport.State.STAGED
    assert not plan.choices.get("agencies")
    again = coordinator.post(page_of(plan), about(plan, confirm="Bring in"), follow=True)
    assert "This plan was brought in on" in again.content.decode()


@pytest.mark.parametrize("pressed", ["save", "confirm"])
def test_a_page_opened_before_the_plan_was_settled_undoes_nothing_and_brings_nothing_in(
    pressed, coordinator, plan, world
):
    stale = about(plan, seen=str(audit.last(plan)), title="What the old page has", **{pressed: "yes"})
    decided = {"VAWG Delivery Group": str(world.here.agencies.advisory_group.pk)}
    staging.settle(plan_import=plan, by=EXAMPLE, agencies=decided, title="What a colleague wrote", kind="sar")
    page = coordinator.post(page_of(plan), stale, follow=True)
    assert "Somebody else settled this plan since you opened this page" in page.content.decode()
    assert page.context["form"]["title"].value() == "What a colleague wrote"
    plan.refresh_from_db()
    assert (plan.state, plan.title, plan.kind) == (PlanImport.State.STAGED, "What a colleague wrote", "sar")
    assert plan.choices["agencies"] == decided
    now = str(page.context["form"].seen)
    again = coordinator.post(page_of(plan), stale | {"seen": now, "confirm": "yes"}, follow=True)
    assert "This plan was brought in on" in again.content.decode()


def answers_on(client: Client, plan: PlanImport, choice: str) -> dict[str, str]:
    """What the form about the plan sends when each name that its page asks for is answered with ``choice``."""
    asked = client.get(page_of(plan)).context["form"].agency_fields
    facts = {name: value for name, value in about(plan).items() if not name.startswith("agency_")}
    return facts | {field.html_name: choice for field in asked} | {"confirm": "yes"}


@pytest.fixture
def one_name_too_many(plan, monkeypatch):
    names = len(answers_for(plan, rows_of(plan), EXAMPLE).questions)
    assert names > 1
    monkeypatch.setattr(import_forms, "MOST_QUESTIONS", names - 1)


@pytest.mark.usefixtures("one_name_too_many")
def test_a_new_agency_of_each_name_is_one_of_those_not_shown_too(coordinator, plan):
    assert "1 more name follows" in coordinator.get(page_of(plan)).content.decode()
    coordinator.post(page_of(plan), answers_on(coordinator, plan, "") | {"make_all": "on"})
    assert Review.objects.filter(title="Adult Q").exists()


@pytest.mark.usefixtures("one_name_too_many")
def test_the_names_that_are_open_are_asked_for_before_those_that_are_decided(coordinator, plan):
    for brought_in in (False, True):
        coordinator.post(page_of(plan), answers_on(coordinator, plan, CREATE) | {"make_all": ""})
        assert Review.objects.filter(title="Adult Q").exists() is brought_in


def test_who_is_refused_after_saving_mends_it_on_the_same_page(coordinator, plan):
    sent = about(plan, seen=str(audit.last(plan)), make_all="", confirm="yes")
    refused = coordinator.post(page_of(plan), sent)
    assert "Say which agency each of these is" in refused.content.decode()
    mended = sent | {"make_all": "on", "seen": str(refused.context["form"].seen)}
    assert f'name="seen" value="{mended["seen"]}"' in refused.content.decode()
    coordinator.post(page_of(plan), mended)
    assert Review.objects.filter(title="Adult Q").exists()


def test_names_that_nobody_decided_stop_it_with_a_sentence_and_make_no_agency(coordinator, plan):
    before = Agency.objects.count()
    response = coordinator.post(page_of(plan), about(plan, make_all="", confirm="Bring in"))
    assert response.status_code == 200
    assert "Say which agency each of these is" in response.content.decode()
    assert Agency.objects.count() == before
    assert not Review.objects.filter(title="Adult Q").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": ""}, "reference"), ({"reference": "DHR1"}, "reference")],
)
def test_what_is_missing_is_an_error_beside_its_question(coordinator, plan, changes, field):
    response = coordinator.post(page_of(plan), about(plan, confirm="Bring in", **changes))
    assert response.context["form"].errors[field]


def test_a_row_is_mended_and_the_plan_shows_it(coordinator, plan):
    sent = a_row(recommendation="The posters\r\nshould go.", status="ongoing", target_date="2026-12-31")
    response = coordinator.post(f"{row_page(plan, 6)}?show=all&page=1", sent)
    assert response.headers["Location"] == f"{page_of(plan)}?show=all&page=1&with=6#row-6"
    plan.refresh_from_db()
    row = row_of(plan, 6)
    assert (row.fields["recommendation"], row.fields["status"]) == ("The posters\nshould go.", "ongoing")
    assert "Mended" in coordinator.get(f"{page_of(plan)}?show=all").content.decode()


def test_a_row_saved_as_it_was_is_not_mended(coordinator, plan):
    form = coordinator.get(row_page(plan, 3)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    coordinator.post(row_page(plan, 3), sent)
    plan.refresh_from_db()
    assert row_of(plan, 3).mended == frozenset()


def test_a_row_that_cannot_be_is_shown_again_with_what_was_typed(coordinator, plan):
    response = coordinator.post(row_page(plan, 6), a_row(agencies="", progress="typed before"))
    page = response.content.decode()
    assert response.context["form"].errors["agencies"]
    assert "typed before" in page


def test_a_row_left_out_does_not_come_in(coordinator, plan):
    coordinator.post(row_page(plan, 6), {"do": "leave-out"})
    coordinator.post(page_of(plan), about(plan, confirm="Bring in"))
    assert Review.objects.get(title="Adult Q").actions.count() == len(plans.REPORT) - 1


def test_a_file_that_came_in_before_is_said(coordinator, world):
    data = plans.the_report_as_xlsx()
    plan = a_staged(world, data)
    coordinator.post(page_of(plan), about(plan, confirm="Bring in"))
    page = coordinator.get(page_of(a_staged(world, data))).content.decode()
    assert "was already brought in" in page


def test_discarding_deletes_the_file_and_what_was_read(coordinator, plan, django_capture_on_commit_callbacks):
    storage, name = plan.file.storage, plan.file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        page = coordinator.post(reverse("admin:reviews_planimport_discard", args=[plan.pk]), follow=True)
    assert "was discarded" in page.content.decode()
    plan.refresh_from_db()
    assert (plan.state, plan.reading) == (PlanImport.State.DISCARDED, {})
    assert not storage.exists(name)
    assert coordinator.get(reverse("admin:reviews_import_file", args=[plan.pk])).status_code == 404


def test_the_file_is_handed_over_as_something_to_keep(coordinator, plan):
    response = coordinator.get(reverse("admin:reviews_import_file", args=[plan.pk]))
    sent = b"".join(response.streaming_content)
    response.close()
    assert hashlib.sha256(sent).hexdigest() == plan.sha256
    assert response.headers["Content-Disposition"] == 'attachment; filename="plan.xlsx"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox"
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))


def test_only_who_runs_the_plans_of_the_partnership_finds_these_pages(client, plan, world):
    pages = [page_of(plan), row_page(plan, 1), reverse("admin:reviews_import_file", args=[plan.pk])]
    people, there = world.here.people, world.there.people
    for page in pages:
        for who in (world.stranger, people.lead, people.chair, people.member_of_group, there.coordinator, there.chair):
            client.force_login(who)
            assert client.get(page).status_code == 404, (page, who)
            assert client.post(page, a_row()).status_code == 404, (page, who)
        client.logout()
        assert client.get(page).status_code == 302
    plan.refresh_from_db()
    assert plan.choices == {"dated": True}


def test_a_row_that_is_not_there_is_404(coordinator, plan):
    assert coordinator.get(row_page(plan, 99)).status_code == 404


def test_nothing_of_the_twin_can_be_chosen_or_is_shown(coordinator, plan, world):
    there = world.there
    name = field_of("VAWG Delivery Group")
    chosen = {"review": str(there.plans.published.pk), name: str(there.agencies.police.pk)}
    sent = about(plan, **chosen, confirm="Bring in")
    response = coordinator.post(page_of(plan), sent)
    assert set(response.context["form"].errors) == {"review", name}
    assert MARKER not in response.content.decode()
    assert not there.plans.published.actions.filter(text="").exists()
    upload = {"partnership": there.partnership.pk, "file": SimpleUploadedFile("p.xlsx", plans.the_report_as_xlsx())}
    before = PlanImport.objects.count()
    refused = coordinator.post(reverse(ADD), upload)
    assert refused.context["form"].errors["partnership"]
    assert MARKER not in refused.content.decode()
    assert PlanImport.objects.count() == before


def test_the_page_of_a_long_plan_asks_the_database_no_more_than_that_of_a_short_one(
    coordinator, world, django_assert_max_num_queries
):
    rows = [(str(number), f"Listen to {number}.", "Harbour Trust", "") for number in range(500)]
    long = a_staged(world, plans.a_plan(*rows))
    with django_assert_max_num_queries(20):
        page = coordinator.get(page_of(long)).content.decode()
    assert "500 rows were read" in page
    assert page.count('id="row-') == 2 * 25  # a row and its heading
    assert len(page) < 250_000


@pytest.mark.parametrize(("ticked", "warned"), [("on", True), ("", False)])
def test_who_brings_in_a_restricted_plan_is_told_that_no_agency_reads_it(ticked, warned, coordinator, plan):
    assert "Nobody at an agency will see these actions" in coordinator.get(page_of(plan)).content.decode()
    said = coordinator.post(page_of(plan), about(plan, is_restricted=ticked, confirm="1"), follow=True)
    assert ("Nobody at an agency reads this plan yet" in said.content.decode()) is warned
