"""The forms by which a coordinator runs a plan: its dates, and who answers for what.

What an agency told the coordinator is recorded in the portal, on the page on which agencies report too.
"""

from __future__ import annotations

from django import forms

from agencies.models import Agency
from agencies.roles import Permission
from agencies.typed_days import Day
from agencies.verb_pages import Choice, VerbForm
from reviews import plans
from reviews.models import Action

LONG = forms.Textarea(attrs={"rows": 4})


class ChangeTargetDate(VerbForm):
    """Give an action another target date."""

    slug = "change-date"
    heading = "Change the target date"
    lead = "The original date and every date since are kept and shown."
    permission = Permission.EDIT_PLAN
    done = "The target date is changed."
    once = True
    above = "admin/reviews/action/dates_in_force.html"
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
