"""Bringing a plan in, step by step: stage the file, settle what it is, confirm it once or discard it.

Its rows are mended in ``mending``, its headings in ``rereading``. How a file is read stands in ``receiving``, how a
plan is confirmed in ``confirming`` and ``work``, how that is undone in ``undoing``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from agencies import audit
from agencies.actors import System
from agencies.models import User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import policies
from reviews.importing.again.before import carry_over
from reviews.importing.confirming import check_staged
from reviews.importing.matching import agencies_open_to
from reviews.importing.receiving import next_reference, remembered, stage
from reviews.importing.staged import CREATE
from reviews.importing.work import confirm
from reviews.kinds import Kind
from reviews.models import PlanImport

__all__ = ("FACTS", "confirm", "discard", "locked", "next_reference", "remembered", "settle", "stage")

State = PlanImport.State
#: What ``settle`` may change of a staged plan.
FACTS = ("review", "reference", "title", "kind", "is_restricted", "speaks_for")


def locked(plan_import: PlanImport, by: User | System) -> PlanImport:
    """The staged plan, locked for a change. Refused unless it waits to be confirmed."""
    require(by, Permission.EDIT_PLAN, plan_import)
    staged = PlanImport.objects.select_for_update().get(pk=plan_import.pk)
    check_staged(staged)
    return staged


@transaction.atomic
def settle(
    *, plan_import: PlanImport, by: User | System, agencies: Mapping[str, str] | None = None, **facts: Any
) -> PlanImport:
    """Say what the plan is (any of FACTS) and which agency each printed name means: an id, CREATE, or "" for open."""
    staged = locked(plan_import, by)
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"not facts of a staged plan: {', '.join(sorted(unknown))}")
    review = facts.get("review")
    if review is not None:
        require(by, Permission.EDIT_PLAN, review)
        if review.partnership_id != staged.partnership_id:
            raise Refused("That review belongs to another partnership.", field="review")
    for name, value in facts.items():
        setattr(staged, name, value)
    if review is not None:
        carry_over(staged)
    staged.choices["agencies"] = {**staged.choices.get("agencies", {}), **_checked(staged, agencies or {}, by)}
    staged.save(update_fields=[*facts, "choices"])
    audit.record("import.settled", by=by, about=staged, partnership=staged.partnership_id, facts=sorted(facts))
    return staged


@transaction.atomic
def speak_for(*, plan_import: PlanImport, day: dt.date, by: User | System, on: dt.date) -> PlanImport:
    """Say what day the document speaks for; ``on`` is today. It is asked once, before anything else is settled.

    A reference that the portal had proposed for another year is proposed anew.
    """
    staged = locked(plan_import, by)
    if policies.why_not_day(day, today=on):
        raise Refused("The document speaks for a day from the year 2000 until today.", field="day")
    kind = Kind(staged.kind)
    if staged.reference == next_reference(staged.partnership, kind, staged.speaks_for):
        staged.reference = next_reference(staged.partnership, kind, day)
    staged.speaks_for, staged.choices["dated"] = day, True
    staged.save(update_fields=["speaks_for", "reference", "choices"])
    audit.record("import.dated", by=by, about=staged, partnership=staged.partnership_id)
    return staged


def _checked(staged: PlanImport, agencies: Mapping[str, str], by: User | System) -> dict[str, str]:
    may = {str(pk) for pk in agencies_open_to(by, staged.partnership).values_list("pk", flat=True)}
    if any(choice not in may and choice not in ("", CREATE) for choice in agencies.values()):
        raise Refused("Choose an agency of this partnership.", field="agencies")
    return dict(agencies)


@transaction.atomic
def discard(*, plan_import: PlanImport, by: User | System) -> None:
    """Do not bring this file in. That it was offered stays; the file goes with the transaction."""
    require(by, Permission.EDIT_PLAN, plan_import)
    staged = PlanImport.objects.select_for_update().get(pk=plan_import.pk)
    if staged.state != State.UNREADABLE:
        check_staged(staged)
    PlanImport.objects.filter(pk=staged.pk).update(state=State.DISCARDED, reading={}, choices={})
    audit.record("import.discarded", by=by, about=staged, partnership=staged.partnership_id)
    storage, name = staged.file.storage, str(staged.file.name)
    transaction.on_commit(lambda: storage.delete(name))
