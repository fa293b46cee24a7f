"""Lateness as the database works it out, so that lists filter, count and order by it.

It says the same as ``reviews.statuses.timing``, which is the rule; a test holds the two together.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, CharField, DateField, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable, OrderBy

from agencies.prepared import Day
from reviews.statuses import CLOSED, DUE_SOON_DAYS, Lateness, Status

_ONGOING = Q(status=Status.ONGOING)
_AWAITING = Q(status=Status.AWAITING)
_CLOSED = Q(status__in=CLOSED)


def due_on() -> Case:
    """The day by which an action is judged: an ongoing one by its next review, a closed one by none."""
    return Case(
        When(_CLOSED, then=Value(None)),
        When(_ONGOING, then=F("next_review_on")),
        default=F("target_date"),
        output_field=DateField(),
    )


def lateness(on: dt.date | Day) -> Case:
    """The code of ``Lateness`` on the day ``on``. It reads the annotation ``due_on``."""
    judged_on: Combinable = Case(
        When(_AWAITING & Q(claimed_on__isnull=False), then=F("claimed_on")),
        default=on if isinstance(on, Day) else Value(on),
        output_field=DateField(),
    )
    soon = Q(due_on__lte=on + dt.timedelta(days=DUE_SOON_DAYS))
    return Case(
        When(_CLOSED, then=Value(Lateness.CLOSED.value)),
        When(due_on__isnull=True, then=Value(Lateness.NO_DATE.value)),
        When(due_on__lt=judged_on, then=Value(Lateness.OVERDUE.value)),
        When(soon & ~_AWAITING, then=Value(Lateness.DUE_SOON.value)),
        default=Value(Lateness.ON_TIME.value),
        output_field=CharField(),
    )


def by_lateness() -> tuple[OrderBy | Combinable | str, ...]:
    """What a list is ordered by: overdue longest, due soonest, no date, ongoing, awaiting, closed; ties as in the plan.

    It reads the annotations ``due_on`` and ``lateness``. What waits for a decision stands by how long it has waited.
    """
    group = Case(
        When(_CLOSED, then=Value(5)),
        When(_AWAITING, then=Value(4)),
        When(lateness=Lateness.OVERDUE, then=Value(0)),
        When(_ONGOING, then=Value(3)),
        When(due_on__isnull=True, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    day = Case(When(_AWAITING, then=F("claimed_on")), default=F("due_on"), output_field=DateField())
    return group, OrderBy(day, nulls_last=True), "sort_key", "review", "order", "pk"
