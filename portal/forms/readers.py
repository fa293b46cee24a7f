"""Restricted reviews: who is named, and the statement that they accept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms

from agencies.models import User
from portal.forms.base import PortalForm
from portal.forms.fields import AddressField, DayMonthYearField, WordsField
from reviews.models import Review
from reviews.readers import MOST_LETTERS

if TYPE_CHECKING:
    from django.db.models import QuerySet


class NamingForm(PortalForm):
    """Who reads: a tick for each."""

    def __init__(self, *args: Any, people: Sequence[User], named: Collection[int], **options: Any) -> None:
        """Offer ``people``, those who are named ticked."""
        super().__init__(*args, **options)
        self.people = people
        self.fields["people"] = forms.MultipleChoiceField(
            label="Who may read it?",
            help_text="Only who needs it for the agency’s part. Each accepts the statement of confidentiality first.",
            choices=[(str(person.pk), person.name) for person in people],
            initial=[str(person.pk) for person in people if person.pk in named],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def chosen(self) -> list[User]:
        """Those who are ticked."""
        return [person for person in self.people if str(person.pk) in self.cleaned_data["people"]]


class AcceptForm(PortalForm):
    """One tick."""

    accept = forms.BooleanField(
        label="I have read this and will keep to it",
        error_messages={"required": "Tick the box if you accept the statement. Without it the review stays closed."},
    )


class StatementForm(PortalForm):
    """The words that whoever is named accepts."""

    text = WordsField(label="Statement of confidentiality", rows=10, max_length=MOST_LETTERS)


def last_day() -> DayMonthYearField:
    """Until when somebody of a panel reads."""
    return DayMonthYearField(
        label="Last day of reading",
        help_text="For example, 31 3 2027. Leave it empty to end it when the review is published.",
        required=False,
    )


class PanelForm(PortalForm):
    """Whom to let read one review, and until when."""

    review = forms.ModelChoiceField(label="Review", queryset=Review.objects.none(), empty_label="Choose a review")
    email = AddressField(
        label="E-mail address",
        help_text="Their own. The link that we send there works for nobody else.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    ends_on = last_day()

    def __init__(self, *args: Any, reviews: QuerySet[Review], **options: Any) -> None:
        """Offer ``reviews``."""
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Review]", self.fields["review"]).queryset = reviews


class LastDayForm(PortalForm):
    """Another last day."""

    ends_on = last_day()
