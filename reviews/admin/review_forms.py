"""The forms by which a review is opened, described, shown to its agencies, and chased."""

from __future__ import annotations

from django import forms

from agencies.models import Partnership
from agencies.roles import Permission
from agencies.typed_days import Day
from agencies.verb_pages import Choice, VerbForm
from reviews import restriction, reviewing
from reviews.kinds import Kind
from reviews.models import Review


class AddReview(VerbForm):
    """Open a review by hand; bringing in its plan can make one too."""

    heading = "Add a review"
    lead = "Nobody at an agency reads it until you lift the restriction, but those whom the agency's lead names."
    permission = Permission.EDIT_PLAN
    done = "The review is added."

    partnership = Choice(Partnership, Permission.EDIT_PLAN)
    kind = forms.ChoiceField(choices=Kind, initial=Kind.DARDR)
    reference = forms.CharField(max_length=40)
    title = forms.CharField(label="Title", max_length=300)
    pseudonym = forms.CharField(label="Name used for the person who died", max_length=100, required=False)
    chair = forms.CharField(label="Independent chair", max_length=200, required=False)

    def prepare(self) -> None:
        """Where there is one partnership, it is chosen."""
        offered = self.choices("partnership")
        if len(offered[:2]) == 1:
            self.initial.setdefault("partnership", offered[0].pk)

    def carry_out(self) -> Review:
        """Make it."""
        data = dict(self.cleaned_data)
        return reviewing.open_review(by=self.by, kind=Kind(data.pop("kind")), title=data.pop("title"), **data)


class Describe(VerbForm):
    """Change what is said of a review: its title, how far its plan has come, its days."""

    slug = "describe"
    heading = "Edit the facts"
    lead = "Papers print the title, the introduction and the days. Leave a day empty that is still to come."
    permission = Permission.EDIT_PLAN
    done = "The facts are saved."
    once = True
    about: Review

    title = forms.CharField(label="Title", max_length=300)
    pseudonym = forms.CharField(label="Name used for the person who died", max_length=100, required=False)
    chair = forms.CharField(label="Independent chair", max_length=200, required=False)
    stage = forms.ChoiceField(label="How far the plan has come")
    introduction = forms.CharField(
        help_text="Stands at the head of the report.", widget=forms.Textarea(attrs={"rows": 6}), required=False
    )
    report_on = Day(label="Overview report completed on", required=False)
    agreed_on = Day(label="Agreed by the group on", required=False)
    quality_on = Day(label="Agreed by the quality assurance body on", required=False)
    published_on = Day(label="Published on", help_text="This alone lets nobody read more.", required=False)

    def prepare(self) -> None:
        """Offer the steps of its kind, and what stands there now."""
        words = self.about.words
        self.fields["stage"].choices = [(step.value, step.label) for step in words.steps]  # type: ignore[attr-defined]
        if words.quality_body:
            self.fields["quality_on"].label = f"Agreed by the {words.quality_body} on"
        elif self.about.quality_on is None:
            del self.fields["quality_on"]
        for name in self.fields:
            self.initial.setdefault(name, getattr(self.about, name))

    def carry_out(self) -> None:
        """Save what changed."""
        reviewing.describe(review=self.about, by=self.by, **self.cleaned_data)


class LiftRestriction(VerbForm):
    """Let all the people of its agencies read what they answer for."""

    slug = "lift-restriction"
    heading = "Let the agencies read it"
    button = "Let the agencies read it"
    lead = (
        "The people of each agency read the actions for which their agency answers, as soon as you press. Until then "
        "only those people read them whom their agency's lead has named."
    )
    permission = Permission.EDIT_PLAN
    done = "The agencies' people read their actions now."
    about: Review

    published_on = Day(label="Report published on", help_text="Leave it empty if it is still to come.", required=False)

    @classmethod
    def is_offered(cls, about: Review) -> bool:
        """While it is restricted."""
        return about.is_restricted

    def prepare(self) -> None:
        """As it stands."""
        self.initial.setdefault("published_on", self.about.published_on)

    def carry_out(self) -> None:
        """Lift it."""
        restriction.lift(review=self.about, by=self.by, published_on=self.cleaned_data["published_on"])


class Restrict(VerbForm):
    """Let only named people read it again."""

    slug = "restrict"
    heading = "Restrict to named readers"
    button = "Restrict it"
    lead = "People at the agencies lose sight of it at once, but for those whom their agency's lead has named."
    permission = Permission.EDIT_PLAN
    done = "Only named people read it now."
    about: Review

    @classmethod
    def is_offered(cls, about: Review) -> bool:
        """While it is not."""
        return not about.is_restricted

    def carry_out(self) -> None:
        """Restrict it."""
        restriction.restrict(review=self.about, by=self.by)


class StartChasing(VerbForm):
    """Let reminders go out."""

    slug = "start-chasing"
    heading = "Start reminders"
    button = "Start reminders"
    lead = "From this day on, people are reminded of what is due and chased for what is late. Nothing goes out before."
    permission = Permission.RUN_CHASING
    done = "Reminders go out from that day."
    about: Review

    on = Day(label="From")

    @classmethod
    def is_offered(cls, about: Review) -> bool:
        """While they have not started."""
        return about.chasing_from is None

    def prepare(self) -> None:
        """Today is the likeliest day."""
        self.initial.setdefault("on", self.today)

    def carry_out(self) -> None:
        """Start."""
        reviewing.start_chasing(review=self.about, by=self.by, on=self.cleaned_data["on"])


class StopChasing(VerbForm):
    """Let no more reminders go out."""

    slug = "stop-chasing"
    heading = "Stop reminders"
    button = "Stop reminders"
    lead = "Nothing more is mailed about this plan until you start again."
    permission = Permission.RUN_CHASING
    done = "Reminders have stopped."
    about: Review

    @classmethod
    def is_offered(cls, about: Review) -> bool:
        """While they go out."""
        return about.chasing_from is not None

    def carry_out(self) -> None:
        """Stop."""
        reviewing.stop_chasing(review=self.about, by=self.by)
