"""Mail that does not move: messages nobody takes up, messages given up, days on which no run was planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from agencies.days import in_words
from agencies.models import Partnership
from reviews.chasing import outbox, planning
from reviews.inspection.findings import Finding, counted
from reviews.models import Line, Notice, Review, Run, Why

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The sweep comes every minute; what still waits after this long is waiting for nobody.
STUCK_AFTER = dt.timedelta(minutes=15)
LOOKS_BACK = dt.timedelta(days=7)
#: A run may wait for the evening of its day; if yesterday has none either, nothing plans.
DAYS_WITHOUT_A_RUN = 2


def outbox_moves(now: dt.datetime, *, mend: bool) -> Iterator[Finding]:
    """Find messages that should have gone and have not."""
    stuck = outbox.waiting(now - STUCK_AFTER).filter(queued_at__lte=now - STUCK_AFTER).count()
    if stuck:
        yield Finding(
            f"{counted(stuck, 'message has', 'messages have')} waited for over a quarter of an hour.",
            "See that worker and schedule run (docs/operations.md), or send them with manage.py send_reminders.",
        )
    given_up = Notice.objects.filter(
        state=Notice.State.FAILED, retry_at__isnull=True, queued_at__gte=now - LOOKS_BACK
    ).values_list("why")
    for why, number in given_up.annotate(number=Count("pk")).order_by("why"):
        yield Finding(
            f"{counted(number, 'message', 'messages')} of the last week could not be sent ({why}).",
            "Look at the mail server for an answer such as smtp_550, and at the addresses in the send log. "
            "The next day's run sends reminders again; for a mail about an account, people ask anew.",
        )
    loose = _lines_of_settled_messages()
    if number := loose.count():
        if mend:
            loose.update(state=Line.State.DROPPED, why=Why.NOTHING_LEFT)
        yield Finding(
            f"{counted(number, 'reminder still waits', 'reminders still wait')} in messages that are done with.",
            "Run manage.py check_portal --mend: they are freed, and the next run sends what is still due.",
            mended=mend,
        )


def runs_come(now: dt.datetime) -> Iterator[Finding]:
    """Find partnerships that chase and had no run for two days, though their review has been here for as long."""
    chased = Review.objects.filter(partnership=OuterRef("pk"), chasing_from__isnull=False)
    for partnership in Partnership.objects.filter(Exists(chased), chasing_paused=False).order_by("pk"):
        since = planning.local_day(partnership, now) - dt.timedelta(days=DAYS_WITHOUT_A_RUN)
        here = Review.objects.filter(partnership=partnership, recorded_at__lt=now - dt.timedelta(DAYS_WITHOUT_A_RUN))
        planned = Run.objects.filter(partnership=partnership, on__gt=since)
        if here.filter(chasing_from__lt=since).exists() and not planned.exists():
            yield Finding(
                f"No reminders were planned for partnership {partnership.code} since {in_words(since)}.",
                "See that exactly one schedule (celery beat) and a worker run, or run manage.py send_reminders.",
            )


def _lines_of_settled_messages() -> QuerySet[Line]:
    state = Notice.State
    done = Q(notice__state__in=(state.SENT, state.DROPPED)) | Q(
        notice__state=state.FAILED, notice__retry_at__isnull=True
    )
    return Line.objects.filter(done, state=Line.State.QUEUED)
