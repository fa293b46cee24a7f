"""A long plan comes in while the machine loses its power again and again: nothing is lost, nothing is there twice.

Each worker is a process of its own, ended with -9 at a moment that chance chooses, on the test's own database.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from agencies.actors import COMMAND
from reviews.importing import confirming
from reviews.models import Action, ActionWording, Assignment, PlanImport, ProgressUpdate, Recommendation
from tests.factories import TODAY
from tests.journeys.test_reminder_day import HOW_TO_REACH_IT, ROOT
from tests.reviews.importing.files import a_file, a_row
from tests.world import make_world

ROWS = 400
KILLS = 3
PATIENCE_SECONDS = 120
#: What a worker does, in pieces so small that there is time to end it amid them.
WORK = """
import django; django.setup()
from reviews.importing import pieces, work
pieces.new_actions.__kwdefaults__["size"] = 10
work.go_on({pk})
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a worker needs to work on the test's own database."""
    database = {name: connection.settings_dict[name] for name in HOW_TO_REACH_IT}
    given = {"data_dir": f"{tmp_path}", "redis_url": "", "email_url": "dummymail://", "database": database}
    settings = {"DJANGO_SETTINGS_MODULE": "tests.journeys.worker_settings"}
    return os.environ | settings | {"GIVEN_BY_THE_TEST": json.dumps(given, default=str)}


def worker(plan: PlanImport, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORK.format(pk=plan.pk)], cwd=ROOT, env=environment)


def rows_written(plan: PlanImport) -> int:
    return PlanImport.objects.values_list("done", flat=True).get(pk=plan.pk)


def killed_amid_it(plan: PlanImport, environment: dict[str, str]) -> None:
    """Let a worker begin, and end it once it has written a few pieces more."""
    PlanImport.objects.filter(pk=plan.pk).update(lease_until=timezone.now())
    enough = rows_written(plan) + random.randint(10, ROWS // (KILLS + 2))
    process = worker(plan, environment)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while rows_written(plan) < enough:
            assert process.poll() is None, "the worker ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.005)
    finally:
        process.kill()
        process.wait()
        time.sleep(0.2)  # what PostgreSQL was told to commit before, it does


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_plan_comes_in_once_and_whole_however_often_its_workers_are_killed(environment: dict[str, str]) -> None:
    random.seed(7)
    rows = [
        a_row(reference=f"{n}", recommendation=f"Listen {n}.", action=f"Hold day {n}.", progress="A hall was found.")
        for n in range(ROWS)
    ]
    plan = a_file(make_world(), rows)
    confirming.begin(plan_import=plan, by=COMMAND, on=TODAY)
    review = PlanImport.objects.select_related("review").get(pk=plan.pk).review

    for _ in range(KILLS):
        killed_amid_it(plan, environment)
        assert Action.everything.filter(came_with=plan).count() == rows_written(plan) < ROWS
        assert not Action.objects.filter(review=review).exists(), "some of it stood before all of it was there"

    PlanImport.objects.filter(pk=plan.pk).update(lease_until=timezone.now())
    assert worker(plan, environment).wait(PATIENCE_SECONDS) == 0
    plan.refresh_from_db()
    assert (plan.state, plan.done) == (PlanImport.State.CONFIRMED, ROWS)
    texts = list(Action.objects.filter(review=review).order_by("order").values_list("text", flat=True))
    assert texts == [row["action"] for row in rows]
    for model in (Assignment, ActionWording, ProgressUpdate):
        assert model.everything.filter(action__came_with=plan).count() == ROWS
    assert Recommendation.everything.filter(came_with=plan, stands=True).count() == ROWS
