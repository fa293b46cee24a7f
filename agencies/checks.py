"""System checks that keep the wall: run with ``manage.py check --database default``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from agencies.models import User


@register(Tags.database)
def nobody_holds_a_global_permission(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Find people who hold a permission outside any container, by themselves or through a group."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        if User._meta.db_table not in connections[alias].introspection.table_names():
            continue  # before the first migration there are no people to ask about
        people = User.objects.using(alias)
        holders = people.filter(user_permissions__isnull=False) | people.filter(groups__permissions__isnull=False)
        found += [
            Error(
                f"Person {pk} holds a permission that is not bound to an agency, partnership or review.",
                hint="Remove it: permissions are given by a role at an agency, in a partnership or on a review.",
                id="agencies.E001",
            )
            for pk in holders.values_list("pk", flat=True).distinct()
        ]
    return found
