"""A day as people here write it: day, month and year in three boxes, for the portal's forms and those of the admin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies import days

PARTS = ("day", "month", "year")
#: So many letters has each part at most; the longest month is September.
MOST_OF_A_PART = {"day": 2, "month": 9, "year": 4}


class DayMonthYear(forms.MultiWidget):
    """Three small boxes. A phone shows its number keys; nothing opens a calendar over the page."""

    template_name = "admin/scoped/day.html"
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
            box["attrs"] = {"id": f"{whole}_{part}", "maxlength": MOST_OF_A_PART[part]}
            if part != "month":  # a month is also understood as a word, so its box keeps the ordinary keys
                box["attrs"]["inputmode"] = "numeric"
            box["label"] = part.capitalize()
        context["widget"]["invalid"] = bool(attrs and attrs.get("aria-invalid"))
        context["widget"]["described_by"] = context["widget"]["attrs"].get("aria-describedby", "")
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
            return days.of_parts(day, month, year)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class InBoxes(DayMonthYear):
    """The three boxes in Django admin. A link or a button may name the whole day at once: ``?on=2026-11-24``."""

    def decompress(self, value: dt.date | str | None) -> list[Any]:
        """A date as its three parts; nothing of what is no date."""
        try:
            return super().decompress(value)
        except ValueError:
            return super().decompress(None)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """What stands in the boxes, else the whole day."""
        parts = super().value_from_datadict(data, files, name)
        return data[name] if name in data and not any(parts) else parts

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether neither was sent."""
        return name not in data and bool(super().value_omitted_from_data(data, files, name))


class _Named(BoundField):
    """A day whose words name the group of its boxes, and whose hint and errors describe it."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if self.help_text:
            self.help_text = format_html('<span id="{}_hint">{}</span>', self.auto_id, self.help_text)

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> dict[str, Any]:
        said = {"hint": self.help_text, "error": self.errors}
        described_by = " ".join(f"{self.auto_id}_{name}" for name, words in said.items() if words)
        return super().build_widget_attrs(attrs, widget) | {"aria-describedby": described_by}

    def label_tag(self, contents: Any = None, attrs: Any = None, *args: Any, **options: Any) -> SafeString:
        return super().label_tag(contents, {**(attrs or {}), "id": f"{self.auto_id}_label"}, *args, **options)


class Day(DayMonthYearField):
    """A day, as the forms of Django admin ask for it."""

    widget = InBoxes

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """The field of one form."""
        return _Named(form, self, field_name)
