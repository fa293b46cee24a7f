"""What the columns of the database hold, for verbs and forms that fill them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model


def most_letters(model: type[Model], name: str) -> int:
    """How many letters the column ``name`` of ``model`` holds. ValueError where it holds any number."""
    field: Any = model._meta.get_field(name)
    if field.max_length is None:
        raise ValueError(f"{field} holds words of any length")
    return int(field.max_length)
