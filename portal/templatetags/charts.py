"""Charts: drawn by the server inside the table that says the same in numbers. Load with ``{% load charts %}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.templatetags.components import LATENESS_LOOKS, STATUS_LOOKS, tag
from reviews.statuses import Lateness, Status

register = template.Library()


@register.simple_tag
def bar(number: int, most: int, look: str) -> SafeString:
    """A bar as long as ``number`` is against ``most``, in the colour of a tag. The number stands beside it in words."""
    width = round(100 * number / most, 2) if most else 0
    return format_html(
        '<svg class="app-bar app-bar--{}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="app-bar__ground" width="100" height="10"/>'
        '<rect class="app-bar__part" width="{}" height="10"/></svg>',
        look,
        f"{width:g}",
    )


@register.inclusion_tag("portal/components/chart.html")
def status_chart(numbers: Mapping[Status, int], name: str) -> dict[str, Any]:
    """How many actions have each status; what nobody has is left out."""
    shown = [(status, numbers[status], STATUS_LOOKS[status]) for status in numbers if numbers[status]]
    return _chart(name, "Status", "status", shown)


@register.inclusion_tag("portal/components/chart.html")
def lateness_chart(numbers: Mapping[Lateness, int], name: str) -> dict[str, Any]:
    """How late the open actions are."""
    shown = [(late, numbers[late], LATENESS_LOOKS[late]) for late in numbers]
    return _chart(name, "How late", "lateness", shown)


def _chart(name: str, heading: str, asked: str, shown: Iterable[tuple[Any, int, tuple[str, str]]]) -> dict[str, Any]:
    shown = list(shown)
    most = max((number for _, number, _ in shown), default=0)
    return {
        "name": name,
        "headings": f"{heading}|Actions#|Share",
        "lines": [
            {"tag": tag(value.label, *look), "number": number, "most": most, "look": look[0], "value": value.value}
            for value, number, look in shown
        ],
        "asked": asked,
    }
