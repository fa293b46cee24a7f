"""Lists of actions: whose, which of them, how many, in which order."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from agencies.lookups import Among
from agencies.models import Agency
from agencies.models import User as Person
from agencies.permissions import held_in, reached_through
from agencies.roles import Container, Permission
from reviews.models import Action, Assignment, Draft, Part, Reader, Review
from reviews.models.action import ActionQuerySet
from reviews.readers import waiting_for
from reviews.reading.naming import named, shown_name
from reviews.statuses import OPEN, Lateness, Status, Timing

if TYPE_CHECKING:
    from agencies.models import User

#: Besides the statuses themselves, a list can be asked for everything on which work is still to be done.
STILL_OPEN = "open"


@dataclass(frozen=True)
class Places:
    """Where a person has something to read: actions of their agency, whole plans, who belongs where, counts."""

    own_actions: bool = False
    plans: bool = False
    people: bool = False
    counts: bool = False


def places_of(user: User) -> Places:
    """What the portal has for ``user``, in one query."""
    found = (
        Person.objects.filter(pk=user.pk)
        .values_list(
            Exists(held_in(user, Permission.READ_ACTION, Container.AGENCY)),
            Exists(held_in(user, Permission.READ_PLAN, Container.PARTNERSHIP)),
            Exists(held_in(user, Permission.READ_PLAN, Container.REVIEW)),
            Exists(held_in(user, Permission.READ_PEOPLE, Container.AGENCY)),
            Exists(held_in(user, Permission.READ_PEOPLE, Container.PARTNERSHIP)),
            Exists(held_in(user, Permission.READ_COUNTS, Container.PARTNERSHIP)),
        )
        .first()
    )
    own, partnership, review, leads, oversees, counts = found or (False,) * 6
    everything = user.is_superuser
    return Places(
        own_actions=own,
        plans=partnership or review or everything,
        people=leads or oversees or everything,
        counts=counts or everything,
    )


def own_agencies(user: User) -> list[tuple[str, Agency]]:
    """The agencies whose actions are ``user``'s own, by name."""
    held = held_in(user, Permission.READ_ACTION, Container.AGENCY)
    return _by_name(Agency.objects.filter(pk__in=held).select_related("partnership").order_by("name", "pk"))


def waiting_for_confidentiality(user: User) -> list[Reader]:
    """What ``user`` was named to read and has not accepted confidentiality for, with its partnership."""
    return list(waiting_for(user).select_related("review__partnership").order_by("review__reference"))


def own_actions(user: User) -> ActionQuerySet:
    """The actions in which an agency of ``user`` has a part, and which they may read as one of its people."""
    actions: ActionQuerySet = reached_through(user, Permission.READ_ACTION, Action, Container.AGENCY)  # type: ignore[assignment]
    return actions


def reviews_of(actions: ActionQuerySet) -> list[tuple[str, Review]]:
    """The reviews to which ``actions`` belong, by reference and title."""
    # Found first: as a join of joins this takes PostgreSQL minutes while it has no statistics of new rows.
    found = actions.order_by().values("review").distinct()
    reviews = Review.objects.filter(Among("pk", found)).select_related("partnership")
    return _by_name(reviews.order_by("reference", "pk"))


def _by_name(rows: Iterable[Any]) -> list[tuple[str, Any]]:
    """Each with its name; where two partnerships have the same name, with its partnership."""
    rows = list(rows)
    names = Counter(map(str, rows))
    return [(f"{row}" if names[f"{row}"] == 1 else f"{row} ({row.partnership})", row) for row in rows]


def narrowed(
    actions: ActionQuerySet,
    *,
    on: dt.date,
    agency: Agency | None = None,
    review: Review | None = None,
    status: str = "",
    lateness: str = "",
    text: str = "",
) -> ActionQuerySet:
    """Those of ``actions`` that fit everything asked for. ``text`` is looked for in their words and references."""
    if agency:
        actions = actions.filter(pk__in=Assignment.objects.current().filter(agency=agency).values("action"))
    if review:
        actions = actions.filter(review=review)
    if status:
        actions = actions.open() if status == STILL_OPEN else actions.filter(status=status)
    if lateness:
        actions = actions.timed(on).filter(Q(lateness=lateness))
    for word in text.split()[:10]:
        actions = actions.filter(
            Q(text__icontains=word)
            | Q(recommendation__text__icontains=word)
            | Q(reference__iexact=word)
            | Q(recommendation__reference__iexact=word)
        )
    return actions


@dataclass(frozen=True)
class Counts:
    """How many of some actions are what."""

    total: int = 0
    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    awaiting: int = 0
    complete: int = 0


def counted() -> dict[str, Count]:
    """What fills ``Counts``, for actions that are ``timed``."""
    return {
        "total": Count("pk"),
        "open": Count("pk", filter=Q(status__in=OPEN)),
        "overdue": Count("pk", filter=Q(lateness=Lateness.OVERDUE)),
        "due_soon": Count("pk", filter=Q(lateness=Lateness.DUE_SOON)),
        "awaiting": Count("pk", filter=Q(status=Status.AWAITING)),
        "complete": Count("pk", filter=Q(status=Status.COMPLETE)),
    }


def counts(actions: ActionQuerySet, on: dt.date) -> Counts:
    """Count ``actions`` by what matters on the day ``on``, in one query."""
    return Counts(**actions.order_by().timed(on).aggregate(**counted()))


@dataclass(frozen=True)
class Answering:
    """An agency's part in an action, as one reader sees it."""

    name: str
    part: Part
    status: Status
    is_mine: bool

    @property
    def leads(self) -> bool:
        """Whether it answers for the action; a supporting agency only helps."""
        return self.part != Part.SUPPORTING


@dataclass(frozen=True)
class Row:
    """One action in a list."""

    action: Action
    timing: Timing
    agencies: tuple[Answering, ...]

    @property
    def is_late(self) -> bool:
        """Whether its date has passed and somebody still has to act on it."""
        return self.timing.lateness == Lateness.OVERDUE

    @property
    def status_apart(self) -> Status | None:
        """Where the reader's own agency says it stands, when that is not where the whole action stands."""
        own = [each.status for each in self.agencies if each.is_mine and each.leads]
        return own[0] if len(own) == 1 and own[0] != self.action.status else None


def with_agencies(actions: ActionQuerySet, user: User) -> ActionQuerySet:
    """``actions`` with everything that a row says of them: two queries for any number."""
    parts = named(Assignment.objects.current(), user).order_by("order", "pk")
    draft = Draft.objects.filter(action=OuterRef("pk"), author=user)
    seen = actions.annotate(has_draft=Exists(draft)).select_related("review__partnership", "recommendation")
    return seen.prefetch_related(Prefetch("assignments", queryset=parts, to_attr="parts"))


def rows(actions: Iterable[Action], on: dt.date) -> list[Row]:
    """The rows of ``actions``, which come from ``with_agencies``."""
    return [Row(action, action.timing(on), tuple(map(answering, action.parts))) for action in actions]  # type: ignore[attr-defined]


def answering(part: Assignment) -> Answering:
    """What a reader sees of one assignment, which comes from ``named``."""
    return Answering(shown_name(part), Part(part.part), Status(part.status), part.is_mine)  # type: ignore[attr-defined]
