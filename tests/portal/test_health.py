"""What monitors ask: the portal says whether it is well, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from config.celery import app
from portal.views.health import KEPT
from reviews import tasks
from reviews.inspection.health import Work, heard_of
from reviews.models import Notice
from tests.factories import a_partnership, a_person
from tests.world import World

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Each test asks for itself, and leaves no answer to the next."""
    KEPT.forget()
    yield
    KEPT.forget()


def asked(client: Client, part: str = "") -> tuple[int, dict]:
    """The code and the answer, asked anew."""
    KEPT.forget()
    response = client.get(reverse("health-part", args=[part]) if part else reverse("health-ready"))
    return response.status_code, response.json()


@pytest.fixture
def well(db, settings, valkey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal whose every part does its work."""
    settings.REDIS_URL = valkey
    tasks.tick()
    tasks.sweep()
    monkeypatch.setitem(app.conf, "broker_url", valkey.replace("unix://", "redis+socket://"))


def test_a_portal_that_is_well_says_so_in_codes_and_ages(well: None, client: Client) -> None:
    code, said = asked(client)
    assert code == 200
    assert said["status"] == "ok"
    assert said["database"] == said["broker"] == {"status": "ok"}
    assert said["mail"] == {"status": "ok", "oldest_waiting_seconds": 0}
    assert said["schedule"]["status"] == "ok"
    assert 0 <= said["schedule"]["last_tick_seconds"] <= 60
    assert 0 <= said["schedule"]["last_sweep_seconds"] <= 60


@pytest.mark.either
def test_a_broker_that_is_away_is_named_and_the_others_are_well(
    well: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.conf, "broker_url", "redis+socket:///nowhere")
    code, said = asked(client)
    assert code == 503
    assert {name: part["status"] for name, part in said.items() if name != "status"} == {
        "database": "ok",
        "broker": "away",
        "mail": "ok",
        "schedule": "ok",
    }
    assert asked(client, "database")[0] == 200
    assert asked(client, "broker")[0] == 503


def test_a_part_that_hangs_parks_nobody_else(db, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.views.health.KEPT_SECONDS", 0.01)
    with KEPT._locks["mail"]:
        code, said = asked(client, "mail")
        assert (code, said["mail"]) == (503, {"status": "hangs"})
        assert asked(client, "database")[0] == 200


def test_a_database_that_is_away_is_an_answer_too(well: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("could not connect to server db.example.org as portal")

    with monkeypatch.context() as while_away:
        while_away.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)
        code, said = asked(client)
        assert client.get(reverse("health")).status_code == 200, "the process itself is there"
    assert code == 503
    assert said["database"] == {"status": "away"}
    assert said["mail"] == said["schedule"] == {"status": "unknown"}
    assert "example" not in json.dumps(said)


@pytest.mark.parametrize(
    ("facts", "age"),
    [
        ({"state": "queued", "queued_at": 20}, 20),
        ({"state": "queued", "queued_at": 20, "retry_at": -1, "why": "put back: no mail server"}, 20),
        ({"state": "failed", "queued_at": 300, "retry_at": 17}, 17),
        ({"state": "failed", "queued_at": 300, "retry_at": -60, "why": "tried again in an hour"}, 0),
        ({"state": "failed", "queued_at": 300, "why": "given up"}, 0),
        ({"state": "sending", "queued_at": 300, "lease_until": 16}, 16),
        ({"state": "sending", "queued_at": 300, "lease_until": -2}, 0),
        ({"state": "sent", "queued_at": 300}, 0),
        ({"state": "queued", "queued_at": 14}, 14),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else None,
)
def test_mail_is_as_old_as_what_could_have_been_sent(facts: dict, age: int, db, client: Client) -> None:
    now = timezone.now()
    facts = {name: now - value * MINUTE if name.endswith(("_at", "_until")) else value for name, value in facts.items()}
    Notice.objects.create(partnership=a_partnership(), person=a_person(), key="one", **facts)
    code, said = asked(client, "mail")
    assert said["mail"]["oldest_waiting_seconds"] // 60 == age
    assert (code, said["mail"]["status"]) == ((503, "stuck") if age > 15 else (200, "ok"))


def test_what_a_pause_holds_back_is_not_stuck(db, client: Client) -> None:
    partnership = a_partnership(chasing_paused=True)
    day_before = timezone.now() - dt.timedelta(days=1)
    Notice.objects.create(
        partnership=partnership, person=a_person(), key="one", kind=Notice.Kind.RETURNED, queued_at=day_before
    )
    assert asked(client, "mail")[0] == 200
    partnership.chasing_paused = False
    partnership.save()
    assert asked(client, "mail")[0] == 503


def test_a_schedule_that_fell_silent_or_was_never_heard_is_said(db, client: Client) -> None:
    assert asked(client, "schedule") == (
        503,
        {"status": "wrong", "schedule": {"status": "silent", "last_tick_seconds": None, "last_sweep_seconds": None}},
    )
    heard_of(Work.TICK, timezone.now() - 14 * MINUTE)
    assert asked(client, "schedule")[0] == 200
    heard_of(Work.TICK, timezone.now() - 16 * MINUTE)
    assert asked(client, "schedule")[0] == 503


def test_a_schedule_that_fails_leaves_no_sign_of_life(db, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr("reviews.chasing.delivery.deliver_waiting", mock.Mock(side_effect=OSError))
    with pytest.raises(OSError):  # noqa: PT011 -- ours
        tasks.sweep()
    assert asked(client, "schedule")[1]["schedule"]["last_sweep_seconds"] is None


def test_asking_whether_it_is_there_costs_nothing(db, client: Client, settings, django_assert_num_queries) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client.force_login(User.objects.create_user("someone@example.org", name="Someone"))
    with django_assert_num_queries(0):
        response = client.get(reverse("health"), headers={"host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]


def test_asking_how_it_is_reads_little_and_writes_nothing(db, client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4) as asked_of_the_database:
        client.get(reverse("health-ready"), headers={"host": "10.0.0.7:8000"})
        client.get(reverse("health-ready"))
    assert all(query["sql"].startswith("SELECT") for query in asked_of_the_database.captured_queries)


def test_an_answer_says_nothing_of_people_or_cases(world: World, client: Client) -> None:
    plain = json.dumps(asked(client)[1])
    words = set(plain.translate(str.maketrans('{}":,_', "      ")).split())
    known = (
        "status wrong ok none silent stuck database broker mail schedule oldest waiting seconds last tick sweep null"
    )
    assert {word for word in words if not word.isdigit()} <= set(known.split())


def test_what_is_no_part_is_the_usual_404(db, client: Client) -> None:
    for address in ("/health/ready/people/", "/health/nothing/"):
        response = client.get(address)
        assert response.status_code == 404
        assert b"Page not found" in response.content


def test_only_reading_is_answered(db, client: Client) -> None:
    assert client.post(reverse("health")).status_code == 405
