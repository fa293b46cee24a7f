"""Who reads a review: people of the panel, and those whom an agency's lead names while it is restricted."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import Permission as PermissionRow
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.days import check_day
from agencies.models import Agency, Membership, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import ROLES, Permission, RoleCode
from reviews.models import Assignment, Reader, Review, ReviewUserPermission


@transaction.atomic
def name_reader(*, review: Review, user: User, agency: Agency, by: User | System, on: dt.date | None = None) -> Reader:
    """Let somebody of ``agency`` read that agency's actions in a restricted review."""
    require(by, Permission.NAME_READERS, agency)
    if not Assignment.objects.current().filter(agency=agency, action__review=review).exists():
        raise PermissionDenied("the agency has no part in this review")
    if not Membership.objects.filter(user=user, agency=agency, until__isnull=True).exists():
        raise Refused(f"{user} does not belong to {agency}.", field="user")
    return _admit(review, user, RoleCode.NAMED_READER, by, on, agency=agency)


@transaction.atomic
def admit_to_panel(
    *, review: Review, user: User, by: User | System, on: dt.date | None = None, ends_on: dt.date | None = None
) -> Reader:
    """Let somebody of the review panel read the whole review, until ``ends_on`` where that is known."""
    require(by, Permission.MANAGE_PEOPLE, review.partnership)
    return _admit(review, user, RoleCode.PANEL_READER, by, on, ends_on=ends_on)


@transaction.atomic
def end(*, reader: Reader, by: User | System, on: dt.date | None = None) -> None:
    """End a reading role; what it permitted is gone at once."""
    if reader.agency:
        require(by, Permission.NAME_READERS, reader.agency)
    else:
        require(by, Permission.MANAGE_PEOPLE, reader.review.partnership)
    if on:
        check_day(on, after={"The beginning of this reading": reader.on})
    close(reader=reader, by=by, on=on or max(timezone.localdate(), reader.on))


def close(*, reader: Reader, by: User | System, on: dt.date) -> None:
    """End a reading role in the transaction of a verb that has asked whether ``by`` may."""
    if not Reader.objects.filter(pk=reader.pk, until__isnull=True).update(until=on):
        raise Refused("They no longer read this review.")
    _project(reader.review_id, reader.user_id)
    audit.record("reader.ended", by=by, about=reader.review, partnership=reader.review.partnership_id, row=reader.pk)


def end_those_due(*, on: dt.date, by: System) -> int:
    """End the reading roles whose planned last day has passed; how many. For the daily tick."""
    due = Reader.objects.filter(until__isnull=True, ends_on__lt=on).select_related("review__partnership", "agency")
    for reader in due:
        end(reader=reader, by=by, on=on)
    return len(due)


@transaction.atomic
def rebuild_shadows() -> None:
    """Write guardian's rows on reviews anew from the readers."""
    ReviewUserPermission.objects.all().delete()
    for review, user in Reader.objects.filter(until__isnull=True).values_list("review_id", "user_id").distinct():
        _project(review, user)


def shadow_differences() -> int:
    """How many guardian rows on reviews are missing or stand there without a reader; 0 when the shadow is true."""
    live = Reader.objects.filter(until__isnull=True).values_list("review_id", "user_id", "role")
    wanted = {(review, user, code.value) for review, user, role in live for code in ROLES[role].may}
    rows = ReviewUserPermission.objects.values_list("content_object_id", "user_id", "permission__codename")
    return len(wanted ^ set(rows))


def _admit(
    review: Review,
    user: User,
    role: RoleCode,
    by: User | System,
    on: dt.date | None,
    *,
    agency: Agency | None = None,
    ends_on: dt.date | None = None,
) -> Reader:
    if user == by:
        raise Refused("You cannot give a role to yourself. Ask somebody else who may.")
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)  # the second sees what the first has written
    if Reader.objects.filter(review=review, user=user, role=role, agency=agency, until__isnull=True).exists():
        raise Refused(f"{user} already reads this review.", field="user")
    on = on or timezone.localdate()
    check_day(on)
    if ends_on and ends_on < on:
        raise Refused("The last day of reading cannot lie before the first.", field="ends_on")
    reader = Reader.objects.create(
        review=review,
        user=user,
        role=role,
        agency=agency,
        on=on,
        ends_on=ends_on,
        recorded_by=person(by),
    )
    _project(review.pk, user.pk)
    audit.record("reader.admitted", by=by, about=review, partnership=review.partnership_id, row=reader.pk, role=role)
    return reader


def _project(review: int, user: int) -> None:
    """Write guardian's rows of one person on one review from their live reading roles."""
    roles = Reader.objects.filter(review=review, user=user, until__isnull=True).values_list("role", flat=True)
    wanted = {permission.value for role in roles for permission in ROLES[role].may}
    ReviewUserPermission.objects.filter(content_object=review, user=user).delete()
    rows = PermissionRow.objects.filter(
        content_type__app_label="reviews", content_type__model="review", codename__in=wanted
    )
    ReviewUserPermission.objects.bulk_create(
        [ReviewUserPermission(content_object_id=review, user_id=user, permission=row) for row in rows]
    )
