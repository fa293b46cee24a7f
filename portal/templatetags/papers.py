"""What the templates of papers need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template

from portal.papers.paper import Cell, Heading, printable

register = template.Library()


@register.filter
def under(row: Sequence[Cell], headings: Iterable[Heading]) -> list[tuple[Heading, Cell]]:
    """Each cell of a row with the heading it stands under."""
    return list(zip(headings, row, strict=True))


#: ``{{ words|printable }}``: without characters that cannot be seen, or that turn the direction of what follows.
register.filter("printable", printable)
