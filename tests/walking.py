"""What the tests that walk share: every address of the URLconf, every admin page, and a row of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.test import RequestFactory
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from agencies.models import User
from agencies.scoped_admin import ScopedAdmin
from tests.world import MARKER, Side


@dataclass(frozen=True)
class Address:
    """One entry of the URLconf."""

    name: str
    route: str


def addresses(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Address]:
    """Every entry of the URLconf, with its whole route and the full name by which it is reversed."""
    for entry in patterns:
        route = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield Address(f"{space}{entry.name or ''}", route)
        else:
            yield from addresses(entry.url_patterns, route, f"{space}{entry.namespace}:" if entry.namespace else space)


ALL = tuple(addresses(get_resolver().url_patterns))
ADMIN = tuple(address for address in ALL if address.name.startswith("admin:"))


def admin_pages() -> list[tuple[type[Any], ScopedAdmin, str]]:
    """Each model of the admin site, its admin, and what its addresses' names begin with."""
    return [
        (model, model_admin, f"admin:{model._meta.app_label}_{model._meta.model_name}_")
        for model, model_admin in admin.site._registry.items()
    ]


def admin_urls(side: Side) -> Iterator[tuple[str, Any]]:
    """Every address of the admin site about a kind of row, and about one row of ``side`` (else None)."""
    for model, _, prefix in admin_pages():
        row = row_of(model, side)
        for address in ADMIN:
            if address.name.startswith(prefix):
                try:
                    yield reverse(address.name), None
                except NoReverseMatch:
                    yield reverse(address.name, args=[row.pk]), row


def row_of(model: type[Any], side: Side) -> Any:
    """A row of ``model`` that the coordinator of ``side`` oversees."""
    if model is User:
        return side.people.member
    row = admin.site.get_model_admin(model).get_queryset(asked_by(side.people.coordinator)).first()
    assert row is not None, f"tests/world.py makes no {model._meta.verbose_name}"
    return row


def asked_by(user: Any) -> Any:
    """A request of ``user``, as admin classes want one."""
    request = RequestFactory().get("/")
    request.user = user
    return request


def is_silent(response: Any) -> bool:
    """Whether neither the page nor where it leads says anything of the twin partnership."""
    said = b"".join(response) if response.streaming else response.content
    return MARKER.lower() not in f"{said.decode()} {dict(response.headers)}".lower()
