"""The second step of somebody with the admin door: set up when it is asked for, lost, recovered, and set up anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, Page, expect

from agencies.models import AuditEntry, User
from tests.browser.looking import axe_clean, fits, picture
from tests.factories import PASSWORD
from tests.journeys.test_coordinator import sign_in
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db, settings) -> World:
    """Two who have the admin door, where a second step is required."""
    settings.SECOND_FACTOR_REQUIRED = True
    return make_world()


@pytest.fixture
def page(browser: Browser, live_server, world: World) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def app_says(secret: str) -> str:
    """What an authenticator app that was given ``secret`` shows at this moment."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def set_up(page: Page) -> str:
    """From the page that asks for a second step, set an app up; what the app was given."""
    page.get_by_role("link", name="Set up Authenticator app").click()
    if page.get_by_label("Password", exact=True).is_visible():
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
    page.get_by_text("I cannot scan it").click()
    secret = page.locator(".app-secret").inner_text()
    page.get_by_label("Code").fill(app_says(secret))
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return secret


def sign_in_again(page: Page, user: User, code: str) -> None:
    """In a browser that knows nobody: password, then the second step."""
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_second_step_is_set_up_lost_recovered_and_reset(page: Page, world: World) -> None:
    coordinator, administrator = world.here.people.coordinator, world.superuser
    sign_in(page, coordinator)
    page.goto("/admin/")
    expect(page.get_by_text("Set up a second step to go on.")).to_be_visible()
    axe_clean(page)
    fits(page)
    set_up(page)
    picture(page, "journey-recovery-codes")
    axe_clean(page)
    codes = page.locator(".app-codes li").all_inner_texts()
    page.goto("/admin/")
    expect(page.locator("#overview")).to_be_visible()

    # The phone is lost: a recovery code opens the account, once.
    sign_in_again(page, coordinator, codes[0])
    page.goto("/admin/")
    expect(page.locator("#overview")).to_be_visible()
    sign_in_again(page, coordinator, codes[0])
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    picture(page, "journey-used-code")

    # The codes are lost too: a site administrator resets the second step, and nothing opens until there is another.
    page.context.clear_cookies()
    sign_in(page, administrator)
    page.goto("/admin/")
    set_up(page)
    page.goto(f"/admin/agencies/user/{coordinator.pk}/change/")
    page.get_by_role("link", name="Reset the second step").click()
    axe_clean(page)
    picture(page, "journey-reset")
    page.get_by_role("button", name="Reset it now").click()
    expect(page.get_by_text("The second step is reset.")).to_be_visible()
    assert AuditEntry.objects.get(event="second_factor.reset").about_id == coordinator.pk
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("E-mail address").fill(coordinator.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/admin/")
    expect(page.get_by_text("Set up a second step to go on.")).to_be_visible()
    set_up(page)
    page.goto("/admin/")
    expect(page.locator("#overview")).to_be_visible()
