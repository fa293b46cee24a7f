"""manage.py check_portal: what is wrong with this portal, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reviews.inspection.backups import backups, newest_in_words
from reviews.inspection.configuration import configuration, tables
from reviews.inspection.mail import outbox_moves, runs_come
from reviews.inspection.projections import permissions, projections, readings
from reviews.inspection.walls import walls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviews.inspection import Finding


class Command(BaseCommand):
    """Looks the portal over. Ends with an error while anything is wrong, so that a monitor can run it."""

    help = (
        "Looks over what is worked out from other rows, permissions, the walls between partnerships, mail and "
        "settings; says what is wrong and how to mend it. --mend mends what can be worked out anew."
    )
    requires_system_checks: list[str] = []  # they are part of what is looked over  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        """One option."""
        parser.add_argument("--mend", action="store_true", help="work out anew what can be")

    def handle(self, *_: Any, mend: bool, **__: Any) -> None:
        """Look, and say what was found."""
        now = timezone.now()
        if wrong := self._show("Tables", tables()):
            raise CommandError(_WRONG.format(wrong))
        looks = {
            "Settings, broker, mail server": configuration(),
            "Walls between partnerships": walls(),
            "Status and dates": projections(mend=mend),
            "Permissions": [*readings(mend=mend), *permissions(mend=mend)],
            "Outbox": outbox_moves(now, mend=mend),
            "Daily runs": runs_come(now),
        }
        if settings.BACKUP_FOLDER:
            looks[f"Backups{newest_in_words(now)}"] = backups(now)
        wrong = sum(self._show(name, findings) for name, findings in looks.items())
        if wrong:
            raise CommandError(_WRONG.format(wrong))

    def _show(self, name: str, findings: Iterable[Finding]) -> int:
        """Say what was found under one name; how much of it is still wrong."""
        found = list(findings)
        self.stdout.write(name if found else f"{name}: as it should be")
        for finding in found:
            self.stdout.write(f"  ! {finding.what}")
            self.stdout.write(f"    {'This has been mended.' if finding.mended else finding.cure}")
        return sum(not finding.mended for finding in found)


_WRONG = "Things that are wrong: {}. See above."
