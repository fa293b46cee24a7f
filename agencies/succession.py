"""What becomes of agencies: one is renamed, or another takes over from it ("now the …")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError, Q
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.days import check_day
from agencies.directory import check_name
from agencies.holdings import forget
from agencies.models import Agency, AgencyName, Partnership, Succession, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission

#: How many successions, one after another, a query follows back; ``lineage`` follows all.
FOLLOWED = 3


def lock_agencies(agencies: Iterable[Agency]) -> None:
    """Lock these agencies until the transaction ends, in primary-key order, and read anew whether they exist still.

    Before anything of a plan: none is closed while it is given an action, and none is given one that is being closed.
    """
    agencies = list(agencies)
    if not agencies:
        return
    rows = Agency.objects.select_for_update(no_key=True).filter(pk__in={agency.pk for agency in agencies})
    closed_on = dict(rows.order_by("pk").values_list("pk", "closed_on"))
    forget()
    for agency in agencies:
        if agency.pk not in closed_on:
            raise Refused(f"{agency} is no longer there.", field="agency")
        agency.closed_on = closed_on[agency.pk]


@transaction.atomic
def record(
    *, predecessor: Agency, successor: Agency, by: User | System, on: dt.date, closes: bool = True
) -> Succession:
    """From ``on``, ``successor`` answers in the place of ``predecessor``, which then exists no longer if it ``closes``.

    Moving its open actions is ``reviews.succeeding.move_open_actions``.
    """
    if successor.partnership_id != predecessor.partnership_id:
        raise Refused("That agency belongs to another partnership.", field="successor")
    lock_for_succession(predecessor, successor)
    require(by, Permission.EDIT_PLAN, predecessor.partnership)
    if predecessor.successions.filter(successor=successor).exists():
        raise Refused(f"It is already recorded that {successor} took over from {predecessor}.", field="successor")
    if predecessor in lineage(successor):
        raise Refused(f"{successor} cannot take over from {predecessor}: it was itself taken over.", field="successor")
    came = predecessor.precessions.aggregate(last=Max("on"))["last"]
    check_day(on, after={f"The day when {predecessor} took over": came})
    row = Succession.objects.create(predecessor=predecessor, successor=successor, on=on, recorded_by=person(by))
    if closes:
        Agency.objects.filter(pk=predecessor.pk, closed_on__isnull=True).update(closed_on=on)
    predecessor.refresh_from_db(fields=["closed_on"])
    audit.record(
        "agency.succeeded", by=by, about=predecessor, partnership=predecessor.partnership_id, successor=successor.pk
    )
    return row


def lock_for_succession(predecessor: Agency, successor: Agency) -> None:
    """Let the successions of a partnership be recorded one after another, and lock both agencies.

    A circle may close by way of agencies that neither of two successions names.
    """
    Partnership.objects.select_for_update(no_key=True).get(pk=predecessor.partnership_id)
    lock_agencies([predecessor, successor])


@transaction.atomic
def rename(*, agency: Agency, name: str, by: User | System, on: dt.date | None = None) -> Agency:
    """Give ``agency`` another name; it stays the same agency, and plans that use the old name still mean it.

    From the day ``on`` it is called so: papers print what it was called when it came into the plan, with a footnote
    "now the …". Without a day the old name was a slip, and papers do as if it had never been.
    """
    lock_agencies([agency])
    agency = Agency.objects.get(pk=agency.pk)
    require(by, Permission.EDIT_PLAN, agency.partnership)
    name, before = " ".join(name.split()), agency.name
    check_name(name)
    if name == before:
        raise Refused("This is its name already.", field="name")
    if Agency.objects.filter(partnership=agency.partnership_id, name__iexact=name).exclude(pk=agency.pk).exists():
        raise Refused(
            f"There is already an agency called {name}. If it took over from this one, record that instead.",
            field="name",
        )
    _keep_name(agency, before, name, on)
    agency.name = name
    agency.save(update_fields=["name"])
    audit.record("agency.renamed", by=by, about=agency, partnership=agency.partnership_id, on=str(on or ""))
    return agency


def _keep_name(agency: Agency, before: str, name: str, on: dt.date | None) -> None:
    """Let plans that use the name ``before`` still mean the agency, and papers know until when it was called so."""
    last = agency.names.aggregate(last=Max("until"))["last"]
    if on:
        check_day(on, after={"The name before this one": last})
    AgencyName.objects.filter(agency=agency, name__iexact=name).delete()
    if before.lower() == name.lower():
        return
    kind = AgencyName.Kind.FORMER if on else AgencyName.Kind.VARIANT
    facts = {"name": before, "kind": kind, "since": last if on else None, "until": on, "recorded_at": timezone.now()}
    known = AgencyName.objects.filter(agency=agency, name__iexact=before)
    if not known.update(**facts):
        AgencyName.objects.create(agency=agency, **facts)


@transaction.atomic
def delete(*, agency: Agency, by: User | System) -> None:
    """Take away an agency that was entered by mistake. Refused as soon as anything is known of it."""
    require(by, Permission.EDIT_PLAN, agency.partnership)
    audit.record("agency.deleted", by=by, about=agency, partnership=agency.partnership_id)
    try:
        agency.names.exclude(kind=AgencyName.Kind.FORMER).delete()  # entered with it
        agency.delete()
    except ProtectedError as error:
        known = sorted({str(row._meta.verbose_name_plural) for row in error.protected_objects})
        raise Refused(
            f"{agency} has a history here ({', '.join(known)}), which would lose its name. "
            "Record which agency took over from it, or that it no longer exists."
        ) from error


def took_over_from(agency: Any) -> Q:
    """Of rows that have an ``agency``: it took over from ``agency``, at once or by way of others."""
    return _in_line("precessions__predecessor", agency)


def taken_over_by(agency: Any) -> Q:
    """Of rows that have an ``agency``: ``agency`` took over from it, at once or by way of others."""
    return _in_line("successions__successor", agency)


def _in_line(step: str, agency: Any) -> Q:
    ways = ("__".join(("agency", *[step] * number)) for number in range(1, FOLLOWED + 1))
    return reduce(or_, (Q((way, agency)) for way in ways))


def lineage(agency: Agency) -> list[Agency]:
    """``agency`` and all that took over from it, one after another, in the order recorded."""
    found = [agency]
    for one in found:  # grows while it is walked
        found += [row.successor for row in one.successions.select_related("successor") if row.successor not in found]
    return found
