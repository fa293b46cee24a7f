"""What becomes of an agency: another name, another agency in its place, or an end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import TextChoices

from agencies.directory import MOST_LETTERS
from agencies.models import Agency, AgencyKind, Membership
from portal.forms.base import PortalForm
from portal.forms.fields import DayMonthYearField, LineField, RowsField, WordsField
from portal.forms.people import with_role
from reviews.succeeding import Access

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from reviews.models import Assignment


class AddAgencyForm(PortalForm):
    """An agency that no plan has named."""

    name = LineField(label="Name", max_length=MOST_LETTERS)
    kind = forms.ChoiceField(label="What sort of body is it?", choices=[("", "Choose what it is"), *AgencyKind.choices])
    other_names = WordsField(
        label="Other names",
        help_text="One on each line: abbreviations, and what plans call it. Plans that come in are then understood.",
        rows=3,
        max_length=20_000,
        required=False,
    )


class RenameForm(PortalForm):
    """Another name, and since when; without a day the old one was a slip."""

    name = LineField(label="New name", max_length=MOST_LETTERS)
    on = DayMonthYearField(
        label="From which day is it called so?",
        help_text="Leave this empty if the name was only misspelt: papers then never print the old one.",
        required=False,
    )


class CloseForm(PortalForm):
    """Since when it exists no longer."""

    on = DayMonthYearField(label="No longer exists since")
    ends = forms.TypedChoiceField(
        label="What becomes of its people’s access?",
        choices=[
            ("yes", "It ends now, and what they had begun is handed on"),
            ("no", "They keep it, to read what the agency answered for"),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, people: int, **options: Any) -> None:
        """Ask about the people where there are any."""
        super().__init__(*args, **options)
        if not people:
            del self.fields["ends"]


class Which(TextChoices):
    """Which of an agency's open actions go to the one that takes over."""

    ALL = "all", "All of them"
    BUT = "but", "All but those that are ticked below"
    ONLY = "only", "Only those that are ticked below"


class SucceedForm(PortalForm):
    """Which agency takes over, from when, and what goes along."""

    successor = forms.ModelChoiceField(
        label="Which agency takes over?", queryset=Agency.objects.none(), empty_label="Choose an agency"
    )
    on = DayMonthYearField(label="From which day?")
    which = forms.ChoiceField(
        label="Which open actions go along?",
        help_text="Where the agency is split, record the next agency afterwards. More than 900 are too many to tick: "
        "tick those that are fewer, or record the same agency again for the rest.",
        choices=Which.choices,
        widget=forms.RadioSelect,
    )
    actions = forms.MultipleChoiceField(
        label="Open actions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people = RowsField(
        label="People who go along",
        help_text="They have the same role there, with what they see to and have begun.",
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    closes = forms.BooleanField(
        label="It no longer exists from then on",
        help_text="Leave this open while other actions still have to go elsewhere.",
        required=False,
    )
    access = forms.ChoiceField(
        label="If it no longer exists, what becomes of access to it?",
        choices=Access.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        others: QuerySet[Agency],
        parts: Sequence[Assignment],
        people: QuerySet[Membership],
        **options: Any,
    ) -> None:
        """Offer the other agencies; everything ticked at first."""
        initial = {"which": Which.ALL, "people": list(people), "closes": True, "access": Access.LEFT_ENDS}
        super().__init__(*args, initial=initial | options.pop("initial", {}), **options)
        cast("forms.ModelChoiceField[Agency]", self.fields["successor"]).queryset = others
        field = cast("RowsField", self.fields["people"])
        field.queryset = people
        field.label_from_instance = with_role  # type: ignore[method-assign]
        cast("forms.MultipleChoiceField", self.fields["actions"]).choices = [
            (str(part.action_id), f"{part.action.review.reference} · {part.action}") for part in parts
        ]
        if not parts:
            del self.fields["which"], self.fields["actions"]

    def clean(self) -> dict[str, Any]:
        """``actions`` becomes the keys of those that go along, whichever were ticked; None for all there are."""
        data = super().clean() or {}
        which, ticked = data.pop("which", Which.ALL), {int(key) for key in data.get("actions", ())}
        if which == Which.ALL and ticked:
            self.add_error(
                "which", "You ticked some actions below. Say whether those go along or stay, or untick them."
            )
        if which == Which.BUT and not ticked and "actions" in data:
            self.add_error("actions", "Tick the actions that stay, or let all go along.")
        if which == Which.BUT:
            ticked = {int(key) for key, _ in cast("Any", self.fields["actions"]).choices} - ticked
        return data | {"actions": None if which == Which.ALL else ticked}
