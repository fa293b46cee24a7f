"""Whether the portal is well, in codes and ages only: anybody may ask, so nothing here says whose portal it is.

`check_portal` looks long and says what to do. This looks for a moment and is asked by monitors every few seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeAlias

from celery import current_app
from django.conf import settings
from django.db import Error, connection, models
from django.db.models import Case, F, Min, Q, When
from kombu.exceptions import OperationalError

from reviews.chasing import outbox
from reviews.models import Heartbeat, Notice

Health: TypeAlias = dict[str, Any]

#: Mail that has waited for longer is waiting for nobody: the sweep comes each minute.
MAIL_WAITS = dt.timedelta(minutes=15)
#: The tick comes every five minutes; three in a row may not be missed.
TICK_WITHIN = dt.timedelta(minutes=15)
BROKER_SECONDS = 2
_STATE = Notice.State


class Work(models.TextChoices):
    """Scheduled work that leaves a sign of life."""

    TICK = "tick", "Looking for partnerships whose hour has come"
    SWEEP = "sweep", "Sending what waits"


def heard_of(work: Work, at: dt.datetime) -> None:
    """Scheduled work has come to its end."""
    Heartbeat.objects.update_or_create(name=work, defaults={"at": at})


def last_heard_of(work: Work) -> dt.datetime | None:
    """When scheduled work last came to its end. None: never."""
    return Heartbeat.objects.filter(name=work).values_list("at", flat=True).first()


def oldest_waiting_mail(now: dt.datetime) -> dt.datetime | None:
    """Since when the message that has waited longest could have been sent. None: nothing waits.

    A message that was not tried, because no worker or no mail server was there, waits since it was written. One that
    is tried again later waits from then, and one whose sender was killed from the end of its lease. What a pause holds
    back waits for nobody.
    """
    due = (
        Q(state=_STATE.QUEUED, queued_at__lte=now)
        | Q(state=_STATE.FAILED, retry_at__lte=now)
        | Q(state=_STATE.SENDING, lease_until__lte=now)
    )
    since = Case(
        When(state=_STATE.FAILED, then=F("retry_at")),
        When(state=_STATE.SENDING, then=F("lease_until")),
        default=F("queued_at"),
    )
    found: dt.datetime | None = Notice.objects.exclude(outbox.HELD).filter(due).aggregate(oldest=Min(since))["oldest"]
    return found


def database_health(_: dt.datetime) -> Health:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"status": "ok"}


def broker_health(_: dt.datetime) -> Health:
    """Whether the broker answers. Pages work without it; mail and imports wait."""
    if not settings.REDIS_URL:
        return {"status": "none"}
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except (OSError, OperationalError):
        return {"status": "away"}
    return {"status": "ok"}


def mail_health(now: dt.datetime) -> Health:
    """For how long the oldest message has waited to be sent."""
    waited = _age(oldest_waiting_mail(now), now) or 0
    return {"status": "ok" if waited <= MAIL_WAITS.total_seconds() else "stuck", "oldest_waiting_seconds": waited}


def schedule_health(now: dt.datetime) -> Health:
    """When the schedule last looked for work, and a worker did it."""
    tick, sweep = (_age(last_heard_of(work), now) for work in (Work.TICK, Work.SWEEP))
    silent = tick is None or tick > TICK_WITHIN.total_seconds()
    return {"status": "silent" if silent else "ok", "last_tick_seconds": tick, "last_sweep_seconds": sweep}


PARTS: dict[str, Callable[[dt.datetime], Health]] = {
    "database": database_health,
    "broker": broker_health,
    "mail": mail_health,
    "schedule": schedule_health,
}


def look(part: str, now: dt.datetime) -> Health:
    """How one part is. A part that cannot be asked, because the database is away, is `unknown`."""
    try:
        return PARTS[part](now)
    except Error:
        return {"status": "away" if part == "database" else "unknown"}


def is_well(health: Health) -> bool:
    """Whether a part does its work, or is not there to do any."""
    return health["status"] in ("ok", "none")


def _age(moment: dt.datetime | None, now: dt.datetime) -> int | None:
    return None if moment is None else max(0, int((now - moment).total_seconds()))
