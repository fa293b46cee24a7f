"""For which day a paper speaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from portal.forms.base import PortalForm
from portal.forms.fields import PARTS, DayMonthYearField
from portal.templatetags.dates import day


class AsAtForm(PortalForm):
    """A day up to today. Links give it in one piece (``as_at=2016-02-28``), the page's own boxes in three."""

    says_optional = False

    as_at = DayMonthYearField(
        label="As at", required=False, help_text="The paper then says what was known of that day."
    )

    def __init__(self, data: Mapping[str, Any], *, today: dt.date) -> None:
        """Read the address; with no day in it, ``today`` is meant."""
        self.today = today
        super().__init__(_in_three(data) or dict(zip(_BOXES, (today.day, today.month, today.year), strict=True)))

    def clean_as_at(self) -> dt.date:
        """The day, which is never one that has not come yet."""
        chosen: dt.date = self.cleaned_data["as_at"] or self.today
        if chosen > self.today:
            raise ValidationError(f"Choose a day up to today, {day(self.today)}")
        return chosen


_BOXES = tuple(f"as_at_{part}" for part in PARTS)


def _in_three(data: Mapping[str, Any]) -> dict[str, Any]:
    """The day, month and year of an address, however it gives them; empty when it gives none."""
    if whole := data.get("as_at"):
        parts = str(whole).split("-")
        return dict(zip(_BOXES, parts[::-1] if len(parts) == len(_BOXES) else ("", "", whole), strict=True))
    return {box: data[box] for box in _BOXES if data.get(box)}
