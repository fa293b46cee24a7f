"""How agencies come to be: named by a plan that is brought in, or by the coordinator. Never silently."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from agencies import audit
from agencies.actors import System
from agencies.columns import most_letters
from agencies.models import Agency, AgencyKind, AgencyName, Partnership, User
from agencies.permissions import require
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


#: How long a name may be, and how many others an agency may have.
MOST_LETTERS = min(most_letters(Agency, "name"), most_letters(AgencyName, "name"))
MOST_NAMES = 100


def kind_of(name: str) -> AgencyKind:
    """What sort of body this name speaks of, as a first guess."""
    return next((kind for kind, words in _KINDS if re.search(words, name, re.IGNORECASE)), AgencyKind.OTHER)


@transaction.atomic
def add_agencies(*, partnership: Partnership, names: Sequence[str], by: User | System) -> list[Agency]:
    """Make an agency of each name in ``partnership``, in their order. Refused where one of that name exists."""
    require(by, Permission.EDIT_PLAN, partnership)
    _keep_names_still(partnership)
    taken = set(partnership.agencies.values_list(Lower("name"), flat=True))
    for name in names:
        check_name(name.strip())
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
def add_agency(
    *, partnership: Partnership, name: str, kind: str, by: User | System, other_names: Sequence[str] = ()
) -> Agency:
    """Make one agency by hand. ``kind`` is a code of ``AgencyKind``.

    ``other_names`` are those by which plans call it too. Refused where the partnership knows a name already.
    """
    require(by, Permission.EDIT_PLAN, partnership)
    _keep_names_still(partnership)
    name = " ".join(name.split())
    check_name(name, "name")
    _check_free(partnership.pk, name, "name")
    agency = Agency.objects.create(partnership=partnership, name=name, kind=AgencyKind(kind))
    _set_names(agency, other_names)
    audit.record("agency.added", by=by, about=agency, partnership=partnership.pk, kind=agency.kind)
    return agency


@transaction.atomic
def describe(*, agency: Agency, kind: str, other_names: Sequence[str], by: User | System) -> Agency:
    """Say what sort of body an agency is, and by which names plans call it too. Its former names stay."""
    require(by, Permission.EDIT_PLAN, agency.partnership)
    _keep_names_still(agency.partnership)
    agency.kind = AgencyKind(kind)
    agency.save(update_fields=["kind"])
    _set_names(agency, other_names)
    audit.record("agency.described", by=by, about=agency, partnership=agency.partnership_id, kind=agency.kind)
    return agency


def other_names(agency: Agency) -> list[str]:
    """The names by which plans call ``agency`` too, but for those that it had before."""
    return list(agency.names.exclude(kind=AgencyName.Kind.FORMER).values_list("name", flat=True))


@transaction.atomic
def remember_name(*, agency: Agency, name: str, by: User | System) -> AgencyName | None:
    """Let ``name`` be another name of ``agency`` from now on; nothing where the partnership knows it already.

    Whoever calls this sees to it that the name means the agency everywhere, and not in one review only.
    """
    require(by, Permission.EDIT_PLAN, agency.partnership)
    name = name.strip()
    here = Agency.objects.filter(partnership=agency.partnership_id)
    if not name or len(name) > MOST_LETTERS or here.filter(Q(name__iexact=name) | Q(names__name__iexact=name)).exists():
        return None
    row = AgencyName.objects.create(agency=agency, name=name)
    audit.record("agency.also_named", by=by, about=agency, partnership=agency.partnership_id, name=row.pk)
    return row


def _keep_names_still(partnership: Partnership) -> None:
    """Let nobody else take a name in ``partnership`` meanwhile."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)


def check_name(name: str, field: str = "name") -> None:
    """Refuse beside ``field`` what cannot be the name of an agency."""
    if not name or len(name) > MOST_LETTERS:
        raise Refused(f"The name of an agency has at least one letter and at most {MOST_LETTERS}.", field=field)


def _check_free(partnership: int, name: str, field: str, *, but: Agency | None = None) -> None:
    """Refuse ``name`` where another agency has it, or has had it, and say what to do."""
    others = Agency.objects.filter(partnership=partnership)
    others = others.exclude(pk=but.pk) if but else others
    apart = "If this is another body, give it a name that tells them apart."
    if same := others.filter(name__iexact=name).first():
        known = f"There {'was' if same.closed_on else 'is already'} an agency called {same.name}"
        known += ", which no longer exists." if same.closed_on else ". Use that one."
        raise Refused(f"{known} {apart}", field=field)
    if row := AgencyName.objects.filter(agency__in=others, name__iexact=name).select_related("agency").first():
        sort = "a former" if row.kind == AgencyName.Kind.FORMER else "another"
        raise Refused(f"{row.name} is {sort} name of {row.agency}. Use that one. {apart}", field=field)


def _set_names(agency: Agency, names: Sequence[str]) -> None:
    """Let ``names`` be all the names of ``agency`` but its own and those that it had before."""
    wanted = {name.lower(): name for name in (" ".join(line.split()) for line in reversed(names)) if name}
    wanted.pop(agency.name.lower(), None)
    if len(wanted) > MOST_NAMES:
        raise Refused(f"An agency has at most {MOST_NAMES} other names.", field="other_names")
    now = {row.name.lower(): row for row in agency.names.all()}
    for lowered in sorted(wanted.keys() - now.keys()):
        check_name(wanted[lowered], "other_names")
        _check_free(agency.partnership_id, wanted[lowered], "other_names", but=agency)
    gone = [row.pk for key, row in now.items() if key not in wanted and row.kind != AgencyName.Kind.FORMER]
    AgencyName.objects.filter(pk__in=gone).delete()
    AgencyName.objects.bulk_create(
        AgencyName(agency=agency, name=name, kind=_sort_of(name)) for key, name in wanted.items() if key not in now
    )


def _sort_of(name: str) -> AgencyName.Kind:
    """Whether a name looks like an abbreviation: one word in capitals."""
    is_short = name.isupper() and " " not in name and len(name) <= 10
    return AgencyName.Kind.SHORT if is_short else AgencyName.Kind.VARIANT
