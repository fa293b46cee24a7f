"""Two people at the same moment: what they do to people and agencies stands one after the other."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from agencies import memberships
from agencies.roles import RoleCode
from tests.factories import a_member
from tests.racing import at_once, meet
from tests.world import make_world

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
