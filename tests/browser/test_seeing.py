"""A chair looks at the portal as an agency's people do, from the agency's page in oversight and back to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from agencies.models import User
from tests.browser.looking import look
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


def test_a_chair_sees_as_an_agency_and_goes_back(page: Page, world: World, come_as: Callable[[User], None]) -> None:
    here = world.here
    come_as(here.people.chair)
    page.goto(f"/admin/agencies/agency/{here.agencies.police.pk}/change/")
    page.get_by_role("link", name="See the portal as this agency").click()
    expect(page.get_by_role("button", name="See as Borough Police")).to_be_visible()
    look(page, "see-as")
    page.get_by_role("button", name="See as Borough Police").click()
    expect(page.get_by_role("heading", name="Your actions")).to_be_visible()
    expect(page.get_by_text("You see the portal as Borough Police.")).to_be_visible()
    look(page, "seeing-as")
    page.goto(f"/actions/{here.plans.of_police.pk}/")
    expect(page.get_by_role("button", name="Back to yourself")).to_be_visible()
    expect(page.get_by_role("link", name="Update this action")).to_have_count(0)
    page.get_by_role("button", name="Back to yourself").click()
    expect(page.get_by_text("You see the portal as yourself again")).to_be_visible()
