"""Filters of lists that may have many choices: some letters are typed, and what fits is found, as in the forms.

Up to ``finding.MOST_OPTIONS`` choices stand there as links. Above that the filter is a line in which part of the name
is typed, and its button leads to the list of that one; several that fit are offered as links. Nothing is found but what
the links would have offered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse

from agencies import finding
from agencies.finding import FindRow, Fit

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase

#: The filter in which something was typed, and what. They are answered before the list is made, and stand in no link.
LOOK_IN, LOOK_FOR = "look_in", "look_for"


@dataclass(frozen=True)
class Looked:
    """What was typed into one filter, and why it is no choice yet: several fit, or none."""

    name: str = ""
    words: str = ""
    why_not: str = ""
    fits: list[Fit] = field(default_factory=list)


class Found(ABC):
    """What such filters share. ``finds`` is the parameter of a filter that is typed into, empty where links stand."""

    template = "admin/scoped/filter.html"
    finds = ""
    looked = Looked()
    carried: tuple[tuple[str, str], ...] = ()

    @classmethod
    def goes_by(cls, path: str, model_admin: Any) -> str:
        """The filter's parameter in an address: its own, or as Django spells that of the relation at ``path``."""
        if not path:
            return str(cls.parameter_name)  # type: ignore[attr-defined]
        relation: Any = get_fields_from_path(model_admin.model, path)[-1]
        return f"{path}__{relation.target_field.name}__exact"

    @classmethod
    @abstractmethod
    def rows_for(cls, path: str, request: HttpRequest, model_admin: Any) -> QuerySet[Any]:
        """The rows that the filter offers; ``path`` leads to them from the model of the list, where it has one."""

    def offered(self, rows: QuerySet[Any], name: str, chosen: str, request: HttpRequest) -> list[Fit]:
        """All of ``rows`` where they are few. Else the one that is chosen, and what fits the words that were typed."""
        few = list(rows[: finding.MOST_OPTIONS + 1])
        if len(few) <= finding.MOST_OPTIONS:
            return [(row.pk, str(row)) for row in few]
        self.finds, self.carried = name, _carried(request, name)
        looked: Looked = getattr(request, "looked", Looked())
        if looked.name == name:
            self.looked = looked
            return looked.fits
        row = _field(rows).chosen(chosen) if chosen else None
        return [(row.pk, str(row))] if row else []

    def has_output(self) -> bool:
        """Always where it is typed into; else as Django has it."""
        return bool(self.finds) or super().has_output()  # type: ignore[misc]


class FoundFilter(Found, SimpleListFilter):
    """A filter of our own by one row of those that ``rows_for`` offers."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What is offered of them: all where they are few."""
        rows, name = self.rows_for("", request, model_admin), str(self.parameter_name)
        found = self.offered(rows, name, request.GET.get(name, ""), request)
        return [(str(key), words) for key, words in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What is listed for the one that is chosen; nothing for one that is not offered."""
        chosen = self.value()
        if not chosen:
            return queryset
        return self.listed_for(int(chosen), queryset) if chosen in dict(self.lookup_choices) else queryset.none()

    @abstractmethod
    def listed_for(self, chosen: int, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of ``queryset`` that are listed for the row with this key."""


def narrowed(request: HttpRequest, model_admin: ModelAdmin[Any]) -> HttpResponseBase | None:
    """Answer what is typed into a filter: with what fits so far, or by leading to the list of the one that is meant.

    None where the list is to be shown; what was typed and is no choice yet is then with the request.
    """
    typing, name = "finds" in request.GET, request.GET.get("finds") or request.GET.get(LOOK_IN, "")
    if not typing and LOOK_IN not in request.GET:
        return None
    rows = _rows(name, request, model_admin)
    words = request.GET.get("words" if typing else LOOK_FOR, "")[: finding.MOST_LETTERS + 1]
    if typing:
        return JsonResponse({"fit": finding.offers(_field(rows), words) if rows is not None else []})
    asked: Any = request.GET.copy()
    for gone in (LOOK_IN, LOOK_FOR, PAGE_VAR, ERROR_FLAG, name, _isnull(name)):
        asked.pop(gone, None)
    if rows is not None and words.strip():
        line = _field(rows)
        try:
            asked[name] = str(line.to_python(words).pk)
        except ValidationError as error:
            request.GET = asked
            fits: Any = list(line.widget.choices)[1:] if isinstance(line.widget, forms.Select) else []
            request.__dict__["looked"] = Looked(name, words, error.messages[0], fits)
            return None
    return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")


def _rows(name: str, request: HttpRequest, model_admin: ModelAdmin[Any]) -> QuerySet[Any] | None:
    """What the filter with this parameter offers; None where no filter of the list has it."""
    for item in model_admin.get_list_filter(request):
        path, kind = item if isinstance(item, tuple) else ("", item)
        if isinstance(kind, type) and issubclass(kind, Found) and kind.goes_by(str(path), model_admin) == name:
            return kind.rows_for(str(path), request, model_admin)
    return None


def _isnull(name: str) -> str:
    return f"{name.rpartition('__')[0].rpartition('__')[0]}__isnull"


def _field(rows: QuerySet[Any]) -> FindRow:
    return FindRow(forms.ModelChoiceField(rows, required=False))


def _carried(request: HttpRequest, name: str) -> tuple[tuple[str, str], ...]:
    """What else narrows the list, and goes along."""
    left = (name, _isnull(name), PAGE_VAR, ERROR_FLAG)
    return tuple((key, value) for key, values in request.GET.lists() for value in values if key not in left)
