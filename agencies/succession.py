"""What becomes of agencies: one is renamed, or another takes over from it ("now the …")."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max

from agencies import audit
from agencies.actors import System, person
from agencies.days import check_day
from agencies.models import Agency, Succession, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission


@transaction.atomic
def record(*, predecessor: Agency, successor: Agency, by: User | System, on: dt.date) -> Succession:
    """From ``on``, ``successor`` answers in the place of ``predecessor``, which no longer exists.

    Moving its open actions is ``reviews.plans.move_to_successor``.
    """
    require(by, Permission.EDIT_PLAN, predecessor.partnership)
    if successor.partnership_id != predecessor.partnership_id:
        raise Refused("That agency belongs to another partnership.", field="successor")
    Agency.objects.select_for_update(no_key=True).get(pk=predecessor.pk)
    if predecessor.successions.filter(successor=successor).exists():
        raise Refused(f"It is already recorded that {successor} took over from {predecessor}.", field="successor")
    if predecessor in lineage(successor):
        raise Refused(f"{successor} cannot take over from {predecessor}: it was itself taken over.", field="successor")
    came = predecessor.precessions.aggregate(last=Max("on"))["last"]
    check_day(on, after={f"The day when {predecessor} took over": came})
    row = Succession.objects.create(predecessor=predecessor, successor=successor, on=on, recorded_by=person(by))
    Agency.objects.filter(pk=predecessor.pk, closed_on__isnull=True).update(closed_on=on)
    predecessor.refresh_from_db(fields=["closed_on"])
    audit.record(
        "agency.succeeded", by=by, about=predecessor, partnership=predecessor.partnership_id, successor=successor.pk
    )
    return row


def lineage(agency: Agency) -> list[Agency]:
    """``agency`` and all that took over from it, one after another, in the order recorded."""
    found = [agency]
    for one in found:  # grows while it is walked
        found += [row.successor for row in one.successions.select_related("successor") if row.successor not in found]
    return found
