"""What one reader may do about one action, and what the action has that is worth reading for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from agencies.holdings import ask_for, is_waived
from agencies.lookups import among
from agencies.permissions import held_in, objects_for
from agencies.prepared import Blank
from agencies.roles import Container, Permission
from reviews.models import Action, Draft, Evidence, Milestone, SignOff, Submission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User


@dataclass(frozen=True)
class Rights:
    """What one reader may do about one action."""

    update: bool
    claim: bool
    record_for: bool
    read_plan: bool
    oversee: bool
    has_draft: bool
    has_returned: bool


#: What an action may have or not have. Most have little of it, and what is not there need not be read.
HOLDINGS: tuple[Callable[[], QuerySet[Any]], ...] = (
    Evidence.everything.all,
    SignOff.everything.all,
    Milestone.everything.in_force,
    lambda: Submission.objects.filter(outcome=Submission.Outcome.WAITING),
)


def rights_on(action: Action, user: User) -> tuple[Rights, Sequence[bool]]:
    """What ``user`` may do, and which of HOLDINGS the action has: one query."""
    answers = ask_for(user, _rights_on, pk=action.pk)
    said = answers[0] if answers else (False,) * (7 + len(HOLDINGS))
    return Rights(*said[:7]), said[7:]


def _rights_on(user: User) -> QuerySet[Any, Any]:
    overseen = held_in(user, Permission.READ_PEOPLE, Container.PARTNERSHIP)
    asked = (
        *(Permission.UPDATE_ACTION, Permission.CLAIM_COMPLETION),
        *(Permission.RECORD_FOR_AGENCY, Permission.READ_PLAN),
    )
    drafts = Draft.objects.filter(action=OuterRef("pk"), author=user.pk)
    return (
        Action.objects.filter(pk=Blank("pk"))
        .order_by()
        .values_list(
            *(Exists(objects_for(user, permission, Action).filter(pk=OuterRef("pk"))) for permission in asked),
            ExpressionWrapper(
                ~Q(pk=None) if is_waived(user) else among("review__partnership", overseen),
                output_field=BooleanField(),
            ),
            Exists(drafts),
            Exists(drafts.filter(kind=Draft.Kind.RETURNED)),
            *(Exists(rows().order_by().filter(action=OuterRef("pk"))) for rows in HOLDINGS),
        )
    )
