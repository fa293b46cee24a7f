"""The forms about who answers for an action: agencies, what each does, and the person inside who sees to it."""

from __future__ import annotations

from django import forms
from django.db.models import Model

from agencies.agency_forms import NOT_LISTED
from agencies.models import Agency
from agencies.roles import Permission
from agencies.typed_days import Day
from agencies.verb_pages import Choice, VerbForm
from reviews import parts, plans
from reviews.models import Action, Assignment, Part


class AboutAPart(VerbForm):
    """What the forms about one agency's part share: a part that has ended is not changed any more."""

    permission = Permission.EDIT_PLAN
    once = True
    about: Assignment

    @classmethod
    def is_offered(cls, about: Assignment) -> bool:
        """While it lasts."""
        return about.until is None

    def watched(self) -> Model:
        """The action: what is done to a part is recorded there."""
        return self.about.action

    def prepare(self) -> None:
        """Today is the likeliest day."""
        self.initial.setdefault("on", self.today)


class Assign(VerbForm):
    """Let another agency answer for an action, or help with it."""

    slug = "assign"
    heading = "Add an agency"
    lead = "Its people see the action from then on."
    permission = Permission.EDIT_PLAN
    done = "The agency is added."
    about: Action

    agency = Choice(Agency, Permission.READ_AGENCY, help_text=NOT_LISTED)
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


class EndAssignment(AboutAPart):
    """An agency no longer answers for an action."""

    slug = "end"
    heading = "End this agency's part"
    button = "End it"
    lead = "Its people lose sight of the action at once. What they reported stays."
    done = "The agency's part has ended."

    on = Day(label="On")

    def carry_out(self) -> None:
        """End it."""
        plans.end_assignment(assignment=self.about, by=self.by, on=self.cleaned_data["on"])


class HandOver(AboutAPart):
    """Another agency takes its place."""

    slug = "hand-over"
    heading = "Hand over to another agency"
    button = "Hand over"
    lead = (
        "The other agency takes this part. The people of the first lose sight of the action; what they reported stays."
    )
    done = "The part is handed over."

    agency = Choice(Agency, Permission.READ_AGENCY, label="To", help_text=NOT_LISTED)
    on = Day(label="From")

    def prepare(self) -> None:
        """Offer the agencies of the partnership that still exist."""
        super().prepare()
        self.narrow("agency", partnership=self.about.agency.partnership_id, closed_on__isnull=True)

    def carry_out(self) -> Assignment:
        """Hand it over; the new part is shown next."""
        data = self.cleaned_data
        return parts.hand_over(assignment=self.about, agency=data["agency"], by=self.by, on=data["on"])


class ChangePart(AboutAPart):
    """An agency leads that supported, or the other way round."""

    slug = "change-part"
    heading = "Change what the agency does"
    lead = "A lead agency answers for the action and reports where it stands; a supporting agency helps."
    done = "The part is changed."

    part = forms.ChoiceField(choices=Part)
    on = Day(label="From")

    def prepare(self) -> None:
        """As it stands."""
        super().prepare()
        self.initial.setdefault("part", self.about.part)

    def carry_out(self) -> Assignment:
        """Change it; the new part is shown next."""
        data = self.cleaned_data
        return parts.change_part(assignment=self.about, part=Part(data["part"]), by=self.by, on=data["on"])


class GiveOwner(AboutAPart):
    """Name who sees to it."""

    slug = "owner"
    heading = "Name who sees to it"
    lead = "Reminders go to this person if they have an account. Their name stays inside the agency and with you."
    done = "Saved."

    owner = forms.ChoiceField(label="Person", required=False)

    def prepare(self) -> None:
        """Offer the agency's people and contacts."""
        self.offered = parts.could_own(self.about, on=self.today)
        self.fields["owner"].choices = [(key, parts.owner_words(who)) for key, who in self.offered.items()]  # type: ignore[attr-defined]
        self.initial.setdefault("owner", parts.owner_key(self.about))

    def carry_out(self) -> None:
        """Name them."""
        parts.give_owner(assignment=self.about, by=self.by, **self.offered[self.cleaned_data["owner"]])
