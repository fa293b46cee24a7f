"""The import's own pages: one press is carried out once, and what was typed outlives the session."""

import hashlib
import html as entities
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies import kept, presses
from agencies.actors import EXAMPLE
from agencies.models import AuditEntry
from reviews.admin.import_forms import MOST_PASTED
from reviews.importing import mending, staging
from reviews.importing.again.comparing import NEW
from reviews.importing.staged import row_of, rows_of
from reviews.models import PlanImport, Review
from tests.factories import TODAY
from tests.reviews.importing import plans
from tests.reviews.importing.files import a_file, a_row, brought_in
from tests.reviews.importing.test_compared_page import PLAN
from tests.reviews.importing.test_page import page_of, row_page
from tests.reviews.importing.test_preview import HEADINGS, ROWS, SPOKEN_FOR
from tests.reviews.test_concurrency import at_once
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

WORDS = "To ring within a day"


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    client.force_login(world.here.people.coordinator)
    return client


@pytest.fixture
def undated(world: World) -> PlanImport:
    data = plans.a_workbook([("Adult Z: plan of 4 May 2019",), HEADINGS, *ROWS])
    by = world.here.people.coordinator
    return staging.stage(partnership=world.here.partnership, name="plan.xlsx", data=data, by=by)


@pytest.fixture
def plan(undated: PlanImport, world: World) -> PlanImport:
    return staging.speak_for(plan_import=undated, day=SPOKEN_FOR, by=world.here.people.coordinator, on=TODAY)


def form_with(client: Client, page: str, field: str) -> tuple[str, dict[str, str | list[str]]]:
    """Where the form that has ``field`` is sent, and what with, as a browser would: the last that the page shows."""
    document = lxml.html.fromstring(client.get(page).content)
    form = [form for form in document.forms if form.method == "POST" and field in form.fields][-1]
    sent: dict[str, str | list[str]] = {}
    for name, value in form.form_values():
        sent[name] = [*([sent[name]] if isinstance(sent.get(name), str) else sent.get(name, [])), value]  # type: ignore[list-item]
    address = form.action or page
    return (urlsplit(page).path + address if address.startswith("?") else address), sent


def lose(client: Client, world: World, address: str, sent: dict) -> str:
    """Send it without a session, sign in again; the page to which one is led, as it says things."""
    client.logout()
    answer = client.post(address, sent)
    assert "/login/" in answer.url
    client.force_login(world.here.people.coordinator)
    return entities.unescape(client.get(address, follow=True).content.decode())


def stands(plan: PlanImport) -> tuple[object, ...]:
    plan.refresh_from_db()
    return plan.choices, plan.state, plan.speaks_for, Review.objects.count(), AuditEntry.objects.count()


def test_every_form_of_these_pages_carries_its_marks(coordinator, plan, undated):
    pages = [page_of(plan), f"{page_of(plan)}?show=all", f"{page_of(plan)}?day=again", row_page(plan, 1)]
    for page in pages:
        forms = [form for form in lxml.html.fromstring(coordinator.get(page).content).forms if form.method == "POST"]
        inside = [form for form in forms if "logout" not in (form.action or "")]
        assert inside
        for form in inside:
            address = urlsplit(form.action or "").path or urlsplit(page).path
            assert kept.signing.loads(form.fields[kept.FIELD], salt=kept._SALT)[1] == address
        assert len({form.fields[presses.FIELD] for form in inside}) == len(inside)


@pytest.mark.parametrize(
    ("page", "field", "typed"),
    [
        ("?show=all", "recommendation", {"recommendation": WORDS}),
        ("?with=1&show=all", "cut", {"cut": "recommendation:11", "do": "cut"}),
        ("?show=all", "reference", {"do": "leave-out"}),
        ("?day=again", "day_day", {"found": "other", "day_day": "1", "day_month": "4", "day_year": "2019"}),
        ("", "title", {"title": WORDS, "save": "1"}),
    ],
)
def test_a_second_press_undoes_nothing_that_was_done_since(coordinator, plan, page, field, typed):
    address, sent = form_with(coordinator, page_of(plan) + page, field)
    assert coordinator.post(address, sent | typed, follow=True).redirect_chain
    by = EXAMPLE
    staging.speak_for(plan_import=plan, day=SPOKEN_FOR.replace(day=1), by=by, on=TODAY)
    staging.settle(plan_import=plan, by=by, title="Hers")
    if "reference" not in typed:
        mending.mend(plan_import=plan, number=1, by=by, fields={"progress": "Hers."}, left_out=False)
    before = stands(plan)
    answer = coordinator.post(address, sent | typed)
    assert answer.status_code == 302
    assert stands(plan) == before
    assert "Your second press changed nothing more." in coordinator.get(answer.url).content.decode()


def test_the_same_form_with_other_words_is_another_deed(coordinator, plan):
    address, sent = form_with(coordinator, row_page(plan, 3), "recommendation")
    for words in (WORDS, "To ring at once"):
        coordinator.post(address, sent | {"recommendation": words})
        plan.refresh_from_db()
        assert row_of(plan, 3).fields["recommendation"] == words


def test_a_second_press_brings_no_plan_in_that_nobody_has_compared(coordinator, world):
    review = brought_in(world, PLAN[:1])
    plan = a_file(world, [{**PLAN[0], "progress": "Done since."}], choices={"dated": True})
    address, sent = form_with(coordinator, page_of(plan), "title")
    sent |= {"review": str(review.pk), "confirm": "yes"}
    for _ in range(2):
        assert coordinator.post(address, sent).status_code == 302
        plan.refresh_from_db()
        assert (plan.state, plan.review) == (PlanImport.State.STAGED, review)
    address, sent = form_with(coordinator, page_of(plan), "title")
    for _ in range(2):
        assert coordinator.post(address, sent | {"confirm": "yes"}).status_code == 302
    plan.refresh_from_db()
    assert plan.state == PlanImport.State.CONFIRMED
    assert review.actions.count() == 1


def test_who_is_refused_bothagain_and_is_told_again(coordinator, plan):
    address, sent = form_with(coordinator, page_of(plan), "title")
    for _ in range(2):
        answer = coordinator.post(address, sent | {"confirm": "yes", "make_all": "on"})
        assert answer.status_code == 200
        assert "Mend or leave out" in answer.content.decode()
    assert coordinator.post(address, sent | {"title": ""}).status_code == 302, "saved, whatever is missing"


def test_a_long_plan_that_was_pasted_outlives_the_session(coordinator, world):
    address, sent = form_with(coordinator, reverse("admin:reviews_planimport_add"), "text")
    text = "\n".join(["Recommendation;Lead agency", *[f"{WORDS} {number};Borough Police" for number in range(9000)]])
    assert 300_000 < len(text) < MOST_PASTED
    assert f"{WORDS} 8999" in lose(coordinator, world, address, sent | {"text": text})
    assert not PlanImport.objects.filter(sha256=hashlib.sha256(text.encode()).hexdigest()).exists()


def test_the_words_of_a_row_are_there_again_and_are_saved_by_one_press(coordinator, plan, world):
    address, sent = form_with(coordinator, f"{page_of(plan)}?show=all&page=1", "recommendation")
    before = stands(plan)[0]
    page = lose(coordinator, world, address, sent | {"recommendation": WORDS, "status": ""})
    assert kept.SAID in page
    assert (stands(plan)[0], WORDS in page) == (before, True)
    again = lxml.html.fromstring(page).forms[-1]
    assert dict(again.form_values())["status"] == ""
    assert coordinator.post(address, dict(again.form_values())).status_code == 302
    plan.refresh_from_db()
    assert [row.fields["recommendation"] for row in rows_of(plan)].count(WORDS) == 1


@pytest.mark.parametrize(
    "typed", [{"only": "agencies", "agencies": "Quay Team; Borough Police"}, {"do": "cut", "cut": "recommendation:11"}]
)
def test_one_cell_and_a_cut_are_asked_again_as_they_were(coordinator, plan, world, typed):
    _, sent = form_with(coordinator, row_page(plan, 1), "recommendation")
    marks = {name: sent[name] for name in (kept.FIELD, presses.FIELD)}
    page = lose(coordinator, world, row_page(plan, 1), marks | typed)
    again = {name: value.lstrip("\n") for name, value in lxml.html.fromstring(page).forms[-1].form_values()}
    assert again.items() >= typed.items()
    assert "recommendation" not in again
    assert coordinator.post(row_page(plan, 1), again).status_code == 302


def test_what_is_said_of_the_whole_plan_is_there_again_boxes_too(coordinator, plan, world):
    address, sent = form_with(coordinator, page_of(plan), "title")
    assert sent.pop("is_restricted") == ["on"]
    page = lose(coordinator, world, address, sent | {"title": WORDS, "make_all": "on"})
    form = next(form for form in lxml.html.fromstring(page).forms if "title" in form.fields)
    assert (form.fields["title"], form.fields["is_restricted"], form.fields["make_all"]) == (WORDS, None, "on")
    staging.settle(plan_import=plan, by=EXAMPLE, title="Hers")
    page = lose(coordinator, world, address, sent | {"title": WORDS})
    assert WORDS in page
    assert "settled anew while you were away" in page


def test_day_and_headings_are_there_again(coordinator, undated, world):
    address, sent = form_with(coordinator, page_of(undated), "day_day")
    day = {"day_day": "1", "day_month": "April", "day_year": "2019"}
    page = lose(coordinator, world, address, sent | {"found": "other"} | day)
    again = next(form for form in lxml.html.fromstring(page).forms if "day_day" in form.fields)
    assert {part: again.fields[part] for part in day} == day
    form = coordinator.get(page_of(undated)).context["headings"]
    name = next(name for name, field in form.fields.items() if field.label == "“How it goes”")
    address, sent = form_with(coordinator, page_of(undated), name)
    page = lose(coordinator, world, address, sent | {name: "progress"})
    shown = next(form for form in lxml.html.fromstring(page).forms if name in form.fields)
    assert shown.fields[name] == "progress"
    assert kept.SAID in page
    undated.refresh_from_db()
    assert "headings" not in undated.choices


def test_what_is_said_of_rows_beside_the_plan_is_there_again(coordinator, world):
    review = brought_in(world, PLAN)
    like = a_row(recommendation="Share what is known with all.", action="Agree how to share.", place="Plan!A7")
    plan = a_file(world, [PLAN[0], like], review, choices={"dated": True})
    address, sent = form_with(coordinator, reverse("admin:reviews_import_compared", args=[plan.pk]), "same-2")
    page = lose(coordinator, world, address, sent | {"same-2": NEW, "left-2": "on"})
    shown = dict(lxml.html.fromstring(page).forms[-1].form_values())
    assert (shown["same-2"], shown["left-2"]) == (NEW, "on")
    plan.refresh_from_db()
    assert plan.choices == {"dated": True}
    wrong = lose(coordinator, world, address, sent | {"same-2": "x"})
    assert "Choose an action of this plan" in wrong


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_bothat_the_same_moment_do_it_once_and_lead_on_alike():
    world = make_world()
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(world.here.people.coordinator)
    plan = a_file(world, [a_row(recommendation="To listen. To learn.", action="To ask.")], choices={"dated": True})
    cut = f"recommendation:{len('To listen. ')}"
    page = page_of(plan)
    deeds = ((f"{page}?show=all", "cut", {"cut": cut, "do": "cut"}), (page, "title", {"confirm": "yes"}))
    for shown, field, typed in deeds:
        address, sent = form_with(browsers[0], shown, field)
        answers: list[Any] = []

        def press(browser, address=address, sent=sent | typed, answers=answers):
            answers.append(browser.post(address, sent))

        assert at_once(*(partial(press, browser) for browser in browsers)) == []
        connection.close()
        assert [answer.status_code for answer in answers] == [302, 302]
        assert len({urlsplit(answer.url).path for answer in answers}) == 1
    plan.refresh_from_db()
    assert (plan.state, len(plan.choices["splits"])) == (PlanImport.State.CONFIRMED, 1)
    assert plan.review.recommendations.count() == 2
    assert Review.objects.filter(reference=plan.reference).count() == 1
