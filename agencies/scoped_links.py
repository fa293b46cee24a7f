"""The rows that a row of Django admin names: with the way there for who may open them, by their words for others.

Django links every relation to the page of the other row, and that page is a 404 for whoever may not see it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Named:
    """The relation ``name`` as a page shows it. ``exactly`` asks of each row whether it may be opened, not of its kind:
    a page of many parts would ask too often.
    """

    #: Templates name the column by this; to call it would show nothing.
    do_not_call_in_templates: ClassVar[bool] = True

    name: str
    short_description: str
    site: admin.AdminSite = field(compare=False)
    request: HttpRequest = field(compare=False)
    exactly: bool = field(compare=False)

    def __str__(self) -> str:
        return self.name

    @property
    def __name__(self) -> str:
        """What Django calls it in the page's markup."""
        return self.name

    def __call__(self, row: Model) -> SafeString | str:
        """The words of the row that ``row`` names, a link where it leads somewhere."""
        other = getattr(row, self.name)
        if other is None:
            return self.site.empty_value_display
        if not may_open(other, self.site, self.request, exactly=self.exactly):
            return str(other)
        return link_to(other)


def with_ways(names: Any, model: type[Model], site: admin.AdminSite, request: HttpRequest, *, exactly: bool) -> Any:
    """``names`` of fields to show, with ``Named`` in the place of each relation."""
    relations = {each.name: each for each in model._meta.fields if isinstance(each, ForeignKey)}
    return [
        Named(name, str(relations[name].verbose_name), site, request, exactly) if name in relations else name
        for name in names
    ]


def may_open(row: Model, site: admin.AdminSite, request: HttpRequest, *, exactly: bool = True) -> bool:
    """Whether the page of ``row`` opens to who asks; else whether pages of its kind do, which costs no query."""
    if not site.is_registered(type(row)):
        return False
    return site.get_model_admin(type(row)).has_view_permission(request, row if exactly else None)


def link_to(row: Model, words: str = "") -> SafeString:
    """The way to the page of ``row``."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, words or str(row))
