"""The plans that a person reads as a whole, and one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Subquery

from agencies.models import Agency
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.models import Action, Assignment, PublishedName, Recommendation, Review
from reviews.models.action import ActionQuerySet
from reviews.reading.lists import Counts, Row, counted_by_review
from reviews.reading.naming import is_inside
from reviews.statuses import CLOSED, Lateness, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User

#: A plan page names at most so many recommendations that have no action.
MOST_WITHOUT_ACTION = 50


def plans_read_by(user: User) -> QuerySet[Review]:
    """The reviews whose whole plan ``user`` may read, the newest reference first in each partnership."""
    reviews: QuerySet[Review] = objects_for(user, Permission.READ_PLAN, Review)
    return reviews.select_related("partnership").order_by("partnership__name", "-recorded_at", "reference", "pk")


@dataclass(frozen=True)
class PlanRow:
    """One plan in the list of plans."""

    review: Review
    counts: Counts


def plan_rows(reviews: Iterable[Review], on: dt.date) -> list[PlanRow]:
    """The plans with their counts; one query for all of them."""
    reviews = list(reviews)
    found = counted_by_review(Action.objects.filter(review__in=reviews), on)
    return [PlanRow(review, found.get(review.pk, Counts())) for review in reviews]


def actions_in_order(review: Review) -> ActionQuerySet:
    """The actions of one plan, recommendation by recommendation."""
    return Action.objects.filter(review=review).order_by("recommendation__order", "recommendation", "order", "pk")


def agencies_in(review: Review, user: User) -> list[tuple[str, Agency]]:
    """The agencies that have a part in the plan now, by the names under which ``user`` reads them."""
    parts = Assignment.objects.current().filter(action__review=review)
    published = PublishedName.objects.filter(review=review, agency=OuterRef("pk")).values("name")[:1]
    rows: QuerySet[Any] = Agency.objects.filter(pk__in=parts.values("agency")).annotate(
        published_name=Subquery(published), inside=is_inside(user, "pk", "partnership")
    )
    names = [(str(row.name if row.inside or not row.published_name else row.published_name), row) for row in rows]
    return sorted(names, key=lambda pair: (pair[0], pair[1].pk))


def without_action(review: Review) -> list[Recommendation]:
    """Recommendations to which nobody has undertaken anything."""
    undertaken = Action.objects.filter(recommendation=OuterRef("pk"))
    return list(review.recommendations.filter(~Exists(undertaken)).order_by("order", "pk")[:MOST_WITHOUT_ACTION])


@dataclass(frozen=True)
class Group:
    """One recommendation with those of its actions that are shown."""

    recommendation: Recommendation
    rows: list[Row]


def grouped(rows: Iterable[Row]) -> list[Group]:
    """Rows in plan order, by recommendation."""
    return [
        Group(members[0].action.recommendation, members)
        for _, each in groupby(rows, key=lambda row: row.action.recommendation_id)
        if (members := list(each))
    ]


@dataclass(frozen=True)
class Tally:
    """How many actions of a plan have each status, and how late the open ones are."""

    by_status: dict[Status, int]
    by_lateness: dict[Lateness, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())


def tally(actions: ActionQuerySet, on: dt.date) -> Tally:
    """Count ``actions`` by status and by lateness on the day ``on``, in one query. Closed ones are not late."""
    by_status = dict.fromkeys(Status, 0)
    by_lateness: dict[Lateness, int] = dict.fromkeys(Lateness, 0)
    del by_lateness[Lateness.CLOSED]
    timed: QuerySet[Any] = actions.order_by().timed(on)
    pairs = timed.values_list("status", "lateness").annotate(number=Count("pk"))
    for status, lateness, number in pairs:
        by_status[Status(status)] += number
        if Status(status) not in CLOSED:
            by_lateness[Lateness(lateness)] += number
    return Tally(by_status, by_lateness)
