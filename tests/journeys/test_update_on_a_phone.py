"""An update on a phone: from Your actions to sent, with two files: four presses, two boxes, under a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from agencies.models import User
from reviews.models import Draft, StagedFile
from tests.browser.conftest import come_as, page  # noqa: F401 -- fixtures
from tests.browser.looking import axe_clean, fits, picture
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


@pytest.fixture
def context(browser: Browser, live_server) -> Iterator[BrowserContext]:
    """A phone."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="en-GB",
        timezone_id="Europe/London",
        viewport={"width": 375, "height": 700},
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


def test_from_your_actions_to_sent_with_two_files(
    page: Page,  # noqa: F811 -- the fixture
    world: World,
    come_as: Callable[[User], None],  # noqa: F811 -- the fixture
    tmp_path: Path,
) -> None:
    files = []
    for number, name in enumerate(("training register.pdf", "poster.pdf")):
        files.append(tmp_path / name)
        files[-1].write_bytes(b"%PDF-1.7\n" + bytes([number]) * 200_000 + b"\n%%EOF\n")
    come_as(world.here.people.member)
    presses = 0

    def press(role: str, name: str, *, exact: bool = False) -> None:
        nonlocal presses
        presses += 1
        page.get_by_role(role, name=name, exact=exact).tap()  # type: ignore[arg-type]

    page.goto("/actions/")
    press("link", "Write the guide")
    press("link", "Update this action")
    expect(page.locator("main textarea:visible")).to_have_count(2)  # the rest shows when it is wanted
    page.get_by_label("What has been done").fill("The guide is printed.")
    page.get_by_label("What happens next").fill("Hand it out.")
    expect(page.get_by_text("Saved at")).to_be_visible(timeout=20_000)  # by time alone it takes eight seconds
    assert Draft.objects.get().answers["progress"] == "The guide is printed."
    page.get_by_label("Files").set_input_files(files)
    for file in files:
        expect(page.get_by_role("button", name=f"Remove {file.name}")).to_be_visible()
    assert StagedFile.objects.count() == 2
    axe_clean(page)
    fits(page)
    picture(page, "update-on-a-phone-writing")
    press("button", "Continue")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    axe_clean(page)
    picture(page, "update-on-a-phone-check")
    press("button", "Send the update")
    expect(page.get_by_text("Your update is sent. Thank you.")).to_be_visible()
    for file in files:
        expect(page.get_by_role("link", name=file.name, exact=True)).to_be_visible()
    picture(page, "update-on-a-phone-sent")
    assert presses == 4
    page.go_back()  # the check has nothing left to send, so the form opens anew, with what was just said
    expect(page.get_by_label("What has been done")).to_have_value("The guide is printed.")
    expect(page.get_by_text("What was said last")).to_be_visible()
    assert world.here.plans.of_police.updates.count() == 2
