"""A Chromium for the tests, wide as a desk's or narrow as a phone's, that fails a test on any script error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from agencies.models import User

WIDTHS = {"desk": 1280, "phone": 375}
PASSWORD = "four quiet words together"
SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"


@pytest.fixture(scope="session")
def desk(browser: Browser, live_server) -> Iterator[BrowserContext]:
    """The browser of all tests of a process; a page in a new one costs half a second each time."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(5_000)
    context.new_page()  # stays, for the browser begins anew when its last page closes
    yield context
    context.close()


@pytest.fixture
def context(desk: BrowserContext) -> Iterator[BrowserContext]:
    """A browser that knows nobody yet: no cookies, one empty page. Our pages keep nothing else in a browser."""
    yield desk
    for page in desk.pages[1:]:
        page.close()
    desk.clear_cookies()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """One page. At the end of the test it must not have complained of anything, our own policy included."""
    page = context.new_page()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status of" not in message.text:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert not complaints, complaints


@pytest.fixture
def person(transactional_db) -> User:
    """Somebody with an account and a confirmed address."""
    user = User.objects.create_user("amina@agency.example", PASSWORD, name="Amina Yusuf")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def sign_in(page: Page) -> Callable[[User], None]:
    """Sign somebody in as they would themselves."""

    def sign_in(user: User) -> None:
        page.goto("/accounts/login/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/accounts/login/" not in address)

    return sign_in


@pytest.fixture
def come_as(context: BrowserContext, live_server) -> Callable[[User], None]:
    """Be signed in as somebody at once: for pages that are not about signing in."""

    def come_as(user: User) -> None:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.clear_cookies()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return come_as
