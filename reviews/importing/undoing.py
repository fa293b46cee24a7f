"""Undoing an import: its rows stand no longer. Nothing is deleted, and only where nobody has built on what it brought.

The agencies that it made, the names that they were given, and the review stay: a corrected file can be brought into it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.holdings import forget
from agencies.models import AuditEntry, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews.importing import leases
from reviews.importing.again.taking_back import actions_of, recommendations_of, rows_made, take_all_back
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    Draft,
    Evidence,
    Line,
    Milestone,
    PlanImport,
    ProgressUpdate,
    Recommendation,
    RecommendationWording,
    SignOff,
    StagedFile,
    Submission,
    TargetDate,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

State = PlanImport.State
#: So many actions are named for each thing that stands in the way.
NAMED = 5

#: Dated rows and what a page calls them. Those that came with the plan were recorded before it stood.
_DATED: tuple[tuple[str, type[Any]], ...] = (
    ("Progress updates", ProgressUpdate),
    ("Evidence", Evidence),
    ("Decisions of the group", SignOff),
    ("Changes of the target date", TargetDate),
    ("Changes of the wording", ActionWording),
    ("Milestones", Milestone),
)
#: What people type and have not sent, or what waits: rows that no plan brings in.
_UNSENT: tuple[tuple[str, type[Any]], ...] = (
    ("Drafts", Draft),
    ("Files that wait to be sent", StagedFile),
    ("Updates that wait for release", Submission),
)
#: What is changed in place, so that only the audit tells; and what that is said of.
_IN_PLACE = ("action.described", "recommendation.described", "milestone.achieved")
_ABOUT = (Action, Recommendation)


@dataclass(frozen=True)
class Obstacle:
    """Something that people have built on a plan since it came in: what, how many, and the first of the actions."""

    words: str
    number: int
    actions: tuple[Action, ...]

    def __str__(self) -> str:
        """As a sentence without links says it."""
        return f"{self.words.lower()} ({self.number})"


class BuiltOn(Refused):
    """People have built on what an import brought: ``obstacles`` say on what."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        """Keep them, and say them in a sentence."""
        listed = ", ".join(map(str, obstacles))
        super().__init__(
            f"This plan has been built on since it was brought in: {listed}. Change it in the plan itself."
        )
        self.obstacles = obstacles


def in_the_way(plan_import: PlanImport) -> list[Obstacle]:
    """What stands in the way of undoing this import; nothing where it can be undone."""
    since = plan_import.confirmed_at
    assert since is not None  # it was brought in  # noqa: S101
    rows_of_it = rows_made(plan_import)
    touched, above = actions_of(rows_of_it), recommendations_of(rows_of_it)
    gone = _taken_back(plan_import)
    found = (
        (words, rows.exclude(pk__in=gone.get(rows.model._meta.label, ())).order_by("pk"))
        for words, rows in _built_on(plan_import, touched, above, since)
    )
    return [Obstacle(words, number, _first_actions(rows)) for words, rows in found if (number := rows.count())]


def _taken_back(plan_import: PlanImport) -> dict[str, list[int]]:
    """The rows that later imports added and that were taken back with them: nobody has built anything by these."""
    undone = PlanImport.objects.filter(review=plan_import.review_id, state=State.UNDONE).exclude(pk=plan_import.pk)
    keys: dict[str, list[int]] = {}
    for later in undone.only("made"):
        for row in rows_made(later):
            if row.was is None:
                keys.setdefault(row.model._meta.label, []).append(row.pk)
    return keys


def _built_on(
    plan_import: PlanImport, touched: set[int], above: set[int], since: dt.datetime
) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Each sort of thing that may stand in the way, with the rows of it that do.

    ``touched`` and ``above`` are the actions and the recommendations that were there before and that it changed.
    """
    theirs = Q(action__came_with=plan_import) | Q(action__in=touched)
    later = Q(recorded_at__gt=since) | Q(voided_at__gt=since)
    for words, dated in _DATED:
        yield words, dated.objects.filter(theirs & later)
    own = Q(recommendation__came_with=plan_import)
    reworded = RecommendationWording.objects.filter((own | Q(recommendation__in=above)) & later)
    yield "Changes of the wording of recommendations", reworded
    yield "Actions added to its recommendations", Action.objects.filter(own).exclude(came_with=plan_import)
    new_parts = Q(recorded_at__gt=since) | Q(ended_at__gt=since)
    named = Q(action__came_with=plan_import) & (Q(owner__isnull=False) | Q(owner_contact__isnull=False))
    yield "Agencies and owners that were changed", Assignment.objects.filter(theirs & new_parts | named)
    for words, unsent in _UNSENT:
        yield words, unsent.objects.filter(theirs)
    yield "Reminders", Line.objects.filter(theirs).filter(Q(notice__isnull=True) | Q(notice__queued_at__gt=since))
    yield "Details that were changed", _changed_in_place(plan_import, touched, above, since)


def _changed_in_place(
    plan_import: PlanImport, touched: set[int], above: set[int], since: dt.datetime
) -> QuerySet[AuditEntry]:
    actions = Action.everything.filter(Q(came_with=plan_import) | Q(pk__in=touched)).values("pk")
    recommendations = Recommendation.everything.filter(Q(came_with=plan_import) | Q(pk__in=above)).values("pk")
    about = Q(about_kind=Action._meta.label_lower, about_id__in=actions)
    about |= Q(about_kind=Recommendation._meta.label_lower, about_id__in=recommendations)
    return AuditEntry.objects.filter(
        about, partnership_id=plan_import.partnership_id, event__in=_IN_PLACE, at__gt=since
    )


def _first_actions(rows: QuerySet[Any]) -> tuple[Action, ...]:
    """A few of the actions that these rows are about."""
    if rows.model is Action:
        keys = rows.values_list("pk", flat=True)
    elif rows.model is AuditEntry:
        about = {kind: rows.filter(about_kind=kind._meta.label_lower).values("about_id") for kind in _ABOUT}
        found = Action.objects.filter(Q(pk__in=about[Action]) | Q(recommendation__in=about[Recommendation]))
        keys = found.values_list("pk", flat=True)
    elif rows.model is RecommendationWording:
        keys = rows.values_list("recommendation__actions", flat=True)
    else:
        keys = rows.values_list("action", flat=True)
    first = list(dict.fromkeys(keys[: NAMED * 10]))[:NAMED]
    return tuple(Action.objects.filter(pk__in=first).select_related("recommendation").order_by("order", "pk"))


def undo(*, plan_import: PlanImport, by: User | System) -> None:
    """Take back what an import has brought in, at once, as if it had not come. Nothing is deleted.

    Refused with what stands in the way, once somebody has built on it. Where it added to actions that had been there
    before, that is voided piece by piece afterwards: ``begin`` it and let a worker go on, or wait here.
    """
    begun = begin(plan_import=plan_import, by=by, **leases.fresh())
    if begun.state == State.UNDOING:
        go_on(begun, by)


@transaction.atomic
def begin(*, plan_import: PlanImport, by: User | System, **lease: Any) -> PlanImport:
    """Let nothing of it stand any longer; what is left to be voided is for ``go_on``."""
    require(by, Permission.EDIT_PLAN, plan_import)
    staged = PlanImport.objects.select_for_update(of=("self",)).defer("reading", "choices").get(pk=plan_import.pk)
    if staged.state in (State.UNDOING, State.UNDONE):
        return staged  # a second press
    if staged.state != State.CONFIRMED:
        raise Refused("Only a plan that was brought in can be undone.")
    _lock(staged)
    require(by, Permission.EDIT_PLAN, plan_import)  # again: it may have ended while these were waited for
    if obstacles := in_the_way(staged):
        raise BuiltOn(obstacles)
    Recommendation.everything.filter(came_with=staged).update(stands=False)
    Action.everything.filter(came_with=staged).update(stands=False)
    rest = len(rows_made(staged))
    state = State.UNDOING if rest else State.UNDONE
    held = {"attempts": 1, **lease} if rest else leases.let_go()
    leases.advance(staged, state=state, undone_at=timezone.now(), undone_by=person(by), done=0, total=rest, **held)
    audit.record(
        "import.undone", by=by, about=staged, partnership=staged.partnership_id, review=staged.review_id, rows=rest
    )
    return staged


def _lock(staged: PlanImport) -> None:
    """Let nobody build on it while it is looked at: whoever is about to, waits, and then finds nothing there."""
    made = rows_made(staged)
    for model, also in ((Recommendation, recommendations_of(made)), (Action, actions_of(made))):
        rows = model.everything.filter(Q(came_with=staged) | Q(pk__in=also)).order_by("pk")
        list(rows.select_for_update().values_list("pk", flat=True))
    forget()


def go_on(plan_import: PlanImport, by: User | System) -> None:
    """Void what was added to actions that had been there before, in pieces, until all of it is."""
    take_all_back(plan_import, by)
    with transaction.atomic():
        leases.hold(plan_import)
        leases.advance(plan_import, **leases.let_go(State.UNDONE), done=plan_import.total)
