"""The forms by which coordinators and site administrators add an agency, and say what it is."""

from __future__ import annotations

from django import forms

from agencies import directory
from agencies.models import Agency, AgencyKind, Partnership
from agencies.roles import Permission
from agencies.verb_pages import Choice, VerbForm

NAMES = "One on each line: abbreviations, and what plans call it. Plans that come in are then understood."

#: Beside every list of agencies from which one is chosen.
NOT_LISTED = "Not in the list? Add it first: Agencies → Add an agency."


def names_field() -> forms.CharField:
    """The other names of an agency, one on each line."""
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label="Other names", help_text=NAMES, widget=area, max_length=20_000, required=False)


class AddAgency(VerbForm):
    """Add an agency that no plan has named."""

    heading = "Add an agency"
    button = "Add the agency"
    lead = "Look for it in the list first: it may be there under another name. Plans that come in add those they name."
    permission = Permission.EDIT_PLAN
    done = "The agency is added."

    partnership = Choice(Partnership, Permission.EDIT_PLAN)
    name = forms.CharField(max_length=directory.MOST_LETTERS)
    kind = forms.ChoiceField(choices=[("", "Choose what it is"), *AgencyKind.choices])
    other_names = names_field()

    def prepare(self) -> None:
        """Where there is one partnership, it is chosen."""
        offered = self.choices("partnership")
        if len(offered[:2]) == 1:
            self.initial.setdefault("partnership", offered[0].pk)

    def carry_out(self) -> Agency:
        """Add it."""
        names = self.cleaned_data.pop("other_names").splitlines()
        return directory.add_agency(by=self.by, other_names=names, **self.cleaned_data)


class DescribeAgency(VerbForm):
    """Say what sort of body it is, and by which other names plans call it."""

    slug = "describe"
    heading = "Kind and other names"
    lead = "A new name is recorded under People, with its day. Former names stay as they are."
    permission = Permission.EDIT_PLAN
    once = True
    about: Agency

    kind = forms.ChoiceField(choices=AgencyKind.choices)
    other_names = names_field()

    def prepare(self) -> None:
        """What is known of it stands there."""
        self.initial.setdefault("kind", self.about.kind)
        self.initial.setdefault("other_names", "\n".join(directory.other_names(self.about)))

    def carry_out(self) -> None:
        """Keep it."""
        names = self.cleaned_data["other_names"].splitlines()
        directory.describe(agency=self.about, kind=self.cleaned_data["kind"], other_names=names, by=self.by)
