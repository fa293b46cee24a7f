"""A day's run: the messages of one partnership's day, written as rows before anything is sent."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from agencies import audit
from agencies.models import Partnership
from agencies.permissions import require
from agencies.roles import Permission
from reviews.chasing import outbox
from reviews.chasing.selection import Digest, due
from reviews.models import Line, Notice, Run, Why

if TYPE_CHECKING:
    from agencies.actors import System
    from agencies.models import User


def zone_of(partnership: Partnership) -> ZoneInfo:
    """The partnership's time zone; the site's where that name means nothing (``check_portal`` reports it)."""
    try:
        return ZoneInfo(partnership.time_zone)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder's name
        return ZoneInfo(settings.TIME_ZONE)


def local_day(partnership: Partnership, now: dt.datetime) -> dt.date:
    """Which day it is where the partnership is."""
    return now.astimezone(zone_of(partnership)).date()


def is_time(partnership: Partnership, now: dt.datetime) -> bool:
    """Whether the partnership's hour has come and its run of today has not been planned.

    Asked again and again through the day, so that an outage delays a run and does not lose it. An hour that the clocks
    leap over has come when they have leapt; one that comes twice finds the run planned.
    """
    local = now.astimezone(zone_of(partnership))
    if partnership.chasing_paused or local.hour < partnership.chasing_hour:
        return False
    return not Run.objects.filter(partnership=partnership, on=local.date()).exists()


def next_day(partnership: Partnership, now: dt.datetime) -> dt.date:
    """The day whose reminders come next: today until they are planned, then tomorrow."""
    today = local_day(partnership, now)
    planned = Run.objects.filter(partnership=partnership, on=today).exists()
    return today + dt.timedelta(days=1) if planned else today


def plan_run(*, partnership: Partnership, on: dt.date, by: User | System) -> Run | None:
    """Plan the reminders of ``on``: the run, its messages and their lines, in one short write.

    None where the day was planned before, by whomever, or while the partnership's mail is paused.
    """
    require(by, Permission.RUN_CHASING, partnership)
    if partnership.chasing_paused or Run.objects.filter(partnership=partnership, on=on).exists():
        return None
    selection = due(partnership, on)  # before the write, which keeps everybody else waiting on SQLite
    try:
        with transaction.atomic():
            run = Run.objects.create(
                partnership=partnership, on=on, expected=len(selection.digests), left_out=selection.left_out
            )
            _write(run, selection.digests)
            audit.record("run.planned", by=by, about=run, partnership=partnership.pk, expected=run.expected)
    except IntegrityError:
        if Run.objects.filter(partnership=partnership, on=on).exists():
            return None  # somebody else planned this day between our look and our write
        raise
    return run


def _write(run: Run, digests: tuple[Digest, ...]) -> None:
    notices = Notice.objects.bulk_create(
        [
            Notice(
                run=run,
                partnership=run.partnership,
                person=digest.person,
                key=f"digest:{run.partnership_id}:{run.on}:{digest.person.pk}",
            )
            for digest in digests
        ],
        batch_size=500,
    )
    lines = [
        Line(
            notice=notice,
            person=digest.person,
            action=row.action,
            stage=row.reached.stage,
            number=row.reached.number,
            anchor=row.reached.anchor,
        )
        for notice, digest in zip(notices, digests, strict=True)
        for row in digest.reminders
    ]
    _overtake(run.partnership, lines)
    Line.objects.bulk_create(lines, batch_size=500)


def _overtake(partnership: Partnership, newer: list[Line]) -> None:
    """What still waits from an earlier day about the same action, to the same person, is not sent as well."""
    pairs = {(line.action_id, line.person_id) for line in newer}
    waiting = outbox.waiting_lines(partnership)
    overtaken = [
        pk for pk, action, person in waiting.values_list("pk", "action", "person") if (action, person) in pairs
    ]
    Line.objects.filter(pk__in=overtaken).update(state=Line.State.SUPERSEDED, why=Why.OVERTAKEN)
