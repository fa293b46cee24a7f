"""`manage.py load_example`: an example borough to look round in; only where nothing real can be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reviews.example import cast, loading
from reviews.example.sign_in import table


class Command(BaseCommand):
    """Loads the example, or shows who can sign in to it."""

    help = "Load the example: a borough with plans and invented people. Only in the embedded default."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--people`` shows who can sign in, and loads nothing."""
        parser.add_argument("--people", action="store_true", help="show who can sign in to the example; load nothing")

    def handle(self, *, people: bool = False, verbosity: int = 1, **_: Any) -> None:
        """Load once, or show the people."""
        if not settings.EMBEDDED:
            raise CommandError(
                "The example has passwords that everybody knows, so it is loaded only on one machine by itself: "
                "without DATABASE_URL, and with SITE_URL on localhost."
            )
        if people:
            self._show_people()
        elif loading.is_loaded():
            self._say("The example is already here. Nothing was changed.", verbosity)
        else:
            self._load(verbosity)

    def _load(self, verbosity: int) -> None:
        if taken := loading.addresses_in_use():
            raise CommandError(
                f"The example cannot be loaded: somebody here already signs in as {', '.join(sorted(taken))}. "
                "Use an empty data folder: DATA_DIR=/some/folder"
            )
        loading.load(timezone.localdate())
        self._say("The example is loaded. Who can sign in: manage.py load_example --people", verbosity)

    def _show_people(self) -> None:
        if not loading.is_loaded():
            return
        self.stdout.write(f"These invented people can sign in. The password of each is: {cast.PASSWORD}\n")
        self.stdout.write("(An example only: it stands in the source for everybody to read.)\n\n")
        self.stdout.write(table())

    def _say(self, words: str, verbosity: int) -> None:
        if verbosity:
            self.stdout.write(words)
