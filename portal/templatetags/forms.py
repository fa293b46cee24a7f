"""What the form templates need: a control with GOV.UK's classes, and its width. Pages need only ``{{ form }}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, RadioSelect
from django.utils.safestring import SafeString

register = template.Library()

_CLASSES = {"textarea": "govuk-textarea", "select": "govuk-select", "file": "govuk-file-upload"}
#: How wide a box is, by what is asked for; a form may say otherwise with ``attrs={"data-width": "10"}``.
_WIDTHS = {"number": "5", "password": "20"}


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """One control with its classes; described by its hint and its error."""
    kind = kind_of(field)
    css = [_CLASSES.get(kind, "govuk-input")]
    if width := field.field.widget.attrs.get("data-width") or _WIDTHS.get(kind):
        css.append(f"govuk-input--width-{width}")
    if kind == "password":
        css.append("govuk-password-input__input govuk-js-password-input-input")
    if field.errors:
        css.append(f"{css[0]}--error")
    # A placeholder vanishes when one types, and the label says it already.
    attrs: dict[str, Any] = {"class": " ".join(css), "placeholder": False, "data-width": False}
    if kind == "textarea":
        attrs["rows"] = field.field.widget.attrs.get("rows") if _says_rows(field) else 5
    return field.as_widget(attrs=attrs)


def _says_rows(field: BoundField) -> bool:
    """Whether the form chose a height; Django's own default is ten rows."""
    return str(field.field.widget.attrs.get("rows", "10")) != "10"


@register.filter
def kind_of(field: BoundField) -> str:
    """text, textarea, select, file, password, number, checkbox, choices (radios or boxes), date."""
    if isinstance(field.field.widget, RadioSelect):  # checkboxes are a kind of it
        return "choices"
    if field.widget_type == "daymonthyear":
        return "date"
    if field.widget_type in ("clearablefile", "file"):
        return "file"
    if field.widget_type in ("selectmultiple", "nullbooleanselect"):
        return "select"
    return getattr(field.field.widget, "input_type", None) or field.widget_type


@register.filter
def shape_of(field: BoundField) -> str:
    """Radios or checkboxes, for a question with choices."""
    return "checkboxes" if isinstance(field.field.widget, CheckboxSelectMultiple) else "radios"


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of the hint and the error, in the order in which they stand."""
    return field.aria_describedby or ""


#: What stands folded in the form of an update.
_MORE = ("obstacles", "help_wanted", "on", "link", "where_held", "title")


@register.filter
def holds_more(form: BaseForm) -> bool:
    """Whether something is said, or wrong, in what the form of an update folds away."""
    said = (name for name in _MORE if name != "on" and form[name].value())
    return any(said) or any(name in form.errors for name in _MORE)
