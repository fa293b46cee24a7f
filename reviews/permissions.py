"""Who may reach what in the domain: the path from each model to the containers on which permissions stand.

An agency's people come by a live assignment, and past the restriction of the review; overseers come by the partnership;
a panel reader by the review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from agencies import succession
from agencies.holdings import register_container
from agencies.lookups import among
from agencies.permissions import Path, held_in, register
from agencies.roles import Container, Permission
from reviews import models

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User


def register_paths() -> None:
    """Tell ``agencies.permissions`` how each model here is reached. Called once, when the app starts."""
    register_container(Container.REVIEW, models.ReviewUserPermission, "readers")
    _register_plan()
    _register_what_agencies_give()
    _register_running()


def _register_plan() -> None:
    register(models.Action, _by_the_action("pk"), *_through_review("review"))
    register(models.Review, Path(Container.PARTNERSHIP, "partnership"), Path(Container.REVIEW, "pk"))
    register(models.Recommendation, *_through_review("review"))
    register(models.RecommendationWording, *_through_review("recommendation__review"))
    register(models.PublishedName, _through_plans("review"))
    register(models.PanelInvitation, _through_plans("review"))
    register(models.Reader, _through_plans("review"), Path(Container.AGENCY, "agency"))
    register(models.Promise, Path(Container.PARTNERSHIP, "partnership"))
    register(models.Theme, Path(Container.PARTNERSHIP, "partnership"))
    register(models.Assignment, Path(Container.AGENCY, "agency", _still_open), *_through_review("action__review"))
    for part in (models.Milestone, models.TargetDate, models.ActionWording, models.SignOff):
        register(part, _by_the_action(), *_through_review("action__review"))


def _register_what_agencies_give() -> None:
    register(models.ProgressUpdate, _by_the_action(), *_through_review("action__review"))
    register(models.Claim, _through_plans("update__action__review"))
    # A file is opened by the agency that gave it, while it still answers for the action, by the one that took over
    # from it and answers in its place, and by overseers.
    register(
        models.Evidence,
        Path(Container.AGENCY, "agency", _agency_still_assigned),
        Path(Container.AGENCY, "pk", among=(_taken_over, "pk")),
        _through_plans("action__review"),
    )


def _register_running() -> None:
    register(models.PlanImport, Path(Container.PARTNERSHIP, "partnership"))
    register(models.HeadingMeaning, Path(Container.PARTNERSHIP, "partnership"))
    register(models.Run, Path(Container.PARTNERSHIP, "partnership"))
    register(models.Notice, Path(Container.PARTNERSHIP, "partnership"))
    register(models.Line, _through_plans("action__review"))


def _through_review(review: str) -> tuple[Path, Path]:
    return _through_plans(review), Path(Container.REVIEW, review)


def _through_plans(review: str) -> Path:
    """By the partnership whose plan it is: its reviews are few, so their ids are found first."""
    return Path(Container.PARTNERSHIP, review, step=_reviews)


def _reviews(user: User, partnerships: tuple[int, ...]) -> QuerySet[Any, Any]:
    return models.Review.objects.order_by().filter(among("partnership", partnerships)).values("pk")


def _by_the_action(action: str = "action") -> Path:
    return Path(Container.AGENCY, action, among=(_parts, "action"), near=_current)


def _current(user: User, agencies: tuple[int, ...]) -> QuerySet[Any, Any]:
    """The actions in which these agencies have a part, in whatever review."""
    parts = models.Assignment.everything.order_by().filter(among("agency", agencies), until__isnull=True)
    return parts.values("action")


def _parts(user: User, agencies: tuple[int, ...]) -> QuerySet[Any, Any]:
    """The current parts of these agencies, past the restriction of their reviews; what asks looks for what stands."""
    return models.Assignment.everything.order_by().filter(among("agency", agencies), _still_open(user))


def _still_open(user: User) -> Q:
    """Of an assignment: it is current, and if the review is restricted its agency named the person, who accepted.

    Another agency's naming opens nothing. As everywhere, guardian's row and the live reading must agree.
    """
    unrestricted = Q(until__isnull=True, action__review__is_restricted=False)
    entered = held_in(user, Permission.ENTER_RESTRICTED, Container.REVIEW)
    if not entered:
        return unrestricted
    named = models.Reader.objects.filter(
        review=OuterRef("action__review"), agency=OuterRef("agency"), user=user.pk, until__isnull=True,
        accepted_at__isnull=False,
    )  # fmt: skip
    return unrestricted | Q(among("action__review", entered), Exists(named), until__isnull=True)


def _taken_over(user: User, agencies: tuple[int, ...]) -> QuerySet[Any, Any]:
    """What an agency gave that has no part in the action any more, where these took over from it and have one."""
    parts = models.Assignment.everything.order_by().filter(action=OuterRef("action"))
    theirs = parts.filter(succession.took_over_from(OuterRef("agency")), among("agency", agencies), _still_open(user))
    given = models.Evidence.everything.order_by()
    return given.filter(Exists(theirs), ~Exists(parts.current().filter(agency=OuterRef("agency")))).values("pk")


def _agency_still_assigned(user: User) -> Q:
    current = models.Assignment.everything.filter(action=OuterRef("action"), agency=OuterRef("agency"))
    return Q(Exists(current.filter(_still_open(user))))
