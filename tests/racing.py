"""Two people at the same moment: their calls in threads of their own, and a point at which they wait for each other."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

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
