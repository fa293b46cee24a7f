"""What a person holds is asked once a request, and anew as soon as it may have changed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.holdings import remember_for_one_request
from agencies.permissions import held_in, holds
from agencies.roles import Container, Permission, RoleCode
from reviews.projection import lock_one
from tests.world import World

pytestmark = pytest.mark.django_db


def during_a_request(work) -> None:
    """Do ``work`` as if a page were being answered."""

    def answer(request: HttpRequest) -> HttpResponse:
        work()
        return HttpResponse()

    remember_for_one_request(answer)(HttpRequest())


def asked(work) -> int:
    """How many questions ``work`` asks of the database."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_it_is_asked_once_in_a_request_and_each_time_outside(world: World) -> None:
    member = world.here.people.member

    def look() -> None:
        for permission in (Permission.READ_ACTION, Permission.UPDATE_ACTION, Permission.READ_PEOPLE):
            held_in(member, permission, Container.AGENCY)

    assert asked(look) == 3
    assert asked(lambda: during_a_request(look)) == 1
    assert asked(lambda: during_a_request(look)) == 1, "another request asks again"


def test_a_role_that_changes_in_a_request_counts_at_once(world: World) -> None:
    here, stranger = world.here, world.stranger

    def change() -> None:
        assert not holds(stranger, Permission.READ_ACTION, here.plans.of_police)
        role = {"user": stranger, "role": RoleCode.AGENCY_MEMBER, "container": here.agencies.police}
        granted = memberships.grant(**role, by=EXAMPLE)
        assert holds(stranger, Permission.READ_ACTION, here.plans.of_police)
        memberships.end(membership=granted, by=EXAMPLE)
        assert not holds(stranger, Permission.READ_ACTION, here.plans.of_police)

    during_a_request(change)


def test_whoever_waited_for_a_lock_is_asked_again(world: World) -> None:
    member, action = world.here.people.member, world.here.plans.of_police

    def wait() -> None:
        assert held_in(member, Permission.UPDATE_ACTION, Container.AGENCY)
        member.memberships.update(until="2026-01-01")  # by somebody else, in another process
        assert held_in(member, Permission.UPDATE_ACTION, Container.AGENCY), "as a moment ago"
        lock_one(action)
        assert not held_in(member, Permission.UPDATE_ACTION, Container.AGENCY)

    during_a_request(wait)
