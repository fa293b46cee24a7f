"""What the headings of a plan were taken for: the form that corrects it, and the list of what was explained before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model

from agencies.roles import Permission
from agencies.scoped_admin import ScopedAdmin
from agencies.scoped_lists import RelatedOnly
from agencies.verb_pages import VerbForm
from reviews.importing import rereading
from reviews.importing.understanding.columns import LABELS
from reviews.models import HeadingMeaning, PlanImport

#: The most headings that are asked for at once. Each is a field, and a form takes a thousand.
MOST_HEADINGS = 200


class HeadingsForm(forms.Form):
    """Each heading of the plan's tables with the field that it was taken for, to be corrected from a list.

    ``was_kept`` where it shows what was sent without a session.
    """

    was_kept = False

    def __init__(self, *args: Any, staged: PlanImport, **options: Any) -> None:
        """Ask about the headings of ``staged``; each once, those of tables that were read first."""
        super().__init__(*args, **options)
        self.read: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self.tables = _tables(staged)
        for table in sorted(self.tables, key=lambda table: not table["read"]):
            for heading in table["headings"]:
                self._ask(heading["printed"], heading["column"])

    def _ask(self, printed: str, column: str) -> None:
        # A heading that is told of but in part could not be known again by what is told.
        if printed in self.read or printed.endswith("…") or len(self.read) == MOST_HEADINGS:
            return
        name = f"heading_{hashlib.sha256(printed.encode()).hexdigest()[:16]}"
        self.read[printed], self._names[printed] = column, name
        self.fields[name] = forms.ChoiceField(label=f"“{printed}”", choices=list(LABELS.items()), initial=column)

    @property
    def taken_for(self) -> list[tuple[str, str]]:
        """Each heading of the tables that were read, and the field that it was taken for."""
        read = [heading for table in self.tables if table["read"] for heading in table["headings"]]
        return list({heading["printed"]: LABELS[heading["column"]] for heading in read}.items())

    @property
    def by_table(self) -> list[tuple[Mapping[str, Any], list[forms.BoundField]]]:
        """Each table with the questions about its headings; one that stands in two is asked about in the first."""
        return [(table, list(self._asked(table))) for table in self.tables]

    def _asked(self, table: Mapping[str, Any]) -> Iterator[forms.BoundField]:
        for heading in table["headings"]:
            first = next(one for one in self.tables if heading["printed"] in {h["printed"] for h in one["headings"]})
            if first is table and heading["printed"] in self._names:
                yield self[self._names[heading["printed"]]]

    def corrected(self) -> dict[str, str]:
        """The headings that mean something else than they were taken for."""
        said = {printed: self.cleaned_data[name] for printed, name in self._names.items()}
        return {printed: column for printed, column in said.items() if column != self.read[printed]}


def _tables(staged: PlanImport) -> list[Mapping[str, Any]]:
    """The tables that were found in the file, those that were read before the others.

    A plan that was staged before tables were told of has one, without a name.
    """
    if found := staged.reading.get("tables"):
        return sorted(found, key=lambda table: not table["read"])
    columns = staged.reading.get("columns", {})
    headings = [{"printed": printed, "column": column, "place": ""} for printed, column in columns.items()]
    rows = len(staged.reading.get("rows", ()))
    return [{"name": "", "place": "", "headings": headings, "read": True, "rows": rows}] if headings else []


class Forget(VerbForm):
    """Do not read a heading so any longer."""

    slug = "forget"
    heading = "Forget what it means"
    button = "Forget it"
    lead = (
        "The next plan with this heading is read by the heading’s own words again. Plans that were brought in, or are "
        "waiting, stay as they are."
    )
    permission = Permission.EDIT_PLAN
    done = "Forgotten."
    about: HeadingMeaning

    def carry_out(self) -> Model | None:
        """Forget it."""
        rereading.forget(meaning=self.about, by=self.by)
        return self.about.partnership  # the list: the row itself is gone


@admin.register(HeadingMeaning)
class HeadingMeaningAdmin(ScopedAdmin):
    """What the partnership's people said that headings of their plans mean."""

    view_permission = Permission.EDIT_PLAN
    list_display = ("heading", "read_as", "partnership", "recorded_at", "recorded_by")
    list_filter = (("partnership", RelatedOnly),)
    list_select_related = ("partnership", "recorded_by")
    search_fields = ("heading",)
    fields = ("partnership", "heading", "read_as", "recorded_at", "recorded_by")
    verbs = (Forget,)

    @admin.display(description="read as", ordering="column")
    def read_as(self, row: HeadingMeaning) -> str:
        """The field, in words."""
        return LABELS.get(row.column, row.column)
