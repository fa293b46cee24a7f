"""What somebody says of a row beside the plan: which action it is, that it is new, and what to leave as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from agencies import audit
from agencies.actors import System
from agencies.keys import key_of
from agencies.models import User
from agencies.refusals import Refused
from reviews.importing.again.before import LEFT
from reviews.importing.again.comparing import LEADS, NEW, SAME
from reviews.importing.staging import locked
from reviews.models import Action, PlanImport


@transaction.atomic
def decide(
    *,
    plan_import: PlanImport,
    by: User | System,
    same: Mapping[int, str] | None = None,
    left: Mapping[int, bool] | None = None,
    leads: Mapping[int, bool] | None = None,
) -> PlanImport:
    """Keep what is said of rows, by their numbers.

    ``same``: the key of the action that a row is, NEW, or "" for not decided. ``left``: whether the plan is left as it
    is. ``leads``: whether its lead agencies are to be changed, too.
    """
    staged = locked(plan_import, by)
    say(staged, same=same or {}, left=left or {}, leads=leads or {})
    staged.save(update_fields=["choices"])
    audit.record("import.compared", by=by, about=staged, partnership=staged.partnership_id, rows=len(same or {}))
    return staged


def say(staged: PlanImport, *, same: Mapping[int, str], left: Mapping[int, bool], leads: Mapping[int, bool]) -> None:
    """Put what is said of rows into ``staged.choices``, which is changed and not saved. Refused as ``decide`` is."""
    answers = {str(number): answer for number, answer in same.items()}
    _check(staged, answers)
    kept = {number: answer for number, answer in {**staged.choices.get(SAME, {}), **answers}.items() if answer}
    staged.choices[SAME] = kept
    staged.choices[LEFT] = _ticked(staged.choices.get(LEFT, ()), left)
    staged.choices[LEADS] = _ticked(staged.choices.get(LEADS, ()), leads)


def _check(staged: PlanImport, answers: Mapping[str, str]) -> None:
    said = {answer for answer in answers.values() if answer not in ("", NEW)}
    keys = {key for answer in said if (key := key_of(answer)) is not None}
    if len(keys) != len(said) or Action.objects.filter(review=staged.review_id, pk__in=keys).count() != len(keys):
        raise Refused("Choose an action of this plan, or say that the row is new.", field="same")
    kept = {**staged.choices.get(SAME, {}), **answers}
    chosen = [answer for answer in kept.values() if answer not in ("", NEW)]
    if len(chosen) != len(set(chosen)):
        raise Refused("Two rows cannot be the same action. Say of one of them that it is new.", field="same")


def _ticked(before: Iterable[int], said: Mapping[int, bool]) -> list[int]:
    return sorted((set(before) - set(said)) | {number for number, ticked in said.items() if ticked})
