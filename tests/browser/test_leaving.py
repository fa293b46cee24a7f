"""Somebody is locked out in the middle of a page, and her words are not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from agencies.models import User
from reviews.models import Draft, ProgressUpdate
from tests.browser.conftest import PASSWORD
from tests.browser.looking import axe_clean, open_page, picture
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Twelve of the officers have been trained."


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


def test_a_leaver_is_locked_out_in_the_middle_of_a_page_and_her_words_go_to_her_lead(
    page: Page, world: World, come_as: Callable[[User], None], sign_in: Callable[[User], None]
) -> None:
    police, people, action = world.here.agencies.police, world.here.people, world.here.plans.of_police
    come_as(people.member)
    open_page(page, f"/actions/{action.pk}/update/")
    page.locator("textarea[name=progress]").fill(WORDS)

    come_as(people.lead)  # the same browser, so that one window shows both: the leaver's page stays open in it
    lead = page.context.new_page()
    open_page(lead, f"/people/agencies/{police.pk}/")
    lead.get_by_role("link", name=f"End access of {people.member}").click()
    lead.get_by_role("button", name="End access now").click()
    expect(lead.get_by_text(f"{people.member} has no access here any more")).to_be_visible()
    lead.context.clear_cookies()

    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Your access to this action ended while you were writing")).to_be_visible()
    axe_clean(page)
    picture(page, "leaver-locked-out")
    assert not ProgressUpdate.objects.filter(progress=WORDS).exists()
    assert Draft.objects.get(action=action).author == people.lead

    page.get_by_role("link", name="Your actions").last.click()
    people.member.set_password(PASSWORD)
    people.member.save()
    EmailAddress.objects.get_or_create(user=people.member, email=people.member.email, verified=True, primary=True)
    sign_in(people.member)
    page.goto("/actions/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert WORDS not in page.content()

    come_as(people.lead)
    open_page(lead, f"/actions/{action.pk}/update/?agency={police.pk}")
    expect(lead.get_by_text(f"{people.member} ").first).to_be_visible()
    axe_clean(lead)
    picture(lead, "leaver-words-handed-over")
