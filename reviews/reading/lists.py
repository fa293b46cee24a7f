"""Lists of actions: whose, which of them, how many, in which order."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q

from agencies.holdings import ask_for, holdings_of, is_waived
from agencies.lookups import among
from agencies.models import Agency
from agencies.permissions import held_in, reached_through
from agencies.prepared import Day, Keys, ask
from agencies.roles import Container, Permission, RoleCode
from reviews.models import Action, Assignment, Draft, Part, Reader, Review
from reviews.models.action import ActionQuerySet
from reviews.readers import waiting_for
from reviews.reading.naming import named, shown_name
from reviews.reading.waiting import number_waiting
from reviews.statuses import OPEN, Lateness, Status, Timing

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    """What the portal has for ``user``."""

    def holds_on(permission: Permission, *containers: Container) -> bool:
        return is_waived(user) or any(held_in(user, permission, each) for each in containers)

    return Places(
        own_actions=bool(held_in(user, Permission.READ_ACTION, Container.AGENCY)),
        plans=holds_on(Permission.READ_PLAN, Container.PARTNERSHIP, Container.REVIEW),
        people=holds_on(Permission.READ_PEOPLE, Container.AGENCY, Container.PARTNERSHIP),
        counts=holds_on(Permission.READ_COUNTS, Container.PARTNERSHIP),
    )


def own_agencies(user: User) -> list[tuple[str, Agency]]:
    """The agencies whose actions are ``user``'s own, by name.

    Each with ``leads``, whether they release its updates, and how many are ``waiting`` for a lead.
    """
    return _by_name(ask_for(user, _own_agencies))


def _own_agencies(user: User) -> QuerySet[Agency]:
    held = held_in(user, Permission.READ_ACTION, Container.AGENCY)
    leads = among("pk", held_in(user, Permission.NAME_READERS, Container.AGENCY))
    rows = Agency.objects.filter(among("pk", held)).annotate(
        leads=ExpressionWrapper(leads, output_field=BooleanField()), waiting=number_waiting(user)
    )
    return rows.select_related("partnership").order_by("name", "pk")


def waiting_for_confidentiality(user: User) -> list[Reader]:
    """What ``user`` was named to read and has not accepted confidentiality for, with its partnership."""
    named = RoleCode.NAMED_READER in holdings_of(user).roles  # few are: nobody else need be asked about
    return ask_for(user, _waiting_for_confidentiality) if named else []


def _waiting_for_confidentiality(user: User) -> QuerySet[Reader]:
    return waiting_for(user).select_related("review__partnership").order_by("review__reference")


def own_actions(user: User) -> ActionQuerySet:
    """The actions in which an agency of ``user`` has a part, and which they may read as one of its people."""
    actions: ActionQuerySet = reached_through(user, Permission.READ_ACTION, Action, Container.AGENCY)  # type: ignore[assignment]
    return actions


def reviews_with(keys: Iterable[int]) -> list[tuple[str, Review]]:
    """The reviews with these keys, by reference and title."""
    return _by_name(ask(_reviews_with, reviews=keys))


def _reviews_with() -> QuerySet[Review]:
    rows = Review.objects.filter(among("pk", Keys("reviews"))).select_related("partnership")
    return rows.order_by("reference", "pk")


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
        actions = actions.filter(pk__in=Assignment.everything.current().filter(agency=agency).values("action"))
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

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(here + there for here, there in zip(astuple(self), astuple(other), strict=True)))


def counted_by_review(actions: ActionQuerySet, on: dt.date) -> dict[int, Counts]:
    """Count ``actions`` of each review by what matters on the day ``on``, in one query."""
    return _counts(_tally(actions, on))


def own_counts(user: User, on: dt.date) -> dict[int, Counts]:
    """The same of ``own_actions``."""
    return _counts(ask_for(user, _own_tally, on=on))


def _own_tally(user: User) -> QuerySet[Any, Any]:
    return _tally(own_actions(user), Day())


def _tally(actions: ActionQuerySet, on: dt.date | Day) -> QuerySet[Any, Any]:
    timed: Any = actions.order_by().timed(on)
    return timed.values_list("review", "status", "lateness").annotate(n=Count("pk"))


def _counts(tally: Iterable[tuple[int, str, str, int]]) -> dict[int, Counts]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for review, status, lateness, number in tally:
        found[review].update(
            total=number,
            open=number * (status in OPEN),
            overdue=number * (lateness == Lateness.OVERDUE),
            due_soon=number * (lateness == Lateness.DUE_SOON),
            awaiting=number * (status == Status.AWAITING),
            complete=number * (status == Status.COMPLETE),
        )
    return {review: Counts(**numbers) for review, numbers in found.items()}


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
    has_draft: bool = False
    is_returned: bool = False

    @property
    def is_late(self) -> bool:
        """Whether its date has passed and somebody still has to act on it."""
        return self.timing.lateness == Lateness.OVERDUE

    @property
    def status_apart(self) -> Status | None:
        """Where the reader's own agency says it stands, when that is not where the whole action stands."""
        own = [each.status for each in self.agencies if each.is_mine and each.leads]
        return own[0] if len(own) == 1 and own[0] != self.action.status else None


def with_drafts(actions: ActionQuerySet, user: User) -> ActionQuerySet:
    """``actions`` as a list shows them: with their recommendation, and whether ``user`` has a draft there."""
    draft = Draft.objects.filter(action=OuterRef("pk"), author=user.pk)
    returned = draft.filter(kind=Draft.Kind.RETURNED)
    return actions.annotate(has_draft=Exists(draft), is_returned=Exists(returned)).select_related("recommendation")


def rows(actions: Iterable[Any], reviews: Iterable[Review], user: User, on: dt.date) -> list[Row]:
    """The rows of ``actions``, which come from ``with_drafts`` and belong to ``reviews``; one query."""
    actions, known = list(actions), {review.pk: review for review in reviews}
    for action in actions:
        action.review = known[action.review_id]
    parts = _parts([action.pk for action in actions], user)
    return [
        Row(each, each.timing(on), tuple(parts[each.pk]), has_draft=each.has_draft, is_returned=each.is_returned)
        for each in actions
    ]


def latest_own(user: User, on: dt.date, start: int, end: int) -> list[Action]:
    """So many of ``own_actions``, what is late first, as a list shows them."""
    return ask_for(user, _latest_own, start, end, on=on)


def _latest_own(user: User, start: int, end: int) -> QuerySet[Action]:
    return with_drafts(own_actions(user).latest_first(Day()), user)[start:end]


def _parts(actions: list[int], user: User) -> dict[int, list[Answering]]:
    """Who answers for each of ``actions``, as plain values: as model instances they took three times as long."""
    parts: dict[int, list[Answering]] = defaultdict(list)
    for action, part, status, is_mine, inside, name, published in ask_for(user, _parts_of, actions=actions):
        shown = name if inside or not published else published
        parts[action].append(Answering(shown, Part(part), Status(status), is_mine))
    return parts


def _parts_of(user: User) -> QuerySet[Any, Any]:
    found = named(Assignment.everything.current().filter(among("action", Keys("actions"))), user)
    rows: QuerySet[Any, Any] = found.order_by("action_id", "order", "pk").values_list(
        "action_id", "part", "status", "is_mine", "inside", "agency__name", "published_name"
    )
    return rows


def answering(part: Assignment) -> Answering:
    """What a reader sees of one assignment, which comes from ``named``."""
    return Answering(shown_name(part), Part(part.part), Status(part.status), part.is_mine)  # type: ignore[attr-defined]
