"""The forms of one row of a plan: all of its fields, one of them beside its problem, and where to cut it in two."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from agencies.models import User
from agencies.typed_days import Day
from reviews.admin.import_forms import Lines
from reviews.importing import mending
from reviews.importing.resources import STATUSES
from reviews.importing.staged import MENDABLE, StagedRow
from reviews.models import PlanImport

#: What a row may be said to be; nothing is Not recorded.
STATUS_CHOICES = [("", "Not recorded"), *((status.value, str(status.label)) for status in STATUSES[1:])]
#: Fields that are asked for only where the plan says something in them.
_WHERE_WRITTEN = ("revised_date", "outcome", "evidence", "milestones", "barriers", "agency_response", "theme")
_WORDS_OF_A_CUT = 14


class RowForm(forms.Form):
    """One row of the plan, to be mended. ``only`` asks for one of its fields."""

    reference = forms.CharField(label="Reference", max_length=40, required=False)
    theme = Lines(label="Theme", rows=1)
    recommendation = Lines(label="Recommendation", rows=4)
    action = Lines(label="Action", rows=3)
    agencies = Lines(label="Lead agencies, one on each line", rows=2)
    owner = Lines(label="Person or post responsible", rows=2)
    target_date = Day(label="Target date", required=False)
    revised_date = Day(label="Revised target date", required=False)
    status = forms.ChoiceField(label="Status", choices=STATUS_CHOICES, required=False)
    progress = Lines(label="Progress", rows=4)
    next_steps = Lines(label="Next steps", rows=2)
    outcome = Lines(label="Outcome", rows=2)
    evidence = Lines(label="Evidence", rows=2)
    milestones = Lines(label="Milestones", rows=3)
    barriers = Lines(label="What is in the way", rows=2)
    agency_response = Lines(label="Agency’s response", rows=2)

    def __init__(self, *args: Any, row: StagedRow, only: str = "", **options: Any) -> None:
        """Show ``row`` as it stands."""
        initial = {name: row.fields.get(name) or "" for name in MENDABLE}
        initial |= {"agencies": "\n".join(row.fields.get("agencies") or ())}
        options.setdefault("auto_id", f"id_{row.number}_%s")
        super().__init__(*args, **{**options, "initial": initial})
        self.row = row
        for name in list(self.fields):
            unsaid = name in _WHERE_WRITTEN and not (row.fields.get(name) or row.fields.get(f"{name}_as_written"))
            if name != only and (only or unsaid):
                del self.fields[name]
        for name in ("target_date", "revised_date", "status"):
            if name in self.fields and (written := row.fields.get(f"{name}_as_written")):
                self.fields[name].help_text = f"The plan says “{written}”."

    def mended(self) -> Mapping[str, Any]:
        """The fields as the reading writes them."""
        return {name: _as_read(name, value) for name, value in self.cleaned_data.items()}


def _as_read(name: str, value: Any) -> Any:
    if name == "agencies":
        return [name for name in (name.strip() for name in re.split(r"[\n;]", value)) if name]
    if isinstance(value, dt.date):
        return value.isoformat()
    return (value or None) if name in ("status", "target_date", "revised_date") else value


class CutForm(forms.Form):
    """Where the second row begins, of those places in the row's cells where something begins."""

    cut = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Choose where the second row begins."}
    )

    def __init__(self, *args: Any, row: StagedRow, **options: Any) -> None:
        """Offer the places of ``row``."""
        super().__init__(*args, **{"auto_id": f"id_{row.number}_%s", **options})
        found = [(column, at) for column in mending.SPLIT for at in mending.cuts(row, column)]
        both = len({column for column, _ in found}) > 1
        self.fields["cut"].choices = [  # type: ignore[attr-defined]
            (f"{column}:{at}", _begins(str(row.fields[column])[at:], column if both else "")) for column, at in found
        ]
        self.offers = bool(found)

    def where(self) -> tuple[str, int]:
        """The column, and the letter at which the second row begins."""
        column, _, at = self.cleaned_data["cut"].partition(":")
        return column, int(at)


def _begins(words: str, column: str) -> str:
    first = words.replace("\n", " ").split()
    shown = " ".join(first[:_WORDS_OF_A_CUT]) + ("…" if len(first) > _WORDS_OF_A_CUT else "")
    return f"{column.capitalize()}: “{shown}”" if column else f"“{shown}”"


def form_pressed(sent: QueryDict, row: StagedRow) -> forms.Form:
    """The form of which a button was pressed: one field, all of them, where to cut, or none but the press."""
    press = sent.get("do", "mend")
    if press == "cut":
        return CutForm(sent, row=row)
    if press in ("leave-out", "put-back", "join"):
        return forms.Form(sent)
    return RowForm(sent, row=row, only=only_asked(sent))


def only_asked(sent: Mapping[str, Any]) -> str:
    """The one field that a form asks for, beside its problem; nothing where it asks for all."""
    only = str(sent.get("only", ""))
    return only if only in MENDABLE else ""


def carry_out(form: forms.Form, staged: PlanImport, row: StagedRow, sent: QueryDict, by: User) -> StagedRow:
    """Call the verb of the button; gives the row to go back to. Raises what the verb refuses."""
    about: dict[str, Any] = {"plan_import": staged, "number": row.number, "by": by}
    if isinstance(form, CutForm):
        column, at = form.where()
        mending.split(**about, column=column, at=at)
        return row
    if isinstance(form, RowForm):
        return mending.mend(**about, fields=form.mended())
    if sent["do"] == "join":
        return mending.join(**about)
    return mending.mend(**about, fields={}, left_out=sent["do"] == "leave-out")
