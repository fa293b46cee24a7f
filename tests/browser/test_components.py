"""The components, all on one page that only tests can open."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import axe_clean, look, open_page, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def gallery(settings) -> None:
    settings.ROOT_URLCONF = "tests.browser.gallery"


@pytest.mark.parametrize("address", ["/gallery/", "/gallery/?wrong"])
def test_every_component_is_accessible(page: Page, address: str) -> None:
    open_page(page, address)
    look(page, f"components{'-wrong' if 'wrong' in address else ''}")


@pytest.mark.parametrize(
    ("name", "status"), [("400", 400), ("403", 403), ("403-csrf", 403), ("405", 405), ("500", 500)]
)
def test_error_pages_are_accessible(page: Page, name: str, status: int) -> None:
    open_page(page, f"/gallery/{name}/", status)
    look(page, f"error-{name}")


def test_what_is_wrong_with_a_page_is_found_and_named(page: Page) -> None:
    open_page(page, "/gallery/")
    for _ in range(2):  # axe stays on the page when it has been asked once
        page.evaluate("document.querySelector('main').append(document.createElement('button'))")
        with pytest.raises(AssertionError, match="button-name: Buttons must have discernible text: <button></button>"):
            axe_clean(page)


def test_an_error_leads_to_its_field(page: Page) -> None:
    page.goto("/gallery/?wrong")
    expect(page).to_have_title("Error: Every component – Review action portal")
    page.get_by_role("link", name="The date must include a year").click()
    expect(page.get_by_label("Day")).to_be_focused()
    expect(page.get_by_role("textbox", name="Progress")).to_have_attribute(
        "aria-describedby", "id_progress_helptext id_progress_error"
    )


def test_a_table_of_cards_is_still_a_table(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto("/gallery/")
    table = page.get_by_role("table", name="Your actions")
    expect(table.get_by_role("columnheader")).to_have_count(5)
    expect(table.get_by_role("row")).to_have_count(8)
    expect(table.get_by_role("cell", name="Haringey Council, Housing Demand").first).to_be_visible()


def test_filters_are_open_at_a_desk_and_folded_on_a_phone(page: Page) -> None:
    page.goto("/gallery/")
    page.evaluate("document.querySelector('.app-filters__details').removeAttribute('open')")
    expect(page.get_by_label("Words in the action")).to_be_visible()
    page.set_viewport_size({"width": 375, "height": 900})
    expect(page.get_by_label("Words in the action")).to_be_hidden()
    page.get_by_text("Filter your actions").click()
    expect(page.get_by_label("Words in the action")).to_be_visible()


def test_on_paper_only_what_is_read_is_left(page: Page) -> None:
    page.goto("/gallery/")
    page.emulate_media(media="print")
    for what in (
        ".govuk-service-navigation",
        ".app-filters",
        ".govuk-button >> nth=0",
        ".app-footer",
        ".govuk-pagination",
    ):
        expect(page.locator(what)).to_be_hidden()
    expect(page.get_by_role("table", name="Your actions")).to_be_visible()
    expect(page.locator(".app-header")).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    picture(page, "print-1280")
