"""Restricted reviews: who is named, and the statement that they accept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from agencies.models import User
from portal.forms.base import PortalForm
from portal.forms.fields import WordsField
from reviews.readers import MOST_LETTERS


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
