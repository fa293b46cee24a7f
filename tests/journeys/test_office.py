"""What reaches the coordinator's office: an agency is succeeded by another, and one without accounts telephones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from reviews.models import Action, ProgressUpdate
from tests.browser.looking import axe_clean
from tests.journeys.test_coordinator import sign_in
from tests.world import Side, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAIL = (
    b"Message-ID: <1@hillside.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nFrom: head@hillside.example\r\n"
    b"To: office@haringey.example\r\nSubject: Lessons\r\nMIME-Version: 1.0\r\n\r\nThey are taught.\r\n"
)


@pytest.fixture
def here(transactional_db) -> Side:
    """The partnership whose office this is."""
    return make_world().here


@pytest.fixture
def page(browser: Browser, live_server, here: Side) -> Iterator[Page]:
    """The coordinator's desk."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, here.people.coordinator)
    yield page
    context.close()


def test_an_agency_is_succeeded_by_another(page: Page, here: Side) -> None:
    housing, council, member = here.agencies.housing, here.agencies.council, here.people.two_agencies
    page.goto("/people/")
    page.get_by_role("link", name=housing.name).click()
    page.get_by_text("If this agency changes").click()
    page.get_by_role("link", name="Another agency takes over").click()
    page.get_by_label("Which agency takes over?").select_option(label=council.name)
    axe_clean(page)
    page.get_by_role("button", name="Record who takes over").click()
    expect(page.get_by_text(f"{council.name} has taken over")).to_be_visible()

    page.context.clear_cookies()
    sign_in(page, member)
    expect(page.get_by_role("heading", name="Your actions")).to_be_visible()
    page.get_by_role("link", name="Review the tenancies").click()
    expect(page.get_by_role("link", name="Update this action")).to_be_visible()
    action = Action.objects.get(text="Review the tenancies")
    assert [row.agency for row in action.assignments.current()] == [council]

    page.context.clear_cookies()
    page.goto("/accounts/login/")
    sign_in(page, here.people.chair)
    page.goto(f"/reviews/{action.review_id}/report/")
    # What was complete before stays under the old name.
    expect(page.get_by_text(f"* now the {council.name}").first).to_be_visible()


def test_a_telephone_answer_is_recorded_with_the_mail_that_followed(page: Page, here: Side, tmp_path: Path) -> None:
    mail = tmp_path / "answer.eml"
    mail.write_bytes(MAIL)
    page.goto(f"/admin/reviews/action/{here.plans.of_school.pk}/change/")
    page.get_by_role("link", name="Record an update for an agency").click()
    page.get_by_label("What has been done").fill("All year groups have had the lesson.")
    page.get_by_label("In progress").check()
    page.get_by_label("Who told you?").fill("Ines Whitlock, head, by telephone")
    no_mail = tmp_path / "notes.eml"
    no_mail.write_bytes(b"What she said, typed.")
    page.get_by_label("Files").set_input_files([no_mail])
    expect(page.get_by_text("notes.eml").first).to_be_visible()  # refused where it was chosen, with the reason
    page.get_by_label("Files").set_input_files([mail])
    expect(page.get_by_role("button", name="Remove answer.eml")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Ines Whitlock, head, by telephone")).to_be_visible()
    axe_clean(page)
    page.get_by_role("button", name="Record the update").click()
    expect(page.get_by_text("All year groups have had the lesson.").first).to_be_visible()
    expect(page.get_by_text("recorded by Morgan Ellery").first).to_be_visible()
    update = ProgressUpdate.objects.latest("pk")
    assert (update.source, update.agency) == (ProgressUpdate.Source.RECORDED_FOR, here.agencies.school)
    with page.expect_download() as download:
        page.locator("main a[href^='/evidence/'][href$='/file/']").first.click()
    assert download.value.path().read_bytes() == MAIL
