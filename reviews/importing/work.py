"""Going on with an import: whatever there is to do, piece by piece, until it is done or somebody else has it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import COMMAND, System
from agencies.models import User
from agencies.refusals import Refused
from agencies.succession import lock_agencies
from reviews import policies
from reviews.bulk_rows import nothing_is_garbage
from reviews.importing import clearing, leases, receiving, undoing
from reviews.importing.again.before import BECAME
from reviews.importing.again.facts import merged
from reviews.importing.again.locking import lock_above
from reviews.importing.confirming import FOUND, TO_DO, Looked, batch_of, became, begin, pieces_of
from reviews.importing.leases import Lost
from reviews.importing.pieces import Batch, Piece
from reviews.models import Action, PlanImport, Recommendation, Review
from reviews.plan_rows import MANY, count_anew

log = logging.getLogger(__name__)

State = PlanImport.State
#: Is told how many of how many rows are written.
Told = Callable[[int, int], None]

MAY_NOT_ANY_MORE = "Who confirmed this plan may no longer bring plans in here. Nothing of it was brought in."
GAVE_UP = (
    "The portal tried several times to bring this plan in and could not finish. Nothing of it was brought in. "
    "Try again; if it fails again, tell whoever runs the portal."
)
CHANGED = "The portal was renewed while this plan was being brought in. Nothing of it was brought in. Press again."


@nothing_is_garbage()
def confirm(*, plan_import: PlanImport, by: User | System, on: Any, told: Told | None = None) -> Review:
    """Bring the staged plan in, whole or not at all, and only once: a second press gives the same review.

    ``on`` is today. Everything is done before this returns, unless somebody else is at it. No mail goes out: a plan is
    chased from the day a coordinator starts it. Refused with a sentence; then nothing of the plan is there.
    """
    looked = begin(plan_import=plan_import, by=by, on=on, **leases.fresh())
    if looked is not None:
        try:
            bring_in(looked.staged, by, looked=looked, told=told)
        except Exception:
            leases.release(looked.staged)  # the next sweep goes on
            raise
    staged = PlanImport.objects.select_related("review").defer("reading", "choices").get(pk=plan_import.pk)
    if staged.problem or staged.review is None:
        raise Refused(staged.problem)
    return staged.review


@nothing_is_garbage()
def go_on(pk: int) -> None:
    """Do what there is to do on an import, if nobody else does. What a worker calls, and the sweep asks for."""
    plan_import = leases.take(pk)
    if plan_import is None:
        return
    try:
        if plan_import.state == State.READING:
            receiving.read(plan_import)
        elif plan_import.state == State.CONFIRMING:
            bring_in(plan_import, plan_import.confirmed_by or COMMAND)
        else:
            undoing.go_on(plan_import, plan_import.undone_by or COMMAND)
    except Lost:
        log.warning("somebody else went on with an import", extra={"plan_import": pk})
    except Exception:
        leases.release(plan_import)  # the next sweep tries again
        raise


def bring_in(
    plan_import: PlanImport, by: User | System, *, looked: Looked | None = None, told: Told | None = None
) -> None:
    """Write what is not written yet, and let all of it stand; or, where a rule forbids it by now, none of it."""
    if not plan_import.problem:
        try:
            if plan_import.attempts > leases.MOST_ATTEMPTS:
                raise Refused(GAVE_UP)
            batch = batch_of(plan_import, by)
            _write(plan_import, pieces_of(batch, looked), told)
            _stand(batch)
            return
        except Refused as refused:
            _stop(plan_import, refused.sentence)
        except PermissionDenied:
            _stop(plan_import, MAY_NOT_ANY_MORE)
    clearing.clear(plan_import, by)


def _write(plan_import: PlanImport, pieces: Sequence[Piece], told: Told | None) -> None:
    end = 0
    for piece in pieces:
        start, end = end, end + piece.rows
        if plan_import.done >= end:
            continue
        if plan_import.done != start:  # other pieces than those of which the first were written
            raise Refused(CHANGED)
        with transaction.atomic():
            row = leases.hold(plan_import)
            made = piece.write()
            more = {"made": merged(row.made, made)} if made else {}
            leases.advance(plan_import, done=end, **more)
        if start == 0 and plan_import.total >= MANY:
            count_anew()  # else keys are looked for, until the end, as in the small tables that these were
        if told:
            told(end, plan_import.total)


@transaction.atomic
def _stand(batch: Batch) -> None:
    """Let the whole plan stand, and say that it was brought in."""
    staged = batch.staged
    row = leases.hold(staged)
    lock_agencies(found := set(batch.found.values()))
    for agency in found:
        policies.check(policies.why_not_assign(batch.review, agency))
    lock_above(staged)
    recommendations = Recommendation.everything.filter(came_with=staged).update(stands=True)
    actions = Action.everything.filter(came_with=staged).update(stands=True)
    kept = {name: value for name, value in staged.choices.items() if name not in (FOUND, TO_DO)}
    choices = {**kept, BECAME: became(staged, staged.choices[BECAME])}
    counts = {**row.counts, "recommendations": recommendations, "actions": actions}
    new = counts.pop("new_review", False)
    done = {"confirmed_at": timezone.now(), "counts": counts, "choices": choices}
    leases.advance(staged, **leases.let_go(State.CONFIRMED), **done)
    audit.record(
        "import.confirmed",
        by=batch.by,
        about=staged,
        partnership=staged.partnership_id,
        review=batch.review.pk,
        new=new,
        actions=actions,
        recommendations=recommendations,
    )
    if actions >= MANY:
        transaction.on_commit(count_anew)


@transaction.atomic
def _stop(plan_import: PlanImport, sentence: str) -> None:
    """Keep why it cannot be finished: what is written of it is taken away again."""
    leases.hold(plan_import)
    leases.advance(plan_import, problem=sentence)
