"""What the templates of the admin site ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.html import format_html_join

from agencies import kept, presses

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from agencies.parts import Way

register = template.Library()


@register.simple_tag(takes_context=True)
def form_marks(context: dict[str, Any], address: str = "") -> SafeString:
    """What a form carries that is sent to ``address``, or to the page itself: who opened it, and a mark of its own."""
    request: HttpRequest = context["request"]
    rows = ((kept.FIELD, kept.stamp(request, address)), (presses.FIELD, presses.fresh()))
    return format_html_join("", '<input type="hidden" name="{}" value="{}" autocomplete="off">', rows)


@register.simple_tag
def way_to(way: Way, row: Model) -> str:
    """The address to which ``way`` leads for ``row``."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{way.to}", args=[row.pk])
