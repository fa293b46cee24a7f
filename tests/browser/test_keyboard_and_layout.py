"""The frame of every page: a keyboard is enough, and nothing depends on scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from agencies.models import User
from tests.browser.looking import axe_clean, look, open_page, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_first_tab_leads_past_the_navigation(page: Page) -> None:
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_every_stop_of_the_keyboard_can_be_seen(page: Page) -> None:
    page.goto("/accounts/login/")
    stops = 0
    while True:
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
              const here = document.activeElement;
              if (here === document.body) return null;
              const style = getComputedStyle(here);
              const yellow = "rgb(255, 221, 0)";
              return [style.outlineColor, style.backgroundColor, style.borderTopColor].includes(yellow);
            }"""
        )
        if seen is None:
            break
        stops += 1
        assert seen, page.evaluate("document.activeElement.outerHTML")
    assert stops >= 8


def test_the_menu_of_a_phone_opens(page: Page, person: User, sign_in: Callable[[User], None]) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    sign_in(person)
    link = page.get_by_role("link", name="Your account")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    axe_clean(page)
    picture(page, "menu-375")
    link.click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_without_scripts_the_menu_stands_open(browser: Browser, live_server, person: User) -> None:
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 375, "height": 700}
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill("four quiet words together")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    picture(page, "without-scripts-375")
    context.close()


def test_admin_wears_the_portals_colours(page: Page, person: User, sign_in: Callable[[User], None]) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    sign_in(person)
    open_page(page, "/admin/")
    expect(page.locator("#header")).to_have_css("background-color", "rgb(76, 29, 69)")
    look(page, "admin")
