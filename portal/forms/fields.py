"""Fields that Django has not: a date asked for as day, month and year."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

PARTS = ("day", "month", "year")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DayMonthYear(forms.MultiWidget):
    """Three small boxes. A phone shows its number keys; nothing opens a calendar over the page."""

    template_name = "portal/form/day_month_year.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Three text boxes, named after their parts."""
        super().__init__(widgets={part: forms.TextInput() for part in PARTS}, attrs=attrs)

    def decompress(self, value: dt.date | str | None) -> list[Any]:
        """A date as its three parts, the day first."""
        if isinstance(value, str) and value:
            value = dt.date.fromisoformat(value)
        return [value.day, value.month, value.year] if isinstance(value, dt.date) else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each box with its own id: ``id_target_date_day``, so that an error can lead to it."""
        context = super().get_context(name, value, attrs)
        whole = context["widget"]["attrs"].get("id", f"id_{name}")
        for part, box in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            # What is said of the whole date (described by, required) stands on the group, not three times.
            box["attrs"] = {"id": f"{whole}_{part}"}
            if part != "month":  # a month is also understood as a word, so its box keeps the ordinary keys
                box["attrs"]["inputmode"] = "numeric"
            box["label"] = part.capitalize()
        context["widget"]["invalid"] = bool(attrs and attrs.get("aria-invalid"))
        return context


class DayMonthYearField(forms.DateField):
    """A date typed as day, month and year; a month may be a word. Errors say which part is missing."""

    widget = DayMonthYear
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "Enter a real date, like 28 2 2016",
    }

    def to_python(self, value: Any) -> dt.date | None:
        """The date from its three parts, or from anything that a date field understands."""
        if not isinstance(value, list):
            return super().to_python(value)
        parts = {name: str(part or "").strip() for name, part in zip(PARTS, value, strict=True)}
        if not any(parts.values()):
            return None
        missing = [name for name, part in parts.items() if not part]
        if missing:
            raise ValidationError(f"The date must include a {' and a '.join(missing)}", code="incomplete")
        return self._real(**parts)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another day is meant, however it is written."""
        try:
            return self.to_python(data) != (self.to_python(initial) if initial else None)
        except ValidationError:
            return True

    def _real(self, day: str, month: str, year: str) -> dt.date:
        """The day of the calendar that the three parts name."""
        try:
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
            if len(year) != 4:
                raise ValueError(year)
            return dt.date(int(year), number, int(day))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
