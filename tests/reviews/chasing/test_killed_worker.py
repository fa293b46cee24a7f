"""A real worker on a real broker, killed with -9 in the middle of a run of 200 messages."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.db import connection

from agencies.actors import SCHEDULE
from agencies.roles import RoleCode
from reviews.chasing import planning
from reviews.models import Line, Notice
from tests.factories import TODAY, a_member, a_partnership, a_recommendation, a_review, an_action, an_agency
from tests.reviews.chasing.conftest import days
from tests.servers import MailSink

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = 200
PATIENCE_SECONDS = 90
KILLS = 3
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
        "DJANGO_SETTINGS_MODULE": "tests.reviews.chasing.worker_settings",
        "GIVEN_BY_THE_TEST": json.dumps(given, default=str),
    }


def plan_for_many() -> None:
    """A run of 200 messages, planned and not yet sent."""
    partnership = a_partnership()
    recommendation = a_recommendation(a_review(partnership, chasing_from=days(-100)))
    for _ in range(PEOPLE):
        agency = an_agency(partnership)
        a_member(RoleCode.AGENCY_LEAD, agency, password=None)
        an_action(recommendation, agency, target_date=days(-3))
    run = planning.plan_run(partnership=partnership, on=TODAY, by=SCHEDULE)
    assert run is not None
    assert run.expected == PEOPLE


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_nothing_new_comes_twice(
    environment: dict[str, str], valkey: str, smtp_sink: MailSink, tmp_path: Path
) -> None:
    plan_for_many()
    smtp_sink.hang = 0.01
    log = tmp_path / "worker.log"

    def sweep() -> None:
        with redis.from_url(valkey) as broker:
            if broker.llen("celery") < 2:
                ask(environment)

    for part in range(1, KILLS + 1):
        with worker(environment, log) as process:
            enough = random.randint(PEOPLE * (part - 1) // 4 + 1, PEOPLE * part // 4)
            wait_for(lambda enough=enough: len(smtp_sink.messages) >= enough, log, sweep)
            kill(process)
        assert Notice.objects.exclude(state=Notice.State.SENT).exists(), "killed too late to show anything"
    with worker(environment, log):
        wait_for(lambda: not Notice.objects.exclude(state=Notice.State.SENT).exists(), log, sweep)

    came = Counter(str(to) for to in (message["To"] for message in smtp_sink.messages))
    keys = {str(message["Message-ID"]) for message in smtp_sink.messages}
    assert len(came) == len(keys) == PEOPLE, "a message was lost, or one person got two different ones"
    assert keys == set(Notice.objects.values_list("message_id", flat=True))
    twice = [to for to, times in came.items() if times > 1]
    # Two processes were killed three times: each may have had one message between the server's yes and our commit.
    assert len(twice) <= 2 * KILLS
    assert set(Line.objects.values_list("state", flat=True)) == {"sent"}


def ask(environment: dict[str, str]) -> None:
    """Put a sweep on the broker, as the schedule does each minute."""
    subprocess.run(
        [sys.executable, "-m", "celery", "--quiet", "-A", "config", "call", "reviews.tasks.sweep"],
        cwd=ROOT, env=environment, check=True, capture_output=True,
    )  # fmt: skip
