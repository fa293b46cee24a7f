"""The day on which reminders go out: looked at beforehand, run, killed in the middle with -9, run again.

A real worker on a real broker sends 200 messages to a real mail server.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.actors import SCHEDULE
from agencies.models import Partnership, User
from agencies.roles import RoleCode
from reviews.chasing import planning
from reviews.models import Line, Notice, Run
from tests.factories import TODAY, a_member, a_partnership, a_recommendation, a_review, an_action, an_agency
from tests.servers import MailSink
from tests.world import days

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 200
PATIENCE_SECONDS = 90
KILLS = 2
HOW_TO_REACH_IT = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with its two processes, in a group of its own."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "--without-gossip"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--without-mingle", "--without-heartbeat"], cwd=ROOT, env=environment,
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker and its children at once, as a machine that loses its power does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(what: Callable[[], bool], log: Path, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Wait until ``what`` holds, and do something again and again meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, log.read_text()[-4000:]
        meanwhile()
        time.sleep(0.02)


@pytest.fixture
def environment(tmp_path: Path, valkey: str, smtp_sink: MailSink) -> dict[str, str]:
    """What a worker needs to work on the test's own database, broker and mail server."""
    database = {name: connection.settings_dict[name] for name in HOW_TO_REACH_IT}
    given = {
        "data_dir": f"{tmp_path}",
        "redis_url": valkey,
        "email_url": smtp_sink.url,
        "database": database,
    }
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.worker_settings",
        "GIVEN_BY_THE_TEST": json.dumps(given, default=str),
    }


def ask(broker_url: str) -> None:
    """Put a sweep on the broker, as the schedule does each minute."""
    address = broker_url.replace("unix://", "redis+socket://", 1)
    with Celery(broker=address, set_as_current=False) as schedule:
        schedule.send_task("reviews.tasks.sweep")


def many_late_actions() -> Partnership:
    """A plan that has long been chased, with one late action at each of 200 agencies."""
    partnership = a_partnership()
    recommendation = a_recommendation(a_review(partnership, chasing_from=days(-100)))
    for _ in range(PEOPLE):
        agency = an_agency(partnership)
        a_member(RoleCode.AGENCY_LEAD, agency, password=None)
        an_action(recommendation, agency, target_date=days(-3))
    return partnership


def shown(who: User, address: str, **asked: object) -> Any:
    """A page of the admin site."""
    client = Client()
    client.force_login(who)
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer


def command(**options: Any) -> list[dict[str, Any]]:
    """The messages that ``send_reminders`` says it would send, or has planned."""
    output = StringIO()
    call_command("send_reminders", on=TODAY, format="json", stdout=output, stderr=StringIO(), **options)
    said = json.loads(output.getvalue())
    assert said["on"] == f"{TODAY}"
    return list(said["notices"])


def send_in_spite_of_kills(environment: dict[str, str], broker_url: str, sink: MailSink, log: Path) -> None:
    """Let workers send what waits; kill each while the server has a message and has not said so, but the last."""

    def sweep() -> None:
        with redis.from_url(broker_url) as broker:
            if broker.llen("celery") < 2:
                ask(broker_url)

    for part in range(1, KILLS + 1):
        sink.silent_after = enough = PEOPLE * part // (KILLS + 1)
        with worker(environment, log) as process:
            wait_for(lambda enough=enough: len(sink.messages) > enough, log, sweep)
            kill(process)
    sink.silent_after = None
    with worker(environment, log):
        wait_for(lambda: not Notice.objects.exclude(state=Notice.State.SENT).exists(), log, sweep)


def nothing_is_lost_and_nothing_new_came_twice(sink: MailSink) -> None:
    """What the mail server got is what the send log says."""
    came = Counter(str(message["To"]) for message in sink.messages)
    keys = {str(message["Message-ID"]) for message in sink.messages}
    assert len(came) == len(keys) == PEOPLE, "a message was lost, or one person got two different ones"
    assert keys == set(Notice.objects.values_list("message_id", flat=True))
    twice = [to for to, times in came.items() if times > 1]
    # Two processes were killed each time: each had at most one message that the server kept without a word.
    assert 1 <= len(twice) <= 2 * KILLS
    assert set(Line.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_reminder_day(environment: dict[str, str], valkey: str, smtp_sink: MailSink, tmp_path: Path) -> None:
    partnership = many_late_actions()
    coordinator = a_member(RoleCode.COORDINATOR, partnership)

    # The evening before: the page and the dry run name the same people, and write nothing.
    (next_run,) = shown(coordinator, reverse("admin:reviews_run_next"), on=TODAY).context["runs"]
    to_come = command(dry_run=True)
    assert len(to_come) == PEOPLE
    assert {notice["to"] for notice in to_come} == {digest.person.email for digest in next_run.digests}
    assert {line["stage"] for notice in to_come for line in notice["lines"]} == {"overdue"}
    assert not Run.objects.exists()

    # The hour has come. The machine loses its power again and again while it sends.
    run = planning.plan_run(partnership=partnership, on=TODAY, by=SCHEDULE)
    assert run is not None
    send_in_spite_of_kills(environment, valkey, smtp_sink, tmp_path / "worker.log")
    nothing_is_lost_and_nothing_new_came_twice(smtp_sink)
    assert {str(message["To"]) for message in smtp_sink.messages} == {notice["to"] for notice in to_come}

    # Somebody runs it by hand on top, twice: no message more.
    number = len(smtp_sink.messages)
    assert command() == command() == command(dry_run=True) == []
    assert len(smtp_sink.messages) == number

    # The coordinator reads what became of the day.
    record = shown(coordinator, reverse("admin:reviews_run_change", args=[run.pk])).context["original"]
    counts = (record.expected, record.n_sent, record.n_waiting, record.n_failed, record.n_dropped)
    assert counts == (PEOPLE, PEOPLE, 0, 0, 0)
    log = shown(coordinator, reverse("admin:reviews_notice_changelist"), run=run.pk, state__exact="sent")
    assert log.context["cl"].result_count == PEOPLE
    again = shown(coordinator, reverse("admin:reviews_run_next"), on=TODAY)
    assert "have been planned already" in again.content.decode()
