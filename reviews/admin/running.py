"""The forms by which a coordinator runs a plan: its dates, and who answers for what.

What an agency told the coordinator is recorded in the portal, on the page on which agencies report too.
"""

from __future__ import annotations

from django import forms

from agencies.models import Agency
from agencies.roles import Permission
from agencies.verb_pages import Choice, Day, VerbForm
from reviews import plans
from reviews.models import Action, Assignment, Part

LONG = forms.Textarea(attrs={"rows": 4})


class ChangeTargetDate(VerbForm):
    """Give an action another target date."""

    slug = "change-date"
    heading = "Change the target date"
    lead = "The original date and every date since are kept and shown."
    permission = Permission.EDIT_PLAN
    done = "The target date is changed."
    once = True
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
