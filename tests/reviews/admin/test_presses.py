"""A button pressed twice acts once; another deed of one's own is never taken for a second press."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from agencies import audit, presses
from agencies.actors import EXAMPLE
from agencies.models import AuditEntry
from agencies.verb_pages import VerbForm
from reviews import reviewing
from reviews.models import Action, Assignment, Milestone, Review
from tests.factories import TODAY, a_recommendation, an_assignment
from tests.reviews.test_concurrency import at_once
from tests.world import Side, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


def at(row: Model, verb: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{verb}", args=[row.pk])


def shown(client: Client, url: str, **typed: Any) -> dict[str, Any]:
    """The form at ``url`` as a browser sends it, with some of it typed."""
    form: VerbForm = client.get(url).context["form"]
    kept = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    return kept | {"press": form.mark, "seen": form.seen or 0} | typed


def told(answer: Any) -> str:
    """What the page after the press says."""
    assert answer.status_code == 302, answer.context["form"].errors
    return [str(message) for message in get_messages(answer.wsgi_request)][-1]


def test_two_forms_in_two_windows_are_two_deeds(here: Side, client: Client) -> None:
    action = here.plans.of_police
    parts = [action.assignments.get(), an_assignment(action, here.agencies.housing)]
    forms = [shown(client, at(part, "end"), on=TODAY) for part in parts]
    told(client.post(at(parts[0], "end"), forms[0]))
    second = client.post(at(parts[1], "end"), forms[1])
    assert "You did something else here" in second.content.decode()
    assert Assignment.objects.get(pk=parts[1].pk).until is None
    again = forms[1] | {"seen": second.context["form"].seen}
    assert "has ended" in told(client.post(at(parts[1], "end"), again))
    assert Assignment.objects.get(pk=parts[1].pk).until == TODAY


def test_another_verb_in_another_window_is_another_deed_and_the_words_stay(here: Side, client: Client) -> None:
    action = here.plans.of_police
    reword = shown(client, at(action, "reword"), text="Ring within a day", reason="Sooner.")
    told(client.post(at(action, "describe"), shown(client, at(action, "describe"), change_expected="Calls are sooner")))
    answer = client.post(at(action, "reword"), reword)
    assert "You did something else here" in answer.content.decode()
    assert "Ring within a day" in answer.content.decode()
    told(client.post(at(action, "reword"), reword | {"seen": answer.context["form"].seen}))
    assert Action.objects.get(pk=action.pk).text == "Ring within a day"


def test_two_people_who_edit_a_reviews_facts_hear_of_one_another(here: Side, client: Client) -> None:
    review = here.plans.published
    mine = shown(client, at(review, "describe"), introduction="Mine.")
    reviewing.describe(review=review, by=EXAMPLE, introduction="Hers.")
    answer = client.post(at(review, "describe"), mine)
    assert "Somebody did something else here" in answer.content.decode()
    assert "Mine." in answer.content.decode()
    assert Review.objects.get(pk=review.pk).introduction == "Hers."


def test_a_form_gone_back_to_and_filled_with_other_words_is_another_deed(here: Side, client: Client) -> None:
    url = at(here.plans.of_police, "add_milestone")
    first = shown(client, url, text="The first")
    told(client.post(url, first))
    assert "You did something else here" in client.post(url, first | {"text": "The second"}).content.decode()
    told(client.post(url, first))
    assert Milestone.objects.filter(text__in=("The first", "The second")).count() == 1


@pytest.mark.parametrize(
    ("verb", "typed"),
    [("assign", {"part": "supporting", "on": TODAY}), ("void", {"reason": "Sent twice."}), ("restrict", {})],
)
def test_what_would_be_refused_the_second_time_is_said_to_be_done(
    verb: str, typed: dict[str, Any], here: Side, client: Client
) -> None:
    rows = {"assign": here.plans.of_police, "void": here.plans.update, "restrict": here.plans.published}
    if verb == "assign":
        typed = typed | {"agency": here.agencies.health.pk}
    url = at(rows[verb], verb)
    sent = shown(client, url, **typed)
    first, before = told(client.post(url, sent)), AuditEntry.objects.count()
    assert first
    assert told(client.post(url, sent)) == first
    assert AuditEntry.objects.count() == before


def test_what_was_added_is_shown_again_by_the_second_press(here: Side, client: Client) -> None:
    url = reverse("admin:reviews_review_add")
    sent = shown(client, url, title="A new one", reference="T1")
    answers = [client.post(url, sent) for _ in range(2)]
    assert {answer.url for answer in answers} == {at(Review.objects.get(title="A new one"), "change")}


def test_a_row_moves_once_for_two_presses_and_again_from_the_page_that_comes_next(here: Side, client: Client) -> None:
    page, moved = at(here.plans.published, "change"), a_recommendation(here.plans.published, text="The last", order=900)
    up, rows = f"{at(moved, 'move_up')}?back={page}", here.plans.published.recommendations.order_by("order")
    last = rows.count() - 1
    for place in (last - 1, last - 2):
        sent = {"press": mark_on(client, page)}
        for _ in range(2):
            assert told(client.post(up, sent))
            assert list(rows.all())[place] == moved


def mark_on(client: Client, page: str) -> str:
    answer = client.get(page)
    assert f'name="press" value="{answer.context["mark"]}"' in answer.content.decode()
    return str(answer.context["mark"])


def test_the_press_of_somebody_else_is_not_ones_own(here: Side, world: World, client: Client) -> None:
    url = at(here.plans.of_police, "add_milestone")
    sent = shown(client, url, text="The first")
    told(client.post(url, sent))
    client.force_login(world.superuser)
    told(client.post(url, sent | {"seen": audit.last(here.plans.of_police)}))
    assert Milestone.objects.filter(text="The first").count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_add_one_review(time_machine) -> None:
    coordinator = make_world().here.people.coordinator
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(coordinator)
    url = reverse("admin:reviews_review_add")
    sent = shown(browsers[0], url, title="A new one", reference="T1")
    answers: list[Any] = []
    errors = at_once(*(lambda browser=browser: answers.append(browser.post(url, sent)) for browser in browsers))
    connection.close()
    assert not errors
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Review.objects.filter(title="A new one").count() == 1
    assert presses.carried_out(presses.press_of(answers[0].wsgi_request), by=coordinator)
