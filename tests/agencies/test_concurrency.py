"""Two people at the same moment: what they do to people and agencies stands one after the other."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from agencies import memberships, succession
from agencies.refusals import Refused
from agencies.roles import RoleCode
from tests.factories import TODAY, a_member
from tests.racing import at_once, meet
from tests.world import make_world

CIRCLE = ("police", "health", "council", "housing")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_two_leads_change_each_others_role_at_once(monkeypatch: pytest.MonkeyPatch):
    here = make_world().here
    lead, police = here.people.lead, here.agencies.police
    other = a_member(RoleCode.AGENCY_LEAD, police)

    def change(person, by):
        membership = person.memberships.get()
        return lambda: memberships.change_role(membership=membership, role=RoleCode.AGENCY_MEMBER, by=by)

    calls = change(lead, other), change(other, lead)
    meet(monkeypatch, memberships, "grant")
    # Whoever comes second may find that they are a lead no more; neither waits for what the other holds.
    assert {type(error) for error in at_once(*calls)} <= {PermissionDenied}


def test_two_successions_recorded_at_once_form_no_circle(monkeypatch: pytest.MonkeyPatch):
    here = make_world().here
    police, health, council, housing = (getattr(here.agencies, name) for name in CIRCLE)

    def taken_over(predecessor, successor):
        facts = {"predecessor": predecessor, "successor": successor, "on": TODAY}
        return lambda: succession.record(by=here.people.coordinator, **facts)

    taken_over(police, health)()
    taken_over(council, housing)()
    meet(monkeypatch, succession, "check_day")
    errors = at_once(taken_over(health, council), taken_over(housing, police))
    assert [type(error) for error in errors] == [Refused]
