"""How plans stand in numbers, for those who may see counts and never the words: councillors, commissioners."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from itertools import groupby
from typing import TYPE_CHECKING

from agencies.models import Partnership
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.models import Review
from reviews.reading.lists import Counts
from reviews.reading.plan import PlanRow, plan_rows

if TYPE_CHECKING:
    from agencies.models import User


@dataclass(frozen=True)
class PartnershipCounts:
    """The plans of one partnership that are open to its agencies, and the restricted ones as one sum, unnamed."""

    partnership: Partnership
    rows: list[PlanRow]
    restricted: int
    restricted_counts: Counts
    total: Counts


def counts_for(user: User, on: dt.date) -> list[PartnershipCounts]:
    """The counts of every partnership whose counts ``user`` may see, as on the day ``on``; two queries."""
    partnerships = objects_for(user, Permission.READ_COUNTS, Partnership)
    reviews = Review.objects.filter(partnership__in=partnerships).select_related("partnership")
    rows = plan_rows(reviews.order_by("partnership__name", "partnership", "reference", "pk"), on)
    return [
        _of_one(partnership, list(members))
        for partnership, members in groupby(rows, key=lambda row: row.review.partnership)
    ]


def _of_one(partnership: Partnership, rows: list[PlanRow]) -> PartnershipCounts:
    restricted = [row.counts for row in rows if row.review.is_restricted]
    return PartnershipCounts(
        partnership=partnership,
        rows=[row for row in rows if not row.review.is_restricted],
        restricted=len(restricted),
        restricted_counts=_sum(restricted),
        total=_sum([row.counts for row in rows]),
    )


def _sum(counts: list[Counts]) -> Counts:
    return Counts(*(sum(getattr(one, field.name) for one in counts) for field in fields(Counts)))
