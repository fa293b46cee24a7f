"""What the first page of oversight counts: numbers and ids only, so that they may be kept for a moment.

A small partnership is counted anew for each page. Where counting takes long, because there are tens of thousands of
actions, the numbers are kept for half a minute, and the page says when they were counted.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, Min
from django.utils import timezone

from agencies.permissions import held_in, objects_for
from agencies.roles import Container, Permission
from reviews.admin.filters import LEADS_NOW, asking, claimed, owned, silent
from reviews.models import Action, Assignment
from reviews.statuses import OPEN, Lateness, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from agencies.models import User

#: Counting that takes longer than so many seconds is not done again for each page ...
SLOW = 0.05
#: ... but after so many.
KEPT = 30


@dataclass(frozen=True)
class Group:
    """So many actions of one review are of one status and one lateness."""

    review: int
    status: str
    lateness: str
    count: int


@dataclass(frozen=True)
class Counts:
    """How everything that a person oversees stands. Agencies stand with the most actions first."""

    groups: tuple[Group, ...]
    silent: int  # actions about which some lead agency is silent
    waiting_since: dt.date | None  # the day of the claim that has waited longest
    asking: int  # actions on which an agency wants help from the group
    named: int  # open actions for which somebody is named
    overdue_of: tuple[tuple[int, int, dt.date], ...]  # agency, actions, the earliest day
    silent_of: tuple[tuple[int, int], ...]  # agency, actions
    at: dt.datetime
    is_kept: bool = False


def counts(user: User | AnonymousUser, on: dt.date) -> Counts:
    """The counts of all that ``user`` oversees, as on the day ``on``; of a large partnership at most ``KEPT`` old."""
    held = [held_in(user, Permission.READ_PLAN, container) for container in (Container.PARTNERSHIP, Container.REVIEW)]
    key = f"overview:{on}:{user.is_superuser or held}".replace(" ", "")
    if kept := cache.get(key):
        return Counts(**kept, is_kept=True)
    started = time.perf_counter()
    found = counted(user, on)
    if time.perf_counter() - started > SLOW:
        cache.set(key, {name: value for name, value in vars(found).items() if name != "is_kept"}, KEPT)
    return found


def counted(user: User | AnonymousUser, on: dt.date) -> Counts:
    """The same, counted now: seven queries, however many actions, plans and agencies."""
    actions: Any = objects_for(user, Permission.READ_PLAN, Action).order_by()
    timed = actions.timed(on)
    groups = timed.values("review", "status", "lateness").annotate(n=Count("pk"))
    parts = Assignment.everything.filter(action__in=actions.values("pk")).order_by()
    unheard, named = parts.filter(silent(on)), parts.filter(owned(on), action__status__in=OPEN)
    waiting = actions.filter(status=Status.AWAITING).annotate(claimed=claimed())
    late = timed.filter(LEADS_NOW, lateness=Lateness.OVERDUE).values("assignments__agency")
    late = late.annotate(n=Count("pk"), day=Min("due_on")).order_by("-n", "assignments__agency")
    unheard_of = unheard.values("agency").annotate(n=Count("pk")).order_by("-n", "agency")
    return Counts(
        groups=tuple(Group(row["review"], row["status"], row["lateness"], row["n"]) for row in groups),
        silent=unheard.aggregate(n=Count("action", distinct=True))["n"],
        waiting_since=waiting.aggregate(first=Min("claimed"))["first"],
        asking=parts.filter(asking()).aggregate(n=Count("action", distinct=True))["n"],
        named=named.aggregate(n=Count("action", distinct=True))["n"],
        overdue_of=tuple((row["assignments__agency"], row["n"], row["day"]) for row in late),
        silent_of=tuple((row["agency"], row["n"]) for row in unheard_of),
        at=timezone.now(),
    )
