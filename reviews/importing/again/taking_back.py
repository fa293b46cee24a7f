"""Taking back what a corrected plan changed in actions that were there before: rows are voided, facts set back.

What somebody has changed since is not set back, and what other rows say, wordings above all, is worked out from them.
"""

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
from reviews.importing.again.facts import THEMES, WAS, WORKED_OUT, plain
from reviews.models import Action, Assignment, PlanImport, Recommendation
from reviews.projection import lock, lock_recommendations, project, project_words

if TYPE_CHECKING:
    from agencies.models import User

#: So many rows are taken back at once.
SIZE = 200
REASON = "Bringing in the plan that said so was undone."
#: How ``made`` marks the keys of rows that the plan struck out.
STRUCK = "voided:"


class Row(NamedTuple):
    """One thing to take back: a row that was added, or one that was struck or changed in place.

    ``now`` is what the import made of the facts in ``was``: None where it was brought in before that was kept.
    """

    model: type[Any]
    pk: int
    was: dict[str, Any] | None = None
    now: dict[str, Any] | None = None


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
    facts = [Row(apps.get_model(label), *fact) for label, *fact in reversed(made.get(WAS, ()))]
    return new + themes + struck + facts


def _is_model(label: str) -> bool:
    return "." in label and not label.startswith(STRUCK)


def actions_of(rows: Sequence[Row]) -> set[int]:
    """The actions that these rows are about."""
    return _keys(rows, Action)


def recommendations_of(rows: Sequence[Row]) -> set[int]:
    """The recommendations that these rows are about."""
    return _keys(rows, Recommendation)


def _keys(rows: Sequence[Row], about: type[Action | Recommendation]) -> set[int]:
    keys: set[int] = set()
    name = about._meta.model_name
    for model, own in _by_model(rows).items():
        if model is about:
            keys |= set(own)
        elif name in {field.name for field in model._meta.fields} and model is not Action:
            keys |= set(model._base_manager.filter(pk__in=own).values_list(f"{name}", flat=True))
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
    recommendations = lock_recommendations(recommendations_of(rows))
    below = Action.objects.filter(recommendation__in=recommendations).values_list("pk", flat=True)
    actions = lock(actions_of(rows) | set(below))
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
    _set_back([row for row in rows if row.was is not None])
    # Facts were set back since these were locked.
    project_words(list(Recommendation.objects.filter(pk__in=[row.pk for row in recommendations])))
    actions = list(Action.objects.filter(pk__in=[row.pk for row in actions]).select_related("recommendation"))
    project_words(actions)
    project(actions)


def _set_back(rows: Sequence[Row]) -> None:
    """Let facts say what they said before, but where somebody has changed them since."""
    for model, keys in _by_model(rows).items():
        found, names = model.everything.in_bulk(keys), set[str]()
        for row in rows:
            if row.model is not model or row.pk not in found:
                continue
            there = found[row.pk]
            for name, was in (row.was or {}).items():
                if name not in WORKED_OUT and (row.now is None or plain(getattr(there, name)) == row.now[name]):
                    setattr(there, name, model._meta.get_field(name).to_python(was))
                    names.add(name)
        if names:
            model.everything.bulk_update(found.values(), names, batch_size=SIZE)


def _by_model(rows: Sequence[Row]) -> dict[type[Any], list[int]]:
    grouped: dict[type[Any], list[int]] = defaultdict(list)
    for row in rows:
        grouped[row.model].append(row.pk)
    return grouped
