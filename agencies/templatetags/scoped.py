"""What the templates of the admin site ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.text import capfirst

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


@dataclass(frozen=True)
class Columns:
    """The parts of a row as a table: name and words of each column; each part with its cells, which say theirs too."""

    named: list[tuple[str, str]]
    rows: list[tuple[Model, list[tuple[str, str, str]]]]


@register.simple_tag
def columns_of(formset: Any) -> Columns:
    """The parts that ``formset`` shows, without the columns in which no part says anything."""
    named = [(str(field["name"]), str(capfirst(field["label"]))) for field in formset.fields()]
    rows = [(row.original, _cells(row)) for row in formset]
    empty = {"", str(formset.model_admin.get_empty_value_display())}
    said = [at for at in range(len(named)) if not rows or any(str(cells[at]) not in empty for _, cells in rows)]
    return Columns([named[at] for at in said], [(row, [(*named[at], cells[at]) for at in said]) for row, cells in rows])


def _cells(row: Any) -> list[str]:
    return [field.contents() for fieldset in row for line in fieldset for field in line]
