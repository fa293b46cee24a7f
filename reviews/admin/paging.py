"""Pages of the long list of actions, each read from where it begins instead of from the whole list put in order."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet

from reviews.statuses import CLOSED, OPEN, Status

#: What decides between actions of one day.
TIES = ("sort_key", "review", "order", "pk")
BY_DAY = (F("due_on").asc(nulls_last=True), *TIES)
#: The order of a list of claims: whose claim waits longest, by the day that its column shows.
BY_CLAIM = (F("claimed").asc(nulls_last=True), *TIES)
ENDING = tuple(status for status in OPEN if status != Status.ONGOING)


def stretches(on: dt.date) -> tuple[tuple[Q, tuple[Any, ...]], ...]:
    """The list ``by_lateness`` puts in order, cut into stretches that follow one another, each with its own order.

    Overdue, due, no date, ongoing, awaiting, closed. The first two hold most of what anybody looks at, and an index
    has their days in order.
    """
    return (
        (Q(status__in=OPEN, due_on__lt=on), (F("due_on").asc(), *TIES)),
        (Q(status__in=ENDING, due_on__gte=on), (F("due_on").asc(), *TIES)),
        (Q(status__in=ENDING, target_date__isnull=True), TIES),
        (Q(status=Status.ONGOING) & (Q(due_on__gte=on) | Q(due_on__isnull=True)), BY_DAY),
        (Q(status=Status.AWAITING), (F("claimed_on").asc(nulls_last=True), *TIES)),
        (Q(status__in=CLOSED), TIES),
    )


class LatestFirst(Paginator):
    """Pages of actions in the order of ``by_lateness`` as on the day ``on``."""

    def __init__(self, actions: QuerySet[Any], per_page: int, *, on: dt.date, **options: Any) -> None:
        """Cut ``actions``, which have been ``timed``, into pages."""
        super().__init__(actions, per_page, **options)
        self.actions, self.on = actions, on

    def page(self, number: Any) -> Page[Any]:
        """One page; of the stretches before it no more is read than how many there are."""
        number = self.validate_number(number)
        skip, rows = (number - 1) * self.per_page, list[Any]()
        for stretch, order in stretches(self.on):
            if len(rows) == self.per_page:
                break
            found = self.actions.filter(stretch).order_by(*order)
            rows += found[skip : skip + self.per_page - len(rows)]
            if not rows:  # the page lies beyond this stretch
                skip -= found.order_by().count()
            else:
                skip = 0
        return Page(rows, number, self)
