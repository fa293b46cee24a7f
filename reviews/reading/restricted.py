"""Who at an agency may be named, and is named, to read each restricted review in which it has a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agencies.models import Membership
from agencies.permissions import holds
from agencies.roles import Permission, RoleCode
from reviews.models import Assignment, Reader, Review

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import Agency, User


@dataclass(frozen=True)
class Naming:
    """One restricted review: who of the agency is named, and who of them has accepted confidentiality."""

    review: Review
    readers: list[Reader]


def restricted_reviews_of(agency: Agency) -> QuerySet[Review]:
    """The restricted reviews in which ``agency`` answers for something now, or helps."""
    mine = Assignment.objects.current().filter(agency=agency, action__review__is_restricted=True)
    return (
        Review.objects.filter(pk__in=mine.values("action__review")).select_related("partnership").order_by("reference")
    )


def namings_of(agency: Agency) -> list[Naming]:
    """Each of them with who is named."""
    live = Reader.objects.filter(agency=agency, until__isnull=True).select_related("user").order_by("user__name")
    readers = list(live)
    return [
        Naming(review, [reader for reader in readers if reader.review_id == review.pk])
        for review in restricted_reviews_of(agency)
    ]


def may_be_named(agency: Agency, by: User) -> list[User]:
    """Whom ``by`` may name: colleagues, never oneself; whoever is not of the agency names its leads only."""
    live = Membership.objects.filter(agency=agency, until__isnull=True, user__is_active=True).exclude(user=by)
    if not holds(by, Permission.NAME_READERS, agency):
        live = live.filter(role=RoleCode.AGENCY_LEAD)
    return [membership.user for membership in live.select_related("user").order_by("user__name")]
