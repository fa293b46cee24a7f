"""The audit and the access log in Django admin: ids and codes in the database, names and links on the page."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_, or_
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agencies import access_log, audit, log_names
from agencies.finding import MOST_WORDS
from agencies.holdings import is_waived
from agencies.keys import DIGITS
from agencies.log_lists import LogList, What
from agencies.lookups import Among
from agencies.models import AuditEntry, Membership, Opened, User
from agencies.narrowing import FoundFilter
from agencies.permissions import objects_for
from agencies.roles import Permission
from agencies.scoped_admin import ScopedAdmin
from agencies.scoped_lists import ScopedList

#: A model and the number of a row of it, as the links spell them.
THING = re.compile(rf"([a-z_.]+)-([0-9]{{1,{DIGITS}}})")
#: So many people are found by what is searched for.
MOST_PEOPLE = 200


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


class Who(FoundFilter):
    """What one person did or opened, who belongs here or did."""

    title = "person"
    parameter_name = "person"

    @classmethod
    def rows_for(cls, path: str, request: HttpRequest, model_admin: Any) -> QuerySet[Any]:
        """The people of the agencies and partnerships that the reader oversees."""
        belong = objects_for(request.user, Permission.READ_PEOPLE, Membership).order_by().values("user")
        return User.objects.filter(Among("pk", belong)).order_by("name", "pk")

    def listed_for(self, chosen: int, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Their rows."""
        return queryset.filter(_by([chosen], queryset))


def _by(people: list[int], rows: QuerySet[Any]) -> Q:
    """The rows of a log that are by one of ``people``."""
    if rows.model is Opened:
        return Q(person_id__in=people)
    return Q(actor__in=[f"user:{pk}" for pk in people])


class LogAdmin(ScopedAdmin):
    """What both logs share."""

    view_permission = Permission.READ_LOG
    change_list_template = "admin/scoped/log_list.html"
    show_facets = admin.ShowFacets.NEVER
    list_filter: ClassVar[Any] = (Who, About)
    search_fields: ClassVar[Any] = ("about_kind",)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ScopedList]:
        """The list that knows names, and counts nothing."""
        return LogList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One row, with names."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            log_names.give_names([found], request, self.admin_site)
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows by people who are called so, or that say that this was done."""
        words = search_term.split()[:MOST_WORDS]
        if not words:
            return queryset, False
        called = reduce(and_, (Q(name__icontains=word) | Q(email__icontains=word) for word in words))
        people = list(User.objects.filter(called).order_by().values_list("pk", flat=True)[:MOST_PEOPLE])
        return queryset.filter(reduce(or_, self.also_found_by(words), _by(people, queryset))), False

    def also_found_by(self, words: list[str]) -> list[Q]:
        """What else ``words`` find."""
        return []

    @admin.display(description="who")
    def by_whom(self, row: Any) -> str:
        """The person, or the portal itself."""
        return str(row.who or "the portal")

    @admin.display(description="about")
    def about(self, row: Any) -> SafeString | str:
        """What it is about, by its name and with the way there, where one may go it."""
        return log_names.about(row)


@admin.register(AuditEntry)
class AuditEntryAdmin(LogAdmin):
    """Who did what."""

    list_display = ("at", "what", "by_whom", "about")
    list_filter: ClassVar[Any] = (Who, What, About)
    date_hierarchy = "at"
    fields = ("at", "what", "by_whom", "about", "details")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What the reader is told: outside an agency nothing of what is done inside it."""
        rows = super().get_queryset(request)
        return rows if is_waived(request.user) else audit.told_outside(rows)

    def also_found_by(self, words: list[str]) -> list[Q]:
        """What was done, as pages say it: "membership granted"."""
        return [reduce(and_, (Q(event__icontains=word) for word in words))]

    @admin.display(description="what was done")
    def what(self, entry: AuditEntry) -> str:
        """The event, as pages say it."""
        return entry.words

    @admin.display(description="details")
    def details(self, entry: AuditEntry) -> SafeString | str:
        """What else it says."""
        return log_names.details(entry)


@admin.register(Opened)
class OpenedAdmin(LogAdmin):
    """Who opened what: once a person, thing and day."""

    list_display = ("on", "by_whom", "about", "as_whom", "first_at")
    date_hierarchy = "on"
    fields = ("on", "first_at", "by_whom", "about", "as_whom")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What the reader is told: outside an agency not who reads what waits there for release."""
        rows = super().get_queryset(request)
        return rows if is_waived(request.user) else rows.exclude(about_kind__in=access_log.INSIDE)

    @admin.display(description="seeing as")
    def as_whom(self, row: Any) -> str:
        """The agency as whose people they looked."""
        return str(row.which or "themselves")
