"""What a coordinator typed is not lost when her session ends, and nobody else reads it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import kept, memberships
from agencies.actors import EXAMPLE
from agencies.models import KeptForm, User
from reviews import editing
from reviews.models import Action
from tests.world import Side, World

pytestmark = pytest.mark.django_db
WORDS = "Ring the family within a day"


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def form_of(client: Client, action: Action) -> tuple[str, dict[str, Any]]:
    """Where the form of an action's wording is sent, and what with."""
    url = reverse("admin:reviews_action_reword", args=[action.pk])
    context = client.get(url).context
    marks = {"press": context["form"].mark, "seen": context["form"].seen, kept.FIELD: context["stamp"]}
    return url, {"text": WORDS, "reason": "Sooner.", "on": "2026-03-01", **marks}


def sent_without_a_session(client: Client, here: Side, **other: Any) -> str:
    """Fill the form, lose the session, press; the address of the form."""
    client.force_login(here.people.coordinator)
    url, sent = form_of(client, here.plans.of_police)
    client.logout()
    answer = client.post(url, sent | other)
    assert answer.status_code == 302
    assert "/login/" in answer.url
    return url


def test_who_signs_in_again_finds_her_words_until_they_are_taken(here: Side, client: Client) -> None:
    url = sent_without_a_session(client, here)
    client.force_login(here.people.coordinator)
    page = client.get(url)
    assert page.context["form"].initial["text"] == WORDS
    for words in (WORDS, "Sooner.", "We kept what you typed"):
        assert words in page.content.decode()
    assert Action.objects.get(pk=here.plans.of_police.pk).text != WORDS
    assert WORDS in client.get(url).content.decode(), "a page that was dropped is opened anew"
    _, sent = form_of(client, here.plans.of_police)
    assert client.post(url, sent).status_code == 302
    assert Action.objects.get(pk=here.plans.of_police.pk).text == WORDS
    assert not KeptForm.objects.exists()


def test_whose_role_ended_is_shown_her_words_at_their_address(here: Side, client: Client) -> None:
    url = sent_without_a_session(client, here)
    memberships.end(membership=here.people.coordinator.memberships.get(until=None), by=EXAMPLE)
    client.force_login(User.objects.get(pk=here.people.coordinator.pk))
    page = client.get(url)
    assert (page.status_code, WORDS in page.content.decode(), "Sooner." in page.content.decode()) == (404, True, True)


def test_what_somebody_did_meanwhile_is_said_before_they_are_saved(here: Side, client: Client) -> None:
    url = sent_without_a_session(client, here)
    editing.describe_action(action=here.plans.of_police, by=EXAMPLE, reference="9")
    client.force_login(here.people.coordinator)
    form = client.get(url).context["form"]
    answer = client.post(url, {"text": WORDS, "reason": "Sooner.", "on": "2026-03-01", "seen": form.seen})
    assert "Somebody did something else here" in answer.content.decode()


def test_nobody_else_finds_them_and_she_does_wherever_she_signs_in(here: Side, world: World, client: Client) -> None:
    url = sent_without_a_session(client, here)
    client.force_login(world.superuser)
    assert WORDS not in client.get(url).content.decode()
    elsewhere = Client()
    elsewhere.force_login(here.people.coordinator)
    assert (
        WORDS not in elsewhere.get(reverse("admin:reviews_action_reword", args=[here.plans.joint.pk])).content.decode()
    )
    assert WORDS in elsewhere.get(url).content.decode()


def test_each_form_is_kept_for_itself_and_a_week_long(here: Side, client: Client, time_machine: Any) -> None:
    client.force_login(here.people.coordinator)
    forms = [form_of(client, action) for action in (here.plans.of_police, here.plans.joint)]
    client.logout()
    for url, sent in (*forms, forms[0]):
        client.post(url, sent)
    assert KeptForm.objects.count() == 2
    client.force_login(here.people.coordinator)
    assert WORDS in client.get(forms[0][0]).content.decode()
    client.logout()
    later = timezone.now() + kept.KEPT_FOR + dt.timedelta(minutes=1)
    time_machine.move_to(later)
    client.force_login(here.people.coordinator)
    assert WORDS not in client.get(forms[1][0]).content.decode()
    kept.sweep(now=later)
    assert not KeptForm.objects.exists()


def test_a_form_that_was_open_before_she_signed_in_anew_is_kept(here: Side) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(here.people.coordinator)
    url, sent = form_of(browser, here.plans.of_police)
    answer = browser.post(url, sent | {"csrfmiddlewaretoken": "of another session"})
    assert (answer.status_code, answer.url) == (302, url)
    assert WORDS in browser.get(url).content.decode()


@pytest.mark.parametrize("other", [{kept.FIELD: "forged"}, {"text": "x" * (kept.MOST_LETTERS + 1)}])
def test_what_is_not_ours_or_too_long_is_not_kept(other: dict[str, str], here: Side, client: Client) -> None:
    url = sent_without_a_session(client, here, **other)
    client.force_login(here.people.coordinator)
    assert not client.get(url).context["form"].initial.get("reason")


def test_they_are_kept_where_the_second_factor_is_asked_for(here: Side, client: Client, settings: Any) -> None:
    client.force_login(here.people.coordinator)
    url, sent = form_of(client, here.plans.of_police)
    settings.SECOND_FACTOR_REQUIRED = True
    assert client.post(url, sent).status_code == 302
    settings.SECOND_FACTOR_REQUIRED = False
    assert WORDS in client.get(url).content.decode()
