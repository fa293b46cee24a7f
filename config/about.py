"""What the work at hand is: one request, or one task. Every line that is logged meanwhile carries it.

The codes come from here and from nowhere else: a number of our own for a request (or the proxy's, where it has the
same form), a task's name and number. What a person typed is never part of it.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

#: The ids of the work at hand.
AT_HAND: ContextVar[dict[str, str]] = ContextVar("AT_HAND", default={})  # noqa: B039 -- never written into
#: The only form in which a number from outside is believed: what nginx makes as $request_id.
NUMBER = re.compile(r"[0-9a-f]{32}")
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


def log_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: one line for each request, and its number on every line in between and on the answer."""

    def respond(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if NUMBER.fullmatch(given) else uuid.uuid4().hex
        before = AT_HAND.set({"request": number})
        started = time.perf_counter()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = number
            log.info("request", extra=facts(request, response, time.perf_counter() - started))
            return response
        finally:
            AT_HAND.reset(before)

    return respond


def facts(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, Any]:
    """What is said of a request: the name of its address, never the address; the person's number, never the name."""
    match = request.resolver_match
    user = getattr(request, "_cached_user", None)  # asking for request.user would open a session for nothing
    return {
        "method": method(request),
        "route": (match.view_name if match else "") or "(no such page)",
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "user": getattr(user, "pk", None),
    }


def method(request: HttpRequest) -> str:
    """How the address was asked, where that is a word of HTTP and not of somebody's own."""
    return request.method if request.method in METHODS else "(other)"


@task_prerun.connect
def begin_task(task_id: str, task: Any, **_: Any) -> None:
    """From here on lines carry the task's name and number; its arguments are nobody's business."""
    AT_HAND.set({"task": task.name, "task_id": task_id})


@task_postrun.connect
def end_task(**_: Any) -> None:
    """What comes now belongs to no task."""
    AT_HAND.set({})
