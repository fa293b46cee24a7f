"""What the schedule and the workers call. A task fetches, calls and ends; what it works on stands in rows."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from agencies import confirming
from agencies.actors import SCHEDULE
from agencies.models import Partnership
from reviews import drafts, leaving, readers
from reviews.chasing import delivery, outbox, planning
from reviews.inspection.health import Work, heard_of


@shared_task
def tick() -> None:
    """Ask for the run of every partnership whose hour has come. The clock is read here and nowhere below."""
    for partnership in Partnership.objects.order_by("pk"):
        if planning.is_time(partnership, timezone.now()):
            plan_run.delay(partnership.pk)
    heard_of(Work.TICK, timezone.now())


@shared_task
def plan_run(partnership_id: int) -> None:
    """Plan one partnership's run of today, and send what it found."""
    partnership = Partnership.objects.get(pk=partnership_id)
    now = timezone.now()
    if planning.is_time(partnership, now):
        planning.plan_run(partnership=partnership, on=planning.local_day(partnership, now), by=SCHEDULE)
    delivery.deliver_waiting()


@shared_task
def deliver() -> None:
    """Send what waits, because something was queued just now for which somebody waits at a screen."""
    delivery.deliver_waiting()


@shared_task
def sweep() -> None:
    """Send whatever waits: new, due again, or left behind by a worker that was killed."""
    delivery.deliver_waiting()
    heard_of(Work.SWEEP, timezone.now())


@shared_task
def housekeeping() -> None:
    """Once a day: end what has a planned end or was not confirmed, forget old sessions and mail about accounts."""
    outbox.forget_account_mail(timezone.now())
    readers.end_those_due(on=timezone.localdate(), by=SCHEDULE)
    confirming.ask_those_due(on=timezone.localdate(), by=SCHEDULE)
    leaving.end_unconfirmed(on=timezone.localdate(), by=SCHEDULE)
    drafts.sweep_unsent(now=timezone.now(), by=SCHEDULE)
    call_command("clearsessions")
