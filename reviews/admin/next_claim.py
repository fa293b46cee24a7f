"""Which claim is next for who goes through the list of those that wait for the group."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

from agencies.permissions import objects_for
from agencies.roles import Permission
from agencies.scoped_lists import cannot_be_asked
from reviews.admin.filters import claimed
from reviews.admin.paging import BY_CLAIM
from reviews.interest import why_not_alone
from reviews.models import Action
from reviews.statuses import Status

if TYPE_CHECKING:
    from agencies.models import User

#: How many are looked at for one that the person may decide.
LOOKED_AT = 20


def next_claim(model_admin: Any, request: HttpRequest, came: str, decided: int) -> tuple[Action | None, int]:
    """The claim after ``decided`` that the person may decide, in the list ``came`` narrows, and how many wait there.

    Those before it come after the last. A claim in which the person has an interest is passed over, and counted.
    """
    user = cast("User", request.user)
    listed = Q(status=Status.AWAITING) & _listed(model_admin, request, came)
    rows = objects_for(user, Permission.RECORD_DECISION, Action).filter(listed | Q(pk=decided))
    keys = list(rows.annotate(claimed=claimed()).order_by(*BY_CLAIM).values_list("pk", flat=True))
    at = keys.index(decided) if decided in keys else 0
    waiting = [key for key in keys[at:] + keys[:at] if key != decided]
    found = Action.objects.in_bulk(waiting[:LOOKED_AT])
    near = (found[key] for key in waiting[:LOOKED_AT] if key in found)
    return next((action for action in near if not why_not_alone(action, user)), None), len(waiting)


def _listed(model_admin: Any, request: HttpRequest, came: str) -> Q:
    """The rows of the list as it was narrowed; all, where it was by what it cannot be narrowed by."""
    asked = copy(request)
    asked.GET = QueryDict(came)
    if cannot_be_asked(asked, model_admin.date_hierarchy):
        return Q()
    try:
        shown: QuerySet[Any] = model_admin.get_changelist_instance(asked).queryset
    except IncorrectLookupParameters:
        return Q()
    return Q(pk__in=shown.order_by().values("pk"))
