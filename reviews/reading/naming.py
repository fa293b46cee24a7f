"""Under which name an agency is shown, and to whom its people are named.

Who an anonymised body is, only that agency and the overseers read; others read the name that the review's papers use.
The people of an agency are named inside that agency and to the overseers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from agencies.holdings import is_waived
from agencies.lookups import among
from agencies.models import Agency
from agencies.permissions import held_in, objects_for
from agencies.roles import Container, Permission
from reviews.models import PublishedName

if TYPE_CHECKING:
    from agencies.models import User
    from reviews.as_at_model import ActionAsAt, AgencyPart, PlanAsAt


def without_strangers_people(plan: PlanAsAt, user: User) -> PlanAsAt:
    """``plan`` as ``user`` may read it: people and evidence are named only of the agencies inside which they read."""
    inside = set(objects_for(user, Permission.READ_AGENCY, Agency).values_list("pk", flat=True))

    def outside(row: AgencyPart) -> AgencyPart:
        return replace(row, given_by="", recorded_by="", owner="", evidence="")

    def parts(rows: tuple[AgencyPart, ...]) -> tuple[AgencyPart, ...]:
        return tuple(row if row.agency_id in inside else outside(row) for row in rows)

    def action(row: ActionAsAt) -> ActionAsAt:
        return replace(row, leads=parts(row.leads), supporting=parts(row.supporting))

    recommendations = (
        replace(recommendation, actions=tuple(action(row) for row in recommendation.actions))
        for recommendation in plan.recommendations
    )
    return replace(plan, recommendations=tuple(recommendations))


def named(rows: QuerySet[Any], user: User, *, review: str = "action__review", agency: str = "agency") -> QuerySet[Any]:
    """``rows`` with their agency, and what ``user`` may read of it.

    ``is_mine``: it is an agency of theirs. ``inside``: they read who it is and who its people are. ``published_name``:
    what the review's papers call it, for everybody else.
    """
    published = PublishedName.objects.filter(agency=OuterRef(agency), review=OuterRef(review)).values("name")[:1]
    return rows.select_related(agency).annotate(
        published_name=Subquery(published), is_mine=is_own(user, agency), inside=is_inside(user, agency)
    )


def is_own(user: User, agency: str) -> ExpressionWrapper:
    """Whether the column ``agency`` is an agency of which ``user`` is."""
    own = held_in(user, Permission.READ_ACTION, Container.AGENCY)
    return ExpressionWrapper(among(agency, own), output_field=BooleanField())


def is_inside(user: User, agency: str, partnership: str = "") -> ExpressionWrapper:
    """Whether ``user`` sees the agency that the column ``agency`` names."""
    return holds_at(user, Permission.READ_AGENCY, agency, partnership)


def holds_at(user: User, permission: Permission, agency: str, partnership: str = "") -> ExpressionWrapper:
    """Whether ``user`` holds ``permission`` on the agency that the column ``agency`` names, or on its partnership."""
    on, over = (held_in(user, permission, kind) for kind in (Container.AGENCY, Container.PARTNERSHIP))
    held = among(agency, on) | among(partnership or f"{agency}__partnership", over)
    return ExpressionWrapper(~Q(pk=None) if is_waived(user) else held, output_field=BooleanField())


def shown_name(row: Any, agency: str = "agency") -> str:
    """The name under which a row of ``named`` shows its agency."""
    body = getattr(row, agency)
    if body is None:
        return ""
    return str(body.name if row.inside or not row.published_name else row.published_name)
