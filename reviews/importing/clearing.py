"""Taking away what was written of a plan that could not be finished: it never stood, so nobody has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError

from agencies import audit
from reviews.importing import leases
from reviews.importing.again import taking_back
from reviews.importing.again.before import BECAME, UNLED
from reviews.importing.confirming import FOUND, TO_DO
from reviews.importing.pieces import SIZE
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    Claim,
    Evidence,
    Milestone,
    PlanImport,
    ProgressUpdate,
    PublishedName,
    Recommendation,
    RecommendationWording,
    Review,
    SignOff,
    TargetDate,
    Theme,
)

if TYPE_CHECKING:
    from agencies.actors import System
    from agencies.models import User

#: What a piece writes about an action, in the order in which it can go.
_OF_AN_ACTION: tuple[type[Any], ...] = (
    Evidence, ProgressUpdate, SignOff, TargetDate, Milestone, ActionWording, Assignment,
)  # fmt: skip


def clear(plan_import: PlanImport, by: User | System) -> None:
    """Take away what is written, in pieces, and let the plan wait to be confirmed again with what stood in its way."""
    while _actions_go(plan_import):
        pass
    while _recommendations_go(plan_import):
        pass
    taking_back.take_all_back(plan_import, by)
    _wait_again(plan_import, by)


@transaction.atomic
def _actions_go(plan_import: PlanImport) -> bool:
    leases.hold(plan_import)
    own = Action.everything.filter(came_with=plan_import, stands=False).order_by("pk")
    keys = list(own.values_list("pk", flat=True)[:SIZE])
    Claim.everything.filter(update__action__in=keys).delete()
    for model in _OF_AN_ACTION:
        model.everything.filter(action__in=keys).delete()
    Action.everything.filter(pk__in=keys).delete()
    leases.advance(plan_import)
    return bool(keys)


@transaction.atomic
def _recommendations_go(plan_import: PlanImport) -> bool:
    leases.hold(plan_import)
    own = Recommendation.everything.filter(came_with=plan_import, stands=False).order_by("pk")
    keys = list(own.values_list("pk", flat=True)[:SIZE])
    RecommendationWording.everything.filter(recommendation__in=keys).delete()
    themes = list(Theme.everything.filter(recommendations__in=keys).values_list("pk", flat=True))
    Recommendation.everything.filter(pk__in=keys).delete()
    Theme.everything.filter(pk__in=themes, recommendations__isnull=True).delete()
    leases.advance(plan_import)
    return bool(keys)


@transaction.atomic
def _wait_again(plan_import: PlanImport, by: User | System) -> None:
    row = leases.hold(plan_import)
    plan_import.refresh_from_db(fields=["choices", "review"])
    choices = {name: value for name, value in plan_import.choices.items() if name not in (FOUND, TO_DO, BECAME, UNLED)}
    review = plan_import.review
    values: dict[str, Any] = {"confirmed_by": None, "choices": choices, "counts": {}, "made": {}, "done": 0, "total": 0}
    if row.counts.get("new_review") and review is not None and _is_gone(review, plan_import):
        values["review"] = None
    leases.advance(plan_import, **leases.let_go(PlanImport.State.STAGED), **values)
    audit.record("import.stopped", by=by, about=plan_import, partnership=plan_import.partnership_id)


def _is_gone(review: Review, plan_import: PlanImport) -> bool:
    """Whether the review that was opened for this plan could go again: somebody may have begun to use it."""
    PlanImport.objects.filter(pk=plan_import.pk).update(review=None)
    try:
        with transaction.atomic():
            PublishedName.objects.filter(review=review).delete()
            review.delete()
    except ProtectedError:
        PlanImport.objects.filter(pk=plan_import.pk).update(review=review)
        return False
    return True
