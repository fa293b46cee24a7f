"""Who may reach what in the domain: the path from each model to the containers on which permissions stand.

An agency's people come by a live assignment, and past the restriction of the review; overseers come by the partnership;
a panel reader by the review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agencies.permissions import Path, held_in, register, register_container
from agencies.roles import Container, Permission
from reviews import models

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from agencies.models import User


def register_paths() -> None:
    """Tell ``agencies.permissions`` how each model here is reached. Called once, when the app starts."""
    register_container(Container.REVIEW, models.ReviewUserPermission, "readers")
    _register_plan()
    _register_what_agencies_give()
    _register_running()


def _register_plan() -> None:
    own = Path(Container.AGENCY, "assignments__agency", _live_and_open("review", "assignments__"))
    register(models.Action, own, *_through_review("review"))
    register(models.Review, Path(Container.PARTNERSHIP, "partnership"), Path(Container.REVIEW, "pk"))
    register(models.Recommendation, *_through_review("review"))
    register(models.RecommendationWording, *_through_review("recommendation__review"))
    register(models.PublishedName, Path(Container.PARTNERSHIP, "review__partnership"))
    register(models.Reader, Path(Container.PARTNERSHIP, "review__partnership"), Path(Container.AGENCY, "agency"))
    register(models.Theme, Path(Container.PARTNERSHIP, "partnership"))
    register(
        models.Assignment,
        Path(Container.AGENCY, "agency", _live_and_open("action__review")),
        *_through_review("action__review"),
    )
    for part in (models.Milestone, models.TargetDate, models.ActionWording, models.SignOff):
        register(part, _by_the_action(), *_through_review("action__review"))


def _register_what_agencies_give() -> None:
    register(models.ProgressUpdate, _by_the_action(), *_through_review("action__review"))
    register(models.Claim, Path(Container.PARTNERSHIP, "update__action__review__partnership"))
    # A file is opened by the agency that gave it, while it still answers for the action, and by overseers.
    register(
        models.Evidence,
        Path(Container.AGENCY, "agency", _agency_still_assigned),
        Path(Container.PARTNERSHIP, "action__review__partnership"),
    )


def _register_running() -> None:
    register(models.PlanImport, Path(Container.PARTNERSHIP, "partnership"))
    register(models.Run, Path(Container.PARTNERSHIP, "partnership"))
    register(models.Notice, Path(Container.PARTNERSHIP, "partnership"))
    register(models.Line, Path(Container.PARTNERSHIP, "action__review__partnership"))


def _through_review(review: str) -> tuple[Path, Path]:
    return Path(Container.PARTNERSHIP, f"{review}__partnership"), Path(Container.REVIEW, review)


def _by_the_action() -> Path:
    return Path(
        Container.AGENCY,
        "action__assignments__agency",
        _live_and_open("action__review", "action__assignments__"),
    )


def _live_and_open(review: str, assignment: str = "") -> Callable[[User], Q]:
    """The assignment is current, and its agency named the person as a reader if the review is restricted."""

    def condition(user: User) -> Q:
        entered = Q(**{f"{assignment}pk__in": _entered(user).values("pk")})
        return Q(**{f"{assignment}until__isnull": True}) & (Q(**{f"{review}__is_restricted": False}) | entered)

    return condition


def _agency_still_assigned(user: User) -> Q:
    current = models.Assignment.objects.current().filter(action=OuterRef("action"), agency=OuterRef("agency"))
    return Q(Exists(current.filter(_live_and_open("action__review")(user))))


def _entered(user: User) -> QuerySet[models.Assignment]:
    """The assignments in restricted reviews of those agencies that named ``user``; another agency's naming opens none.

    As everywhere, guardian's row and the live reading must agree.
    """
    named = models.Reader.objects.filter(
        review=OuterRef("action__review"), agency=OuterRef("agency"), user=user, until__isnull=True
    )
    entered = held_in(user, Permission.ENTER_RESTRICTED, Container.REVIEW)
    return models.Assignment.objects.filter(Exists(named), action__review__in=entered)
