"""`manage.py make_bulk_data`: as many plans as a county has, to measure with; never beside real ones."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reviews.example import bulk


class Command(BaseCommand):
    """Makes invented plans, agencies and people; nobody can sign in as them and nothing is chased."""

    help = "Make invented plans, agencies and people in bulk, to measure with. Only where nothing real is."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many of each; the same seed makes the same."""
        parser.add_argument("--reviews", type=int, default=50, metavar="N")
        parser.add_argument("--actions", type=int, default=100_000, metavar="N")
        parser.add_argument("--agencies", type=int, default=200, metavar="N")
        parser.add_argument("--users", type=int, default=2000, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="N")

    def handle(
        self, *, reviews: int, actions: int, agencies: int, users: int, seed: int, verbosity: int = 1, **_: Any
    ) -> None:
        """Check that nothing real is here, then make, saying each step."""
        if min(reviews, actions, agencies, users) < 1:
            raise CommandError("Ask for at least one of each: --reviews, --actions, --agencies, --users.")
        if bulk.in_the_way():
            raise CommandError(
                "There are partnerships here already, and invented plans are never mixed with others. "
                "Use an empty database: DATABASE_URL=..., or DATA_DIR=/some/folder and then manage.py migrate"
            )
        for step in bulk.make(bulk.Size(reviews, actions, agencies, users, seed), timezone.localdate()):
            if verbosity:
                self.stdout.write(step)
