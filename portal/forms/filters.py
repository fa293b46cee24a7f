"""The filters above a list of actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from agencies.models import Agency
from portal.forms.base import PortalForm
from portal.forms.fields import PlainSelect
from reviews.models import Review
from reviews.reading.lists import STILL_OPEN
from reviews.statuses import Lateness, Status

_STATUSES = [("", "Any"), (STILL_OPEN, "Any that is still open"), *Status.choices]
_LATENESSES = [("", "Any"), *((late.value, late.label) for late in Lateness if late != Lateness.CLOSED)]


class ActionFilters(PortalForm):
    """Which actions to show. Agencies and reviews are asked for only where there is more than one to choose from."""

    says_optional = False

    text = forms.CharField(label="Words in the action", required=False, max_length=200)
    agency = forms.ChoiceField(label="Agency", required=False, widget=PlainSelect)
    review = forms.ChoiceField(label="Review", required=False, widget=PlainSelect)
    status = forms.ChoiceField(label="Status", choices=_STATUSES, required=False, widget=PlainSelect)
    lateness = forms.ChoiceField(label="How late", choices=_LATENESSES, required=False, widget=PlainSelect)

    def __init__(
        self, data: Any, *, agencies: Sequence[tuple[str, Agency]], reviews: Sequence[tuple[str, Review]] = ()
    ) -> None:
        """Offer these ``agencies`` and ``reviews``, each under the name by which the reader knows it."""
        super().__init__(data)
        self.offered: dict[str, dict[str, Any]] = {}
        for name, rows in (("agency", agencies), ("review", reviews)):
            self.offered[name] = {str(row.pk): row for _, row in rows}
            if len(rows) > 1:
                choices = [("", "Any"), *((str(row.pk), words) for words, row in rows)]
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def wanted(self) -> dict[str, Any]:
        """What to narrow the list by; what cannot be read, say from an old bookmark, narrows nothing."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: self.offered[name][value] if name in self.offered else value for name, value in asked.items()}
