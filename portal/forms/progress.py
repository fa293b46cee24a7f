"""Update this action, up to saying that it is complete: what is asked. What may be said the domain decides."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.http import QueryDict

from agencies.keys import key_of
from agencies.typed_words import printable
from portal.forms.evidence import EvidenceQuestions
from portal.forms.fields import PARTS, DayMonthYearField, LineField, MeaningfulChoices, WordsField
from reviews.models import Assignment, Draft
from reviews.progress import Completion, Report
from reviews.reading.carrying import Acting, Start
from reviews.sent_words import STILL, TOLD, told
from reviews.statuses import MEANINGS, REPORTABLE, Status

#: Why somebody else's eyes are on what one says: the choice that makes an update a claim.
COMPLETE = Status.AWAITING.value
_CLAIM = ("completed_on", "what_changed", "no_evidence_reason")
#: What is asked only of whoever chooses this status; beside another it is not shown.
_ASKED_WITH = {"next_review_on": Status.ONGOING.value} | dict.fromkeys(_CLAIM, COMPLETE)


class UpdateForm(EvidenceQuestions):
    """Update this action. Of what is asked only the first three stand open; the rest shows when it is wanted."""

    progress = WordsField(label="What has been done", required=False, rows=6)
    next_steps = WordsField(label="What happens next", required=False, rows=3)
    status = forms.ChoiceField(
        label="Where does the action stand?",
        required=False,
        widget=MeaningfulChoices(dict[str, str]()),
        error_messages={
            "invalid_choice": "Choose where the action stands: that is not one of the available choices now."
        },
    )
    next_review_on = DayMonthYearField(label="When is it next reviewed?", required=False)
    completed_on = DayMonthYearField(label="When was it complete?", required=False)
    what_changed = WordsField(
        label="What changed because of it",
        required=False,
        rows=3,
        help_text="For the people whom it is about, not only on paper. How do you know?",
    )
    no_evidence_reason = WordsField(label="Why there is no evidence (if there is none)", required=False, rows=2)
    obstacles = WordsField(label="What stands in the way (if anything does)", required=False, rows=3)
    help_wanted = WordsField(label="What help you want from the group (if any)", required=False, rows=3)
    on = DayMonthYearField(
        label="Which day does this speak for?", help_text="Today, unless you pass on what was so on an earlier day."
    )
    given_by = LineField(
        label="Who told you?",
        max_length=150,
        help_text="Their name.",
        error_messages={"required": "Say who gave you this report."},
    )
    given_post = LineField(label="What is their post?", required=False, max_length=100)
    given_how = LineField(
        label="How did they tell you?", required=False, max_length=40, help_text="For example: by telephone."
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    source = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        acting: Acting,
        start: Start,
        today: dt.date,
        draft: Draft | None = None,
        claiming: bool = False,
        **options: Any,
    ) -> None:
        """Filled in from the author's ``draft``, else from what the agency said last. ``claiming``: it is complete."""
        self.start, self.today = start, today
        carried = (
            vars(start.carried) | {"status": _stands(acting.part, start)} | ({"next_steps": ""} if claiming else {})
        )
        # What the author has cleared in a draft does not come back from the update before.
        initial = (draft.answers if draft else carried) | ({"status": COMPLETE} if claiming else {})
        initial = {"on": today, "seen": start.seen} | initial
        if draft:
            initial |= {"token": str(draft.token), "source": "" if draft.kind == Draft.Kind.OWN else str(draft.pk)}
        super().__init__(*args, initial=initial, **options)
        if acting.is_own:
            for name in TOLD:
                del self.fields[name]
        if acting.part.is_leading:
            self._offer_statuses(is_claimed=acting.part.status == Status.AWAITING)
        else:
            for name in ("status", "next_review_on", *_CLAIM):
                del self.fields[name]

    def _offer_statuses(self, *, is_claimed: bool) -> None:
        field = cast("forms.ChoiceField", self.fields["status"])
        reportable = [(status.value, status.label) for status in REPORTABLE]
        meanings = {status.value: MEANINGS[status] for status in REPORTABLE}
        if is_claimed:
            field.choices = [(STILL, "Still complete, waiting for the group"), *reportable]
            takes_back = {
                value: f"{meaning} This takes back the claim of completion." for value, meaning in meanings.items()
            }
            meanings = takes_back | {STILL: "The claim of completion stays. The group reads what you add to it."}
        else:
            field.choices = [*reportable, (COMPLETE, "Complete")]
            meanings[COMPLETE] = "Everything that was asked is done. The Strategic Group then decides."
        cast("MeaningfulChoices", field.widget).meanings = meanings

    def clean(self) -> dict[str, Any]:
        """When it is complete, it became so on some day; an answer to what is not asked counts for nothing."""
        answers = super().clean() or self.cleaned_data
        for name, status in _ASKED_WITH.items():
            if name in self.fields and answers.get("status") != status:
                self.errors.pop(name, None)
                answers[name] = self.fields[name].to_python("")
        if self.says_complete() and not answers.get("completed_on") and "completed_on" not in self.errors:
            self.add_error("completed_on", "Enter the date when it was complete.")
        return answers

    def told_by(self) -> str:
        """Who gave this report, of what post, and how; empty where an agency reports itself."""
        return told({name: self.cleaned_data.get(name, "") for name in TOLD})

    def says_complete(self) -> bool:
        """Whether this is a claim of completion."""
        return self.cleaned_data.get("status") == COMPLETE

    def has_seen(self) -> int:
        """The key of the update that its author read; what cannot be read counts as none."""
        return key_of(self.cleaned_data.get("seen", "")) or 0

    def report(self) -> Report:
        """The words of the update; what belongs to another status does not count."""
        names = [name for name in Report.__dataclass_fields__ if name in self.cleaned_data]
        words = {name: self.cleaned_data[name] for name in names}
        if words.get("status") == STILL:
            words["status"] = ""
        if self.says_complete():
            words["status"] = ""
            if words["next_steps"] == self.start.carried.next_steps:  # what was to come then has been done
                words["next_steps"] = ""
        return Report(**words)

    def completion(self) -> Completion | None:
        """What a claim says besides; an update says nothing of the kind."""
        if not self.says_complete():
            return None
        return Completion(**{name: self.cleaned_data[name] for name in _CLAIM})

    def answers(self) -> dict[str, Any]:
        """Everything as it was typed, half a date included; a day that is today's stays open, and moves on with it."""
        typed: dict[str, Any] = {}
        for name, field in self.fields.items():
            if name in ("file", "token", "source"):
                continue
            said = self[name].data
            if isinstance(said, list):
                said = [printable(str(part or ""))[:20] for part in said]
            elif isinstance(said, str):
                said = field.to_python(said) if isinstance(field, WordsField | LineField) else printable(said)[:2000]
            if said and said != [""] * len(PARTS):
                typed[name] = said
        if typed.get("on") == [str(self.today.day), str(self.today.month), str(self.today.year)]:
            del typed["on"]
        return typed


def _stands(part: Assignment, start: Start) -> str:
    """Where an agency stands now; a claim that waits, or a decision on one, counts over what was said last."""
    if part.status == Status.AWAITING:
        return STILL
    said = start.carried.status
    return part.status if start.last and said in ("", COMPLETE) and part.status in REPORTABLE else said


def posted(draft: Draft, today: dt.date) -> QueryDict:
    """What the form would send that ``draft`` came from."""
    data = QueryDict(mutable=True)
    answers = {"on": [str(today.day), str(today.month), str(today.year)]} | draft.answers
    for name, said in answers.items():
        if isinstance(said, list):
            for part, value in zip(PARTS, said, strict=True):
                data[f"{name}_{part}"] = value
        else:
            data[name] = said
    data["token"] = str(draft.token)
    return data
