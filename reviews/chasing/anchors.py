"""The rows from which an action's series is counted. A row that says the same date again starts nothing anew."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from reviews.chasing.policy import Anchor
from reviews.models import ProgressUpdate, TargetDate
from reviews.statuses import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from reviews.models import Action, Assignment

#: A dated row in short: its primary key and the date it gives.
Dating = tuple[int, dt.date | None]


@dataclass(frozen=True)
class Anchors:
    """The dates of many actions, read in two queries."""

    targets: dict[int, list[Dating]]
    reviews: dict[int, list[tuple[int, Dating]]]

    @classmethod
    def of(cls, actions: QuerySet[Action]) -> Self:
        """Read the dates of ``actions``, which is used as a subquery."""
        targets: dict[int, list[Dating]] = defaultdict(list)
        keys = actions.order_by().values("pk")
        dates = TargetDate.objects.in_force().filter(action__in=keys).order_by("on", "recorded_at", "pk")
        for action, pk, date in dates.values_list("action_id", "pk", "date"):
            targets[action].append((pk, date))
        reviews: dict[int, list[tuple[int, Dating]]] = defaultdict(list)
        updates = (
            ProgressUpdate.objects.in_force()
            .filter(action__in=keys, next_review_on__isnull=False)
            .order_by("on", "recorded_at", "pk")
        )
        for action, agency, pk, date in updates.values_list("action_id", "agency_id", "pk", "next_review_on"):
            reviews[action].append((agency, (pk, date)))
        return cls(targets, reviews)

    def due(self, assignment: Assignment) -> Anchor | None:
        """The date that ``assignment`` is chased by: of next review where it is ongoing, the target date otherwise."""
        if assignment.status != Status.ONGOING:
            return since_unchanged("date", self.targets.get(assignment.action_id, ()))
        rows = self.reviews.get(assignment.action_id, [])
        # An agency that took an ongoing action over keeps the date that was set before it came.
        own = [row for agency, row in rows if agency == assignment.agency_id]
        return since_unchanged("review", own or [row for _, row in rows])


def since_unchanged(kind: str, rows: Iterable[Dating]) -> Anchor | None:
    """The first of the latest rows that give one and the same date; None where the latest gives none."""
    found: Dating | None = None
    for row in rows:
        if found is None or row[1] != found[1]:
            found = row
    return Anchor(f"{kind}:{found[0]}", found[1]) if found and found[1] else None


def floors(assignment: Assignment) -> tuple[Anchor, ...]:
    """The days before which nobody is chased for ``assignment``."""
    started = assignment.action.review.chasing_from
    own = Anchor(f"assignment:{assignment.pk}", assignment.on)
    return (Anchor(f"start:{started}", started), own) if started else (own,)
