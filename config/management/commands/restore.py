"""manage.py restore FILE: a backup, into an empty place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.keeping.refusals import CannotGoOn
from config.keeping.whole import restore


class Command(BaseCommand):
    """Brings back what `backup` wrote: into a database without tables and a store without files, never over data."""

    help = "Brings a backup back into an empty database and an empty DATA_DIR. It never goes over data."
    requires_system_checks: list[str] = []  # there is no database to check yet  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path, help="a file that manage.py backup wrote")

    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        """Restore, and say how much it was and what to look at."""
        try:
            kept = restore(file)
        except CannotGoOn as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"As of {kept.made_at}: {kept.rows} rows of {kept.tables} tables, {kept.files} files.")
        for warning in kept.warnings:
            self.stdout.write(f"! {warning}")
        self.stdout.write("Now run manage.py migrate, manage.py after_restore and manage.py check_portal.")
