"""A coordinator's morning: a claim decided, a date moved and taken back again, a plan put in order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from reviews.models import Action
from reviews.statuses import Status
from tests.browser.looking import axe_clean, picture
from tests.factories import an_update
from tests.journeys.test_coordinator import sign_in
from tests.world import days, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """A desk."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def fill(page: Page, **fields: str) -> None:
    """Fill the fields of a form by their labels, and press its one button."""
    for label, words in fields.items():
        page.get_by_label(label.replace("_", " "), exact=False).first.fill(words)
    page.locator(".submit-row input.default").click()


def test_a_coordinators_morning(page: Page) -> None:
    here = make_world().here
    awaiting = here.plans.awaiting
    an_update(awaiting, here.agencies.police, here.people.member, status=Status.AWAITING, on=days(-2))
    sign_in(page, here.people.coordinator)

    page.goto("/admin/")
    picture(page, "morning-overview")
    page.get_by_role("link", name="claimed as complete").click()
    page.get_by_role("link", name="Appoint a lead").click()
    page.get_by_role("link", name="Sign off", exact=True).click()
    fill(page, Decided_at="Strategic Group")
    expect(page.get_by_text("The action is signed off.")).to_be_visible()

    page.goto("/admin/")
    page.locator("#overview .figures a").first.click()
    page.get_by_role("link", name="Train the officers").click()
    page.get_by_role("link", name="Change the target date").click()
    for part, words in (("Day", "%-d"), ("Month", "%B"), ("Year", "%Y")):
        page.get_by_role("group", name="New target date").get_by_label(part).fill(days(400).strftime(words))
    fill(page, Why_it_changes="The trainer left.")
    expect(page.get_by_text("The target date is changed.")).to_be_visible()
    axe_clean(page)
    picture(page, "morning-action")

    page.locator("#target_dates-group").get_by_role("link", name="Open").last.click()
    page.get_by_role("link", name="Take back").click()
    fill(page, Why="It was another action.")
    expect(page.get_by_text("It is taken back.")).to_be_visible()
    action = Action.objects.get(pk=here.plans.of_police_overdue.pk)
    assert action.target_date == here.plans.of_police_overdue.target_date

    page.goto(f"/admin/reviews/review/{here.plans.published.pk}/change/")
    page.get_by_role("link", name="Add a recommendation").click()
    fill(page, Recommendation="Listen to families.")
    expect(page.get_by_text("The recommendation is added.")).to_be_visible()
    page.goto(f"/admin/reviews/review/{here.plans.published.pk}/change/")
    page.get_by_role("button", name="Up: Listen to families.").click()
    expect(page.get_by_text("It is moved up.")).to_be_visible()
    picture(page, "morning-review")
    assert [row.text for row in here.plans.published.recommendations.order_by("order")][1] == "Listen to families."
