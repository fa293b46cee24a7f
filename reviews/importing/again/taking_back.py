"""Taking back what a corrected plan changed in actions that were there before: rows are voided, facts set back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from agencies.actors import System, person
from reviews.importing import leases
from reviews.importing.again.facts import THEMES, WAS
from reviews.models import Action, Assignment, PlanImport, Recommendation
from reviews.projection import lock, project

if TYPE_CHECKING:
    from agencies.models import User

#: So many rows are taken back at once.
SIZE = 200
REASON = "Bringing in the plan that said so was undone."
#: How ``made`` marks the keys of rows that the plan struck out.
STRUCK = "voided:"


class Row(NamedTuple):
    """One thing to take back: a row that was added, or one that was struck or changed in place."""

    model: type[Any]
    pk: int
    was: dict[str, Any] | None = None


def rows_made(plan_import: PlanImport) -> list[Row]:
    """Everything that was done to what had been there before, in the order in which it is taken back."""
    made: dict[str, list[Any]] = plan_import.made
    new = [Row(apps.get_model(label), pk) for label in sorted(made) if _is_model(label) for pk in sorted(made[label])]
    themes = [Row(Recommendation.themes.through, pk) for pk in made.get(THEMES, ())]
    struck = [
        Row(apps.get_model(label.removeprefix(STRUCK)), pk, {"voided_at": None, "voided_by": None, "void_reason": ""})
        for label in sorted(made)
        if label.startswith(STRUCK)
        for pk in made[label]
    ]
    return new + themes + struck + [Row(apps.get_model(label), pk, was) for label, pk, was in made.get(WAS, ())]


def _is_model(label: str) -> bool:
    return "." in label and not label.startswith(STRUCK)


def actions_of(rows: Sequence[Row]) -> set[int]:
    """The actions that these rows are about."""
    keys: set[int] = set()
    for model, own in _by_model(rows).items():
        if model is Action:
            keys |= set(own)
        elif any(field.name == "action" for field in model._meta.fields):
            keys |= set(model.everything.filter(pk__in=own).values_list("action", flat=True))
    return keys


def take_all_back(plan_import: PlanImport, by: User | System) -> None:
    """Take all of it back, in pieces. What was taken back before stays as it is, so that it may begin again."""
    rows = rows_made(plan_import)
    for start in range(0, len(rows), SIZE):
        with transaction.atomic():
            leases.hold(plan_import)
            _take_back(rows[start : start + SIZE], by, timezone.now())
            leases.advance(plan_import)


def _take_back(rows: Sequence[Row], by: User | System, now: dt.datetime) -> None:
    actions = lock(actions_of(rows))
    void = {"voided_at": now, "voided_by": person(by), "void_reason": REASON}
    for model, keys in _by_model([row for row in rows if row.was is None]).items():
        if model is Assignment:
            for part in Assignment.everything.current().filter(pk__in=keys):
                end = {"until": max(timezone.localdate(now), part.on), "ended_at": now}
                Assignment.everything.filter(pk=part.pk).update(**end)
        elif model is Recommendation.themes.through:
            model.objects.filter(pk__in=keys).delete()  # a mark, not a row that speaks for a day
        else:
            model.everything.filter(pk__in=keys, voided_at__isnull=True).update(**void)
    for row in rows:
        if row.was is not None:
            row.model.everything.filter(pk=row.pk).update(**row.was)
    project(actions)


def _by_model(rows: Sequence[Row]) -> dict[type[Any], list[int]]:
    grouped: dict[type[Any], list[int]] = defaultdict(list)
    for row in rows:
        grouped[row.model].append(row.pk)
    return grouped
