"""The filters above a list of actions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
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

#: By the name of a question what can be chosen: keys, and the words for each.
_Choices = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class _Questions(PortalForm):
    """What can be asked for. Agencies and reviews only where there is more than one to choose from."""

    says_optional = False

    text = forms.CharField(label="Words in the action", required=False, max_length=200)
    agency = forms.ChoiceField(label="Agency", required=False, widget=PlainSelect)
    review = forms.ChoiceField(label="Review", required=False, widget=PlainSelect)
    status = forms.ChoiceField(label="Status", choices=_STATUSES, required=False, widget=PlainSelect)
    lateness = forms.ChoiceField(label="How late", choices=_LATENESSES, required=False, widget=PlainSelect)

    def __init__(self, data: Any, choices: _Choices) -> None:
        super().__init__(data)
        for name, offered in choices:
            if len(offered) > 1:
                self.fields[name].choices = [("", "Any"), *offered]  # type: ignore[attr-defined]
            else:
                del self.fields[name]


class ActionFilters:
    """Which actions to show. While nothing is asked for, there is no form to read, and none to draw again."""

    def __init__(
        self, data: Any, *, agencies: Sequence[tuple[str, Agency]], reviews: Sequence[tuple[str, Review]] = ()
    ) -> None:
        """Offer these ``agencies`` and ``reviews``, each under the name by which the reader knows it."""
        offered = {"agency": agencies, "review": reviews}
        self._rows: dict[str, dict[str, Any]] = {
            name: {str(row.pk): row for _, row in rows} for name, rows in offered.items()
        }
        self._choices: _Choices = tuple(
            (name, tuple((str(row.pk), words) for words, row in rows)) for name, rows in offered.items()
        )
        self._data = data
        self._asked = any(data.get(name) for name in _Questions.base_fields)

    @cached_property
    def _form(self) -> _Questions:
        return _Questions(self._data, self._choices)

    @property
    def errors(self) -> Any:
        """What cannot be understood of what is asked for, by question."""
        return self._form.errors if self._asked else {}

    def wanted(self) -> dict[str, Any]:
        """What to narrow the list by; what cannot be read, say from an old bookmark, narrows nothing."""
        if not self._asked:
            return {}
        self._form.is_valid()
        asked = {name: value for name, value in self._form.cleaned_data.items() if value}
        return {name: self._rows[name][value] if name in self._rows else value for name, value in asked.items()}

    def __str__(self) -> SafeString:
        """The fields."""
        return self._form.render() if self._asked else _unasked(self._choices)

    __html__ = __str__


@lru_cache(maxsize=256)  # they look the same to all who choose from the same; drawing them is a tenth of the page
def _unasked(choices: _Choices) -> SafeString:
    return _Questions({}, choices).render()
