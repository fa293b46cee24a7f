"""Agencies that answer for something open and are led by nobody: reminders without an owner find nobody there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from agencies.models import Membership
from agencies.roles import RoleCode
from reviews.models import Action, Assignment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import Agency


def with_open_actions(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Each with ``open_actions``, in how many it has a part.

    It counts restricted reviews too: show it to those who oversee the agency, never to its own people.
    """
    number = _open_parts().order_by().values("agency").annotate(number=Count("pk")).values("number")
    return agencies.annotate(open_actions=Coalesce(Subquery(number), 0))


def unled(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of ``agencies`` that have a part in an open action, and no lead whose account is open."""
    leads = Membership.objects.filter(agency=OuterRef("pk"), role=RoleCode.AGENCY_LEAD, until__isnull=True)
    return agencies.filter(Exists(_open_parts()), ~Exists(leads.filter(user__is_active=True)))


def _open_parts() -> QuerySet[Assignment]:
    """Their parts in open actions, in a query of agencies."""
    return Assignment.objects.current().filter(agency=OuterRef("pk"), action__in=Action.objects.open())
