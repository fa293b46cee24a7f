"""What the schedule and the workers call. A task fetches, calls and ends; what it works on stands in rows."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from agencies import confirming, kept
from agencies.actors import SCHEDULE
from agencies.models import Partnership
from reviews import drafts, leaving, readers, returning
from reviews.chasing import delivery, outbox, planning
from reviews.importing import leases, work
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
    """Ask for whatever waits: new, due again, or left behind by a worker that was killed."""
    for pk in leases.waiting(timezone.now()).values_list("pk", flat=True):
        go_on_with_import.delay(pk)
    delivery.deliver_waiting()
    heard_of(Work.SWEEP, timezone.now())


@shared_task
def go_on_with_import(pk: int) -> None:
    """Read a plan that was brought, or bring it in, or undo that: whatever there is to do on it."""
    work.go_on(pk)


@shared_task
def housekeeping() -> None:
    """Once a day: end what has a planned end or was not confirmed, forget old sessions and mail about accounts.

    One that fails keeps none of the others from being done, and fails the task in the end.
    """
    now, today = timezone.now(), timezone.localdate()
    jobs = (
        lambda: outbox.forget_account_mail(now),
        lambda: readers.end_those_due(on=today, by=SCHEDULE),
        lambda: confirming.ask_those_due(on=today, by=SCHEDULE),
        lambda: leaving.end_unconfirmed(on=today, by=SCHEDULE),
        lambda: returning.give_back_stranded(by=SCHEDULE),
        lambda: drafts.sweep_unsent(now=now, by=SCHEDULE),
        lambda: kept.sweep(now=now),
        lambda: call_command("clearsessions"),
    )
    failed = []
    for job in jobs:
        try:
            job()
        except Exception as error:  # noqa: BLE001 -- it is raised below
            failed.append(error)
    if failed:
        raise ExceptionGroup("housekeeping", failed)
