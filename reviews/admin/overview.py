"""The first page of oversight, the group's: what needs it, and each plan's actions; a number leads to its rows.

A number and the list to which it leads use one condition (``reviews.admin.filters``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from agencies.admin_site import OversightSite
from agencies.days import in_words
from agencies.models import Agency
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.admin.counts import Counts, Group, counts
from reviews.models import PlanImport, Review, Run
from reviews.statuses import OPEN, SILENT_DAYS, Lateness, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrOrPromise

    from agencies.models import User

#: So many agencies are shown before the rest is folded away.
FEW_AGENCIES = 10


@dataclass(frozen=True)
class Column:
    """One count: what it is called, the actions of which it counts, and the filter of the list that shows the same."""

    words: _StrOrPromise
    of: str  # "status" or "lateness"
    values: tuple[str, ...]
    filter: tuple[str, str]


def _late(late: Lateness) -> Column:
    return Column(late.label, "lateness", (late,), ("lateness", late.value))


def _stands(status: Status) -> Column:
    return Column(status.label, "status", (status,), ("status__exact", status.value))


OVERDUE, WAITING = _late(Lateness.OVERDUE), _stands(Status.AWAITING)
WORK = Column("Work to do", "status", OPEN, ("open", "yes"))
COLUMNS: tuple[Column, ...] = (
    *map(_late, (Lateness.OVERDUE, Lateness.DUE_SOON, Lateness.NO_DATE)),
    *map(_stands, Status),
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
class Overview:
    """How everything that a person oversees stands on one day."""

    needs: tuple[Cell, ...]
    plans: tuple[PlanRow, ...]
    overdue: tuple[Cell, ...]
    silent: tuple[Cell, ...]
    counted_at: dt.datetime | None  # where the numbers are a moment old


def overview(user: User | AnonymousUser, on: dt.date) -> Overview:
    """What ``user`` oversees, as on the day ``on``: a handful of queries, however many actions, plans and agencies."""
    found = counts(user, on)
    names = Agency.objects.in_bulk({row[0] for row in (*found.overdue_of, *found.silent_of)})
    return Overview(
        needs=tuple(_needs(found)),
        plans=tuple(_plan_rows(objects_for(user, Permission.READ_PLAN, Review), found)),
        overdue=tuple(_overdue(found, names, on)),
        silent=tuple(_silent(found, names)),
        counted_at=found.at if found.is_kept else None,
    )


def _sum(groups: Iterable[Group], column: Column) -> int:
    return sum(group.count for group in groups if getattr(group, column.of) in column.values)


def _needs(found: Counts) -> Iterator[Cell]:
    """What the group looks at first, over all its plans."""
    since = found.waiting_since
    said = f"the longest since {in_words(since)}" if since else ""
    work = _sum(found.groups, WORK)
    yield Cell("overdue", _sum(found.groups, OVERDUE), _listed(OVERDUE.filter))
    yield Cell("claimed as complete, waiting for the group", _sum(found.groups, WAITING), _listed(WAITING.filter), said)
    yield Cell("on which an agency wants the group’s help", found.asking, _listed(("asking", "yes")))
    yield Cell(f"not reported on for {SILENT_DAYS} days", found.silent, _listed(("silent", "yes")))
    yield Cell("for which nobody is named", work - found.named, _listed(("ownerless", "yes")))
    yield Cell("on which an agency has work to do", work, _listed(WORK.filter))


def _plan_rows(reviews: Any, found: Counts) -> Iterator[PlanRow]:
    for review in reviews.select_related("partnership").order_by("partnership__name", "reference"):
        groups = [group for group in found.groups if group.review == review.pk]
        yield PlanRow(
            review=review,
            href=reverse("admin:reviews_review_change", args=[review.pk]),
            total=Cell("Actions", sum(group.count for group in groups), _listed(_of(review))),
            cells=tuple(
                Cell(column.words, _sum(groups, column), _listed(_of(review), column.filter)) for column in COLUMNS
            ),
        )


def _overdue(found: Counts, names: dict[int, Agency], on: dt.date) -> Iterator[Cell]:
    """Who answers for what is overdue, the most first."""
    for agency, count, longest in found.overdue_of:
        days = (on - longest).days
        said = f"the longest by {days} day{'' if days == 1 else 's'}"
        yield Cell(names[agency].name, count, _listed(OVERDUE.filter, ("agency", agency)), said)


def _silent(found: Counts, names: dict[int, Agency]) -> Iterator[Cell]:
    """Of whom nothing was heard about what is theirs to do, those with the most such actions first."""
    for agency, count in found.silent_of:
        yield Cell(names[agency].name, count, _listed(("silent", "yes"), ("agency", agency)))


def first_page(request: HttpRequest) -> dict[str, Any]:
    """What the first page of the admin site shows above its lists."""
    found = overview(request.user, timezone.localdate())
    return {
        "overview_template": "admin/reviews/overview.html",
        "overview_columns": COLUMNS,
        "overview": found,
        "overview_tasks": tuple(_tasks(request)),
        "overview_agencies": (
            ("Overdue, by agency", "Nothing is overdue.", "overdue", *_few(found.overdue)),
            (f"Silent for {SILENT_DAYS} days, by agency", "No agency is silent.", "silent", *_few(found.silent)),
        ),
    }


def _tasks(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What one comes here to do and finds in no number: its words and where it is done, for those who may."""
    plans, reviews, runs = (admin.site.get_model_admin(model) for model in (PlanImport, Review, Run))
    if plans.has_add_permission(request):
        yield "Bring in a plan", reverse("admin:reviews_planimport_add")
    if reviews.has_add_permission(request):
        yield "Add a review by hand", reverse("admin:reviews_review_add")
    if runs.has_view_permission(request):
        yield "See who will be mailed next", reverse("admin:reviews_run_next")


def _few(cells: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    return cells[:FEW_AGENCIES], cells[FEW_AGENCIES:]


def _of(review: Review) -> tuple[str, str]:
    return "review__id__exact", str(review.pk)


def _listed(*filters: tuple[str, Any]) -> str:
    return f"{_list()}?{urlencode(filters)}"


@cache
def _list() -> str:
    """The list of actions: looked up once, and not for two hundred numbers."""
    return reverse("admin:reviews_action_changelist")


OversightSite.first_page = staticmethod(first_page)
