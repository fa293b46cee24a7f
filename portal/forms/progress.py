"""Update this action, and say that it is complete: what is asked. What may be said the domain decides."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.http import QueryDict

from portal.forms.evidence import EvidenceQuestions
from portal.forms.fields import DayMonthYearField, LineField, MeaningfulChoices, WordsField
from reviews.progress import Completion, Report
from reviews.reading.carrying import Acting, Start
from reviews.statuses import MEANINGS, REPORTABLE, Status


class ReportForm(EvidenceQuestions):
    """What the update and the claim have in common. ``seen`` says which update its author has read."""

    on = DayMonthYearField(
        label="Which day does this speak for?", help_text="Today, unless you pass on what was so on an earlier day."
    )
    given_by = LineField(
        label="Who told you?",
        max_length=300,
        help_text="Name, post, and how: for example, “Jo Bright, head teacher, by telephone”.",
        error_messages={"required": "Say who gave you this report."},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, acting: Acting, start: Start, today: dt.date, **options: Any) -> None:
        """A form for the agency that is acted for, filled in with what it starts from."""
        initial = vars(start.report) | {"on": today, "seen": start.seen}
        super().__init__(*args, initial=initial, **options)
        if acting.is_own:
            del self.fields["given_by"]

    def has_seen(self) -> int:
        """The key of the update that its author read; what cannot be read counts as none."""
        seen = self.cleaned_data.get("seen", "")
        return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0

    def show_newest(self, key: int) -> None:
        """The page that comes back shows the newest update, so that pressing again sends in full knowledge of it."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("seen")] = str(key)
        self.data = data

    def report(self) -> Report:
        """The words of the update."""
        names = [name for name in Report.__dataclass_fields__ if name in self.cleaned_data]
        return Report(**{name: self.cleaned_data[name] for name in names})

    def completion(self) -> Completion | None:
        """What a claim says besides; an update says nothing of the kind."""
        return None


class UpdateForm(ReportForm):
    """Update this action."""

    progress = WordsField(label="What has been done", required=False, rows=8)
    next_steps = WordsField(label="What happens next", required=False)
    status = forms.ChoiceField(
        label="Where does the action stand?",
        required=False,
        choices=[(status.value, status.label) for status in REPORTABLE],
        widget=MeaningfulChoices({status.value: MEANINGS[status] for status in REPORTABLE}),
    )
    next_review_on = DayMonthYearField(
        label="When is it next reviewed?", required=False, help_text="Only for an action that is ongoing."
    )
    obstacles = WordsField(label="What stands in the way (if anything does)", required=False, rows=3)
    help_wanted = WordsField(label="What help you want from the group (if any)", required=False, rows=3)

    field_order = (
        "progress", "next_steps", "status", "next_review_on", "obstacles", "help_wanted", "on", "given_by",
        "file", "link", "where_held", "title",
    )  # fmt: skip

    def __init__(self, *args: Any, acting: Acting, **options: Any) -> None:
        """A supporting agency is not asked where the action stands."""
        super().__init__(*args, acting=acting, **options)
        if not acting.part.is_leading:
            del self.fields["status"], self.fields["next_review_on"]

    def report(self) -> Report:
        """The words; the date of the next review counts only for what is ongoing."""
        words = vars(super().report())
        if words["status"] != Status.ONGOING:
            words = words | {"next_review_on": None}
        return Report(**words)

    def draft(self) -> Report | None:
        """The words as far as they go, to be kept for later; nothing when one of them cannot be read."""
        self.is_valid()
        return None if set(self.errors) & set(Report.__dataclass_fields__) else super().report()


class ClaimForm(ReportForm):
    """Say that the action is complete."""

    progress = WordsField(label="What was done", required=False, rows=8)
    completed_on = DayMonthYearField(label="When was it complete?", error_messages={"required": "Enter the date"})
    what_changed = WordsField(
        label="What changed because of it",
        required=False,
        help_text="For the people whom it is about, not only on paper. How do you know?",
    )
    no_evidence_reason = WordsField(label="Why there is no evidence (if there is none)", required=False, rows=2)

    field_order = (
        "progress", "completed_on", "what_changed", "file", "link", "where_held", "title", "no_evidence_reason",
        "on", "given_by",
    )  # fmt: skip

    def report(self) -> Report:
        """What was done is the progress; nothing comes next."""
        return Report(progress=self.cleaned_data["progress"])

    def completion(self) -> Completion:
        """When, what changed, and why there is no evidence."""
        return Completion(
            completed_on=self.cleaned_data["completed_on"],
            what_changed=self.cleaned_data["what_changed"],
            no_evidence_reason=self.cleaned_data["no_evidence_reason"],
        )
