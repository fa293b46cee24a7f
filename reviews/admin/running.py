"""The forms by which a coordinator runs a plan: dates, updates recorded for an agency, who answers for what."""

from __future__ import annotations

from django import forms

from agencies.models import Agency
from agencies.roles import Permission
from agencies.verb_pages import Choice, Day, VerbForm
from reviews import plans, policies, progress
from reviews.models import Action, Assignment, Part
from reviews.statuses import REPORTABLE

LONG = forms.Textarea(attrs={"rows": 4})


class ChangeTargetDate(VerbForm):
    """Give an action another target date."""

    slug = "change-date"
    heading = "Change the target date"
    lead = "The original date and every date since are kept and shown."
    permission = Permission.EDIT_PLAN
    done = "The target date is changed."
    about: Action

    date = Day(label="New target date")
    reason = forms.CharField(label="Why it changes", max_length=500, widget=LONG)
    asked_by = Choice(Agency, Permission.READ_AGENCY, label="Asked for by", required=False)
    agreed_by = forms.CharField(label="Agreed by", help_text="Who agreed, and where.", max_length=300, required=False)
    on = Day(label="Decided on")

    def prepare(self) -> None:
        """Offer the agencies of this action."""
        self.initial.setdefault("on", self.today)
        self.narrow("asked_by", assignments__action=self.about)

    def carry_out(self) -> None:
        """Change it."""
        plans.change_target_date(action=self.about, by=self.by, **self.cleaned_data)


class RecordUpdate(VerbForm):
    """Record what an agency reported by telephone, by letter or at a meeting."""

    slug = "record-update"
    heading = "Record an update for an agency"
    lead = "For an agency that told you how it stands. Pages and papers say that you recorded it, and who gave it."
    permission = Permission.RECORD_FOR_AGENCY
    done = "The update is recorded."
    about: Action

    agency = Choice(Agency, Permission.READ_AGENCY)
    given_by = forms.CharField(label="Given by", help_text="Who told you, and how.", max_length=300)
    on = Day(label="On")
    progress = forms.CharField(label="What has been done", widget=LONG, required=False)
    next_steps = forms.CharField(label="What happens next", widget=LONG, required=False)
    status = forms.ChoiceField(
        label="Where it stands",
        help_text="Leave empty for a supporting agency.",
        choices=[("", "–"), *((status.value, status.label) for status in REPORTABLE)],
        required=False,
    )
    next_review_on = Day(label="Next review", help_text="Where it is ongoing.", required=False)
    obstacles = forms.CharField(label="What stands in the way", widget=LONG, required=False)
    help_wanted = forms.CharField(label="Help wanted from the group", widget=LONG, required=False)

    @classmethod
    def is_offered(cls, about: Action) -> bool:
        """While the action takes updates."""
        return not policies.why_not_update(about)

    def prepare(self) -> None:
        """Offer the agencies that have a part in it now."""
        self.initial.setdefault("on", self.today)
        self.narrow("agency", assignments__action=self.about, assignments__until__isnull=True)

    def carry_out(self) -> None:
        """Record it."""
        data = dict(self.cleaned_data)
        progress.submit(
            action=self.about,
            agency=data.pop("agency"),
            by=self.by,
            on=data.pop("on"),
            given_by=data.pop("given_by"),
            report=progress.Report(**data),
        )


class Assign(VerbForm):
    """Let another agency answer for an action, or help with it."""

    slug = "assign"
    heading = "Add an agency"
    lead = "Its people see the action from then on."
    permission = Permission.EDIT_PLAN
    done = "The agency is added."
    about: Action

    agency = Choice(Agency, Permission.READ_AGENCY)
    part = forms.ChoiceField(choices=Part)
    on = Day(label="From")

    def prepare(self) -> None:
        """Offer the agencies of the review's partnership that still exist."""
        self.initial.setdefault("on", self.today)
        self.narrow("agency", partnership=self.about.review.partnership_id, closed_on__isnull=True)

    def carry_out(self) -> None:
        """Assign it."""
        data = self.cleaned_data
        plans.assign(action=self.about, agency=data["agency"], part=Part(data["part"]), by=self.by, on=data["on"])


class EndAssignment(VerbForm):
    """An agency no longer answers for an action."""

    slug = "end"
    heading = "End this agency's part"
    button = "End it"
    lead = "Its people lose sight of the action at once. What they reported stays."
    permission = Permission.EDIT_PLAN
    done = "The agency's part has ended."
    about: Assignment

    on = Day(label="On")

    @classmethod
    def is_offered(cls, about: Assignment) -> bool:
        """While it lasts."""
        return about.until is None

    def prepare(self) -> None:
        """Today is the likeliest day."""
        self.initial.setdefault("on", self.today)

    def carry_out(self) -> None:
        """End it."""
        plans.end_assignment(assignment=self.about, by=self.by, on=self.cleaned_data["on"])
