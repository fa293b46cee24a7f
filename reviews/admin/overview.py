"""The first page of oversight, the group's: what needs it, and each plan's actions; a number leads to its rows.

A number and the list to which it leads use one condition (``reviews.admin.filters``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, F, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from agencies.admin_site import OversightSite
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.admin.filters import LEADS_NOW, of_the_action, ownerless, silent
from reviews.models import Action, Assignment, Review
from reviews.statuses import OPEN, SILENT_DAYS, Lateness, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrOrPromise

    from agencies.models import User

#: So many agencies are shown before the rest is folded away.
FEW_AGENCIES = 10


@dataclass(frozen=True)
class Column:
    """One count: what it is called, which actions it counts, and the filter of the list that shows the same."""

    words: _StrOrPromise
    counted: Q
    filter: tuple[str, str]

    @property
    def key(self) -> str:
        """Its name in the query."""
        return f"n_{self.filter[0].partition('__')[0]}_{self.filter[1]}"


OVERDUE = Column(Lateness.OVERDUE.label, Q(lateness=Lateness.OVERDUE), ("lateness", Lateness.OVERDUE.value))
WAITING = Column(Status.AWAITING.label, Q(status=Status.AWAITING), ("status__exact", Status.AWAITING.value))
WORK = Column("Work to do", Q(status__in=OPEN), ("open", "yes"))
COLUMNS: tuple[Column, ...] = (
    OVERDUE,
    *(Column(late.label, Q(lateness=late), ("lateness", late.value)) for late in (Lateness.DUE_SOON, Lateness.NO_DATE)),
    *(Column(status.label, Q(status=status), ("status__exact", status.value)) for status in Status),
)


@dataclass(frozen=True)
class Cell:
    """A number and where its rows are listed. ``said`` is a word more about them."""

    words: _StrOrPromise
    count: int
    href: str
    said: str = ""


@dataclass(frozen=True)
class PlanRow:
    """One review's counts."""

    review: Review
    href: str
    total: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Standing:
    """How everything that a person oversees stands on one day."""

    needs: tuple[Cell, ...]
    plans: tuple[PlanRow, ...]
    overdue: tuple[Cell, ...]
    silent: tuple[Cell, ...]


def standing(user: User | AnonymousUser, on: dt.date) -> Standing:
    """What ``user`` oversees, as on the day ``on``: a handful of queries, however many actions, plans and agencies."""
    actions: Any = objects_for(user, Permission.READ_PLAN, Action).order_by()
    counts = {row["review"]: row for row in _by_review(actions.timed(on), on)}
    late = _by_agency(actions.timed(on).filter(OVERDUE.counted), on)
    quiet = _silent_by_agency(actions, on)
    return Standing(
        needs=tuple(_needs(list(counts.values()))),
        plans=tuple(_plan_rows(objects_for(user, Permission.READ_PLAN, Review), counts)),
        overdue=tuple(late),
        silent=tuple(quiet),
    )


def _by_review(actions: Any, on: dt.date) -> Iterable[dict[str, Any]]:
    columns = {column.key: Count("pk", filter=column.counted) for column in (*COLUMNS, WORK)}
    return (
        actions.annotate(nobody=ownerless(on), unheard=of_the_action(silent(on)))
        .values("review")
        .annotate(
            total=Count("pk"),
            n_ownerless=Count("pk", filter=Q(nobody=True)),
            n_silent=Count("pk", filter=Q(unheard=True)),
            waiting_since=Min("claimed_on", filter=WAITING.counted),
            **columns,
        )
    )


def _needs(counts: list[dict[str, Any]]) -> Iterator[Cell]:
    """What the group looks at first, over all its plans."""

    def summed(key: str) -> int:
        return sum(row[key] for row in counts)

    since = min((row["waiting_since"] for row in counts if row["waiting_since"]), default=None)
    said = f"the longest since {since.day} {since:%B %Y}" if since else ""
    yield Cell("overdue", summed(OVERDUE.key), _listed(OVERDUE.filter))
    yield Cell("claimed as complete, waiting for the group", summed(WAITING.key), _listed(WAITING.filter), said)
    yield Cell(f"not reported on for {SILENT_DAYS} days", summed("n_silent"), _listed(("silent", "yes")))
    yield Cell("for which nobody is named", summed("n_ownerless"), _listed(("ownerless", "yes")))
    yield Cell("on which an agency has work to do", summed(WORK.key), _listed(WORK.filter))


def _plan_rows(reviews: Any, counts: dict[int, dict[str, Any]]) -> Iterator[PlanRow]:
    for review in reviews.select_related("partnership").order_by("partnership__name", "reference"):
        row = counts.get(review.pk, {})
        yield PlanRow(
            review=review,
            href=reverse("admin:reviews_review_change", args=[review.pk]),
            total=Cell("Actions", row.get("total", 0), _listed(_of(review))),
            cells=tuple(
                Cell(column.words, row.get(column.key, 0), _listed(_of(review), column.filter)) for column in COLUMNS
            ),
        )


def _by_agency(late: Any, on: dt.date) -> Iterator[Cell]:
    """Who answers for what is overdue, the most first."""
    name, key = "assignments__agency__name", "assignments__agency"
    rows = late.filter(LEADS_NOW).values(key, name).annotate(n=Count("pk"), longest=Min("due_on"))
    for row in rows.order_by("-n", name, key):
        days = (on - row["longest"]).days
        said = f"the longest by {days} day{'' if days == 1 else 's'}"
        yield Cell(row[name], row["n"], _listed(OVERDUE.filter, ("agency", row[key])), said)


def _silent_by_agency(actions: Any, on: dt.date) -> Iterator[Cell]:
    """Of whom nothing was heard about what is theirs to do, those with the most such actions first."""
    parts = Assignment.objects.filter(silent(on), action__in=actions.values("pk")).order_by()
    rows = parts.values("agency", name=F("agency__name")).annotate(n=Count("pk"))
    for row in rows.order_by("-n", "name", "agency"):
        yield Cell(row["name"], row["n"], _listed(("silent", "yes"), ("agency", row["agency"])))


def first_page(request: HttpRequest) -> dict[str, Any]:
    """What the first page of the admin site shows above its lists."""
    found = standing(request.user, timezone.localdate())
    return {
        "overview_template": "admin/reviews/overview.html",
        "overview_columns": COLUMNS,
        "overview": found,
        "overview_agencies": (
            ("Overdue, by agency", "Nothing is overdue.", "overdue", *_few(found.overdue)),
            (f"Silent for {SILENT_DAYS} days, by agency", "No agency is silent.", "silent", *_few(found.silent)),
        ),
    }


def _few(cells: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    return cells[:FEW_AGENCIES], cells[FEW_AGENCIES:]


def _of(review: Review) -> tuple[str, str]:
    return "review__id__exact", str(review.pk)


def _listed(*filters: tuple[str, Any]) -> str:
    return f"{reverse('admin:reviews_action_changelist')}?{urlencode(filters)}"


OversightSite.first_page = staticmethod(first_page)
