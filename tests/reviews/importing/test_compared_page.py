"""The part of the page that shows a file beside the plan that it is brought into."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reviews.admin import compared
from reviews.importing.again.comparing import NEW, SAME
from reviews.models import PlanImport, Review
from tests.factories import TODAY
from tests.reviews.importing import plans
from tests.reviews.importing.files import a_file, a_row, brought_in

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PLAN = [
    a_row(reference="1", recommendation="Listen to families.", action="Hold a day.", action_reference="1.1"),
    a_row(reference="2", recommendation="Share what is known.", action="Sign the protocol.", action_reference="2.1"),
    a_row(reference="3", recommendation="Learn from it.", action="Train the staff.", action_reference="3.1"),
]


@pytest.fixture
def coordinator(world, client):
    client.force_login(world.here.people.coordinator)
    return client


@pytest.fixture
def review(world):
    return brought_in(world, PLAN, on=TODAY - dt.timedelta(days=30))


@pytest.fixture
def plan(world, review):
    """One row says more, one is like another, one is gone."""
    rows = [{**PLAN[0], "progress": "A hall was found.", "action": "Hold a day in spring."}]
    rows.append(a_row(recommendation="Share what is known with all.", action="Agree how to share.", place="Plan!A7"))
    return a_file(world, rows, review)


def page_of(plan, **query):
    return reverse("admin:reviews_planimport_change", args=[plan.pk], query=query)


def words(response):
    return " ".join(response.content.decode().split())


def test_the_page_says_what_is_new_changed_unchanged_and_missing(coordinator, plan):
    page = words(coordinator.get(page_of(plan)))
    assert "<strong>0</strong> new" in page
    assert "<strong>1</strong> changed" in page
    assert "<strong>1</strong> to say which action it is" in page
    assert "<strong>1</strong> missing from this file (they stay in the plan)" in page
    assert "Hold a <del>day.</del>" in page
    assert "Hold a <ins>day in spring.</ins>" in page
    assert "Train the staff." in page


def test_what_is_said_of_a_row_is_kept_and_shown(coordinator, plan):
    page = reverse("admin:reviews_import_compared", args=[plan.pk])
    answer = coordinator.post(page, {"row": ["1", "2"], "same-2": NEW, "left-1": "on"})
    assert answer.status_code == 302
    assert answer.url.endswith("#compared")
    plan.refresh_from_db()
    assert (plan.choices[SAME], plan.choices["left"], plan.choices["leads"]) == ({"2": NEW}, [1], [])
    page = words(coordinator.get(page_of(plan)))
    assert "<strong>1</strong> new" in page
    assert "Left as it is" in page
    assert "You said which action this row is" in page


def test_an_answer_that_is_no_action_of_the_plan_is_refused(coordinator, plan, world, review):
    page = reverse("admin:reviews_import_compared", args=[plan.pk])
    for wrong in (str(world.there.plans.of_police.pk), "x", "-1"):
        assert "Choose an action of this plan" in words(coordinator.post(page, {"row": ["2"], "same-2": wrong}))
    plan.refresh_from_db()
    assert plan.choices == {}
    same = str(review.actions.first().pk)
    assert "Two rows cannot be" in words(coordinator.post(page, {"row": ["1", "2"], "same-1": same, "same-2": same}))


def test_others_find_no_such_page(client, plan, world):
    page = reverse("admin:reviews_import_compared", args=[plan.pk])
    for person in (world.there.people.coordinator, world.here.people.lead):
        client.force_login(person)
        assert client.post(page, {"row": ["2"], "same-2": NEW}).status_code in (302, 404)
    plan.refresh_from_db()
    assert plan.choices == {}


def test_a_long_file_is_compared_on_a_page_of_its_own(coordinator, plan, monkeypatch):
    monkeypatch.setattr(compared, "AT_ONCE", 1)
    assert "This file is long" in words(coordinator.get(page_of(plan)))
    assert "to say which action it is" in words(
        coordinator.get(reverse("admin:reviews_import_compared", args=[plan.pk]))
    )


def test_only_one_page_of_rows_is_shown_at_once(coordinator, world):
    rows = [a_row(reference=str(number), recommendation=f"Listen to family {number}.") for number in range(60)]
    review = brought_in(world, rows)
    plan = a_file(world, [{**row, "progress": "Heard."} for row in rows], review)
    page = words(coordinator.get(page_of(plan)))
    assert page.count('name="row"') == compared.PER_PAGE
    assert "Page 1 of 3" in page
    assert words(coordinator.get(page_of(plan, compared="3"))).count('name="row"') == 10


def test_a_new_review_is_compared_with_nothing(coordinator, world):
    assert 'id="compared"' not in words(coordinator.get(page_of(a_file(world, PLAN))))


def test_a_row_without_an_agency_need_not_be_mended_where_the_plan_has_it(coordinator, world):
    missing = {
        "code": "unknown_agency",
        "level": "error",
        "column": "agency",
        "message": "No agency.",
        "place": "Plan!D2",
    }
    review = brought_in(world, PLAN)
    rows = [{**PLAN[0], "agencies": [], "problems": [missing]}, *PLAN[1:]]
    plan = a_file(world, rows, review, choices={"dated": True})
    page = words(coordinator.get(page_of(plan)))
    assert "must be mended" not in page
    assert "0 actions are added" in page
    new = a_row(recommendation="Ask neighbours.", agencies=[], problems=[missing])
    assert "1 must be mended" in words(coordinator.get(page_of(a_file(world, [*rows, new], review))))


def test_the_page_says_what_is_left_to_say(coordinator, plan):
    plan.choices = {"dated": True}
    plan.save()
    page = words(coordinator.get(page_of(plan)))
    assert "Say which action 1 row is" in page
    assert "1 of its actions is changed" in page


def test_the_review_that_a_file_seems_to_belong_to_is_offered_and_not_taken(coordinator, world, review):
    known = {"choices": {"dated": True}, "reading": {"rows": PLAN, "problems": [], "review_title": "Something else"}}
    same = a_file(world, PLAN, sha256=review.imports.get().sha256, **known)
    by_title = {**known, "reading": {**known["reading"], "review_title": f"Plan of {review.reference}, as at today"}}
    for plan in (same, a_file(world, PLAN, **by_title)):
        assert f'<option value="{review.pk}" selected>' in words(coordinator.get(page_of(plan)))
        plan.refresh_from_db()
        assert plan.review is None
    other = words(coordinator.get(page_of(a_file(world, PLAN, **known))))
    assert '<option value="" selected>a new review' in other


def test_the_same_file_given_again_on_the_page_is_led_to_its_review_and_changes_nothing(coordinator, world):
    data = plans.a_plan(("1", "Listen.", "Borough Police", "Ongoing"), ("2", "Learn.", "Adult Services", ""))

    def given():
        sent = {"partnership": world.here.partnership.pk, "file": SimpleUploadedFile("plan.xlsx", data)}
        coordinator.post(reverse("admin:reviews_planimport_add"), sent)
        plan = PlanImport.objects.latest("pk")
        coordinator.post(page_of(plan), {"day": "2026-02-01"})
        return plan

    about = {"review": "", "reference": "DHR-Q", "title": "Adult Q", "kind": "dhr", "confirm": "yes"}
    coordinator.post(page_of(given()), about)
    review = Review.objects.get(reference="DHR-Q")
    again = given()
    assert f'<option value="{review.pk}" selected>' in words(coordinator.get(page_of(again)))

    shown = words(coordinator.post(page_of(again), {**about, "review": review.pk}, follow=True))
    assert "Look at what the file changes in that plan" in shown
    assert "<strong>2</strong> unchanged" in shown
    assert review.imports.filter(state=PlanImport.State.CONFIRMED).count() == 1
    done = words(coordinator.post(page_of(again), {**about, "review": review.pk}, follow=True))
    assert "The plan said all of it already" in done
    assert review.actions.count() == 2


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "\N{ARABIC-INDIC DIGIT THREE}", "-1", ""])
def test_a_number_that_no_row_has_is_no_answer_and_no_failure(coordinator, plan, number):
    url = reverse("admin:reviews_import_compared", args=[plan.pk])
    said = urlencode({"row": number, f"same-{number}": NEW, f"left-{number}": "on"})
    form = "application/x-www-form-urlencoded"
    assert coordinator.post(url, said, content_type=form).status_code == 302
    refused = words(coordinator.post(url, {"row": "2", "same-2": number}, follow=True))
    plan.refresh_from_db()
    assert (plan.choices[SAME], plan.choices["left"]) == ({}, [])
    assert ("Choose an action of this plan" in refused) == bool(number)
