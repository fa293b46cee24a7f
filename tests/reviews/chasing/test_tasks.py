"""What the schedule calls, at the edge where the clock is read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from kombu.exceptions import OperationalError

from agencies.actors import SCHEDULE
from config.celery import app
from reviews import readers, tasks
from reviews.chasing import planning
from reviews.models import Notice, Reader, Run
from tests.factories import TODAY, a_person
from tests.reviews.chasing.conftest import Chased, days, sent


@pytest.fixture
def at_nine(time_machine) -> None:
    """Nine o'clock in London on the day of the tests."""
    time_machine.move_to(dt.datetime.combine(TODAY, dt.time(9), tzinfo=dt.UTC), tick=False)


def test_the_tick_asks_for_the_run_of_each_partnership_whose_hour_has_come(chased, at_nine, monkeypatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks.plan_run, "delay", asked.append)
    tasks.tick()
    assert asked == [chased.partnership.pk]
    chased.run(TODAY)
    tasks.tick()
    assert asked == [chased.partnership.pk]


def test_a_run_that_was_asked_for_twice_is_planned_and_sent_once(chased: Chased, at_nine, mailoutbox) -> None:
    chased.action(days(-3))
    tasks.plan_run(chased.partnership.pk)
    tasks.plan_run(chased.partnership.pk)
    assert Run.objects.get().on == TODAY
    assert sent() == [("overdue", 0)]
    assert len(mailoutbox) == 1


def test_a_run_that_was_asked_for_and_comes_too_early_waits(chased: Chased, time_machine) -> None:
    time_machine.move_to(dt.datetime.combine(TODAY, dt.time(7, 59), tzinfo=dt.UTC), tick=False)
    tasks.plan_run(chased.partnership.pk)
    assert not Run.objects.exists()


def test_a_dead_broker_delays_a_run_and_raises_nothing(chased: Chased, at_nine, monkeypatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OperationalError

    chased.action(days(-3))
    with monkeypatch.context() as patched:
        patched.setattr(app, "send_task", unreachable)
        patched.setattr(app.amqp, "send_task_message", unreachable, raising=False)
        tasks.tick()
    assert not Run.objects.exists()
    monkeypatch.setattr(tasks.plan_run, "delay", tasks.plan_run.run)
    tasks.tick()
    assert sent() == [("overdue", 0)]


def test_the_sweep_sends_what_waits_without_a_message(chased: Chased, mailoutbox) -> None:
    chased.action(days(-3))
    planning.plan_run(partnership=chased.partnership, on=TODAY, by=SCHEDULE)
    tasks.sweep()
    assert Notice.objects.get().state == Notice.State.SENT
    assert len(mailoutbox) == 1


def test_one_job_of_housekeeping_that_fails_keeps_no_other(chased: Chased, monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def fail(**_: object) -> None:
        raise ValueError

    monkeypatch.setattr("agencies.confirming.ask_those_due", fail)
    monkeypatch.setattr("reviews.drafts.sweep_unsent", lambda **_: done.append("drafts"))
    with pytest.raises(ExceptionGroup):
        tasks.housekeeping()
    assert done == ["drafts"]


def test_housekeeping_ends_what_has_a_planned_end_and_forgets_old_sessions(chased: Chased, time_machine) -> None:
    reader = readers.admit_to_panel(review=chased.review, user=a_person(), by=SCHEDULE, ends_on=TODAY)
    Session.objects.create(session_key="old", expire_date=timezone.now() - dt.timedelta(days=1000))
    time_machine.move_to(dt.datetime.combine(days(1), dt.time(3, 30), tzinfo=dt.UTC), tick=False)
    tasks.housekeeping()
    assert Reader.objects.get(pk=reader.pk).until == days(1)
    assert not Session.objects.filter(session_key="old").exists()


def test_every_task_of_the_schedule_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
