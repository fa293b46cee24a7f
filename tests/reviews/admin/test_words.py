"""The words of Django admin's pages are ours: people are people, and no page speaks of users, records or objects."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.walking import admin_urls
from tests.world import World

pytestmark = pytest.mark.either

#: Said of the machine, never of people and their work ("Record that …" is a thing to do).
NEVER = re.compile(
    r"\b(users?|records?(?! that)|objects?|instances?|querysets?|models?|superusers?|staff status)\b", re.IGNORECASE
)
#: What heads or names something on a page.
HEADINGS = {"h1", "h2", "h3", "h4", "th", "label", "legend", "caption", "title", "summary", "button", "dt", "nav"}


class Headings(HTMLParser):
    """Collects what a page's headings, labels and buttons say."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HEADINGS:
            self.open.append(tag)
        facts = dict(attrs)
        said = [facts.get(name) for name in ("title", "aria-label", "placeholder")]
        said += [facts.get("value")] if facts.get("type") in ("submit", "button") else []
        self.said |= {words for words in said if words}

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            self.open.reverse()
            self.open.remove(tag)
            self.open.reverse()

    def handle_data(self, data: str) -> None:
        if self.open and (words := " ".join(data.split())):
            self.said.add(words)


def headings_of(page: str) -> set[str]:
    parser = Headings()
    parser.feed(page)
    return parser.said


def test_the_headings_are_found() -> None:
    page = '<h1>One <b>two</b></h1><th title="Three">four</th><p>five</p><input type="submit" value="Six">'
    assert headings_of(page) == {"One", "two", "Three", "four", "Six"}


def test_no_heading_of_an_admin_page_says_what_is_never_said(world: World, client: Client) -> None:
    urls = [reverse("admin:index"), *(url for url, _ in admin_urls(world.here))]
    found: dict[str, set[str]] = {}
    for person in (world.here.people.coordinator, world.superuser):  # who opens what the coordinator does not
        client.force_login(person)
        closed = []
        for url in urls:
            page = client.get(url)
            if page.status_code != 200:
                closed.append(url)
            elif wrong := {words for words in headings_of(page.content.decode()) if NEVER.search(words)}:
                found[url] = wrong
        urls = closed
    assert not urls, "every page was read"
    assert not found, sorted({words for wrong in found.values() for words in wrong})
