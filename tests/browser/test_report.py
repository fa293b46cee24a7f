"""The update report in a browser: at a desk, on a phone, and on paper."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from playwright.sync_api import Page

from agencies.models import User
from reviews.example import cast
from reviews.models import Review
from tests.browser.looking import look, open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chair(transactional_db) -> User:
    """The chair of the example's Strategic Group."""
    call_command("load_example", verbosity=0)
    assert EmailAddress.objects.exists()
    return User.objects.get(email="chair@haringey.example")


@pytest.fixture
def signed_in(page: Page, chair: User) -> Page:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(chair.email)
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)
    return page


@pytest.mark.parametrize("reference", ["DHR-A", "DARDR-2025-1"])
def test_the_report_reads_well_everywhere(signed_in: Page, reference: str) -> None:
    review = Review.objects.get(reference=reference)
    open_page(signed_in, f"/reviews/{review.pk}/report/")
    look(signed_in, f"report-{reference}")


def test_another_day_is_chosen_and_taken_away(signed_in: Page) -> None:
    review = Review.objects.get(reference="DHR-A")
    open_page(signed_in, f"/reviews/{review.pk}/report/")
    for part, value in (("Day", "28"), ("Month", "2"), ("Year", "2016")):
        signed_in.get_by_label(part, exact=True).fill(value)
    signed_in.get_by_role("button", name="Show this day").click()
    signed_in.get_by_text("Action plan update report, as at 28 February 2016", exact=True).wait_for()
    assert signed_in.locator("tbody td:last-child").filter(has_text=re.compile(r"^\s*Complete\s*$")).count() == 16
    with signed_in.expect_download() as download:
        signed_in.get_by_role("link", name=re.compile("Word document.*update report")).click()
    assert download.value.suggested_filename == "DHR-A-update-report-2016-02-28.docx"
