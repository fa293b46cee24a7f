"""The forms by which a plan is edited in a meeting: recommendations, actions, milestones, and their order."""

from __future__ import annotations

from django import forms

from agencies.agency_forms import NOT_LISTED
from agencies.models import Agency
from agencies.roles import Permission
from agencies.typed_days import Day
from agencies.verb_pages import Choice, VerbForm
from reviews import editing, milestones, plans
from reviews.kinds import Scope
from reviews.models import Action, Milestone, Recommendation, Review
from reviews.plan_lines import ActionLine, LeadLine

LONG = forms.Textarea(attrs={"rows": 4})
WHY = "Needed once the plan is agreed. It is kept beside the wording before."


class Editing(VerbForm):
    """What the forms that edit a plan share."""

    permission = Permission.EDIT_PLAN
    once = True

    def prepare(self) -> None:
        """Today is the likeliest day; what stands there now is shown."""
        for name in self.fields:
            if name == "on":
                self.initial.setdefault("on", self.today)
            elif name != "reason" and hasattr(self.about, name):
                self.initial.setdefault(name, getattr(self.about, name))


class AddRecommendation(Editing):
    """Add a recommendation to a plan."""

    slug = "add-recommendation"
    heading = "Add a recommendation"
    lead = "It stands at the end of the plan. Its page moves it up and adds its actions."
    done = "The recommendation is added."
    about: Review

    reference = forms.CharField(label="Number or reference", max_length=40, required=False)
    text = forms.CharField(label="Recommendation", widget=LONG)
    addressee = forms.CharField(label="Addressed to, as worded", max_length=500, required=False)
    scope = forms.ChoiceField(choices=[("", "–"), *Scope.choices], required=False)
    on = Day(label="In the plan since")

    def prepare(self) -> None:
        """Nothing of the review's own is its first value."""
        self.initial.setdefault("on", self.today)

    def carry_out(self) -> Recommendation:
        """Add it."""
        return editing.add_recommendation(review=self.about, by=self.by, **self.cleaned_data)


class AddAction(Editing):
    """Add an action to a recommendation."""

    slug = "add-action"
    heading = "Add an action"
    lead = "It stands after the other actions of this recommendation."
    done = "The action is added."
    about: Recommendation

    reference = forms.CharField(label="Number or reference", max_length=40, required=False)
    text = forms.CharField(
        label="What will be done",
        help_text="Leave it empty if the recommendation says it all.",
        widget=LONG,
        required=False,
    )
    agency = Choice(Agency, Permission.READ_AGENCY, label="Lead agency", help_text=NOT_LISTED, required=False)
    target_date = Day(required=False)
    on = Day(label="In the plan since")

    def prepare(self) -> None:
        """Offer the agencies of the partnership. What stands there is the recommendation's, and no first value."""
        self.initial.setdefault("on", self.today)
        self.narrow("agency", partnership=self.about.review.partnership_id, closed_on__isnull=True)

    def carry_out(self) -> None:
        """Add it."""
        data = self.cleaned_data
        leads = (LeadLine(data["agency"]),) if data["agency"] else ()
        line = ActionLine(data["text"], data["reference"], leads, data["target_date"])
        editing.add_action(recommendation=self.about, line=line, by=self.by, on=data["on"])


class Reword(Editing):
    """Change what a recommendation says."""

    slug = "reword"
    heading = "Change the wording"
    lead = "The wording before is kept, with the reason."
    done = "The wording is changed."
    about: Recommendation

    text = forms.CharField(label="Wording", widget=LONG)
    reason = forms.CharField(label="Why it changes", help_text=WHY, max_length=500, required=False)
    on = Day(label="Decided on")

    def carry_out(self) -> None:
        """Change it."""
        plans.reword(recommendation=self.about, by=self.by, **self.cleaned_data)


class RewordAction(Editing):
    """Change what an action says."""

    slug = "reword"
    heading = "Change the wording"
    lead = "The wording before is kept, with the reason."
    done = "The wording is changed."
    about: Action

    text = forms.CharField(
        label="What will be done", help_text="Empty where the recommendation says it all.", widget=LONG, required=False
    )
    reason = forms.CharField(label="Why it changes", help_text=WHY, max_length=500, required=False)
    on = Day(label="Decided on")

    def carry_out(self) -> None:
        """Change it."""
        editing.reword_action(action=self.about, by=self.by, **self.cleaned_data)


class DescribeRecommendation(Editing):
    """Change its number, its addressee and its scope."""

    slug = "describe"
    heading = "Number, addressee, scope"
    about: Recommendation

    reference = forms.CharField(label="Number or reference", max_length=40, required=False)
    addressee = forms.CharField(label="Addressed to, as worded", max_length=500, required=False)
    scope = forms.ChoiceField(choices=[("", "–"), *Scope.choices], required=False)

    def carry_out(self) -> None:
        """Save."""
        editing.describe_recommendation(recommendation=self.about, by=self.by, **self.cleaned_data)


class DescribeAction(Editing):
    """Change its number, the change expected and the agency's response."""

    slug = "describe"
    heading = "Number, change expected, response"
    about: Action

    reference = forms.CharField(label="Number or reference", max_length=40, required=False)
    change_expected = forms.CharField(label="What should change because of it", widget=LONG, required=False)
    agency_response = forms.CharField(label="The agency's response", widget=LONG, required=False)

    def carry_out(self) -> None:
        """Save."""
        editing.describe_action(action=self.about, by=self.by, **self.cleaned_data)


class MoveUp(Editing):
    """Let it stand before the one above it."""

    slug = "move-up"
    heading = "Move up"
    button = "Move it up"
    lead = "It changes places with the one before it in the plan."
    done = "It is moved up."
    about: Recommendation | Action
    up = True

    def carry_out(self) -> None:
        """Move it."""
        editing.move(row=self.about, by=self.by, up=self.up)


class MoveDown(MoveUp):
    """Let it stand after the one below it."""

    slug = "move-down"
    heading = "Move down"
    button = "Move it down"
    lead = "It changes places with the one after it in the plan."
    done = "It is moved down."
    up = False


class AddMilestone(Editing):
    """Add a step."""

    slug = "add-milestone"
    heading = "Add a milestone"
    done = "The milestone is added."
    about: Action

    text = forms.CharField(label="What is to be reached", widget=LONG)
    due_on = Day(label="By", required=False)
    on = Day(label="In the plan since")

    def prepare(self) -> None:
        """Nothing of the action's own is its first value."""
        self.initial.setdefault("on", self.today)

    def carry_out(self) -> None:
        """Add it."""
        milestones.add(action=self.about, by=self.by, **self.cleaned_data)


class Achieve(VerbForm):
    """Say that a milestone was reached."""

    slug = "achieve"
    heading = "It was reached"
    button = "Save"
    permission = Permission.RECORD_FOR_AGENCY
    done = "Saved."
    about: Milestone

    on = Day(label="On")

    @classmethod
    def is_offered(cls, about: Milestone) -> bool:
        """While it was not, and stands."""
        return about.achieved_on is None and about.voided_at is None

    def prepare(self) -> None:
        """Today is the likeliest day."""
        self.initial.setdefault("on", self.today)

    def carry_out(self) -> None:
        """Save."""
        milestones.achieve(milestone=self.about, by=self.by, on=self.cleaned_data["on"])
