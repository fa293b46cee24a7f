"""``manage.py import_plan FILE``: read a plan, say what needs a look, and bring it in."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.actors import COMMAND, System
from agencies.models import Partnership, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews.importing import staging
from reviews.importing.again import correcting
from reviews.importing.again.before import carry_over
from reviews.importing.again.comparing import LEADS, SAME
from reviews.importing.again.deciding import decide
from reviews.importing.again.telling import answers_to_all, as_json, as_lines
from reviews.importing.matching import agencies_open_to, known_names
from reviews.importing.pieces import SIZE
from reviews.importing.running import Reading, read_file
from reviews.importing.staged import CREATE, answers_for, rows_of
from reviews.importing.understanding.tables import Unreadable
from reviews.kinds import Kind
from reviews.models import PlanImport, Review
from reviews.uploads import MOST_BYTES

UNREADABLE = 2


class Command(BaseCommand):
    """Bring in a plan from a file, or with ``--dry-run`` say what would be brought in."""

    help = "Bring in an action plan from an Excel workbook, an OpenDocument spreadsheet or a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, where it goes, and how to print."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--review", default="", help="reference of the review to add to; without it a new one")
        parser.add_argument("--partnership", default="", help="code of the partnership")
        parser.add_argument("--by", default="", help="e-mail address of the person who brings it in")
        parser.add_argument("--speaks-for", type=dt.date.fromisoformat, help="the day the plan speaks for, YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="read it and change nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--create-agencies", action="store_true", help="make the agencies that are not known yet")
        parser.add_argument(
            "--unsure",
            choices=("ask", "new", "likest"),
            default="ask",
            help="with --review: what a row is that may be one action or another; ask: nothing is brought in",
        )
        parser.add_argument("--with-leads", action="store_true", help="with --review: change lead agencies, too")
        parser.add_argument("--reference", default="", help="reference of the new review")
        parser.add_argument("--title", default="", help="title of the new review")
        parser.add_argument("--kind", choices=Kind.values, default="", help="kind of the new review")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, then print or bring in. Ends with 2 when the file cannot be read."""
        file: Path = options["file"]
        try:
            size = file.stat().st_size
            data = file.read_bytes() if size <= MOST_BYTES else b""
        except OSError as error:
            raise CommandError(f"{file} cannot be opened: {error.strerror}.", returncode=UNREADABLE) from error
        if size > MOST_BYTES:
            raise CommandError("The file is larger than 20 MB.", returncode=UNREADABLE)
        if options["dry_run"] and not options["review"]:
            self._print(self._read(data, file.name).as_json(), options["format"])
            return
        try:
            (self._compare if options["dry_run"] else self._bring_in)(data, file.name, options)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        except PermissionDenied as denied:
            raise CommandError(f"{options['by']} may not bring in plans of this partnership.") from denied

    def _read(self, data: bytes, name: str, *known: Any) -> Reading:
        try:
            return read_file(data, name, *known)
        except Unreadable as sentence:
            raise CommandError(str(sentence), returncode=UNREADABLE) from sentence

    def _compare(self, data: bytes, name: str, options: dict[str, Any]) -> None:
        """Say what the file would change in the review, and keep nothing of it."""
        partnership, by = self._partnership(options["partnership"]), self._person(options["by"])
        review = self._review(partnership, options["review"])
        require(by, Permission.EDIT_PLAN, review or partnership)
        known = known_names(agencies_open_to(by, partnership))
        reading = self._read(data, name, known, staging.remembered(partnership))
        day = options["speaks_for"] or reading.about.get("speaks_for") or timezone.localdate()
        staged = PlanImport(partnership=partnership, review=review, reading=reading.as_json(), file_name=name)
        staged.speaks_for = day if isinstance(day, dt.date) else dt.date.fromisoformat(day)
        carry_over(staged)
        told = self._told(staged, by, options)
        self._print({**staged.reading, "compared": told}, options["format"])

    def _told(self, staged: PlanImport, by: User | System, options: dict[str, Any]) -> dict[str, Any]:
        """What the file is beside its review, with what the options answer."""
        rows = rows_of(staged)
        found = correcting.compared(staged, rows, by, timezone.localdate())
        if found is None:
            return {}
        same = answers_to_all(found, options["unsure"]) if options["unsure"] != "ask" else {}
        leads = {row.number: True for row in found.rows if options["with_leads"] and row.present}
        if not same and not leads:
            return as_json(found)
        if staged.pk:
            staged.choices = decide(plan_import=staged, by=by, same=same, leads=leads).choices
        else:
            answers = {str(number): answer for number, answer in same.items()}
            staged.choices |= {SAME: answers, LEADS: sorted(leads)}
        again = correcting.compared(staged, rows, by, timezone.localdate())
        return as_json(again) if again else {}

    def _bring_in(self, data: bytes, name: str, options: dict[str, Any]) -> None:
        partnership, by = self._partnership(options["partnership"]), self._person(options["by"])
        review = self._review(partnership, options["review"])
        try:
            staged = staging.stage(partnership=partnership, name=name, data=data, by=by, review=review)
        except Refused as refused:
            raise CommandError(refused.sentence, returncode=UNREADABLE) from refused
        try:
            staged = self._settle(staged, by, options)
            told = self._told(staged, by, options)
            brought = staging.confirm(plan_import=staged, by=by, on=timezone.localdate(), told=self._say_how_far)
        except Exception:
            with contextlib.suppress(Refused):  # what was begun and broke off is finished by a worker
                staging.discard(plan_import=staged, by=by)  # what a command could not bring in waits for nobody
            raise
        result = {**staged.reading, "review": brought.reference, "import": staged.pk}
        result |= {"compared": told} if told else {}
        self._print(result, options["format"])

    def _settle(self, staged: PlanImport, by: User | System, options: dict[str, Any]) -> PlanImport:
        given = {name: options[name] for name in ("reference", "title", "kind", "speaks_for") if options[name]}
        given.setdefault("speaks_for", staged.speaks_for or timezone.localdate())
        answers = answers_for(staged, rows_of(staged), by)
        known = {question.match.printed for question in answers.questions if question.match.near}
        agencies = dict.fromkeys(answers.open, CREATE) if options["create_agencies"] else {}
        if answers.open and not agencies:
            names = "\n".join(
                f"  {name}{'  (like one that is known)' if name in known else ''}" for name in answers.open
            )
            raise Refused(
                f"These agencies are not known in {staged.partnership}:\n{names}\n"
                "Add them or their other names, bring the plan in on the page where you can choose for each, "
                "or use --create-agencies to make all of them."
            )
        return staging.settle(plan_import=staged, by=by, agencies=agencies, **given)

    def _say_how_far(self, done: int, total: int) -> None:
        """On the error stream, so that what is printed stays what it is; of a short plan nothing."""
        if total > SIZE:
            self.stderr.write(f"{done:,} of {total:,} rows", ending="\n" if done == total else "\r")

    def _partnership(self, code: str) -> Partnership:
        codes = ", ".join(Partnership.objects.values_list("code", flat=True)) or "none yet"
        if not code:
            raise CommandError(f"Say which partnership the plan is for: --partnership CODE. There are: {codes}.")
        found = Partnership.objects.filter(code=code).first()
        if found is None:
            raise CommandError(f"There is no partnership with the code {code}. There are: {codes}.")
        return found

    def _person(self, email: str) -> User | System:
        if not email:
            return COMMAND
        found = User.objects.filter(email=User.objects.normalize_email(email), is_active=True).first()
        if found is None:
            raise CommandError(f"Nobody with the address {email} has an account.")
        return found

    def _review(self, partnership: Partnership, reference: str) -> Review | None:
        if not reference:
            return None
        found = Review.objects.filter(partnership=partnership, reference=reference).first()
        if found is None:
            raise CommandError(
                f"{partnership} has no review with the reference {reference}. "
                f"Without --review a new one is made; --reference {reference} gives it this reference."
            )
        return found

    def _print(self, plan: dict[str, Any], form: str) -> None:
        if form == "json":
            self.stdout.write(json.dumps(plan, ensure_ascii=False, indent=1))
            return
        rows = plan["rows"]
        self.stdout.write(f"{plan['review_title'] or 'A plan without a title'}: {len(rows)} rows")
        for row in rows:
            words = (row["action"] or row["recommendation"]).replace("\n", " ")
            status = row["status"] or "not recorded"
            self.stdout.write(
                f"{row['place']:12} {row['reference']:6} {'; '.join(row['agencies'])}: {words[:70]} [{status}]"
            )
        for problem in [*plan["problems"], *(found for row in rows for found in row["problems"])]:
            self.stdout.write(f"{problem['level']:8} {problem['place']:12} {problem['code']}: {problem['message']}")
        for line in as_lines(plan["compared"]) if "compared" in plan else ():
            self.stdout.write(line)
        if "review" in plan:
            self.stdout.write(f"Brought in as {plan['review']}.")
