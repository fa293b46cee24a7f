"""The one append-only account of who did what. It holds ids and codes, so that it may be read and kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from agencies import presses
from agencies.actors import System
from agencies.models import AuditEntry

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from agencies.models import User

#: What somebody did with a row that leaves it as it was. Who works on it meanwhile need not hear of it.
LOOKING = ("agency.seen_as", "agency.seen_as_ended", "evidence.opened", "review.exported")
#: How what is done inside an agency begins: writing an update, and letting it out. Outside it nobody reads that, nor by
#: whom, but only what came of it; who looks after all accounts does.
INSIDE = ("draft.", "drafts.", "submission.")

Code = str | int | bool | None


def record(
    event: str,
    *,
    by: User | System,
    about: Model | None,
    partnership: int | None = None,
    **detail: Code | Sequence[Code],
) -> AuditEntry:
    """Write that ``by`` did ``event`` to ``about``. Call it inside the verb's transaction.

    ``partnership`` is the id of the partnership whose coordinator may read the entry; ``detail`` takes ids and codes,
    never words that somebody typed.
    """
    return AuditEntry.objects.create(
        event=event,
        actor=f"system:{by.name}" if isinstance(by, System) else f"user:{by.pk}",
        partnership_id=partnership,
        about_kind=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        detail=detail,
        press=None if isinstance(by, System) else presses.taken(),
    )


def about(row: Model) -> QuerySet[AuditEntry]:
    """What was done to ``row``, the latest first."""
    return AuditEntry.objects.filter(about_kind=row._meta.label_lower, about_id=row.pk)


def changes(row: Model) -> QuerySet[AuditEntry]:
    """What was done to ``row``, the latest first, but for what only looked at it, and for what stays in an agency."""
    return told_outside(about(row)).exclude(event__in=LOOKING)


def told_outside(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """``entries`` without what is done inside an agency."""
    return entries.exclude(reduce(or_, (Q(event__startswith=beginning) for beginning in INSIDE)))


def history(row: Model, *, of_whom: bool, of_all: bool) -> QuerySet[AuditEntry]:
    """What was done to ``row`` as its readers are told it, the latest first.

    Who looked at it only where they may know ``of_whom``; and what is done inside an agency where they read ``of_all``.
    """
    if of_all:
        return about(row)
    return told_outside(about(row)) if of_whom else changes(row)


def last(row: Model) -> int:
    """The number of the latest entry about ``row``, 0 where there is none: a mark of what somebody has seen of it."""
    return about(row).order_by("-pk").values_list("pk", flat=True).first() or 0
