"""The portal's navigation, as a table: what it says, where it leads, who sees it, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject


def signed_in(user: Any) -> bool:
    """Whoever has signed in."""
    return bool(user.is_authenticated)


def anonymous(user: Any) -> bool:
    """Whoever has not signed in."""
    return not user.is_authenticated


def overseer(user: Any) -> bool:
    """Whoever has the admin door: coordinators, the Strategic Group, site administrators."""
    return bool(user.is_authenticated and user.is_staff)


@dataclass(frozen=True)
class Item:
    """One entry. ``own`` items are about the person and stand at the far end."""

    words: str
    url_name: str
    shown_to: Callable[[Any], bool]
    own: bool = False


ITEMS: tuple[Item, ...] = (
    Item("Your actions", "home", signed_in),
    Item("Oversight", "admin:index", overseer),
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
    return [
        Link(item.words, href, item.own, _current(request.path, href))
        for item in ITEMS
        if item.shown_to(user)
        for href in (reverse(item.url_name),)
    ]


def _current(path: str, href: str) -> str:
    """Whether a page is the entry's own, or stands below it."""
    if path == href:
        return "page"
    return "true" if href != "/" and path.startswith(href) else ""
