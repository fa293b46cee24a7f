"""An agency's stories, from its first sign-in to the group's decision; and what it never gets to see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from agencies.models import User
from reviews import sign_off
from reviews.models import Action, Evidence, ProgressUpdate
from reviews.statuses import Status
from tests.browser.looking import axe_clean
from tests.factories import PASSWORD
from tests.world import World, make_world


class TestOneActionFromFirstSightToSignOff:
    """A lead signs in for the first time, reports with evidence, claims; the group sends back, then agrees."""

    pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]  # noqa: RUF012 -- as pytest reads it

    @pytest.fixture
    def page(self, browser: Browser, live_server) -> Iterator[Page]:
        """A phone."""
        context = browser.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 375, "height": 800})
        yield context.new_page()
        context.close()

    def sign_in(self, page: Page, user: User) -> None:
        """As people do."""
        page.context.clear_cookies()
        EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
        page.goto("/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()

    def report(self, page: Page, words: str, file: Path) -> None:
        """Update the action that stands open."""
        page.get_by_role("link", name="Update this action").click()
        page.get_by_label("What has been done").fill(words)
        page.get_by_label("Files").set_input_files([file])
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Send the update").click()
        expect(page.get_by_text("Your update is sent. Thank you.")).to_be_visible()

    def claim(self, page: Page, changed: str) -> None:
        """Say that the action that stands open is complete, today."""
        page.get_by_role("link", name="Say that it is complete").click()
        page.get_by_text("More to say").click()
        today = page.get_by_role("group", name="Which day does this speak for?")
        done = page.get_by_role("group", name="When was it complete?")
        for part in ("Day", "Month", "Year"):
            done.get_by_label(part).fill(today.get_by_label(part).input_value())
        page.get_by_label("What changed because of it").fill(changed)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Say that it is complete").click()
        expect(page.get_by_text("now looks at it")).to_be_visible()

    def test_it(self, page: Page, tmp_path: Path) -> None:
        world = make_world()
        people, action = world.here.people, world.here.plans.of_police
        file = tmp_path / "guide.pdf"
        file.write_bytes(b"%PDF-1.7 the guide")

        self.sign_in(page, people.lead)
        expect(page.get_by_role("heading", name="Your actions")).to_be_visible()
        page.get_by_role("link", name="Write the guide").click()
        self.report(page, "The guide is printed.", file)
        axe_clean(page)
        self.claim(page, "Every officer has it.")

        on = ProgressUpdate.objects.latest("pk").on
        sign_off.send_back(action=action, by=people.coordinator, on=on, reason="Who has read it?", decided_at="Meeting")
        page.reload()
        expect(page.get_by_text("Who has read it?")).to_be_visible()
        self.claim(page, "Nine in ten have signed that they read it.")
        sign_off.sign_off(action=action, by=people.coordinator, on=on, decided_at="Next meeting")
        page.reload()
        expect(page.get_by_text("Nobody’s: nothing more is asked")).to_be_visible()
        expect(page.get_by_role("link", name="Update this action")).to_have_count(0)

        self.sign_in(page, people.member_of_group)
        page.get_by_role("link", name="Adult A").click()
        page.get_by_role("link", name="Update report").first.click()
        row = page.get_by_role("row").filter(has_text="The guide is printed.")
        expect(row.get_by_text("Complete").first).to_be_visible()
        axe_clean(page)
        page.go_back()
        page.get_by_role("link", name="Write the guide").click()
        expect(page.get_by_text("Nine in ten have signed that they read it.")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="guide.pdf", exact=True).click()
        assert download.value.path().read_bytes() == file.read_bytes()
        action.refresh_from_db()
        assert action.status == Status.COMPLETE


@pytest.mark.either
@pytest.mark.parametrize("who", ["lead", "member", "health_lead", "two_agencies", "council_observer"])
def test_an_agency_reaches_its_own_actions_and_no_other_by_any_address(world: World, who: str) -> None:
    """Whatever number is tried, on either side of the wall, by reading or by writing."""
    user = getattr(world.here.people, who)
    agencies = set(user.memberships.filter(until=None).values_list("agency", flat=True))
    client = Client()
    client.force_login(user)
    rows_before = (ProgressUpdate.objects.count(), Evidence.objects.count())
    own = 0
    for action in Action.objects.select_related("review"):
        current = set(action.assignments.current().values_list("agency", flat=True))
        is_own = bool(current & agencies) and not action.review.is_restricted
        own += is_own
        assert client.get(f"/actions/{action.pk}/").status_code == (200 if is_own else 404)
        if not is_own:
            for page in ("update", "claim", "evidence/add"):
                address = f"/actions/{action.pk}/{page}/"
                assert client.get(address).status_code == client.post(address, {"progress": "Ours"}).status_code == 404
        assert client.get(f"/reviews/{action.review_id}/").status_code == 404
    assert own
    for piece in Evidence.objects.select_related("action"):
        reads = piece.agency_id in agencies
        if not reads:
            for page in ("file", "withdraw"):
                assert client.get(f"/evidence/{piece.pk}/{page}/").status_code in (403, 404)
    assert (ProgressUpdate.objects.count(), Evidence.objects.count()) == rows_before
