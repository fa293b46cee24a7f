"""A day's run: when it comes, that it comes once, and that missed days are caught up with."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.actors import SCHEDULE
from agencies.models import AuditEntry, Partnership
from agencies.roles import RoleCode
from reviews import tasks
from reviews.chasing import planning
from reviews.chasing.policy import Anchor, position, reached
from reviews.models import Line, Notice, Run, Stage, Why
from tests.examples import examples
from tests.factories import TODAY, a_member, an_update
from tests.reviews.chasing.conftest import Chased, days, sent

LONDON = ZoneInfo("Europe/London")


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "hour", "now", "expected"),
    [
        ("Europe/London", 8, "2026-01-15T07:59:00+00:00", False),
        ("Europe/London", 8, "2026-01-15T08:00:00+00:00", True),
        ("Europe/London", 8, "2026-07-15T06:59:00+00:00", False),
        ("Europe/London", 8, "2026-07-15T07:00:00+00:00", True),
        ("Europe/London", 8, "2026-01-15T23:30:00+00:00", True),  # an outage all day long
        ("Europe/London", 1, "2026-03-29T00:59:00+00:00", False),  # the hour that the clocks leap over
        ("Europe/London", 1, "2026-03-29T01:00:00+00:00", True),
        ("Pacific/Auckland", 8, "2026-01-14T19:00:00+00:00", True),
        ("Pacific/Auckland", 8, "2026-01-14T18:59:00+00:00", False),
        ("Nowhere/Atlantis", 8, "2026-07-15T07:00:00+00:00", True),  # falls back to the site's
        ("Europe", 8, "2026-07-15T07:00:00+00:00", True),
    ],
)
def test_a_run_comes_at_the_partnerships_own_hour(zone: str, hour: int, now: str, expected: bool, chased) -> None:
    chased.partnership.time_zone, chased.partnership.chasing_hour = zone, hour
    assert planning.is_time(chased.partnership, moment(now)) is expected


def test_an_hour_that_comes_twice_brings_one_run(chased: Chased) -> None:
    chased.partnership.chasing_hour = 1
    first, second = moment("2026-10-25T00:10:00+00:00"), moment("2026-10-25T01:10:00+00:00")
    assert first.astimezone(LONDON).hour == second.astimezone(LONDON).hour == 1
    assert planning.is_time(chased.partnership, first)
    chased.run(first.astimezone(LONDON).date())
    assert not planning.is_time(chased.partnership, second)


def test_the_tick_runs_each_partnership_on_its_own_day(chased: Chased, time_machine, monkeypatch) -> None:
    chased.action(TODAY + dt.timedelta(days=1))
    far = Partnership.objects.create(code="far", name="Far", time_zone="Pacific/Auckland", chasing_hour=9)
    monkeypatch.setattr(tasks.plan_run, "delay", tasks.plan_run.run)
    time_machine.move_to(dt.datetime.combine(TODAY, dt.time(21, 30), tzinfo=LONDON), tick=False)
    tasks.tick()
    assert Run.objects.get(partnership=chased.partnership).on == TODAY
    assert Run.objects.get(partnership=far).on == TODAY + dt.timedelta(days=1)
    tasks.tick()
    assert Run.objects.count() == 2
    assert sent() == [("due_1", 0)]


def test_a_second_beat_stops_at_the_constraint(chased: Chased, monkeypatch) -> None:
    """Two beats look at the same moment, neither sees the other's run."""
    chased.action(days(-3))
    selected = planning.due

    def selected_while_another_plans(partnership, on):
        selection = selected(partnership, on)
        if not Run.objects.exists():
            with monkeypatch.context() as other:
                other.setattr(planning, "due", selected)
                assert planning.plan_run(partnership=partnership, on=on, by=SCHEDULE)
        return selection

    monkeypatch.setattr(planning, "due", selected_while_another_plans)
    assert planning.plan_run(partnership=chased.partnership, on=TODAY, by=SCHEDULE) is None
    assert Run.objects.count() == Notice.objects.count() == Line.objects.count() == 1


def test_the_database_refuses_the_same_reminder_twice(chased: Chased) -> None:
    chased.action(days(-3))
    chased.run(TODAY)
    line = Line.objects.get()
    line.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)
    Line.objects.update(state=Line.State.DROPPED)
    line.save(force_insert=True)  # a dropped line has freed its key


def test_planning_is_for_those_who_run_the_chasing(chased: Chased) -> None:
    with pytest.raises(PermissionDenied):
        planning.plan_run(partnership=chased.partnership, on=TODAY, by=chased.lead)
    coordinator = a_member(RoleCode.COORDINATOR, chased.partnership)
    run = planning.plan_run(partnership=chased.partnership, on=TODAY, by=coordinator)
    assert AuditEntry.objects.get(event="run.planned").about_id == run.pk


def test_the_run_record_says_what_was_expected_and_what_was_left_out(chased: Chased) -> None:
    chased.action(days(-3))
    ownerless = chased.action(days(-3), agencies=(chased.partnership.agencies.create(name="Memberless"),))
    run = chased.run(TODAY)
    assert (run.expected, run.left_out) == (1, {Why.NO_RECIPIENT.value: [ownerless.pk]})
    assert chased.run(days(1)).expected == 0


def test_after_an_outage_only_the_newest_stage_is_sent(chased: Chased) -> None:
    chased.action(TODAY)
    for on in (-28, -27, 30, 31):
        chased.run(days(on))
    assert sent() == [("due_28", 0), ("overdue", 2)]


def test_what_still_waits_from_an_earlier_day_is_overtaken(chased: Chased) -> None:
    chased.action(TODAY)
    planning.plan_run(partnership=chased.partnership, on=days(-7), by=SCHEDULE)
    chased.run(days(-1))
    assert sent() == [("due_1", 0)]
    overtaken = Line.objects.get(stage=Stage.DUE_7)
    assert (overtaken.state, overtaken.why) == (Line.State.SUPERSEDED, Why.OVERTAKEN)
    assert (overtaken.notice.state, overtaken.notice.why) == (Notice.State.DROPPED, Why.NOTHING_LEFT)


def test_an_earlier_day_run_afterwards_sends_no_earlier_stage(chased: Chased) -> None:
    chased.action(TODAY)
    chased.run(days(-6))
    chased.run(days(-20))
    assert sent() == [("due_7", 0)]


def test_who_becomes_lead_later_is_told_the_newest_stage_once(chased: Chased) -> None:
    chased.action(TODAY)
    chased.run(days(2))
    newcomer = a_member(RoleCode.AGENCY_LEAD, chased.agency)
    for on in (3, 4, 5):
        chased.run(days(on))
    assert sent(newcomer) == [("overdue", 0)]
    assert sent(chased.lead) == [("overdue", 0)]


def test_sending_does_not_touch_the_action(chased: Chased) -> None:
    """A chaser is no update: how long an agency has been silent does not change by being asked."""
    action = chased.action(days(-3))
    an_update(action, chased.agency)
    before = type(action).objects.values().get(pk=action.pk), action.assignments.values().get()
    chased.run(TODAY)
    assert (type(action).objects.values().get(pk=action.pk), action.assignments.values().get()) == before


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(on=st.lists(st.integers(-40, 90), min_size=1, max_size=25, unique=True).map(sorted))
def test_whatever_runs_are_missed_each_stage_comes_once_and_the_newest_comes(chased: Chased, on: list[int]) -> None:
    with transaction.atomic():
        chased.action(TODAY)
        for number in on:
            chased.run(days(number))
            newest = reached(days(number), due=Anchor("date", TODAY), floors=[])
            if newest:
                assert sent()[-1] == (newest.stage.value, newest.number)
        assert len(sent()) == len(set(sent()))
        assert sent() == sorted(sent(), key=lambda row: position(*row))
        transaction.set_rollback(True)
