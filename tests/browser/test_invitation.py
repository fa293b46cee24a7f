"""An invited person's first ten minutes: from the mail to the first update, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agencies.models import User
from reviews.chasing import delivery
from reviews.models import ProgressUpdate
from tests.browser.looking import look, open_page
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


def test_from_the_mail_to_the_first_update_on_a_phone(
    page: Page, world: World, come_as: Callable[[User], None], settings, tmp_path: Path, live_server
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH, settings.SITE_URL = str(tmp_path), live_server.url
    police = world.here.agencies.police
    come_as(world.here.people.lead)
    open_page(page, f"/people/agencies/{police.pk}/")
    look(page, "people")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail address").fill("maya@example.org")
    page.get_by_label("Agency member").check()
    look(page, "people-invite")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation goes to maya@example.org")).to_be_visible()
    page.get_by_role("link", name="End access of Joel Marsh").click()
    look(page, "people-leave")

    delivery.deliver_waiting()
    page.context.clear_cookies()
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(link_in(tmp_path, "maya@example.org"))
    look(page, "invitation")
    page.set_viewport_size({"width": 375, "height": 800})
    page.get_by_label("Your name").fill("Maya Lind")
    page.get_by_label("Choose a password").fill("a quiet river at night")
    page.get_by_role("button", name="Accept and go on").click()
    expect(page.get_by_text("Welcome, Maya Lind")).to_be_visible()
    look(page, "invitation-welcome")
    page.set_viewport_size({"width": 375, "height": 800})
    page.get_by_role("link", name="Write the guide").click()
    page.get_by_role("link", name="Update this action").click()
    page.locator("textarea[name=progress]").fill("The first chapter is with the printers.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send the update").click()
    expect(page.get_by_text("Your update is sent. Thank you.")).to_be_visible()
    update = ProgressUpdate.objects.get(progress="The first chapter is with the printers.")
    assert update.recorded_by.name == "Maya Lind"


def link_in(folder: Path, address: str) -> str:
    """The link of the mail to ``address``."""
    for file in folder.glob("*.log"):
        for part in file.read_bytes().split(b"-" * 79):
            mail = message_from_bytes(part.strip(), policy=modern)
            if mail["To"] == address:
                return re.search(r"http://\S+/invitations/\S+", mail.get_content())[0]
    raise AssertionError(f"no mail to {address}")
