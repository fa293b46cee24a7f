"""The mail of the embedded default, as it looks, and the way from a reminder to its action."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from agencies.actors import SCHEDULE
from agencies.models import User
from reviews import reviewing
from reviews.chasing import delivery, planning
from reviews.chasing.composing import ACTIONS_PATH
from tests.browser.looking import look
from tests.factories import TODAY
from tests.world import World, days, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


def test_from_a_reminder_to_its_action(
    page: Page, world: World, come_as: Callable[[User], None], settings, tmp_path, live_server
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH, settings.SITE_URL = str(tmp_path), live_server.url
    here = world.here
    come_as(world.superuser)
    page.goto("/mail/")
    look(page, "mail-none")
    reviewing.start_chasing(review=here.plans.published, by=SCHEDULE, on=days(-200))
    planning.plan_run(partnership=here.partnership, on=TODAY, by=SCHEDULE)
    delivery.deliver_waiting()
    page.goto("/mail/")
    look(page, "mail")
    page.get_by_role("link", name="Action plans:").click()
    expect(page.get_by_text(here.people.lead.email)).to_be_visible()
    look(page, "mail-message")
    page.get_by_role("link", name=f"{ACTIONS_PATH}{here.plans.of_police_overdue.pk}/").click()
    expect(page.get_by_text("Train the officers")).to_be_visible()
