"""Django admin as it looks: the first page with rows in it, every page by axe, at a desk, on a tablet, on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from agencies.models import User
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.models import Action
from tests.browser.looking import OUTSIDE, axe_clean, picture
from tests.factories import a_recommendation, an_action, an_agency
from tests.walking import admin_urls
from tests.world import World, days, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 768, 375)

#: The headings of the overview that are higher than three lines or narrower than a word.
CRAMPED = """() => [...document.querySelectorAll("#overview th, #overview h2")]
  .filter((cell) => cell.offsetParent !== null)
  .map((cell) => [cell.innerText, cell.getBoundingClientRect()])
  .filter(([, box]) => box.height > 110 || box.width < 40)
  .map(([words, box]) => `${words}: ${Math.round(box.width)} by ${Math.round(box.height)}`)"""


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, with enough in the lists that they break into pages."""
    world = make_world()
    here = world.here
    for number in range(12):
        an_action(
            a_recommendation(here.plans.published, text=f"Recommendation {number}"),
            an_agency(here.partnership, name=f"North Middlesex University Hospital NHS Trust {number}"),
            target_date=days(-number * 7 - 1),
            text="Agree how the surgeries, the hospital and the police tell one another what they know, and test it.",
        )
    return world


def test_the_first_page_can_be_read_at_every_width(page: Page, world: World, come_as: Callable[[User], None]) -> None:
    come_as(world.here.people.coordinator)
    page.goto("/admin/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(CRAMPED) == [], width
        assert page.evaluate(OUTSIDE) == [], width
        axe_clean(page)
        picture(page, f"overview-{width}")


def test_an_agency_is_found_among_many_by_what_is_typed(
    page: Page, world: World, come_as: Callable[[User], None]
) -> None:
    for number in range(60):
        an_agency(world.here.partnership, name=f"Surgery {number:02}")
    come_as(world.here.people.coordinator)
    page.goto(f"/admin/reviews/action/{world.here.plans.of_police.pk}/assign/")
    agency = page.get_by_role("combobox", name="Agency")
    agency.press_sequentially("surgery 1")
    expect(page.locator("datalist option")).to_have_count(12)
    axe_clean(page)
    agency.press("Enter")
    expect(page.get_by_text("15 fit what you typed. Choose one of them.").first).to_be_visible()
    axe_clean(page)
    picture(page, "finding-1280")
    page.get_by_role("combobox", name="Agency").select_option("Surgery 13")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The agency is added.")).to_be_visible()
    assert world.here.plans.of_police.assignments.filter(agency__name="Surgery 13").exists()
    page.goto("/admin/reviews/action/")
    page.locator(".narrow > summary").press("Enter")
    line = page.get_by_role("combobox", name="Part of the name of agency that answers for it")
    line.press_sequentially("surgery 1")
    expect(page.locator("datalist option")).to_have_count(12)
    for words, then in (("surgery 1", "15 fit what you typed. Choose one of them."), ("surgery 13", "1 action")):
        line.fill(words)
        line.press("Enter")
        expect(page.get_by_text(then).first).to_be_visible()
        axe_clean(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OUTSIDE) == [], width
            picture(page, f"narrowing-{words.replace(' ', '-')}-{width}")


@pytest.mark.slow
def test_every_page_of_the_admin_site_is_clean_by_axe(
    page: Page, world: World, come_as: Callable[[User], None]
) -> None:
    here = world.here
    come_as(here.people.coordinator)
    assert objects_for(here.people.coordinator, Permission.READ_PLAN, Action).count() > 20
    found: list[str] = []
    for url, _ in [("/admin/", None), ("/admin/reviews/", None), *admin_urls(here)]:
        alike = url.endswith("/history/") and "/reviews/action/" not in url
        if "/agencies/user/" in url or url.endswith("/file/") or alike:
            continue
        page.goto(url)
        # What depends on the width is in the style sheet, which the pages of one kind of row try for all.
        for width in (1280, 375) if "/reviews/action/" in url else (1280,):
            page.set_viewport_size({"width": width, "height": 900})
            try:
                axe_clean(page)
            except AssertionError as wrong:
                found.append(f"{width}: {wrong}")
        if "/reviews/action/" in url:
            picture(page, f"admin-{url.strip('/').replace('/', '-')}-375")
            page.set_viewport_size({"width": 1280, "height": 900})
            picture(page, f"admin-{url.strip('/').replace('/', '-')}-1280")
    assert not found, "\n".join(found)
