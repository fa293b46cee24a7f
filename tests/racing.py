"""Two people at the same moment: their calls in threads of their own, and a point at which they wait for each other."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.db import connection, transaction

#: How long one call waits for the others to come as far: on SQLite they cannot, since one writes after the other.
PATIENCE = 1


def at_once(*calls: Callable[[], object]) -> list[BaseException]:
    """Run ``calls`` in threads of their own, started together; the errors they ended with."""
    start, errors = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            call()
        except Exception as error:  # noqa: BLE001 -- given back to the test, which says what it expects
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a call hung"
    return errors


def meet(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, calls: int = 2) -> None:
    """Let so many calls come as far as the function ``module.name`` before any of them goes on with it."""
    point, do = threading.Barrier(calls), getattr(module, name)

    def together(*args: Any, **values: Any) -> Any:
        with contextlib.suppress(threading.BrokenBarrierError):  # another waits for what this one holds
            point.wait(timeout=PATIENCE)
        return do(*args, **values)

    monkeypatch.setattr(module, name, together)


@contextlib.contextmanager
def waiting(
    calls: Mapping[str, Callable[[], object]], *, behind: Callable[[], object]
) -> Iterator[dict[str, BaseException | None]]:
    """Let ``calls`` run, each in a thread of its own, into the locks that ``behind`` has got.

    They wait while the block runs, and go on when all of it is committed. What each ended with is there afterwards.
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
        behind()
        for thread in threads:
            thread.start()
        _until_all_wait(len(threads))
        yield ended
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a call hung"


def _until_all_wait(number: int) -> None:
    """SQLite lets nobody begin to write meanwhile, and cannot say who waits."""
    end = time.monotonic() + 20
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() == (number,):
                return
        assert time.monotonic() < end, "somebody did not wait"
        time.sleep(0.02)
