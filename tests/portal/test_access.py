"""The doors: 404 for whoever may not read, 403 for readers without the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from agencies.roles import Permission
from portal.access import action_or_404, evidence_or_404, review_or_404
from tests.world import Side, World

NOWHERE = 10**12
TOO_BIG_FOR_A_DATABASE = 2**70


def test_an_action_opens_to_its_agency_and_its_overseers(world: World) -> None:
    plans, people = world.here.plans, world.here.people
    for user in (people.member, people.observer, people.coordinator, people.chair, world.superuser):
        assert action_or_404(user, plans.of_police.pk) == plans.of_police


@pytest.mark.parametrize(
    "whose",
    [
        lambda world: world.stranger,
        lambda world: world.here.people.health_lead,
        lambda world: world.here.people.leaver,
        lambda world: world.here.people.inactive,
        lambda world: world.here.people.partnership_observer,
        lambda world: world.there.people.lead,
        lambda world: world.there.people.coordinator,
    ],
)
def test_an_action_of_others_is_not_there(world: World, whose: Callable[[World], Any]) -> None:
    with pytest.raises(Http404):
        action_or_404(whose(world), world.here.plans.of_police.pk)


@pytest.mark.parametrize("pk", [NOWHERE, TOO_BIG_FOR_A_DATABASE])
def test_what_is_absent_is_answered_alike(world: World, pk: int) -> None:
    for door in (action_or_404, review_or_404, evidence_or_404):
        with pytest.raises(Http404):
            door(world.here.people.coordinator, pk)


def test_a_reader_without_the_right_is_told_so(world: World) -> None:
    plans, people = world.here.plans, world.here.people
    assert action_or_404(people.member, plans.of_police.pk, Permission.UPDATE_ACTION)
    for user in (people.observer, people.coordinator):
        with pytest.raises(PermissionDenied):
            action_or_404(user, plans.of_police.pk, Permission.UPDATE_ACTION)


def test_a_restricted_action_opens_to_named_readers_only(world: World) -> None:
    plans, people = world.here.plans, world.here.people
    assert action_or_404(people.named, plans.restricted_of_police.pk)
    for user in (people.lead, people.member):
        with pytest.raises(Http404):
            action_or_404(user, plans.restricted_of_police.pk)


def test_a_plan_opens_to_overseers_and_its_panel(world: World) -> None:
    plans, people = world.here.plans, world.here.people
    assert review_or_404(people.member_of_group, plans.restricted.pk)
    assert review_or_404(people.panel_reader, plans.restricted.pk)
    with pytest.raises(PermissionDenied):
        review_or_404(people.panel_reader, plans.restricted.pk, Permission.EDIT_PLAN)
    for user in (people.lead, people.named, people.partnership_observer, world.there.people.chair):
        with pytest.raises(Http404):
            review_or_404(user, plans.restricted.pk)


def test_evidence_opens_to_its_agency_and_the_overseers(world: World) -> None:
    here: Side = world.here
    given = here.plans.health_evidence  # by health, on the action that it leads jointly with the police
    assert evidence_or_404(here.people.health_lead, given.pk)
    assert evidence_or_404(here.people.coordinator, given.pk)
    with pytest.raises(PermissionDenied):
        evidence_or_404(here.people.member, given.pk)
    for user in (world.stranger, world.there.people.health_lead, world.there.people.coordinator):
        with pytest.raises(Http404):
            evidence_or_404(user, given.pk)
