"""One page of a long list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

A_PAGE = 50


@dataclass(frozen=True)
class Whole:
    """A list whose length is known, and of which ``part`` reads a page, from its first row on."""

    total: int
    part: Callable[[int], Sequence[Any]]

    def __len__(self) -> int:
        """How long it is."""
        return self.total

    def __getitem__(self, place: slice) -> Sequence[Any]:
        """The page that begins there."""
        return self.part(place.start)


def paged(found: QuerySet[Any] | Whole, request: HttpRequest, *, total: int | None = None) -> Page[Any]:
    """The page that the address asks for. ``total`` is how many there are, where that was counted before."""
    paginator: Paginator[Any] = Paginator(found, A_PAGE)  # type: ignore[arg-type]
    if total is not None:
        paginator.__dict__["count"] = total  # it keeps the count there, once it has asked for it
    return paginator.get_page(request.GET.get("page"))
