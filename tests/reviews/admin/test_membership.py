"""Memberships in Django admin: who ends or changes one there leaves as little behind as on the People pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership, User
from agencies.roles import RoleCode
from reviews.models import Assignment, Draft, Reader
from tests.world import Side, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The reader whom the police named sees to an action and has begun an update; the coordinator is signed in."""
    here = world.here
    part_of(here).update(owner=at_police(here.people.named))
    Draft.objects.create(
        action=here.plans.of_police, agency=here.agencies.police, author=here.people.named,
        answers={"progress": "Half a sentence"}, saved_at=timezone.now(),
    )  # fmt: skip
    client.force_login(here.people.coordinator)
    return here


def at_police(person: User) -> Membership:
    return person.memberships.get(until=None)


def part_of(here: Side) -> object:
    return Assignment.objects.filter(action=here.plans.of_police, agency=here.agencies.police)


def page(verb: str, membership: Membership) -> str:
    return reverse(f"admin:agencies_membership_{verb}", args=[membership.pk])


def test_what_they_were_named_to_read_ends_and_their_work_goes_to_a_colleague(here: Side, client: Client) -> None:
    heir = at_police(here.people.member)
    assert client.post(page("end", at_police(here.people.named)), {"to": heir.pk}).status_code == 302
    assert not Reader.objects.filter(user=here.people.named, until=None).exists()
    assert part_of(here).get().owner == heir
    assert Draft.objects.get().author == here.people.member


def test_nobody_of_another_agency_takes_over(here: Side, client: Client) -> None:
    answer = client.post(page("end", at_police(here.people.named)), {"to": at_police(here.people.health_lead).pk})
    assert answer.context["form"].errors["to"]
    assert at_police(here.people.named).until is None


def test_who_gets_another_role_that_reports_keeps_what_they_see_to(here: Side, client: Client) -> None:
    answer = client.post(page("change_role", at_police(here.people.named)), {"role": RoleCode.AGENCY_LEAD})
    assert answer.status_code == 302
    assert part_of(here).get().owner == at_police(here.people.named)


def test_a_role_in_the_partnership_leaves_nothing_to_hand_over(here: Side, client: Client, world: World) -> None:
    client.force_login(world.superuser)
    membership = here.people.partnership_observer.memberships.get()
    assert "to" not in client.get(page("end", membership)).context["form"].fields
    assert client.post(page("end", membership)).status_code == 302
    membership.refresh_from_db()
    assert membership.until is not None
