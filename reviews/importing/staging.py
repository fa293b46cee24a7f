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
from reviews.projection import lock_for

__all__ = (
    "FACTS",
    "Overtaken",
    "confirm",
    "discard",
    "locked",
    "next_reference",
    "remembered",
    "settle",
    "settled_since",
    "stage",
)

State = PlanImport.State
#: What ``settle`` may change of a staged plan.
FACTS = ("review", "reference", "title", "kind", "is_restricted", "speaks_for")
#: What may have been done to a staged plan that changes what ``settle`` writes.
_SETTLING = ("import.settled", "import.dated")


class Overtaken(Refused):
    """What is said of the plan was said before somebody changed it, and would undo that."""


def locked(plan_import: PlanImport, by: User | System) -> PlanImport:
    """The staged plan, locked for a change. Refused unless it waits to be confirmed."""
    staged = lock_for(by, Permission.EDIT_PLAN, plan_import)
    check_staged(staged)
    return staged


@transaction.atomic
def settle(
    *,
    plan_import: PlanImport,
    by: User | System,
    agencies: Mapping[str, str] | None = None,
    seen: int | None = None,
    **facts: Any,
) -> PlanImport:
    """Say what the plan is (any of FACTS) and which agency each printed name means: an id, CREATE, or "" for open.

    ``seen`` is the last thing done to the plan that ``by`` has seen, as ``audit.last`` has it. Raises Overtaken where
    it was settled since, and not as it is said now; None asks nothing.
    """
    staged = locked(plan_import, by)
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"not facts of a staged plan: {', '.join(sorted(unknown))}")
    if seen is not None and _differs(staged, agencies or {}, facts):
        _check_seen(staged, seen, by)
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


def _differs(staged: PlanImport, agencies: Mapping[str, str], facts: Mapping[str, Any]) -> bool:
    stands = staged.choices.get("agencies", {})
    return any(getattr(staged, name) != value for name, value in facts.items()) or any(
        stands.get(printed, "") != choice for printed, choice in agencies.items()
    )


def settled_since(staged: PlanImport, seen: int) -> set[str]:
    """Who, as the audit names them, settled the plan after what is ``seen``, as ``audit.last`` has it."""
    return set(audit.changes(staged).filter(pk__gt=seen, event__in=_SETTLING).values_list("actor", flat=True))


def _check_seen(staged: PlanImport, seen: int, by: User | System) -> None:
    if actors := settled_since(staged, seen):
        who = "You" if isinstance(by, User) and actors == {f"user:{by.pk}"} else "Somebody else"
        raise Overtaken(
            f"{who} settled this plan since you opened this page. Nothing of your page was saved, and the plan is not "
            "brought in. What stands now is shown here: look at it, and say again what you would change."
        )


def _checked(staged: PlanImport, agencies: Mapping[str, str], by: User | System) -> dict[str, str]:
    may = {str(pk) for pk in agencies_open_to(by, staged.partnership).values_list("pk", flat=True)}
    if any(choice not in may and choice not in ("", CREATE) for choice in agencies.values()):
        raise Refused("Choose an agency of this partnership.", field="agencies")
    return dict(agencies)


@transaction.atomic
def discard(*, plan_import: PlanImport, by: User | System) -> None:
    """Do not bring this file in. That it was offered stays; the file goes with the transaction."""
    staged = lock_for(by, Permission.EDIT_PLAN, plan_import)
    if staged.state != State.UNREADABLE:
        check_staged(staged)
    PlanImport.objects.filter(pk=staged.pk).update(state=State.DISCARDED, reading={}, choices={})
    audit.record("import.discarded", by=by, about=staged, partnership=staged.partnership_id)
    storage, name = staged.file.storage, str(staged.file.name)
    transaction.on_commit(lambda: storage.delete(name))
