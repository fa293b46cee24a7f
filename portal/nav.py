"""The portal's navigation, as a table: what it says, where it leads, who sees it, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from portal.kept_mail import is_kept
from reviews.reading.lists import Places, places_of


@dataclass(frozen=True)
class Visitor:
    """Whoever asks for a page, and what the portal has for them: one query, made when an entry wants to know."""

    user: Any

    @cached_property
    def places(self) -> Places:
        """Where they have something to read."""
        return places_of(self.user) if self.user.is_authenticated else Places()


def signed_in(visitor: Visitor) -> bool:
    """Whoever has signed in."""
    return bool(visitor.user.is_authenticated)


def anonymous(visitor: Visitor) -> bool:
    """Whoever has not signed in."""
    return not visitor.user.is_authenticated


def of_an_agency(visitor: Visitor) -> bool:
    """Whoever has actions of their own: the people of agencies."""
    return visitor.places.own_actions


def reader_of_plans(visitor: Visitor) -> bool:
    """Whoever reads some plan as a whole: overseers, and a review's panel."""
    return visitor.places.plans


def reader_of_counts(visitor: Visitor) -> bool:
    """Whoever sees how plans stand in numbers, and no plan as a whole: it has its own numbers."""
    return visitor.places.counts and not visitor.places.plans


def reader_of_people(visitor: Visitor) -> bool:
    """Whoever sees who belongs to some agency or partnership: leads and overseers."""
    return visitor.places.people


def overseer(visitor: Visitor) -> bool:
    """Whoever has the admin door: coordinators, the Strategic Group, site administrators."""
    return bool(visitor.user.is_authenticated and visitor.user.is_staff and visitor.user.seeing_as is None)


def reader_of_kept_mail(visitor: Visitor) -> bool:
    """Site administrators, where mail is kept in files."""
    return bool(visitor.user.is_authenticated and visitor.user.is_superuser and is_kept())


@dataclass(frozen=True)
class Item:
    """One entry. ``own`` items are about the person and stand at the far end."""

    words: str
    url_name: str
    shown_to: Callable[[Visitor], bool]
    own: bool = False


ITEMS: tuple[Item, ...] = (
    Item("Your actions", "action-list", of_an_agency),
    Item("Plans", "review-list", reader_of_plans),
    Item("Counts", "count-list", reader_of_counts),
    Item("People", "people-list", reader_of_people),
    Item("Oversight", "admin:index", overseer),
    Item("Mail", "mail-list", reader_of_kept_mail),
    Item("Your account", "your-account", signed_in, own=True),
    Item("Sign out", "account_logout", signed_in, own=True),
    Item("Sign in", "account_login", anonymous, own=True),
)


@dataclass(frozen=True)
class Link:
    """An entry as this page shows it. ``current`` is what aria-current says: "page", "true" (a page below it) or ""."""

    words: str
    href: str
    own: bool
    current: str


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every template: ``navigation``, worked out only where it is shown."""
    return {"navigation": SimpleLazyObject(lambda: links(request))}


def links(request: HttpRequest) -> list[Link]:
    """The entries for whoever asks, the one they are on marked."""
    user = getattr(request, "user", None)
    if user is None:  # an error page before anybody was recognised
        return []
    visitor = Visitor(user)
    return [
        Link(item.words, href, item.own, _current(request.path, href))
        for item in ITEMS
        if item.shown_to(visitor)
        for href in (_address(item.url_name),)
    ]


@cache
def _address(url_name: str) -> str:
    """Where an entry leads: looked up once, not for every page."""
    return reverse(url_name)


def _current(path: str, href: str) -> str:
    """Whether a page is the entry's own, or stands below it."""
    if path == href:
        return "page"
    return "true" if href != "/" and path.startswith(href) else ""
