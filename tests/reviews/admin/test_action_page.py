"""The page of an action in the admin: headed by the action, its buttons in groups, no column that says nothing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import User
from reviews.models import Action
from reviews.statuses import Status
from tests.factories import an_update
from tests.world import World, days

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
    page = page_of(here.plans.awaiting, client, here.people.member_of_group)
    assert re.findall(r'<h2 id="do-(\w+)">', page) == ["look"]


def test_a_column_in_which_nothing_stands_is_left_out(world: World, client: Client) -> None:
    here = world.here
    action = here.plans.awaiting
    assert "Void reason" not in page_of(action, client, here.people.coordinator)
    action.updates.update(void_reason="Another action was meant.")
    page = page_of(action, client, here.people.coordinator)
    assert '<th scope="col" class="column-void_reason">Void reason</th>' in page
    assert 'data-label="Void reason"><p>Another action was meant.</p>' in page


def test_a_decision_leads_back_to_the_list_of_claims_and_on_to_the_next(world: World, client: Client) -> None:
    here = world.here
    first, second = here.plans.awaiting, here.plans.of_police
    an_update(second, here.agencies.police, here.people.member, status=Status.AWAITING)
    Action.objects.filter(pk=second.pk).update(status=Status.AWAITING)
    client.force_login(here.people.coordinator)
    listed = f"{reverse('admin:reviews_action_changelist')}?status__exact=awaiting"
    rows = client.get(listed).content.decode()
    opened = re.search(rf'href="([^"]*/{first.pk}/change/[^"]*)"', rows)
    assert opened is not None
    row = client.get(unescape(opened[1])).content.decode()
    way = re.search(r'href="([^"]*/sign-off/[^"]*)"', row)
    assert way is not None
    typed = {"decided_at": "Strategic Group", "on": days(0)}
    answer = client.post(unescape(way[1]), typed, follow=True)
    assert answer.redirect_chain == [(listed, 302)]
    assert "The action is signed off. <a " in answer.content.decode()
    assert "Next claim (1 more waits in this list)" in answer.content.decode()
    on = re.search(r'href="([^"]*)">Next claim', answer.content.decode())
    assert on is not None
    assert on[1].startswith(reverse("admin:reviews_action_change", args=[second.pk]))
    client.get(unescape(on[1]))
    back = f"{reverse('admin:reviews_action_sign_off', args=[second.pk])}?{on[1].partition('?')[2]}"
    assert "No more claims wait in this list." in client.post(back, typed, follow=True).content.decode()


def test_a_decision_on_an_action_opened_elsewhere_leads_back_to_the_action(world: World, client: Client) -> None:
    action = world.here.plans.awaiting
    client.force_login(world.here.people.coordinator)
    at = reverse("admin:reviews_action_sign_off", args=[action.pk])
    answer = client.post(at, {"decided_at": "Strategic Group", "on": days(0)}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:reviews_action_change", args=[action.pk]), 302)]
    assert "Next claim" not in answer.content.decode()


def test_oversight_and_portal_lead_to_one_another_for_who_has_both(world: World, client: Client) -> None:
    here = world.here
    action, review = here.plans.awaiting, here.plans.published
    at = reverse("admin:reviews_action_change", args=[action.pk])
    edited = reverse("admin:reviews_review_change", args=[review.pk])
    client.force_login(here.people.coordinator)
    assert f'href="{at}"' in client.get(reverse("action-detail", args=[action.pk])).content.decode()
    assert f'href="{edited}"' in client.get(reverse("review-detail", args=[review.pk])).content.decode()
    page = client.get(edited).content.decode()
    for name in ("review-detail", "review-report"):
        assert f'href="{reverse(name, args=[review.pk])}"' in page
    client.force_login(here.people.member)
    assert f'href="{at}"' not in client.get(reverse("action-detail", args=[action.pk])).content.decode()
    client.force_login(here.people.panel_reader)
    restricted = reverse("review-detail", args=[here.plans.restricted.pk])
    assert "in oversight" not in client.get(restricted).content.decode()


def test_what_is_added_to_a_claim_is_read_where_it_is_decided(world: World, client: Client) -> None:
    here = world.here
    action, member, police = here.plans.awaiting, here.people.member, here.agencies.police
    action.updates.update(help_wanted="A room to meet.")
    client.force_login(here.people.coordinator)
    at = reverse("admin:reviews_action_sign_off", args=[action.pk])
    assert "A room to meet." in client.get(at).content.decode()
    an_update(
        action, police, member, status="", on=days(-2), progress="All were trained.", help_wanted="A second room."
    )
    page = client.get(at).content.decode()
    assert "All were trained." in page
    assert "A second room." in page
    assert "A room to meet." not in page
    an_update(action, police, member, status="", on=days(-1), progress="The room was found.", next_steps="")
    page = client.get(at).content.decode()
    assert "The room was found." in page
    assert page.index("All were trained.") < page.index("The room was found.")
    assert "Help wanted" not in page


def test_what_stood_before_a_claim_or_comes_from_another_agency_adds_nothing(world: World, client: Client) -> None:
    here = world.here
    action, member = here.plans.awaiting, here.people.member
    an_update(action, here.agencies.police, member, on=days(-9), help_wanted="Asked before.", progress="Long ago.")
    an_update(action, here.agencies.health, member, status="", on=days(-1), help_wanted="Asked elsewhere.")
    client.force_login(here.people.coordinator)
    page = client.get(reverse("admin:reviews_action_sign_off", args=[action.pk])).content.decode()
    assert "says that it is complete" in page
    for words in ("Asked before.", "Long ago.", "Asked elsewhere."):
        assert words not in page
