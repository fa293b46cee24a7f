"""What a browser says of itself, in words that people know. Load with ``{% load browsers %}``."""

from __future__ import annotations

from django import template
from ua_parser import parse

register = template.Library()


@register.filter
def browser(said: str) -> str:
    """“Firefox on Windows”, of the long line that a browser sends with each request."""
    known = parse(said)
    names = [each.family for each in (known.user_agent, known.os) if each and each.family != "Other"]
    return " on ".join(names) or "Unknown browser"
