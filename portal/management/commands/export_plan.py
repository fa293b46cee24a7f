"""`manage.py export_plan REF --format docx`: a review's plan as a file."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from agencies.actors import COMMAND
from portal.papers import taking
from portal.papers.formats import FORMATS, NOT_YET, Export, export
from portal.papers.layouts import LAYOUTS, UPDATE_REPORT
from reviews.as_at import plan_as_at
from reviews.models import Review

IN_WORDS = ("csv", "html")


class Command(BaseCommand):
    """Writes a plan to a file, or to standard output."""

    help = "Export a review's plan as at a day. Without --output it goes to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        """The review, the format, the day, the layout, and where to."""
        parser.add_argument("reference", metavar="REF", help="the review's reference, for example DARDR-2025-1")
        parser.add_argument("--format", choices=(*FORMATS, *NOT_YET), required=True, dest="extension")
        parser.add_argument("--as-at", type=_day, metavar="YYYY-MM-DD", help="the day for which it speaks (today)")
        parser.add_argument("--layout", choices=tuple(LAYOUTS), default=UPDATE_REPORT)
        parser.add_argument("--partnership", metavar="CODE", help="where two partnerships use the same reference")
        parser.add_argument("--output", metavar="FILE", type=Path, help="the file to write")

    def handle(self, *, reference: str, extension: str, layout: str, **options: Any) -> None:
        """Find the review, render its plan, write it."""
        if extension in NOT_YET:
            raise CommandError(f"Plans cannot be had as {extension} yet. Choose one of: {', '.join(FORMATS)}.")
        today = timezone.localdate()
        on = options["as_at"] or today
        if on > today:
            raise CommandError(f"{on} has not come yet. Choose a day up to today, {today}.")
        review = _find(reference, options["partnership"])
        file = export(plan_as_at(review, on), extension, layout)
        with transaction.atomic():  # what could not be written was not taken away
            taking.write_down(review, by=COMMAND, extension=extension, layout=layout, as_at=on)
            self._give(file, extension, options["output"])

    def _give(self, file: Export, extension: str, to: Path | None) -> None:
        if to:
            _write(to, file)
            self.stderr.write(f"Written: {to}")
            return
        if extension in IN_WORDS:
            self.stdout.write(file.data.decode(), ending="")
        elif sys.stdout.isatty():
            raise CommandError(f"A {extension} file is not for the screen. Say where to: --output {file.name}")
        else:
            sys.stdout.buffer.write(file.data)


def _day(text: str) -> dt.date:
    """A day as the command line gives it; ValueError when it is none."""
    return dt.date.fromisoformat(text)


def _find(reference: str, partnership: str | None) -> Review:
    found = Review.objects.filter(reference=reference).select_related("partnership")
    if partnership:
        found = found.filter(partnership__code=partnership)
    reviews = list(found)
    if not reviews:
        where = f" in the partnership {partnership}" if partnership else ""
        raise CommandError(f"There is no review {reference}{where}.")
    if len(reviews) > 1:
        codes = " or ".join(f"--partnership {review.partnership.code}" for review in reviews)
        raise CommandError(f"Several partnerships have a review {reference}. Say which: {codes}")
    return reviews[0]


def _write(path: Path, file: Export) -> None:
    try:
        path.write_bytes(file.data)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
