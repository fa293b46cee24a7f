"""Whom somebody asks who is stuck: the addresses for questions of the partnerships to which they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from agencies.models import Partnership
from agencies.permissions import held_in
from agencies.roles import Container, Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from agencies.models import User


def partnerships_to_ask(user: User | AnonymousUser | None) -> list[Partnership]:
    """The partnerships of ``user`` that have an address for questions, by name. A stranger is told of none."""
    if user is None or not user.is_authenticated:
        return []
    belongs = (
        Q(pk__in=held_in(user, Permission.READ_COUNTS, Container.PARTNERSHIP))
        | Q(agencies__in=held_in(user, Permission.READ_ACTION, Container.AGENCY))
        | Q(reviews__in=held_in(user, Permission.READ_ACTION, Container.REVIEW))
    )
    return list(Partnership.objects.filter(belongs).exclude(contact_email="").order_by("name", "pk").distinct())
