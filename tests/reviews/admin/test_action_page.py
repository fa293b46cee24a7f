"""The page of an action in the admin: headed by the action, its buttons in groups, no column that says nothing."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import User
from reviews.models import Action
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def page_of(action: Action, client: Client, user: User) -> str:
    """The page as ``user`` sees it."""
    client.force_login(user)
    return client.get(reverse("admin:reviews_action_change", args=[action.pk])).content.decode()


def test_it_is_headed_by_the_action_and_groups_what_can_be_done(world: World, client: Client) -> None:
    here = world.here
    page = page_of(here.plans.awaiting, client, here.people.coordinator)
    assert f"<h1>{here.plans.awaiting}</h1>" in page
    assert "View action" not in page
    groups = re.findall(r'<h2 id="do-(\w+)">', page)
    assert groups == ["decide", "edit", "report", "look"]
    decided = page[page.index('id="do-decide"') : page.index('id="do-edit"')]
    assert "Sign off" in decided
    assert "Move down" not in decided


def test_who_may_only_read_is_offered_no_more_than_to_look(world: World, client: Client) -> None:
    here = world.here
    page = page_of(here.plans.awaiting, client, here.people.partnership_observer)
    assert re.findall(r'<h2 id="do-(\w+)">', page) == ["look"]


def test_a_column_in_which_nothing_stands_is_left_out(world: World, client: Client) -> None:
    here = world.here
    action = here.plans.awaiting
    assert "Void reason" not in page_of(action, client, here.people.coordinator)
    action.updates.update(void_reason="Another action was meant.")
    page = page_of(action, client, here.people.coordinator)
    assert '<th scope="col" class="column-void_reason">Void reason</th>' in page
    assert 'data-label="Void reason"><p>Another action was meant.</p>' in page
