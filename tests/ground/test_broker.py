"""A broker that is away costs a delay; a worker that is killed loses nothing."""

import time

import pytest
import redis
from celery import shared_task
from django.core.cache import caches

from config.broker import LONGEST_SOCKET_PATH, restore_unacknowledged, valkey_command
from config.celery import app

PATIENCE_SECONDS = 6


@shared_task
def do_nothing() -> None:
    """A task for these tests."""


@pytest.fixture
def broker(valkey, monkeypatch):
    """The Celery application on a real broker."""
    use_broker(monkeypatch, valkey.replace("unix://", "redis+socket://"))
    yield valkey
    app.pool.force_close_all()


def use_broker(monkeypatch, url: str) -> None:
    """Point the Celery application at a broker for one test."""
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    monkeypatch.setitem(app.conf, "broker_url", url)


def test_asking_for_a_task_without_a_broker_costs_a_moment(monkeypatch, tmp_path):
    use_broker(monkeypatch, f"redis+socket://{tmp_path}/nowhere.sock")
    started = time.monotonic()
    assert do_nothing.delay() is None
    assert time.monotonic() - started < PATIENCE_SECONDS


def test_a_message_taken_and_not_finished_is_put_back(broker):
    do_nothing.delay()
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        queue.get(timeout=5)  # taken by a worker that will never finish
        connection.default_channel.connection._avail_channels.clear()
        with redis.from_url(broker) as client:
            assert client.llen("celery") == 0
            assert restore_unacknowledged() == 1
            assert client.llen("celery") == 1
            assert restore_unacknowledged() == 0


def test_tasks_are_kept_until_they_are_done():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["visibility_timeout"] == 1800


def test_the_schedule_is_in_code():
    assert {name: entry["task"] for name, entry in app.conf.beat_schedule.items()} == {
        "tick": "reviews.tasks.tick",
        "sweep": "reviews.tasks.sweep",
        "housekeeping": "reviews.tasks.housekeeping",
    }


def test_the_cache_is_shared_while_the_server_is_there(settings, valkey):
    settings.CACHES = cache_at(valkey)
    caches["default"].set("limit", 1)
    with redis.from_url(valkey) as client:
        assert client.keys("portal:*limit")


def test_the_cache_counts_on_while_the_server_is_away(settings, tmp_path):
    settings.CACHES = cache_at(f"unix://{tmp_path}/nowhere.sock")
    cache = caches["default"]
    cache.set("limit", 1)
    assert cache.incr("limit") == 2
    assert cache.get("limit") == 2
    assert not cache.add("limit", 5)


def cache_at(address: str) -> dict:
    """The cache setting for one address."""
    return {"default": {"BACKEND": "config.cache.PatientCache", "LOCATION": address, "KEY_PREFIX": "portal"}}


def test_valkey_refuses_a_path_it_would_die_of(tmp_path):
    with pytest.raises(ValueError, match=str(LONGEST_SOCKET_PATH)):
        valkey_command(tmp_path / ("x" * LONGEST_SOCKET_PATH), tmp_path)


def test_valkey_opens_no_port(tmp_path):
    command = valkey_command(tmp_path / "v.sock", tmp_path)
    assert command[command.index("--port") + 1] == "0"
