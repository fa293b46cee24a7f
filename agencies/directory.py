"""How agencies come to be: named by a plan that is brought in, or by the coordinator. Never silently."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from agencies import audit
from agencies.actors import System
from agencies.models import Agency, AgencyKind, AgencyName, Partnership, User
from agencies.permissions import holds, require
from agencies.refusals import Refused
from agencies.roles import Permission

#: What sort of body a name speaks of; the first that fits. It is a first guess, and shown as such.
_KINDS: tuple[tuple[AgencyKind, str], ...] = (
    (AgencyKind.POLICE, r"police|constabulary"),
    (AgencyKind.PROBATION, r"probation"),
    (AgencyKind.HEALTH, r"nhs|hospital|health|clinical|integrated care|general practice|\bgp\b|\bicb\b|\bccg\b"),
    (AgencyKind.EDUCATION, r"school|college|university|learning trust|academy"),
    (AgencyKind.HOUSING, r"housing|homes"),
    (AgencyKind.NATIONAL, r"home office|ministry|department for|crown prosecution|cafcass"),
    (AgencyKind.GROUP, r"partnership|\bgroup\b|\bboard\b|\bforum\b"),
    (AgencyKind.COUNCIL, r"council|adult (?:social care|services)|children|people.s service"),
)


def kind_of(name: str) -> AgencyKind:
    """What sort of body this name speaks of, as a first guess."""
    return next((kind for kind, words in _KINDS if re.search(words, name, re.IGNORECASE)), AgencyKind.OTHER)


@transaction.atomic
def add_agencies(*, partnership: Partnership, names: Sequence[str], by: User | System) -> list[Agency]:
    """Make an agency of each name in ``partnership``, in their order. Refused where one of that name exists."""
    require(by, Permission.EDIT_PLAN, partnership)
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)  # nobody takes a name meanwhile
    taken = set(partnership.agencies.values_list(Lower("name"), flat=True))
    for name in names:
        if not name.strip() or len(name) > 200:
            raise Refused("The name of an agency has at least one letter and at most 200.", field="name")
        if name.lower() in taken:
            raise Refused(f"There is already an agency called {name}. Choose it, or give this one another name.")
        taken.add(name.lower())
    made = Agency.objects.bulk_create(
        Agency(partnership=partnership, name=name.strip(), kind=kind_of(name)) for name in names
    )
    if made:
        ids: list[str | int | bool | None] = [agency.pk for agency in made]
        audit.record("agencies.added", by=by, about=partnership, partnership=partnership.pk, agencies=ids)
    return made


@transaction.atomic
def remember_name(*, agency: Agency, name: str, by: User | System) -> AgencyName | None:
    """Let ``name`` be another name of ``agency`` from now on; nothing where the partnership knows it already.

    Whoever calls this sees to it that the name means the agency everywhere, and not in one review only.
    """
    require(by, Permission.EDIT_PLAN, agency.partnership)
    name = name.strip()
    here = Agency.objects.filter(partnership=agency.partnership_id)
    if not name or len(name) > 200 or here.filter(Q(name__iexact=name) | Q(names__name__iexact=name)).exists():
        return None
    row = AgencyName.objects.create(agency=agency, name=name)
    audit.record("agency.also_named", by=by, about=agency, partnership=agency.partnership_id, name=row.pk)
    return row


@transaction.atomic
def set_release(*, agency: Agency, required: bool, by: User | System) -> None:
    """Say whether a lead releases each update of ``agency`` before anybody outside reads it. What waits, waits on."""
    require(by, Permission.MANAGE_PEOPLE, agency)
    if Agency.objects.filter(pk=agency.pk).exclude(releases_updates=required).update(releases_updates=required):
        audit.record("agency.release_set", by=by, about=agency, partnership=agency.partnership_id, required=required)


def may_release(user: User | System, agency: Agency) -> bool:
    """Whether ``user`` releases what others at ``agency`` write: its leads, who also name who reads for it."""
    return holds(user, Permission.NAME_READERS, agency)
