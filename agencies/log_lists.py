"""Lists of the logs, which grow for ever: no page of them counts a whole log, or goes through it."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.utils import timezone

from agencies import log_names
from agencies.audit import INSIDE
from agencies.holdings import is_waived
from agencies.keys import key_of
from agencies.scoped_lists import YEARS, ScopedList

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

#: So far back one turns pages; what is older is found by its day.
MOST_PAGES = 100

#: What entries of the audit can be about, by how their events begin. A test holds this against the code.
KINDS = (
    "account",
    "action",
    "actions",
    "administration",
    "administrator",
    "agencies",
    "agency",
    "confidentiality",
    "contact",
    "decision",
    "draft",
    "drafts",
    "evidence",
    "heading",
    "import",
    "invitation",
    "membership",
    "milestone",
    "panel",
    "partnership",
    "people",
    "plan",
    "portal",
    "reader",
    "recommendation",
    "review",
    "run",
    "second_factor",
    "submission",
    "target_date",
    "unsent",
    "update",
)


@dataclass(frozen=True)
class Step:
    """A step in the calendar above a list: its words, and the query that leads there; none where one stands."""

    title: str
    link: str = ""


class LogList(ScopedList):
    """A page of a log, with the names of who and what is in it: as many queries however long the log."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows of the page, and whether one more follows; then their names."""
        if not 1 <= self.page_num <= MOST_PAGES:
            raise IncorrectLookupParameters
        first = (self.page_num - 1) * self.list_per_page
        rows = list(self.queryset[first : first + self.list_per_page + 1])
        self.has_older = len(rows) > self.list_per_page
        self.is_last_page = self.page_num == MOST_PAGES
        rows = rows[: self.list_per_page]
        log_names.give_names(rows, request, self.model_admin.admin_site)
        self.result_list = rows
        # What Django's own templates ask for. How many there are in all is not known, and nobody is told a number.
        self.result_count = self.full_result_count = len(rows)
        self.show_full_result_count = self.show_admin_actions = self.can_show_all = self.multi_page = False

    @property
    def newer(self) -> str:
        """The query of the page before."""
        return self.get_query_string({PAGE_VAR: self.page_num - 1})

    @property
    def older(self) -> str:
        """The query of the page after."""
        return self.get_query_string({PAGE_VAR: self.page_num + 1})

    def calendar(self) -> list[Step]:
        """Years, then the months of one, then its days, from the first row of all until today."""
        name = self.date_hierarchy
        year, month, day = (_number(self.params.get(f"{name}__{part}")) for part in ("year", "month", "day"))
        now = timezone.localdate()

        def to(title: str, **chosen: int) -> Step:
            asked = {f"{name}__{part}": number for part, number in chosen.items()}
            return Step(title, self.get_query_string(asked, [f"{name}__"]))

        back = [to("All dates")] if year else []
        if not year:
            return [to(str(each), year=each) for each in range(self._first_year(now), now.year + 1)]
        if not month:
            last = now.month if year == now.year else 12
            return back + [to(calendar.month_name[each], year=year, month=each) for each in range(1, last + 1)]
        back.append(to(str(year), year=year))
        if day:
            return [*back, to(calendar.month_name[month], year=year, month=month), Step(str(day))]
        last = now.day if (year, month) == (now.year, now.month) else calendar.monthrange(year, month)[1]
        return back + [to(str(each), year=year, month=month, day=each) for each in range(1, last + 1)]

    def _first_year(self, now: dt.date) -> int:
        """The year of the oldest row that the person may see; one row, which the index has first."""
        found = self.root_queryset.order_by(self.date_hierarchy).values_list(self.date_hierarchy, flat=True).first()
        if isinstance(found, dt.datetime):
            found = timezone.localtime(found).date()
        return found.year if found else now.year


class What(admin.SimpleListFilter):
    """What the thing that was done was done to: known from the code, not gathered from the log."""

    title = "what it was done to"
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All kinds of events that the reader is told of, and the one event that a link asked for."""
        told = [kind for kind in KINDS if is_waived(request.user) or f"{kind}." not in INSIDE]
        kinds = [(f"{kind}.", _in_words(kind)) for kind in told]
        asked = request.GET.get(self.parameter_name, "")
        is_event = asked.partition(".")[0] in told and not asked.endswith(".")
        return [*([(asked, _in_words(asked))] if is_event else []), *kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The entries that say so."""
        asked = self.value()
        if not asked:
            return queryset
        return queryset.filter(event__startswith=asked) if asked.endswith(".") else queryset.filter(event=asked)


def _in_words(event: str) -> str:
    return event.replace(".", " ").replace("_", " ").capitalize()


def _number(typed: Any) -> int:
    """A part of a date as an address has it; 0 where there is none."""
    words = typed[-1] if isinstance(typed, list) else typed
    number = key_of(str(words or "")) or 0
    return number if number in range(1, 32) or number in YEARS else 0
