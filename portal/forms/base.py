"""The form that every form of a page is made from."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.asking import missing
from agencies.refusals import Refused
from portal.forms.fields import DayMonthYearField


class PortalForm(forms.Form):
    """Says what is missing by the question's own words, because the summary of errors is read away from the field.

    A form that words a message itself (``error_messages``) keeps its own.
    """

    # The browser's own bubbles are not read out together and look like nobody's words; the server says what is missing.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Build the form, then word what is missing."""
        super().__init__(*args, **kwargs)
        self.word_what_is_missing()

    def word_what_is_missing(self) -> None:
        """Give each question its "required" message, unless the form or the field gave one; and each date its name."""
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = missing(field)
            if isinstance(field, DayMonthYearField) and field.label:
                field.error_messages["invalid"] = f"Enter a real date for “{field.label}”, like 28 2 2016"

    def refuse(self, refused: Refused) -> None:
        """Put the domain's sentence beside the question that it is about, or above all of them."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)
