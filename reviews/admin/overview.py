"""The first page of oversight: each plan's actions by lateness and status, with the way to every number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from agencies.admin_site import OversightSite
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.models import Action, Review
from reviews.statuses import Lateness, Status

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrOrPromise

    from agencies.models import User


@dataclass(frozen=True)
class Column:
    """One count: what it is called, which actions it counts, and the filter of the list that shows the same."""

    words: _StrOrPromise
    counted: Q
    filter: tuple[str, str]

    @property
    def key(self) -> str:
        """Its name in the query."""
        return f"n_{self.filter[1]}"


COLUMNS: tuple[Column, ...] = (
    *(
        Column(late.label, Q(lateness=late), ("lateness", late.value))
        for late in (Lateness.OVERDUE, Lateness.DUE_SOON, Lateness.NO_DATE)
    ),
    *(
        Column(status.label, Q(status=status), ("status__exact", status.value))
        for status in Status
        if status != Status.NOT_RECORDED
    ),
)


@dataclass(frozen=True)
class Cell:
    """A number and where its actions are listed."""

    words: _StrOrPromise
    count: int
    href: str


@dataclass(frozen=True)
class PlanRow:
    """One review's counts."""

    review: Review
    href: str
    total: Cell
    cells: tuple[Cell, ...]


def plan_rows(user: User | AnonymousUser, on: dt.date) -> list[PlanRow]:
    """The plans that ``user`` oversees with their counts as on the day ``on``: two queries, however many actions."""
    actions: Any = objects_for(user, Permission.READ_PLAN, Action).order_by()
    counts = {
        row["review"]: row
        for row in actions.timed(on)
        .values("review")
        .annotate(total=Count("pk"), **{column.key: Count("pk", filter=column.counted) for column in COLUMNS})
    }
    reviews = objects_for(user, Permission.READ_PLAN, Review).select_related("partnership")
    return [
        PlanRow(
            review=review,
            href=reverse("admin:reviews_review_change", args=[review.pk]),
            total=Cell("Actions", counts.get(review.pk, {}).get("total", 0), _listed(review)),
            cells=tuple(
                Cell(column.words, counts.get(review.pk, {}).get(column.key, 0), _listed(review, column.filter))
                for column in COLUMNS
            ),
        )
        for review in reviews.order_by("partnership__name", "reference")
    ]


def first_page(request: HttpRequest) -> dict[str, Any]:
    """What the first page of the admin site shows above its lists."""
    return {
        "overview_template": "admin/reviews/overview.html",
        "overview_columns": COLUMNS,
        "overview_rows": plan_rows(request.user, timezone.localdate()),
    }


def _listed(review: Review, *filters: tuple[str, str]) -> str:
    asked = urlencode([("review__id__exact", review.pk), *filters])
    return f"{reverse('admin:reviews_action_changelist')}?{asked}"


OversightSite.first_page = staticmethod(first_page)
