"""The forms that take back what was recorded by mistake."""

from __future__ import annotations

from django import forms

from agencies.roles import Permission
from agencies.verb_pages import VerbForm
from reviews import progress, voiding
from reviews.models import Milestone, ProgressUpdate, SignOff, TargetDate
from reviews.models.dated import LONGEST_REASON


class Void(VerbForm):
    """Take a row back, with the reason."""

    slug = "void"
    heading = "Take back"
    button = "Take it back"
    lead = "It stays in the history, struck out, with the reason. Everything is worked out again as if it had not been."
    permission = Permission.EDIT_PLAN
    done = "It is taken back."
    about: TargetDate | SignOff | Milestone

    reason = forms.CharField(label="Why", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))

    @classmethod
    def is_offered(cls, about: TargetDate | SignOff | Milestone | ProgressUpdate) -> bool:
        """While it stands."""
        return about.voided_at is None

    def carry_out(self) -> None:
        """Take it back."""
        voiding.void(row=self.about, by=self.by, reason=self.cleaned_data["reason"])


class VoidDecision(Void):
    """Take back a decision of the group."""

    heading = "Take back this decision"
    permission = Permission.RECORD_DECISION


class VoidUpdate(Void):
    """Take back an agency's update."""

    heading = "Take back this update"
    permission = Permission.RECORD_FOR_AGENCY
    about: ProgressUpdate  # type: ignore[assignment]

    def carry_out(self) -> None:
        """Take it back."""
        progress.void(update=self.about, by=self.by, reason=self.cleaned_data["reason"])
