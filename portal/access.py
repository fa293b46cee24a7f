"""The doors: how every page comes to the one thing it is about.

Whoever may not read a thing gets 404, the same as where nothing is; whoever reads it and lacks the right gets 403.
Who came through the door of an action, an update, a review, evidence or what waits for release is written down
(``agencies.access_log``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404

from agencies import access_log
from agencies.holdings import ask_for
from agencies.keys import key_of
from agencies.memberships import may_grant
from agencies.models import Agency, Invitation, Membership, Partnership
from agencies.permissions import holds, objects_for
from agencies.prepared import Blank
from agencies.roles import Permission
from reviews import release
from reviews.models import Action, Assignment, Evidence, ProgressUpdate, Review, Submission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    from agencies.models import User


def person_of(request: HttpRequest) -> User:
    """Who asks, on a page behind ``login_required``."""
    return cast("User", request.user)


def action_or_404(user: User | AnonymousUser, pk: int, permission: str = Permission.READ_ACTION) -> Action:
    """The action with its review and recommendation; 403 for its readers who lack ``permission``."""
    action: Action | None = next(iter(ask_for(user, _readable_action, pk=pk)), None)
    if action is None:
        raise Http404
    _allow(user, permission, action, read_by=Permission.READ_ACTION)
    access_log.opened(action, by=cast("User", user), partnership=action.review.partnership_id)
    return action


def _readable_action(user: User) -> QuerySet[Action]:
    rows = objects_for(user, Permission.READ_ACTION, Action).order_by().filter(pk=Blank("pk"))
    return rows.select_related("review__partnership", "recommendation")


def part_or_404(user: User | AnonymousUser, pk: int, agency: int) -> Assignment:
    """The part of ``agency`` in the action ``pk``, for who manages the agency's people; 403 for others who see it."""
    action = action_or_404(user, pk)
    seen = objects_for(user, Permission.READ_AGENCY, Agency).filter(pk=agency)
    rows = Assignment.everything.current().filter(action=action, agency__in=seen)
    part = rows.select_related("action__review", "agency").first()
    if part is None:
        raise Http404
    _allow(user, Permission.MANAGE_PEOPLE, part.agency, read_by=Permission.READ_AGENCY)
    return part


def update_or_404(user: User | AnonymousUser, pk: int) -> ProgressUpdate:
    """An update that stands, for who sent it and for coordinators; 403 for others who read it."""
    rows = objects_for(user, Permission.READ_ACTION, ProgressUpdate).filter(voided_at__isnull=True)
    update: ProgressUpdate = one_or_404(rows.select_related("agency", "action__review__partnership"), pk)
    if update.recorded_by_id != user.pk:
        _allow(user, Permission.RECORD_FOR_AGENCY, update.action, read_by=Permission.READ_ACTION)
    access_log.opened(update, by=cast("User", user), partnership=update.action.review.partnership_id)
    return update


def review_or_404(user: User | AnonymousUser, pk: int, permission: str = Permission.READ_PLAN) -> Review:
    """The review, for those who read its whole plan; 403 for those of them who lack ``permission``."""
    review: Review = one_or_404(objects_for(user, Permission.READ_PLAN, Review).select_related("partnership"), pk)
    _allow(user, permission, review, read_by=Permission.READ_PLAN)
    access_log.opened(review, by=cast("User", user), partnership=review.partnership_id)
    return review


def evidence_or_404(user: User | AnonymousUser, pk: int) -> Evidence:
    """Evidence that was not withdrawn, for those who may open it; 403 for those who only see its title."""
    rows = Evidence.objects.in_force().select_related("agency", "action__review__partnership", "action__recommendation")
    opened = rows.filter(pk=pk, pk__in=objects_for(user, Permission.READ_EVIDENCE, Evidence).values("pk")).first()
    if opened is not None:
        access_log.opened(opened, by=cast("User", user), partnership=opened.action.review.partnership_id)
        return opened
    seen: Evidence = one_or_404(rows, pk)
    action_or_404(user, seen.action_id)
    raise PermissionDenied("only the agency that gave this evidence and the overseers open it")


def submission_or_404(user: User | AnonymousUser, pk: int) -> Submission:
    """An update that waits for release, or waited, for its author and those who release it; 404 for everybody else."""
    rows = Submission.objects.select_related(
        "author", "agency", "action__review__partnership", "action__recommendation"
    )
    row: Submission = one_or_404(rows, pk)
    if not release.may_read(cast("User", user), row):
        raise Http404
    access_log.opened(row, by=cast("User", user), partnership=row.action.review.partnership_id)
    return row


def place_or_404(
    user: User | AnonymousUser, model: type[Agency | Partnership], pk: int, permission: str = Permission.READ_PEOPLE
) -> Any:
    """The agency or partnership whose people are looked at; 403 for those who know it and may not."""
    known = Permission.READ_AGENCY if model is Agency else Permission.READ_COUNTS
    rows = objects_for(user, known, model)
    place = one_or_404(rows.select_related("partnership") if model is Agency else rows, pk)
    _allow(user, permission, place, read_by=known)
    return place


def belonging_or_404(user: User | AnonymousUser, model: type[Membership | Invitation], pk: int) -> Any:
    """A membership that lasts, or an invitation that is open; 403 for those who see it and may not grant its role."""
    still = {"until": None} if model is Membership else {"accepted_at": None, "withdrawn_at": None}
    rows = objects_for(user, Permission.READ_PEOPLE, model).filter(**still)
    belonging = one_or_404(rows.select_related("agency__partnership", "partnership"), pk)
    if not may_grant(cast("User", user), belonging.role, belonging.container):
        raise PermissionDenied("this role is not theirs to grant")
    return belonging


def one_or_404(rows: QuerySet[Any], pk: int) -> Any:
    """That row of ``rows``; 404 where it is not among them."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def one_asked_for(rows: QuerySet[Any], typed: str) -> Any:
    """That row of ``rows`` whose key stands in an address; None where it is not among them, or no key at all."""
    key = key_of(typed)
    return None if key is None else rows.filter(pk=key).first()


def _allow(user: User | AnonymousUser, permission: str, obj: Model, *, read_by: str) -> None:
    if permission != read_by and not holds(user, permission, obj):
        raise PermissionDenied(f"{permission} is not held on this {obj._meta.verbose_name}")


def agency_to_see_as(user: User | AnonymousUser, pk: int) -> Agency:
    """An agency of those that one oversees; 403 for who oversees it and may not see as it."""
    agency: Agency = one_or_404(objects_for(user, Permission.READ_AGENCY, Agency), pk)
    _allow(user, Permission.SEE_AS, agency, read_by=Permission.READ_AGENCY)
    return agency
