"""Numbers for Prometheus: off by default, for whoever brings the token, and without a word of anybody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config import web_server
from config.celery import app
from reviews import tasks
from reviews.models import Notice
from tests.factories import a_partnership, a_person
from tests.world import MARKER, World

TOKEN = "a-token-that-is-long-enough-for-anybody"


@pytest.fixture
def watched(settings) -> None:
    """A portal whose metrics are on."""
    settings.METRICS_TOKEN = TOKEN


def numbers(client: Client) -> dict[tuple[str, ...], float]:
    """What Prometheus reads: each number by its name and labels."""
    response = client.get("/metrics/", headers={"authorization": f"Bearer {TOKEN}", "host": "10.0.0.7:8000"})
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_without_a_token_set_there_is_no_such_page(db, client: Client) -> None:
    for brought in ({}, {"authorization": "Bearer "}, {"authorization": f"Bearer {TOKEN}"}):
        assert client.get("/metrics/", headers=brought).status_code == 404


@pytest.mark.parametrize("brought", [{}, {"authorization": "Bearer x"}, {"authorization": TOKEN}])
def test_another_token_is_refused(db, watched: None, client: Client, brought: dict[str, str]) -> None:
    response = client.get("/metrics/", headers=brought)
    assert response.status_code == 401
    assert response.content == b""


def test_what_waits_is_counted(
    watched: None, settings, valkey: str, broker: Path, monkeypatch, client: Client, db
) -> None:
    settings.REDIS_URL = valkey
    partnership, now = a_partnership(), timezone.now()
    for number, state in enumerate(("queued", "queued", "sending", "sent")):
        Notice.objects.create(
            partnership=partnership, person=a_person(), key=str(number), state=state,
            queued_at=now - dt.timedelta(minutes=10 + number), lease_until=now + dt.timedelta(minutes=5),
        )  # fmt: skip
    tasks.tick()
    found = numbers(client)
    assert found["portal_mail_messages", "queued"] == 2
    assert found["portal_mail_messages", "sending"] == 1
    assert 660 <= found["portal_mail_oldest_waiting_seconds",] < 670
    assert 0 <= found["portal_schedule_seconds", "tick"] < 60
    assert ("portal_schedule_seconds", "sweep") not in found
    assert found["portal_broker_up",] == found["portal_database_up",] == 1
    assert found["portal_broker_tasks",] == 1, "the run that the tick has asked for"
    monkeypatch.setitem(app.conf, "broker_url", "redis+socket:///nowhere")
    assert numbers(client)["portal_broker_up",] == 0


def test_pages_are_counted_by_the_name_of_their_address(watched: None, world: World, client: Client) -> None:
    before = numbers(client)
    client.force_login(world.there.people.lead)
    client.get(f"/actions/{world.there.plans.of_police.pk}/", {"q": MARKER})
    client.get(f"/{MARKER}/")
    client.generic(MARKER.upper(), "/privacy/")
    after = numbers(client)
    for labels in (
        ("GET", "action-detail", "2xx"),
        ("GET", "(no such page)", "4xx"),
        ("(other)", "privacy", "4xx"),
    ):
        name = ("portal_request_seconds_count", *labels)
        assert after[name] == before.get(name, 0) + 1
    assert MARKER.lower() not in str(after).lower()


def test_a_process_takes_the_seat_of_the_one_before() -> None:
    server = SimpleNamespace(WORKERS={})
    workers = []
    for number in range(3):
        worker = SimpleNamespace()
        web_server.pre_fork(server, worker)
        server.WORKERS[number] = worker
        workers.append(worker.seat)
    assert workers == [0, 1, 2]
    del server.WORKERS[1]
    successor = SimpleNamespace()
    web_server.pre_fork(server, successor)
    assert successor.seat == 1
