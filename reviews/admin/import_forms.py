"""The forms of bringing a plan in: the file, what the plan is, one row of it, and not bringing it in after all."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property

from agencies import audit
from agencies.days import in_words
from agencies.keys import key_of
from agencies.models import Agency, Partnership, User
from agencies.permissions import objects_for
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.typed_days import Day
from agencies.typed_words import clean_words
from agencies.verb_pages import Choice, VerbForm
from reviews import bringing_in
from reviews.importing import staging
from reviews.importing.again.before import likely_review
from reviews.importing.readers import FORMATS
from reviews.importing.staged import CREATE, Question
from reviews.kinds import Kind
from reviews.models import PlanImport, Review
from reviews.uploads import MOST_BYTES

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The most names that are asked for at once. Each is a field, and a form takes a thousand.
MOST_QUESTIONS = 300
#: The most letters that may be pasted; more than a browser should send in one field.
MOST_PASTED = 600_000
#: What pasted text is called among files.
PASTED = "Pasted text.txt"
#: What the form asks about the plan as a whole. What day it speaks for is asked before.
ABOUT = tuple(name for name in staging.FACTS if name != "speaks_for")
#: How the fields about names begin.
ABOUT_NAME = "agency_"


def field_of(printed: str) -> str:
    """The field that asks which agency a printed name means; the same wherever the name stands on the page."""
    return f"{ABOUT_NAME}{hashlib.sha256(printed.encode()).hexdigest()[:16]}"


class Lines(forms.CharField):
    """Text of several lines, with plain line ends."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        """A box of ``rows`` lines."""
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), required=False, **options)

    def to_python(self, value: Any) -> str:
        """The text."""
        return super().to_python(str(value or "").replace("\r\n", "\n")) or ""


class BringIn(VerbForm):
    """Read a file, or text that was pasted, and show what it holds."""

    heading = "Bring in a plan"
    button = "Read the plan"
    lead = (
        "Give the plan as it is written. You then see what was read and mend it; nothing is in the portal until you "
        "say so. Reading takes up to ten seconds."
    )
    permission = Permission.EDIT_PLAN
    done = "The plan was read. Look through it, then bring it in."

    partnership = Choice(Partnership, Permission.EDIT_PLAN)
    file = forms.FileField(
        label="The plan as a file",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in FORMATS)}),
        help_text="Word (.docx), Excel (.xlsx, .xlsm), OpenDocument (.ods), CSV or text (.txt), at most 20 MB.",
    )
    text = Lines(
        rows=8,
        label="or paste the plan’s text",
        strip=False,
        max_length=MOST_PASTED,
        error_messages={
            "max_length": f"This is longer than {MOST_PASTED:,} letters. Save it as a .txt file and choose that."
        },
        help_text="Copied from a document, a spreadsheet or a PDF, with its row of headings.",
    )

    def prepare(self) -> None:
        """Where there is one partnership, it is chosen."""
        offered = self.choices("partnership")[:2]
        if len(offered) == 1:
            self.initial.setdefault("partnership", offered[0].pk)

    def clean(self) -> dict[str, Any]:
        """One of both."""
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "").strip()
        if file and text:
            self.add_error("text", "You chose a file and pasted text too. Give one of them: empty this box, or reload.")
        elif not (file or text or self.errors):
            self.add_error("file", "Choose the plan’s file, or paste its text below.")
        return self.cleaned_data

    def carry_out(self) -> PlanImport:
        """Stage it. Pasted text is a text file like any other."""
        partnership, file = self.cleaned_data["partnership"], self.cleaned_data["file"]
        if file:
            # One byte more than may be: the verb then refuses it, and the rest is never held in memory.
            data = file.read(MOST_BYTES + 1)
            return self._take_in(partnership, file.name or "", data)
        data = self.cleaned_data["text"].encode()
        try:
            return self._take_in(partnership, PASTED, data)
        except Refused as refused:
            raise Refused(refused.sentence, field="text") from refused

    def _take_in(self, partnership: Partnership, name: str, data: bytes) -> PlanImport:
        staged = bringing_in.take_in(partnership=partnership, name=name, data=data, by=self.by)
        if staged.state == PlanImport.State.READING:
            self.done = "The file is kept. It is long, so that reading it takes a moment."  # type: ignore[misc]
        return staged


class Discard(VerbForm):
    """Do not bring this file in."""

    slug = "discard"
    heading = "Do not bring this plan in"
    button = "Discard it"
    lead = "The file and what was read of it are deleted. That it was offered, and by whom, stays on record."
    permission = Permission.EDIT_PLAN
    done = "The plan was discarded."
    about: PlanImport

    @classmethod
    def is_offered(cls, about: PlanImport) -> bool:
        """While it waits to be confirmed, or could not be read."""
        return about.state in (PlanImport.State.STAGED, PlanImport.State.UNREADABLE)

    def carry_out(self) -> None:
        """Discard it."""
        staging.discard(plan_import=self.about, by=self.by)


class DayForm(forms.Form):
    """What day the document speaks for: the one that was found in it, or another."""

    OTHER = "other"

    found = forms.ChoiceField(label="The document speaks for", widget=forms.RadioSelect, required=False)
    day = Day(label="The day", required=False)

    def __init__(self, *args: Any, staged: PlanImport, **options: Any) -> None:
        """Offer the day that was found in the document, where one was; that which was said before stands chosen."""
        read = staged.reading.get("speaks_for")
        self.read = dt.date.fromisoformat(read) if read else None
        said = staged.speaks_for or self.read
        chosen = str(said) if said == self.read and said else self.OTHER
        options["initial"] = {"found": chosen, "day": said if said != self.read else None}
        super().__init__(*args, **options)
        if self.read:
            words = in_words(self.read)
            choices = [(str(self.read), f"{words}, which stands in the document"), (self.OTHER, "another day")]
            self.fields["found"].choices = choices  # type: ignore[attr-defined]
            self.fields["day"].label = "The other day"
        else:
            del self.fields["found"]

    def clean(self) -> dict[str, Any]:
        """The day."""
        if self.read and self.cleaned_data.get("found") == str(self.read):
            self.cleaned_data["day"] = self.read
        elif not self.cleaned_data.get("day") and "day" not in self.errors:
            self.add_error("day", "Enter the date that the document speaks for.")
        return self.cleaned_data


class AboutForm(forms.Form):
    """What the plan is, and which agency each printed name means that none answers to."""

    review = forms.ModelChoiceField(
        label="Add it to", queryset=Review.objects.none(), required=False, empty_label="a new review"
    )
    reference = forms.CharField(label="Reference of the new review", max_length=40, required=False)
    title = forms.CharField(label="Title of the new review", max_length=300, required=False)
    kind = forms.ChoiceField(label="Kind of review", choices=Kind)
    is_restricted = forms.BooleanField(
        label="Restricted to named readers",
        required=False,
        help_text="Nobody at an agency will see these actions, its lead included, until you lift the "
        "restriction on the review's page. Leave it unticked if the agencies are to begin now.",
    )
    make_all = forms.BooleanField(label="Make a new agency of each name that is not decided", required=False)

    def __init__(
        self,
        *args: Any,
        staged: PlanImport,
        by: User,
        questions: Sequence[Question],
        agencies: QuerySet[Agency],
        **options: Any,
    ) -> None:
        """Ask about ``staged``. ``agencies`` are those that may be chosen: those that exist."""
        options["initial"] = {name: getattr(staged, name) for name in ABOUT}
        if staged.review_id is None and "agencies" not in staged.choices:  # nobody has said anything yet
            options["initial"]["review"] = likely_review(staged)
        super().__init__(*args, **options)
        self.staged = staged
        for field in self.fields.values():
            clean_words(field)
        reviews = objects_for(by, Permission.EDIT_PLAN, Review).filter(partnership=staged.partnership)
        self.fields["review"].queryset = reviews  # type: ignore[attr-defined]
        self.every_question = list(questions)
        self.questions = self._asked()
        everything = [(str(agency.pk), agency.name) for agency in agencies]
        for question in self.questions:
            self.fields[field_of(question.match.printed)] = _agency_field(question, everything)
        if not self.questions:
            del self.fields["make_all"]

    def _asked(self) -> list[Question]:
        """The names that are asked for at once: what was shown when it was sent; else those open before the others."""
        if self.is_bound:
            return [question for question in self.every_question if field_of(question.match.printed) in self.data]
        return sorted(self.every_question, key=lambda question: bool(question.choice))[:MOST_QUESTIONS]

    @property
    def later(self) -> int:
        """How many names are asked for once these are saved."""
        return len(self.every_question) - len(self.questions)

    @cached_property
    def seen(self) -> int:
        """The last thing that was done to the plan when its page was shown. It goes with the form."""
        sent = key_of(self.data.get("seen", ""))
        return audit.last(self.staged) if sent is None else sent

    @property
    def about_fields(self) -> list[forms.BoundField]:
        """The questions about the plan."""
        return [self[name] for name in ABOUT]

    @property
    def agency_fields(self) -> list[forms.BoundField]:
        """The questions about names."""
        return [self[field_of(question.match.printed)] for question in self.questions]

    def clean(self) -> dict[str, Any]:
        """Refuse what was said on a page that has been overtaken: rows mended meanwhile ask about other names."""
        asked = {field_of(question.match.printed) for question in self.questions}
        sent = {name for name in self.data if name.startswith(ABOUT_NAME)}
        if sent != asked or len(asked) < min(len(self.every_question), MOST_QUESTIONS):
            raise forms.ValidationError(
                "The plan has changed since you opened this page, so it asks about other names now. Nothing was saved. "
                "Look through the names again."
            )
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """What ``staging.settle`` takes."""
        return {name: self.cleaned_data[name] for name in ABOUT}

    def agencies(self) -> dict[str, str]:
        """The choice for each printed name; what is to become of all that is open holds for those not shown, too."""
        otherwise = CREATE if self.cleaned_data.get("make_all") else ""
        shown = {question.match.printed for question in self.questions}
        rest = (question for question in self.every_question if otherwise and not question.choice)
        return {question.match.printed: otherwise for question in rest if question.match.printed not in shown} | {
            question.match.printed: self.cleaned_data[field_of(question.match.printed)] or otherwise
            for question in self.questions
        }


def _agency_field(question: Question, everything: list[tuple[str, str]]) -> forms.ChoiceField:
    near = [(str(agency.pk), agency.name) for agency in question.match.near]
    choices: list[Any] = [("", "Choose…"), (CREATE, "a new agency of this name")]
    if near:
        choices.append(("Names like it", near))
    choices.append(("All agencies", [choice for choice in everything if choice not in near]))
    times = "1 row" if question.rows == 1 else f"{question.rows} rows"
    return forms.ChoiceField(
        label=f"“{question.match.printed}”, in {times}, is", choices=choices, required=False, initial=question.choice
    )
