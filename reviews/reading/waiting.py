"""What waits at an agency for its leads to release it, as one of them reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from agencies.models import Agency
from agencies.permissions import objects_for
from agencies.releasing import may_release
from agencies.roles import Permission
from reviews.models import Action, Assignment, Submission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User


def waiting_at(agency: Agency, user: User) -> list[Submission]:
    """What waits at ``agency`` for ``user`` to release it."""
    if not may_release(user, agency):
        return []
    rows = _waiting(agency=agency).filter(_is_readable(user))
    return list(rows.select_related("author", "action__review", "action__recommendation"))


def hidden_at(agency: Agency, user: User) -> int:
    """How many wait there about restricted reviews that ``user``, who would release them, is not named to read."""
    if not may_release(user, agency):
        return 0
    rows = _waiting(agency=agency)
    rows = rows.filter(action__assignments__in=Assignment.objects.current().filter(agency=agency))
    return rows.exclude(_is_readable(user)).count()


def number_waiting(user: User) -> Coalesce:
    """For a query of agencies: how many wait at each that ``user`` may read."""
    theirs = _waiting(agency=OuterRef("pk")).filter(_is_readable(user)).order_by()
    number = theirs.values("agency").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _waiting(**of: Any) -> QuerySet[Submission]:
    return Submission.objects.filter(outcome=Submission.Outcome.WAITING, **of)


def _is_readable(user: User) -> Exists:
    """Whether ``user`` reads the action of a submission: asked of the few that wait, not of every action."""
    return Exists(objects_for(user, Permission.READ_ACTION, Action).filter(pk=OuterRef("action")))
