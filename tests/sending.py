"""What the tests that send share: every page there is with whom it is for, and the forms on it, filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.test_url_walk import ABOUT_ONESELF, OTHER_ADMIN, OWN, the_page
from tests.walking import ALL, admin_urls
from tests.world import Side

#: A form that would end the session of whoever walks.
NOT_SENT = ("account_logout",)
#: Given the kind of a field, its name and the element: what is sent for it. Of the kind "submit": which is pressed.
Fill = Callable[[str, str, Any], Any]


def pages(side: Side) -> Iterator[tuple[Any, str]]:
    """Every page about something of ``side``, with somebody who may open it; nobody where it is for everybody."""
    for address in OWN:
        page = the_page(address)
        yield page.owner(side), reverse(address.name, kwargs=page.args(side))
    for url, row in admin_urls(side):
        if (row is not None or url.endswith("/add/")) and not url.endswith("/history/"):
            yield side.people.coordinator, url
    for name, arguments in OTHER_ADMIN.items():
        yield side.people.coordinator, reverse(name, args=arguments(side))
    for address in ALL:
        if address.name.startswith(ABOUT_ONESELF) and address.name not in NOT_SENT:
            try:
                url = reverse(address.name)
            except NoReverseMatch:
                continue
            yield None, url
            yield side.people.lead, url


def read(client: Client, url: str, query: dict[str, str] | None = None) -> Any:
    """A page as a tree; None where it is none."""
    page = client.get(url, query)
    if page.streaming or "html" not in page.headers.get("Content-Type", "") or not page.content:
        b"".join(page)  # a file is closed when it has been read to its end
        return None
    return lxml.html.fromstring(page.content)


def forms_of(
    client: Client, url: str, fill: Fill, query: dict[str, str] | None = None
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The forms of a page as a browser sends them: method, where to, and what ``fill`` says for each field.

    Where a form has buttons with names or places of their own, ``fill`` says which of them is pressed.
    """
    page = read(client, url, query)
    for form in [] if page is None else page.forms:
        said = {}
        for box in form.inputs:
            kind = box.get("type", box.tag)
            if box.name and kind not in ("submit", "button", "image"):
                said[box.name] = fill(kind, box.name, box)
        to = form.get("action") or ""
        if buttons := form.xpath(".//*[self::button or self::input][@type='submit'][@name or @formaction]"):
            pressed = fill("submit", "which button", buttons)
            said |= {pressed.get("name"): pressed.get("value", "")} if pressed.get("name") else {}
            to = pressed.get("formaction", to)
        yield (form.method or "get").lower(), urljoin(url, to), said


def asked_for(client: Client, urls: Iterable[str]) -> set[tuple[str, str]]:
    """What can be asked of pages: each address that a page's links and forms lead to, with the name of a parameter."""
    found = set()
    for url in urls:
        page = read(client, url)
        if page is None:
            continue
        links = [urlsplit(urljoin(url, link)) for link in page.xpath("//a/@href")]
        found |= {(to.path, name) for to in links if not to.netloc for name, _ in parse_qsl(to.query, True)}
        for form in page.forms:
            if (form.method or "get").lower() == "get":
                to = urlsplit(urljoin(url, form.get("action") or ""))
                found |= {(to.path, box.name) for box in form.inputs if box.name}
    return found
