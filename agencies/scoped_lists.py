"""What lists of Django admin offer and understand: filters by what one may see, and what no database can look for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

from agencies.finding import MOST_LETTERS
from agencies.keys import DIGITS
from agencies.narrowing import Found

#: What Django calls the query of the list from which a row was opened.
PRESERVED = "_changelist_filters"
#: The years that a list can be asked for.
YEARS = range(1900, 3000)


@dataclass(frozen=True)
class NarrowedBy:
    """A filter that is used: what it is called, what was chosen, and the query that leaves it out."""

    title: str
    chosen: str
    without: str


class ScopedList(ChangeList):
    """A page of a list. Beside the number of rows stands the way to all of them only where some were left out."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows. Django, which does not count all of them here, would always offer to show them."""
        super().get_results(request)
        if not self.query and not self.get_filters_params():
            self.full_result_count = self.result_count

    def words_for_adding(self) -> str:
        """What the button above the list says: the heading of the form to which it leads."""
        adding = getattr(self.model_admin, "adding", None)
        return str(adding.heading) if adding else ""

    def narrowed_by(self) -> list[NarrowedBy]:
        """What the list is narrowed by. Filters that nobody has used are not asked for their choices."""
        found = []
        for filtering in self.filter_specs:
            choices: list[Any] = list(filtering.choices(self)) if filtering.used_parameters else []
            chosen = next((choice for choice in choices[1:] if choice["selected"]), None)
            if chosen:
                without = self.get_query_string(remove=[str(name) for name in filtering.expected_parameters()])
                found.append(NarrowedBy(str(filtering.title), str(chosen["display"]), without))
        return found


class RelatedOnly(Found, RelatedOnlyFieldListFilter):
    """A filter by a relation that offers what the person may see and what occurs in the list."""

    @classmethod
    def rows_for(cls, path: str, request: HttpRequest, model_admin: Any) -> QuerySet[Any]:
        """The related rows, found through their own admin."""
        visible = rows_of(related(path, model_admin), model_admin.admin_site, request)
        occurring = model_admin.get_queryset(request).order_by().values(f"{path}__pk")
        return visible.filter(pk__in=occurring)

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        """What is offered of them: all where they are few."""
        rows = self.rows_for(self.field_path, request, model_admin)
        chosen = (self.lookup_val or [""])[-1]
        return self.offered(rows, self.lookup_kwarg, chosen, request)


def related(path: str, model_admin: Any) -> type[Model]:
    """The model to which the relation at ``path`` leads."""
    field: Any = get_fields_from_path(model_admin.model, path)[-1]
    return cast("type[Model]", field.remote_field.model)


def shortened(words: str, most: int) -> str:
    """``words``, cut where they are longer than a line of a list can take."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def rows_of(model: type[Model], site: admin.AdminSite, request: HttpRequest) -> QuerySet[Any]:
    """The rows of ``model`` that the person may choose from: those of its admin, none where it has none."""
    try:
        return site.get_model_admin(model).get_queryset(request)
    except NotRegistered:
        return model._default_manager.none()


def cannot_be_asked(request: HttpRequest, date_hierarchy: str | None) -> bool:
    """Whether the address asks a list for what no database looks for: a number or year too big, or a whole page."""
    asked = [str(value) for name, values in request.GET.lists() for value in values if name != SEARCH_VAR]
    year = request.GET.get(f"{date_hierarchy}__year", "") if date_hierarchy else ""
    if len(request.GET.get(SEARCH_VAR, "")) > MOST_LETTERS:
        return True
    return _is_no_year_of_ours(year) or any(_is_no_number_of_ours(value) or "\0" in value for value in asked)


def came_from(request: HttpRequest) -> str:
    """How the list was narrowed from which the row was opened; nothing where one came from elsewhere.

    Without its page, which may be there no more once something was done to the last row of it.
    """
    asked = QueryDict(request.GET.get(PRESERVED, ""), mutable=True)
    asked.pop(PAGE_VAR, None)
    return asked.urlencode()


def _is_no_number_of_ours(typed: str) -> bool:
    digits = typed.removeprefix("-")
    return digits.isdecimal() and len(digits) > DIGITS


def _is_no_year_of_ours(typed: str) -> bool:
    """Django reckons the end of the year asked for, and fails where the calendar ends."""
    try:
        return bool(typed) and int(typed) not in YEARS
    except ValueError:
        return True
