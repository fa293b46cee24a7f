"""What the search of the admin's list of actions finds."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reviews.models import Action
from tests.world import Side, World, days

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


def found(client: Client, words: str) -> set[Action]:
    """What the list shows for ``words``."""
    return set(client.get(reverse("admin:reviews_action_changelist"), {"q": words}).context["cl"].result_list)


def test_an_action_is_found_by_the_agency_that_answers_for_it(here: Side, client: Client) -> None:
    police = found(client, "Borough Police")
    assert here.plans.of_police in police
    assert all(action.assignments.current().filter(agency=here.agencies.police).exists() for action in police)
    assert found(client, '"Borough Police"') == police
    assert found(client, "Borough Nobody") == set()
    here.plans.of_police.assignments.filter(agency=here.agencies.police).update(until=days(-1), ended_at=timezone.now())
    assert found(client, "Borough Police") == police - {here.plans.of_police}


def test_an_action_is_found_by_the_reference_of_its_review_with_words_of_its_own(here: Side, client: Client) -> None:
    action = here.plans.of_police
    of_review = found(client, action.review.reference)
    assert action in of_review
    assert {each.review for each in of_review} == {action.review}
    assert found(client, f"{action.review.reference} {action.words.split()[-1]}") <= of_review


def test_the_box_says_what_is_searched(here: Side, client: Client) -> None:
    assert "an agency’s name" in client.get(reverse("admin:reviews_action_changelist")).content.decode()


def test_a_search_of_many_words_is_answered(here: Side, client: Client) -> None:
    assert found(client, "word " * 60) == set()
