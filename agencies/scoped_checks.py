"""What ``manage.py check`` demands of every admin page, so that a new one cannot open a hole in the wall."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.checks import ModelAdminChecks
from django.contrib.admin.filters import SimpleListFilter
from django.contrib.admin.utils import get_fields_from_path
from django.core.checks import CheckMessage, Error


class ScopedAdminChecks(ModelAdminChecks):
    """Django's own checks, then ours."""

    def check(self, admin_obj: Any, **kwargs: Any) -> list[CheckMessage]:
        """Everything that is wrong with this admin class."""
        return [*super().check(admin_obj, **kwargs), *_filters(admin_obj), *_inlines(admin_obj), *_writing(admin_obj)]


def _filters(admin_obj: Any) -> list[CheckMessage]:
    return [
        _error(admin_obj, f"filters by {item!r}, which lists rows that the person may not see", "E010", _FILTER_HINT)
        for item in admin_obj.list_filter
        if not _is_safe(admin_obj, item)
    ]


def _is_safe(admin_obj: Any, item: Any) -> bool:
    """A filter class of ours, a relation through RelatedOnly, or choices, dates and yes-or-no of the model itself."""
    from agencies.scoped_lists import RelatedOnly

    if isinstance(item, type):
        return issubclass(item, SimpleListFilter)
    if not isinstance(item, str):
        return issubclass(item[1], RelatedOnly)
    field = get_fields_from_path(admin_obj.model, item)[-1]
    own = "__" not in item and not field.is_relation
    return own and (bool(field.choices) or field.get_internal_type() in ("BooleanField", "DateField", "DateTimeField"))


def _inlines(admin_obj: Any) -> list[CheckMessage]:
    from agencies.scoped_admin import ScopedInline

    return [
        _error(admin_obj, f"has the inline {inline.__name__}, which is not scoped", "E011", "Inherit ScopedInline.")
        for inline in admin_obj.inlines
        if not issubclass(inline, ScopedInline)
    ]


def _writing(admin_obj: Any) -> list[CheckMessage]:
    if not admin_obj.list_editable and not admin_obj.actions:
        return []
    return [_error(admin_obj, "changes rows from its list", "E012", "Name a form that calls a verb instead.")]


_FILTER_HINT = 'Write ("relation", RelatedOnly), or a SimpleListFilter whose choices are words of the portal.'


def _error(admin_obj: Any, what: str, number: str, hint: str) -> CheckMessage:
    return Error(f"{type(admin_obj).__name__} {what}.", hint=hint, obj=type(admin_obj), id=f"agencies.{number}")
