"""Whom to ask: ``{% load asking %}``, then "… ask {% coordinator %}."."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.asking import partnerships_to_ask

register = template.Library()


@register.simple_tag(takes_context=True)
def coordinator(context: dict[str, Any]) -> SafeString:
    """Say "your partnership’s coordinator", with the address for questions for whoever belongs to the partnership."""
    words = "your partnership’s coordinator"
    found = partnerships_to_ask(getattr(context.get("request"), "user", None))
    if not found:
        return SafeString(words)
    links = format_html_join(
        ", ",
        '{}<a class="govuk-link" href="mailto:{}">{}</a>',
        ((f"{row}: " if len(found) > 1 else "", row.contact_email, row.contact_email) for row in found),
    )
    return format_html("{} ({})", words, links)
