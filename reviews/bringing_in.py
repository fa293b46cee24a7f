"""What is done at once when a plan is brought in, and what is left to a worker: by how long it would take.

Nobody waits at a screen for longer than a few seconds, and what is left to a worker may be left alone: its row says how
far it is, to whoever has the right to look.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction

from agencies.actors import System
from agencies.models import Partnership, User
from agencies.refusals import Refused
from reviews.importing import confirming, receiving, undoing, work
from reviews.importing.pieces import SIZE
from reviews.models import PlanImport
from reviews.tasks import go_on_with_import

log = logging.getLogger(__name__)

#: A larger file is read by a worker.
SHORT_FILE = 300_000
#: A longer plan is brought in, or undone, by a worker.
SHORT_PLAN = 2 * SIZE


def take_in(*, partnership: Partnership, name: str, data: bytes, by: User | System) -> PlanImport:
    """Read a short file now, or keep a long one for a worker. Refused with a sentence where it cannot be read now."""
    if len(data) <= SHORT_FILE:
        return receiving.stage(partnership=partnership, name=name, data=data, by=by, or_ask=True)
    received = receiving.receive(partnership=partnership, name=name, data=data, by=by)
    _leave(received.pk)
    return received


def confirm(*, plan_import: PlanImport, by: User | System, on: dt.date) -> PlanImport:
    """Bring a short plan in now, or let a worker bring in a long one. A second press begins nothing.

    Refused with a sentence for what is missing; then nothing is begun.
    """
    looked = confirming.begin(plan_import=plan_import, by=by, on=on)
    if looked is not None:
        if looked.staged.total <= SHORT_PLAN:
            _here(looked.staged.pk)
        else:
            _leave(looked.staged.pk)
    staged = PlanImport.objects.defer("reading").select_related("review").get(pk=plan_import.pk)
    if staged.state == PlanImport.State.STAGED:  # a rule forbade it in the middle
        raise Refused(staged.problem)
    return staged


def undo(*, plan_import: PlanImport, by: User | System) -> PlanImport:
    """Let nothing that an import brought stand any longer. What is left to be voided is voided now if it is little."""
    begun = undoing.begin(plan_import=plan_import, by=by)
    if begun.state == PlanImport.State.UNDOING:
        _leave(begun.pk)
    return begun


def _leave(pk: int) -> None:
    transaction.on_commit(lambda: go_on_with_import.delay(pk))


def _here(pk: int) -> None:
    """Do it now. Where a fault of our own stops it, the sweep goes on: nobody is shown a page that says so."""
    try:
        work.go_on(pk)
    except Exception:
        log.exception("an import could not be finished at once", extra={"plan_import": pk})
