"""manage.py send_reminders: a day's reminders, sent now or only shown."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F
from django.utils import timezone

from agencies.actors import COMMAND
from agencies.models import Partnership
from reviews.chasing import delivery, planning, selection
from reviews.models import Notice, Run

if TYPE_CHECKING:
    from collections.abc import Iterable


class Command(BaseCommand):
    """Plans the runs of a day and sends them. Run twice, it sends nothing twice."""

    help = (
        "Sends the reminders and chasers of a day: once, however often it is run. "
        "With --dry-run it only shows who would be written to, about which actions."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options that docs/chasing.md describes."""
        parser.add_argument("--on", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="the day; today by default")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, send nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *_: Any, **options: Any) -> None:
        """Show the day's messages, and send them unless it is a dry run."""
        today = timezone.localdate()
        on = options["on"] or today
        if on > today and not options["dry_run"]:
            raise CommandError(f"{on} has not come yet. Add --dry-run to see what would be sent on that day.")
        partnerships = Partnership.objects.order_by("pk")
        if options["dry_run"]:
            notices = [notice for partnership in partnerships for notice in _to_come(partnership, on)]
        else:
            notices = [notice for partnership in partnerships for notice in _planned(partnership, on)]
        failed = 0 if options["dry_run"] else self._deliver()
        if options["format"] == "json":
            self.stdout.write(json.dumps({"on": f"{on}", "notices": notices}, indent=1))
        else:
            self._show(notices)
        if failed:
            raise CommandError(
                f"{_counted(failed, 'message')} could not be sent and will be tried again. The send log says why."
            )

    def _deliver(self) -> int:
        counts = delivery.deliver_waiting()
        words = (f"{counts[what]} {label}" for what, label in _OUTCOMES.items())
        self.stderr.write(", ".join(words))
        return counts["failed"]

    def _show(self, notices: list[dict[str, Any]]) -> None:
        for notice in notices:
            self.stdout.write(notice["to"])
            for line in notice["lines"]:
                self.stdout.write(f"  {line['plan']} action {line['reference']} ({line['action']}): {line['stage']}")
        self.stdout.write(_counted(len(notices), "message"))


_OUTCOMES = {"sent": "sent", "failed": "failed", "dropped": "not sent because no longer needed or allowed"}


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _to_come(partnership: Partnership, on: dt.date) -> Iterable[dict[str, Any]]:
    if Run.objects.filter(partnership=partnership, on=on).exists():
        return
    for digest in selection.due(partnership, on).digests:
        lines = [_line(row.action, row.reached.stage, row.reached.number) for row in digest.reminders]
        yield {"to": digest.person.email, "kind": Notice.Kind.DIGEST.value, "lines": lines}


def _planned(partnership: Partnership, on: dt.date) -> Iterable[dict[str, Any]]:
    run = planning.plan_run(partnership=partnership, on=on, by=COMMAND)
    if run is None:
        return
    notices = run.notices.order_by("pk").annotate(to=F("person__email"))
    for notice in notices.prefetch_related("lines__action__review", "lines__action__recommendation"):
        lines = [_line(line.action, line.stage, line.number) for line in notice.lines.all()]
        yield {"to": notice.to, "kind": notice.kind, "lines": lines}


def _line(action: Any, stage: str, number: int) -> dict[str, Any]:
    return {
        "action": action.pk,
        "stage": str(stage),
        "number": number,
        "plan": action.review.reference,
        "reference": action.label,
    }
