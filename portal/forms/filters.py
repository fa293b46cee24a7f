"""The filters above a list of actions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from agencies.models import Agency
from portal.forms.base import PortalForm
from portal.forms.fields import PlainSelect
from reviews.models import Review
from reviews.reading.lists import STILL_OPEN
from reviews.statuses import Lateness, Status

_STATUSES = [("", "Any"), (STILL_OPEN, "Any that is still open"), *Status.choices]
_LATENESSES = [("", "Any"), *((late.value, late.label) for late in Lateness if late != Lateness.CLOSED)]

#: The keys of what can be chosen, and the words for each.
_Named = tuple[tuple[str, str], ...]


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
        self._named: dict[str, _Named] = {}
        for name, rows in (("agency", agencies), ("review", reviews)):
            self.offered[name] = {str(row.pk): row for _, row in rows}
            self._named[name] = tuple((str(row.pk), words) for words, row in rows)
            if len(rows) > 1:
                self.fields[name].choices = [("", "Any"), *self._named[name]]  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def __str__(self) -> SafeString:
        """The fields. While nothing is asked for, they look the same to all who choose from the same."""
        return self.render() if any(self.data.values()) else _unasked(self._named["agency"], self._named["review"])

    __html__ = __str__

    def wanted(self) -> dict[str, Any]:
        """What to narrow the list by; what cannot be read, say from an old bookmark, narrows nothing."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: self.offered[name][value] if name in self.offered else value for name, value in asked.items()}


@lru_cache(maxsize=256)  # a tenth of what Your actions costs is the drawing of these fields
def _unasked(agencies: _Named, reviews: _Named) -> SafeString:
    form = ActionFilters(
        {},
        agencies=[(words, Agency(pk=key)) for key, words in agencies],
        reviews=[(words, Review(pk=key)) for key, words in reviews],
    )
    return form.render()
