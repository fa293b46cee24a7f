"""A coordinator's story: a published report, kept as a spreadsheet, becomes a plan that people work on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Browser, Page, expect

from agencies.models import User
from reviews.models import Review
from reviews.statuses import Status
from tests.browser.looking import axe_clean
from tests.factories import PASSWORD
from tests.reviews.importing.plans import REPORT, a_workbook
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: The founding paper, where it stands beside this repository; elsewhere a report in the same four columns.
SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "haringey-adult-a-2016.xlsx"
HEADINGS = (
    "Organisation and recommendation",
    "Progress against recommendations",
    "Next Steps",
    "Status",
)


def the_report() -> tuple[bytes, int]:
    """The spreadsheet, and how many rows it has."""
    if SAMPLE.exists():
        return SAMPLE.read_bytes(), 28
    agency, rows = "", []
    for name, recommendation, *rest in REPORT:
        agency = name or agency
        rows.append((f"{agency}\n{recommendation}", *rest))
    return a_workbook([("Riverbank DHR (Adult Q): action plan update, March 2019",), (), HEADINGS, *rows]), len(rows)


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """A desk."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, user: User) -> None:
    """As people do."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    page.goto("/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def test_a_report_comes_in_is_mended_confirmed_once_and_is_live(page: Page, tmp_path: Path) -> None:
    coordinator = make_world().here.people.coordinator
    data, number = the_report()
    file = tmp_path / "adult-a.xlsx"
    file.write_bytes(data)
    sign_in(page, coordinator)

    page.goto("/admin/reviews/planimport/add/")
    axe_clean(page)
    page.get_by_label("The plan as a file").set_input_files(file)
    page.get_by_role("button", name="Read the plan").click()
    expect(page.get_by_text(f"{number} rows were read")).to_be_visible()
    axe_clean(page)

    # The date is asked first. What it reports is mended, and what is missing is asked for; nothing of the plan exists
    # meanwhile.
    page.get_by_role("button", name="Save the date and go on").click()
    mend = page.get_by_text(re.compile(r"Mend row \d+")).first
    row = page.locator(f"#row-{re.search(r'[0-9]+', mend.inner_text())[0]}")
    mend.click()
    row.get_by_label("Status", exact=True).select_option("not_started")
    row.get_by_role("button", name="Save row").click()
    expect(page.get_by_text("Mended").first).to_be_visible()
    page.get_by_label("Title of the new review").fill("")
    page.get_by_role("button", name="Bring in the plan").click()
    expect(page.get_by_text("Give the new review a reference and a title.").first).to_be_visible()
    axe_clean(page)
    assert not Review.objects.filter(title="Adult A, as published").exists()

    page.get_by_label("Title of the new review").fill("Adult A, as published")
    page.get_by_label("Make a new agency of each name that is not decided").check()
    page.get_by_role("button", name="Bring in the plan").click()
    expect(page.get_by_text("Nothing was mailed")).to_be_visible()
    axe_clean(page)
    done = page.url
    page.goto(done)  # to come back to it brings in nothing more
    expect(page.get_by_role("button", name="Bring in the plan")).to_have_count(0)
    review = Review.objects.get(title="Adult A, as published")
    assert review.actions.count() == number
    assert review.actions.filter(status=Status.NOT_STARTED).exists()

    page.goto("/")
    page.get_by_role("link", name="Plans").first.click()
    page.get_by_role("link", name=re.compile("Adult A, as published")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Adult A, as published")
    expect(page.get_by_text("Not started").first).to_be_visible()
    axe_clean(page)
