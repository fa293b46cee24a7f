"""The navigation in the layout."""

from __future__ import annotations

from typing import Any

from django import template

from portal.nav import links

register = template.Library()


@register.inclusion_tag("portal/components/navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """The band below the header. Error pages drawn without a request have none."""
    request = context.get("request")
    return {"links": links(request) if request is not None else []}
