"""The audit and the access log in Django admin: ids and codes in the database, names and links on the page."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.finding import DIGITS
from agencies.models import Agency, AuditEntry, Opened, User
from agencies.roles import Permission
from agencies.scoped_admin import ScopedAdmin

#: A model and the number of a row of it, as the links spell them.
THING = re.compile(rf"([a-z_.]+)-([0-9]{{1,{DIGITS}}})")


class WithNames(ChangeList):
    """A page of a log, with the names of the people and agencies in it: two queries, however long the page."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows, then their names."""
        super().get_results(request)
        rows = list(self.result_list)
        give_names(rows)
        self.result_list = rows


def give_names(rows: list[Any]) -> None:
    """Let each row of a log know ``who`` it was and, where somebody saw as an agency, ``which`` one."""
    people = User.objects.in_bulk({pk for row in rows if (pk := _person(row))})
    agencies = Agency.objects.in_bulk({pk for row in rows if (pk := getattr(row, "seen_as", 0))})
    for row in rows:
        row.who = people.get(_person(row))
        row.which = agencies.get(getattr(row, "seen_as", 0))


def _person(row: AuditEntry | Opened) -> int:
    """The number of the person who did it; 0 for the portal itself."""
    if isinstance(row, Opened):
        return row.person_id
    number = row.actor.removeprefix("user:")
    return int(number) if number.isdecimal() else 0


def _called(kind: str) -> str:
    """What a kind of thing is called on pages; of one that is no more, its code."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind.rpartition(".")[2]


class About(admin.SimpleListFilter):
    """The rows about one thing: by the link on its page. A list of all things would be endless, so none is offered."""

    title = "what it is about"
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The thing that was asked for."""
        asked = request.GET.get(self.parameter_name, "")
        return [(asked, "This one only")] if asked else []

    def has_output(self) -> bool:
        """Whenever a thing was asked for; Django would pass over a filter that offers nothing, and show everything."""
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Its rows, out of those that the person may see."""
        if not self.value():
            return queryset
        thing = THING.fullmatch(self.value() or "")
        return queryset.filter(about_kind=thing[1], about_id=int(thing[2])) if thing else queryset.none()


class LogAdmin(ScopedAdmin):
    """What both logs share."""

    view_permission = Permission.READ_LOG
    show_facets = admin.ShowFacets.NEVER
    list_filter: ClassVar[Any] = (About,)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """The list that knows names."""
        return WithNames

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One row, with names."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            give_names([found])
        return found

    @admin.display(description="who")
    def by_whom(self, row: Any) -> str:
        """The person, or the portal itself."""
        return str(row.who or "the portal")

    @admin.display(description="about")
    def about(self, row: Any) -> SafeString | str:
        """What it is about, with the way there; whether one may go it, its page says."""
        kind, _, model = row.about_kind.partition(".")
        words = f"{_called(row.about_kind)} {row.about_id}"
        try:
            return format_html(
                '<a href="{}">{}</a>', reverse(f"admin:{kind}_{model}_change", args=[row.about_id]), words
            )
        except NoReverseMatch:
            return words if row.about_id else "–"


@admin.register(AuditEntry)
class AuditEntryAdmin(LogAdmin):
    """Who did what."""

    list_display = ("at", "words", "by_whom", "about")
    date_hierarchy = "at"
    search_fields = ("event",)
    fields = ("at", "words", "by_whom", "about", "detail")


@admin.register(Opened)
class OpenedAdmin(LogAdmin):
    """Who opened what: once a person, thing and day."""

    list_display = ("on", "by_whom", "about", "as_whom", "first_at")
    date_hierarchy = "on"
    fields = ("on", "first_at", "by_whom", "about", "as_whom")

    @admin.display(description="seeing as")
    def as_whom(self, row: Any) -> str:
        """The agency as whose people they looked."""
        return str(row.which or "themselves")
