"""One page of a long list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

A_PAGE = 50


def paged(found: QuerySet[Any], request: HttpRequest, *, total: int | None = None) -> Page[Any]:
    """The page that the address asks for. ``total`` is how many there are, where that was counted before."""
    paginator = Paginator(found, A_PAGE)
    if total is not None:
        paginator.__dict__["count"] = total  # it keeps the count there, once it has asked for it
    return paginator.get_page(request.GET.get("page"))
