"""Whoever waits for a lock is judged when it is got; and no two wait for each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import AuditEntry
from reviews import editing, parts, plans, restriction, reviewing, sign_off, steps, voiding
from reviews.models import Action, Recommendation, Review
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine
from tests.factories import TODAY
from tests.world import Side, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@contextmanager
def waiting(
    calls: Mapping[str, Callable[[], object]], *, for_all_of: Side
) -> Iterator[dict[str, BaseException | None]]:
    """Let ``calls`` run, each in a thread of its own, into the locks of everything in the plans of one side.

    They wait while the block runs, and go on when it has been committed. What each ended with is there afterwards.
    """
    ended: dict[str, BaseException | None] = {}

    def run(name: str, call: Callable[[], object]) -> None:
        try:
            call()
            ended[name] = None
        except Exception as error:  # noqa: BLE001 -- given back to the test, which says what it expects
            ended[name] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in calls.items()]
    with transaction.atomic():
        of_here = Review.objects.filter(partnership=for_all_of.partnership)
        list(of_here.select_for_update())
        for model in (Recommendation, Action):
            list(model.objects.filter(review__in=of_here).select_for_update(of=("self",)))
        for thread in threads:
            thread.start()
        wait_for(len(threads))
        yield ended
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a call hung"


def wait_for(number: int) -> None:
    """Until so many wait for a lock. SQLite lets nobody begin to write meanwhile, and does not say who waits."""
    end = time.monotonic() + 20
    while connection.vendor == "postgresql" and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() == (number,):
                return
        time.sleep(0.02)
    assert connection.vendor != "postgresql", "somebody did not wait"


def test_whose_access_ends_while_they_wait_for_a_lock_changes_nothing() -> None:
    here = make_world().here
    at, by = here.plans, {"by": here.people.coordinator}
    dated = by | {"on": TODAY}
    part = at.of_police.assignments.get()
    line = ActionLine("One more", leads=(LeadLine(here.agencies.police),))
    decision = sign_off.send_back(
        action=at.awaiting, by=EXAMPLE, on=TODAY, reason="Not yet.", decided_at="The March meeting"
    )
    date = plans.change_target_date(action=at.joint, date=TODAY, by=EXAMPLE, on=TODAY, reason="First")
    reached = at.of_police.milestones.get()
    verbs: dict[str, Callable[[], object]] = {
        "add": lambda: plans.add(review=at.published, line=RecommendationLine("More"), **dated),
        "assign": lambda: plans.assign(action=at.of_police, agency=here.agencies.health, **dated),
        "end": lambda: plans.end_assignment(assignment=part, **dated),
        "date": lambda: plans.change_target_date(action=at.of_health, date=TODAY, reason="Later", **dated),
        "reword": lambda: plans.reword(recommendation=at.recommendation, text="Anew", reason="Slip", **dated),
        "add recommendation": lambda: editing.add_recommendation(review=at.published, text="More", **dated),
        "add action": lambda: editing.add_action(recommendation=at.recommendation, line=line, **dated),
        "move": lambda: editing.move(row=at.of_police_overdue, up=True, **by),
        "reword action": lambda: editing.reword_action(action=at.of_police, text="Anew", reason="Slip", **dated),
        "describe action": lambda: editing.describe_action(action=at.of_police, reference="7", **by),
        "describe recommendation": lambda: editing.describe_recommendation(
            recommendation=at.recommendation, reference="7", **by
        ),
        "describe": lambda: reviewing.describe(review=at.published, title="Another", **by),
        "restrict": lambda: restriction.restrict(review=at.published, **by),
        "decide": lambda: sign_off.not_pursue(
            action=at.of_school, reason="Closed", decided_at="The March meeting", **dated
        ),
        "step": lambda: steps.add(action=at.of_police, text="A step", **dated),
        "achieve": lambda: steps.achieve(milestone=reached, **dated),
        "void a date": lambda: voiding.void(row=date, reason="Slip", **by),
        "void a decision": lambda: voiding.void(row=decision, reason="Slip", **by),
        "owner": lambda: parts.give_owner(assignment=part, **by),
    }
    before = AuditEntry.objects.count()
    with waiting(verbs, for_all_of=here) as ended:
        memberships.end(membership=here.people.coordinator.memberships.get(), by=EXAMPLE)
    wrong = {name: error for name, error in ended.items() if not isinstance(error, PermissionDenied)}
    assert wrong == {}
    assert AuditEntry.objects.count() == before + 1, "something else than the end was recorded"
