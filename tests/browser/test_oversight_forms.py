"""The forms of Django admin in a browser: what is typed there outlives the session, and is sent once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from agencies.models import User
from reviews.models import Action
from tests.browser.looking import axe_clean, picture
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Ring the family within a day"


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


def test_a_form_is_not_sent_without_a_session_and_is_sent_after_signing_in(
    page: Page, world: World, come_as: Callable[[User], None]
) -> None:
    action, people = world.here.plans.of_police, world.here.people
    come_as(people.coordinator)
    page.goto(f"/admin/reviews/action/{action.pk}/reword/")
    page.get_by_label("What will be done").fill(WORDS)
    page.get_by_label("Why it changes").fill("Sooner.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You are signed out. Nothing is sent")).to_be_focused()
    axe_clean(page)
    picture(page, "form-without-a-session")
    come_as(world.superuser)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Somebody else has signed in here")).to_be_focused()
    come_as(people.coordinator)
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_text("The wording is changed.")).to_be_visible()
    assert Action.objects.get(pk=action.pk).text == WORDS


def test_what_is_wrong_leads_to_where_it_is_mended(page: Page, world: World, come_as: Callable[[User], None]) -> None:
    come_as(world.here.people.coordinator)
    page.goto(f"/admin/reviews/action/{world.here.plans.of_police.pk}/change-date/")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-said]")).to_be_hidden()
    page.get_by_role("link", name="Fill in “Why it changes”").click()
    page.get_by_role("link", name="Give a date for “New target date”").click()
    expect(page.get_by_role("group", name="New target date").get_by_label("Day")).to_be_focused()
    page.get_by_role("link", name="Fill in “Why it changes”").click()
    expect(page.get_by_label("Why it changes")).to_be_focused()
    axe_clean(page)
    picture(page, "form-with-problems")
