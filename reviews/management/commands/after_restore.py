"""manage.py after_restore: what an older backup brought back that should not be true again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agencies.actors import COMMAND
from reviews.restoring import of_then, put_aside


class Command(BaseCommand):
    """Says what of an older day is in force again; with ``--put-aside`` it ends what can be ended safely."""

    help = (
        "After restoring a backup, before the worker starts: says which sessions, invitations, messages and readers of "
        "restricted reviews are those of the day of the backup. --put-aside ends the sessions, withdraws the "
        "invitations, sends none of the messages, pauses all reminders and has who still belongs asked anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One option."""
        parser.add_argument("--put-aside", action="store_true", help="do it, and do not only say it")

    def handle(self, *_: Any, **options: Any) -> None:
        """Say it, or do it, and say what is left to people."""
        done = options["put_aside"]
        found = put_aside(by=COMMAND) if done else of_then()
        for number, words, then in (
            (found.sessions, "sessions", "ended"),
            (found.invitations, "open invitations", "withdrawn: invite again whoever should still come"),
            (found.messages, "messages waiting to be sent", "put aside: people ask anew for mails about their account"),
            (found.sending, "partnerships whose reminders go out", "paused: look at the next mail, then start them"),
            (found.asked, "people about whom their agency was asked", "to be asked about anew, with another month"),
        ):
            self.stdout.write(f"{number} {words}{f' {then}' if done else ''}")
        self.stdout.write(
            f"! {found.members} people with their roles are those of the backup's day: who left since is back."
        )
        for review, agency, number in found.readings:
            self.stdout.write(f"! {review} is restricted: {number} named to read it at {agency}. Ask its lead.")
        for review, partnership, number in found.panels:
            reads = "panel reader reads" if number == 1 else "panel readers read"
            self.stdout.write(f"! {review} ({partnership}): {number} {reads} it. Ask its coordinator.")
        if not done:
            self.stdout.write("Nothing is changed. manage.py after_restore --put-aside puts the first five aside.")
