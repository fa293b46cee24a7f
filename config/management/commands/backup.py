"""manage.py backup FILE: everything that cannot be had again, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.keeping.refusals import CannotGoOn
from config.keeping.whole import back_up


class Command(BaseCommand):
    """Writes database and files to one new file, while people work."""

    help = (
        "Writes database, files and, in the embedded default, the secret key to one new file. The portal may go on "
        "meanwhile. The file is not encrypted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and whether with files."""
        parser.add_argument("file", type=Path, help="a new file, such as portal-2026-03-31.tar.gz")
        parser.add_argument(
            "--without-files", action="store_true", help="leave out evidence and imports, where a bucket keeps them"
        )

    def handle(self, *_: Any, file: Path, without_files: bool, **__: Any) -> None:
        """Back up, and say how much it was."""
        try:
            kept = back_up(file.resolve(), with_files=not without_files, now=timezone.localtime())
        except CannotGoOn as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"{file}: {kept.rows} rows of {kept.tables} tables, {kept.files} files.")
