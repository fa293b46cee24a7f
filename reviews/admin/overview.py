"""The first page of oversight, the group's: what needs it, and each plan's actions; a number leads to its rows.

A number and the list to which it leads use one condition (``reviews.admin.filters``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, F, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from agencies.admin_site import OversightSite
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.admin.filters import LEADS_NOW, owned, silent
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
class Standing:
    """How everything that a person oversees stands on one day."""

    needs: tuple[Cell, ...]
    plans: tuple[PlanRow, ...]
    overdue: tuple[Cell, ...]
    silent: tuple[Cell, ...]


def standing(user: User | AnonymousUser, on: dt.date) -> Standing:
    """What ``user`` oversees, as on the day ``on``: a handful of queries, however many actions, plans and agencies."""
    actions: Any = objects_for(user, Permission.READ_PLAN, Action).order_by()
    tally = _tally(actions, on)
    silent_parts = Assignment.objects.filter(silent(on), action__in=actions.values("pk")).order_by()
    return Standing(
        needs=tuple(_needs(tally, _about_actions(actions, silent_parts, on))),
        plans=tuple(_plan_rows(objects_for(user, Permission.READ_PLAN, Review), tally)),
        overdue=tuple(_by_agency(actions.timed(on).filter(lateness=Lateness.OVERDUE), on)),
        silent=tuple(_silent_by_agency(silent_parts)),
    )


@dataclass(frozen=True)
class Group:
    """So many actions of one review are of one status and one lateness."""

    review: int
    status: str
    lateness: str
    count: int
    claimed_on: dt.date | None  # the earliest

    def fits(self, column: Column) -> bool:
        """Whether ``column`` counts them."""
        return getattr(self, column.of) in column.values


def _tally(actions: Any, on: dt.date) -> list[Group]:
    """Every action once, in groups: the database reads each row one time and works out one thing of it."""
    rows = actions.timed(on).values("review", "status", "lateness").annotate(n=Count("pk"), first=Min("claimed_on"))
    return [Group(row["review"], row["status"], row["lateness"], row["n"], row["first"]) for row in rows]


def _about_actions(actions: Any, silent_parts: Any, on: dt.date) -> dict[str, int]:
    """How many actions some lead agency is silent about, and for how many open ones nobody is named."""
    named = Assignment.objects.filter(owned(on), action__in=actions.values("pk"), action__status__in=OPEN).order_by()
    return {
        "silent": silent_parts.aggregate(n=Count("action", distinct=True))["n"],
        "named": named.aggregate(n=Count("action", distinct=True))["n"],
    }


def _needs(tally: list[Group], about: dict[str, int]) -> Iterator[Cell]:
    """What the group looks at first, over all its plans."""

    def summed(column: Column) -> int:
        return sum(group.count for group in tally if group.fits(column))

    since = min((group.claimed_on for group in tally if group.fits(WAITING) and group.claimed_on), default=None)
    said = f"the longest since {since.day} {since:%B %Y}" if since else ""
    nobody = summed(WORK) - about["named"]
    yield Cell("overdue", summed(OVERDUE), _listed(OVERDUE.filter))
    yield Cell("claimed as complete, waiting for the group", summed(WAITING), _listed(WAITING.filter), said)
    yield Cell(f"not reported on for {SILENT_DAYS} days", about["silent"], _listed(("silent", "yes")))
    yield Cell("for which nobody is named", nobody, _listed(("ownerless", "yes")))
    yield Cell("on which an agency has work to do", summed(WORK), _listed(WORK.filter))


def _plan_rows(reviews: Any, tally: list[Group]) -> Iterator[PlanRow]:
    for review in reviews.select_related("partnership").order_by("partnership__name", "reference"):
        groups = [group for group in tally if group.review == review.pk]
        yield PlanRow(
            review=review,
            href=reverse("admin:reviews_review_change", args=[review.pk]),
            total=Cell("Actions", sum(group.count for group in groups), _listed(_of(review))),
            cells=tuple(
                Cell(
                    column.words,
                    sum(group.count for group in groups if group.fits(column)),
                    _listed(_of(review), column.filter),
                )
                for column in COLUMNS
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


def _silent_by_agency(silent_parts: Any) -> Iterator[Cell]:
    """Of whom nothing was heard about what is theirs to do, those with the most such actions first."""
    rows = silent_parts.values("agency", name=F("agency__name")).annotate(n=Count("pk"))
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
