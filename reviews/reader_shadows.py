"""What reading roles open: guardian's rows on reviews, the shadow of the readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission as PermissionRow
from django.db import transaction
from django.db.models import Q

from agencies.holdings import forget
from agencies.models import User
from agencies.roles import ROLES, RoleCode
from reviews.models import Reader, ReviewUserPermission

if TYPE_CHECKING:
    from django.db.models import QuerySet


def lock_people(people: Iterable[int] | QuerySet[Any]) -> None:
    """Let these people's readings be written one after another, so that the second sees what the first has written.

    Each that is a row of guardian's follows from all that they read: two agencies may end theirs at the same moment.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))


def project(review: int, user: int) -> None:
    """Write guardian's rows of one person, who is locked, on one review from their live reading roles."""
    roles = _opened().filter(review=review, user=user).values_list("role", flat=True)
    wanted = {permission.value for role in roles for permission in ROLES[role].may}
    rows = ReviewUserPermission.objects.filter(content_object=review, user=user)
    found = set(rows.values_list("permission__codename", flat=True))
    if found - wanted:
        rows.exclude(permission__codename__in=wanted).delete()
    if wanted - found:
        new = PermissionRow.objects.filter(
            content_type__app_label="reviews", content_type__model="review", codename__in=wanted - found
        )
        ReviewUserPermission.objects.bulk_create(
            [ReviewUserPermission(content_object_id=review, user_id=user, permission=row) for row in new]
        )
    forget()


@transaction.atomic
def rebuild_shadows() -> None:
    """Write guardian's rows on reviews anew from the readers."""
    lock_people(_opened().values("user"))
    ReviewUserPermission.objects.all().delete()
    for review, user in _opened().values_list("review_id", "user_id").distinct():
        project(review, user)


def shadow_differences() -> int:
    """How many guardian rows on reviews are missing or stand there without a reader; 0 when the shadow is true."""
    live = _opened().values_list("review_id", "user_id", "role")
    wanted = {(review, user, code.value) for review, user, role in live for code in ROLES[role].may}
    rows = ReviewUserPermission.objects.values_list("content_object_id", "user_id", "permission__codename")
    return len(wanted ^ set(rows))


def _opened() -> QuerySet[Reader]:
    """The readings that open something now."""
    accepted = ~Q(role=RoleCode.NAMED_READER) | Q(accepted_at__isnull=False)
    return Reader.objects.filter(accepted, until__isnull=True)
