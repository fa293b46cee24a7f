"""Taking back the dated rows that a corrected plan added to actions that were there before: voided, never deleted."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from agencies.actors import System, person
from reviews.importing import leases
from reviews.models import Action, ActionWording, Assignment, PlanImport, Recommendation, RecommendationWording
from reviews.projection import lock, project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agencies.models import User

#: So many rows are taken back at once.
SIZE = 200
REASON = "Bringing in the plan that said so was undone."


def rows_made(plan_import: PlanImport) -> list[tuple[type[Any], int]]:
    """Every row that was added to an action or recommendation that had been there before, in a fixed order."""
    made: dict[str, list[int]] = plan_import.made
    return [(apps.get_model(label), pk) for label in sorted(made) for pk in sorted(made[label])]


def take_all_back(plan_import: PlanImport, by: User | System) -> None:
    """Take all of them back, in pieces. What was taken back before stays as it is, so that it may begin again."""
    rows = rows_made(plan_import)
    for start in range(0, len(rows), SIZE):
        with transaction.atomic():
            leases.hold(plan_import)
            _take_back(rows[start : start + SIZE], by, timezone.now())
            leases.advance(plan_import)


def _take_back(rows: Iterable[tuple[type[Any], int]], by: User | System, now: dt.datetime) -> None:
    by_model = itertools.groupby(rows, key=lambda row: row[0])
    found = [(model, model.everything.filter(pk__in=[pk for _, pk in group])) for model, group in by_model]
    owners = {model: _owner(model) for model, _ in found}
    touched = {model: set(own.values_list(owners[model], flat=True)) for model, own in found}
    actions = lock(set().union(*(touched[model] for model in touched if owners[model] == "action")))
    void = {"voided_at": now, "voided_by": person(by), "void_reason": REASON}
    for model, own in found:
        if model is Assignment:
            for part in own.filter(until__isnull=True):
                own.filter(pk=part.pk).update(until=max(timezone.localdate(now), part.on), ended_at=now)
        else:
            own.filter(voided_at__isnull=True).update(**void)
    _say_again(Action, actions, ActionWording)
    _say_again(
        Recommendation,
        Recommendation.objects.filter(pk__in=touched.get(RecommendationWording, ())),
        RecommendationWording,
    )
    project(actions)


def _owner(model: type[Any]) -> str:
    return "recommendation" if model is RecommendationWording else "action"


def _say_again(model: type[Any], rows: Iterable[Any], wording: type[Any]) -> None:
    """Let each say what its last wording that was not taken back says."""
    rows = list(rows)
    field = _owner(wording)
    standing = wording.everything.standing().filter(**{f"{field}__in": rows}).order_by("on", "recorded_at", "pk")
    said = {getattr(row, f"{field}_id"): row.text for row in standing}
    changed = [row for row in rows if row.pk in said and row.text != said[row.pk]]
    for row in changed:
        row.text = said[row.pk]
    model.everything.bulk_update(changed, ["text"], batch_size=SIZE)
