"""Who is at work on an import, and until when: a long job is a row with a lease.

Every step is a short transaction that first looks whether the import is still the worker's own and still where it left
it. Who is killed in between loses nothing: the lease runs out, the sweep asks for the work again, and whoever takes it
goes on after the last row that was written. Who was only slow finds the lease lost, and stops.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils import timezone

from reviews.models import PlanImport

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: For how long an import belongs to a worker. Each piece renews it; reading takes at most ten seconds.
LEASE = dt.timedelta(seconds=90)
#: What has ended its workers again and again is not tried for ever.
MOST_ATTEMPTS = 5


class Lost(Exception):
    """The import is somebody else's by now, or is not where this worker left it."""


def waiting(now: dt.datetime) -> QuerySet[PlanImport]:
    """The imports on which there is work to do and nobody is doing it."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return PlanImport.objects.filter(free, state__in=PlanImport.AT_WORK)


def fresh() -> dict[str, Any]:
    """The values of a lease taken now."""
    return {"leased_by": uuid.uuid4().hex, "lease_until": timezone.now() + LEASE}


def take(pk: int) -> PlanImport | None:
    """The import, for this worker alone from now on; None where there is nothing to do or somebody does it."""
    lease = fresh()
    if not waiting(timezone.now()).filter(pk=pk).update(**lease, attempts=F("attempts") + 1):
        return None
    return PlanImport.objects.select_related("partnership", "review", "confirmed_by", "undone_by").get(pk=pk)


def hold(plan_import: PlanImport) -> PlanImport:
    """Lock the import for a step, in the transaction of that step. Raises Lost where it is not the worker's own."""
    row = (
        PlanImport.objects.select_for_update()
        .only("state", "done", "total", "leased_by", "made", "counts")
        .get(pk=plan_import.pk)
    )
    if (row.state, row.done, row.leased_by) != (plan_import.state, plan_import.done, plan_import.leased_by):
        raise Lost
    return row


def advance(plan_import: PlanImport, **values: Any) -> None:
    """Say in the same transaction how far the step has come, and keep the lease."""
    values.setdefault("lease_until", timezone.now() + LEASE)
    PlanImport.objects.filter(pk=plan_import.pk).update(**values)
    for name, value in values.items():
        setattr(plan_import, name, value)


def release(plan_import: PlanImport) -> None:
    """Let anybody go on with it, because this worker cannot."""
    PlanImport.objects.filter(pk=plan_import.pk, leased_by=plan_import.leased_by).update(lease_until=None)


def let_go(state: str = "") -> dict[str, Any]:
    """The values of an import that nobody is at: at rest in ``state``, if that is given."""
    at_rest: dict[str, Any] = {"state": state, "attempts": 0} if state else {}
    return {"leased_by": "", "lease_until": None, **at_rest}
