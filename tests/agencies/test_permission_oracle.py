"""``objects_for``, ``holds``, ``held`` and ``has_perm`` agree with each other, and with the rules told twice."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from agencies.permissions import held, holds, objects_for
from agencies.roles import Permission
from tests.agencies import oracle
from tests.examples import examples

pytestmark = pytest.mark.django_db

EVERY = (*Permission.values, "bend_action")


#: Named as a reader by one agency, the person acts for another: found by this test.
NAMED_ELSEWHERE = oracle.Facts(
    memberships={(0, "agency", 3): ("agency_lead", "lasts")},
    restricted=[False, False, True, False],
    assignments={(5, 3): True},
    readings={(0, 2): (2, "lasts")},
    evidence=[(5, 3)],
    inactive=False,
)
#: What an agency gave is opened by the one that took over from it, while that alone has a part.
TAKEN_OVER = oracle.Facts(
    memberships={(0, "agency", 1): ("agency_observer", "lasts")},
    restricted=[False] * 4,
    assignments={(0, 0): False, (0, 1): True, (1, 0): True, (1, 1): True},
    readings={},
    evidence=[(0, 0), (1, 0), (2, 0)],
    inactive=False,
    took_over=(True, False),
)


@settings(
    max_examples=examples(40),
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a world has too many parts to be made smaller in good time
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(facts=NAMED_ELSEWHERE, others={"update_action", "read_evidence"})
@example(facts=TAKEN_OVER, others={"update_action", "read_evidence"})
@given(facts=oracle.facts(), others=st.sets(st.sampled_from(EVERY), min_size=2, max_size=2))
def test_which_and_may_agree_with_the_rules(db: None, facts: oracle.Facts, others: set[str]) -> None:
    with transaction.atomic():
        made = oracle.build(facts)
        user, asked = made.people[0], {Permission.READ_ACTION.value, *others}
        for model in oracle.RULES:
            rows = list(model._default_manager.all())
            for permission in asked:
                allowed = [row for row in rows if made.may(0, permission, row)]
                reached = list(objects_for(user, permission, model).order_by("pk"))
                assert sorted(row.pk for row in reached) == sorted(row.pk for row in allowed), (model, permission)
            for row in rows[:3]:
                told = {permission for permission in asked if made.may(0, permission, row)}
                assert {permission for permission in asked if holds(user, permission, row)} == told
                assert held(user, asked, row) == told
                name = f"{model._meta.app_label}."
                assert {permission for permission in asked if user.has_perm(name + permission, row)} == told
        transaction.set_rollback(True)
