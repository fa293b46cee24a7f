"""Fields that Django has not: a date asked for as day, month and year, words, several files, choices with a meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString

from agencies import typed_days
from agencies.addresses import MOST_LETTERS as MOST_OF_AN_ADDRESS
from agencies.keys import key_of
from agencies.typed_words import printable, with_plain_ends

PARTS = typed_days.PARTS


class DayMonthYear(typed_days.DayMonthYear):
    """Three small boxes, with the portal's markup."""

    template_name = "portal/form/day_month_year.html"


class DayMonthYearField(typed_days.DayMonthYearField):
    """A date typed as day, month and year."""

    widget = DayMonthYear


#: More than any cell of a plan holds; enough for everything that one report says.
MOST_WORDS = 40_000


class WordsField(forms.CharField):
    """Text as people write and paste it. Line ends become plain ones; what cannot be seen or printed is left out."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        """A text box of ``rows`` lines."""
        options.setdefault("max_length", MOST_WORDS)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
        self.error_messages["max_length"] = f"Shorten this to {self.max_length:,} characters or fewer."

    def to_python(self, value: Any) -> str:
        """The words, cleaned."""
        return printable(with_plain_ends(str(value or ""))).strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: a browser would cut off what somebody pastes without saying so."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LineField(forms.CharField):
    """One line of text, with single spaces and nothing that cannot be printed."""

    def to_python(self, value: Any) -> str:
        """The line, cleaned."""
        return " ".join(printable(str(value or "")).split())


class AddressField(forms.EmailField):
    """An e-mail address, of no more letters than one that we keep can have."""

    def __init__(self, **options: Any) -> None:
        """Django's own takes 320, and cannot keep them."""
        super().__init__(max_length=MOST_OF_AN_ADDRESS, **options)
        self.error_messages["invalid"] = "Enter a valid e-mail address, like name@example.org"
        self.error_messages["max_length"] = f"An e-mail address has {self.max_length} letters at most."


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows of those that are offered. What no row's number can look like is no choice, and asks no database."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_choice": "Something that you chose is not on this list any more. Look through it, and send it again.",
    }

    def clean(self, value: Any) -> Any:
        """The rows."""
        for key in value if isinstance(value, list | tuple) else ():
            if key_of(str(key)) is None:
                raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class FilesInput(forms.FileInput):
    """Chooses several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as a list; an empty list when none was chosen. What may be kept the domain decides."""

    widget = FilesInput
    most = 10

    def __init__(self, **options: Any) -> None:
        """An empty file is refused by the domain, with the others that cannot be kept."""
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by itself."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > self.most:
            raise ValidationError(f"Choose up to {self.most} files at once. You can add more afterwards.")
        return [super(FilesField, self).clean(file, initial) for file in files]


class MeaningfulChoices(forms.RadioSelect):
    """Radio buttons, each with what it means below its words."""

    def __init__(self, meanings: Mapping[str, str], attrs: dict[str, Any] | None = None) -> None:
        """``meanings`` by the value of the choice."""
        super().__init__(attrs)
        self.meanings = dict(meanings)

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        """One choice with its ``meaning``."""
        return super().create_option(name, value, *args, **options) | {"meaning": self.meanings.get(str(value), "")}


class PlainSelect(forms.Select):
    """A select drawn without Django's templates, which include two others for each of its options: 0.8 ms, and 0.2."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        options = "".join(
            f'<option value="{escape(str(option["value"]))}"{flatatt(option["attrs"])}>{escape(str(option["label"]))}'
            "</option>"
            for _, group, _ in widget["optgroups"]
            for option in group
        )
        return SafeString(f'<select name="{escape(widget["name"])}"{flatatt(widget["attrs"])}>{options}</select>')
