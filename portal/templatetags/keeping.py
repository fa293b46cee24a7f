"""What a form carries so that nobody's words are lost in it."""

from __future__ import annotations

from typing import Any, cast

from django import template
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies import kept
from portal.keeping import show_kept

register = template.Library()


@register.simple_tag(takes_context=True)
def kept_mark(context: dict[str, Any], form: BaseForm | str) -> SafeString:
    """Before the fields of a form in which one types: what is sent without a session waits for who opened it.

    What waits is shown in the form, and said. A form without fields keeps nothing.
    """
    request = context.get("request")
    if request is None or not request.user.is_authenticated or not getattr(form, "fields", None):
        return SafeString()
    show_kept(request, cast("BaseForm", form))
    said = format_html('<div class="govuk-inset-text">{}</div>', kept.SAID) if hasattr(form, "shows_kept") else ""
    return format_html(
        '{}<input type="hidden" name="{}" value="{}" autocomplete="off">', said, kept.FIELD, kept.stamp(request)
    )
