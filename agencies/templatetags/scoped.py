"""What the templates of the admin site ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

if TYPE_CHECKING:
    from django.db.models import Model

    from agencies.parts import Way

register = template.Library()


@register.simple_tag
def way_to(way: Way, row: Model) -> str:
    """The address to which ``way`` leads for ``row``."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{way.to}", args=[row.pk])
