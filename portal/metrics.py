"""Numbers for Prometheus: how long pages take, what waits. Names of addresses and codes only, as in the logs.

Off unless METRICS_TOKEN is set. The web server's processes count into files they share (`config.web_server`); what
waits is asked of the database and the broker when somebody looks.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from celery import current_app
from django.conf import settings
from django.db import Error
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from kombu.exceptions import OperationalError
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from reviews.inspection.health import MAIL_WAITS, Work, broker_health, last_heard_of, oldest_waiting_mail
from reviews.models import Notice

REQUESTS = Histogram(
    "portal_request_seconds",
    "Seconds until an answer began, by the name of the address",
    ("method", "route", "status"),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
METHODS = ("GET", "HEAD", "POST")
NOT_DONE_WITH = (Notice.State.QUEUED, Notice.State.SENDING)


def count_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: one observation for each request, while metrics are on."""

    def respond(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        if settings.METRICS_TOKEN:
            match = request.resolver_match
            route = (match.view_name if match else "") or "(no such page)"
            method = request.method if request.method in METHODS else "(other)"
            REQUESTS.labels(method, route, f"{response.status_code // 100}xx").observe(time.perf_counter() - started)
        return response

    return respond


class Waiting:
    """What waits, as of now."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each number with its meaning; those that cannot be asked are left out."""
        try:
            yield from _of_the_database()
        except Error:
            yield _gauge("portal_database_up", "Whether the database answers", 0)
        else:
            yield _gauge("portal_database_up", "Whether the database answers", 1)
        yield from _of_the_broker()


def text() -> bytes:
    """Everything in Prometheus' own form: requests of all this machine's web processes, and what waits."""
    registry = CollectorRegistry()
    registry.register(Waiting())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


def _of_the_database() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    counted = dict.fromkeys(NOT_DONE_WITH, 0) | dict(
        Notice.objects.filter(state__in=NOT_DONE_WITH).values_list("state").annotate(number=Count("pk")).order_by()
    )
    messages = GaugeMetricFamily("portal_mail_messages", "Messages not done with, by state", labels=("state",))
    for state, number in counted.items():
        messages.add_metric((str(state),), number)
    oldest = oldest_waiting_mail(now)
    waited = (now - oldest).total_seconds() if oldest else 0
    stuck = f"Seconds that the oldest message has waited; over {MAIL_WAITS.total_seconds():.0f} it is stuck"
    heard = GaugeMetricFamily("portal_schedule_seconds", "Seconds since work of the schedule ended", labels=("work",))
    for work in Work:
        if at := last_heard_of(work):
            heard.add_metric((str(work),), (now - at).total_seconds())
    yield from (messages, _gauge("portal_mail_oldest_waiting_seconds", stuck, waited), heard)


def _of_the_broker() -> Iterator[GaugeMetricFamily]:
    health = broker_health(timezone.now())["status"]
    if health == "none":
        return
    yield _gauge("portal_broker_up", "Whether the broker answers", int(health == "ok"))
    if health != "ok":
        return
    try:
        with current_app.connection_for_read() as connection:
            waiting = connection.default_channel.client.llen(current_app.conf.task_default_queue)
    except (OSError, OperationalError):
        return  # it went away in between
    yield _gauge("portal_broker_tasks", "Tasks that no worker has taken yet", waiting)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)
