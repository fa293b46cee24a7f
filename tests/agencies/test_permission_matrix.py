"""Who may do what, written out: roles × permissions × own, other, former agency, other partnership, restricted review.

What is not in a table is forbidden; a nonsense permission, which nobody holds, is asked too.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from agencies.permissions import held
from agencies.roles import Permission
from tests.world import Side, World

NONSENSE = "bend_action"
EVERY = (*Permission.values, NONSENSE)

#: Actions, from where the police stand.
ACTIONS = {
    "own": lambda side: side.plans.of_police,
    "joint": lambda side: side.plans.joint,
    "helped": lambda side: side.plans.supported,
    "former": lambda side: side.plans.formerly_of_police,
    "other": lambda side: side.plans.of_health,
    "restricted": lambda side: side.plans.restricted_of_police,
    "restricted-other": lambda side: side.plans.restricted_of_health,
}
CONTAINERS = {
    "police": lambda side: side.agencies.police,
    "health": lambda side: side.agencies.health,
    "partnership": lambda side: side.partnership,
    "published": lambda side: side.plans.published,
    "restricted-review": lambda side: side.plans.restricted,
}
EVIDENCE = {
    "evidence": lambda side: side.plans.evidence,
    "evidence-of-health": lambda side: side.plans.health_evidence,
}
PLACES = ACTIONS | CONTAINERS | EVIDENCE

OBSERVE = "read_action read_evidence read_agency"
TAKE_PART = f"{OBSERVE} update_action claim_completion"
LEAD = f"{TAKE_PART} read_people manage_people name_readers"
OVERSEE = "read_action read_plan read_evidence read_agency read_people read_counts"
WATCH = "read_log see_as"
RUN = f"{OVERSEE} {WATCH} edit_plan record_for_agency run_chasing record_decision manage_people"
OPEN_OF_POLICE = "own joint helped police evidence"
RESTRICTED = "restricted restricted-other restricted-review"
EVERYWHERE = " ".join(PLACES)

#: Person → pairs of (permissions, places in their own partnership). All else is forbidden, and all of the twin's.
MAY: dict[str, list[tuple[str, str]]] = {
    "lead": [(LEAD, OPEN_OF_POLICE)],
    "member": [(TAKE_PART, OPEN_OF_POLICE)],
    "observer": [(OBSERVE, OPEN_OF_POLICE)],
    "named": [(TAKE_PART, f"{OPEN_OF_POLICE} restricted"), ("enter_restricted", RESTRICTED)],
    "leaver": [],
    "inactive": [],
    "health_lead": [(LEAD, "joint other health evidence-of-health")],
    "two_agencies": [(TAKE_PART, "joint other former health evidence-of-health")],
    "council_observer": [(OBSERVE, "joint helped")],
    "coordinator": [(RUN, EVERYWHERE)],
    "member_of_group": [(OVERSEE, EVERYWHERE)],
    "chair": [(f"{OVERSEE} {WATCH} record_decision", EVERYWHERE)],
    "partnership_observer": [("read_counts", EVERYWHERE)],
    "panel_reader": [("read_action read_plan", RESTRICTED)],
}


def answers(user: object, side: Side) -> set[tuple[str, str]]:
    """All pairs of (permission, place) that are answered with yes."""
    return {(name, place) for place, of in PLACES.items() for name in held(user, EVERY, of(side))}


def expected(person: str) -> set[tuple[str, str]]:
    return {(name, place) for names, places in MAY[person] for name in names.split() for place in places.split()}


@pytest.mark.parametrize("person", MAY)
def test_each_person_may_do_what_the_table_says_and_nothing_else(person: str, world: World) -> None:
    user = getattr(world.here.people, person)
    assert answers(user, world.here) == expected(person)
    assert answers(user, world.there) == set()


def test_the_table_has_a_line_for_each_person_and_each_role(world: World) -> None:
    assert set(MAY) == set(vars(world.here.people))


def test_a_site_administrator_may_do_everything_and_strangers_nothing(world: World) -> None:
    everything = {(name, place) for name in Permission.values for place in PLACES}
    for side in (world.here, world.there):
        assert answers(world.superuser, side) == everything
        assert answers(world.stranger, side) == set()
        assert answers(AnonymousUser(), side) == set()
