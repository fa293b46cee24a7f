"""What a form says of an answer that is missing, too long or too large: by the question's own words."""

from __future__ import annotations

from django import forms


def word_problems(field: forms.Field) -> None:
    """Give ``field`` words for what can be wrong with an answer, but where the form or the field has its own."""
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = missing(field)
    if isinstance(field, forms.CharField) and field.max_length:
        words = f"Shorten this to {field.max_length:,} characters or fewer."
        field.error_messages.setdefault("max_length", words)
    if isinstance(field, forms.IntegerField):
        for code, most, words in (
            ("max_value", field.max_value, "Enter {:,} or less."),
            ("min_value", field.min_value, "Enter {:,} or more."),
        ):
            if most is not None:
                field.error_messages.setdefault(code, words.format(most))


def missing(field: forms.Field) -> str:
    """What to do about a question without an answer."""
    asked = f"“{field.label}”" if field.label else "this"
    if isinstance(field, forms.BooleanField):
        return f"Tick {asked} to go on"
    if isinstance(field, forms.FileField):
        return f"Choose a file for {asked}"
    if isinstance(field, forms.DateField):
        return f"Give a date for {asked}"
    if isinstance(field, forms.ChoiceField):
        return f"Choose an answer to {asked}"
    return f"Fill in {asked}"
