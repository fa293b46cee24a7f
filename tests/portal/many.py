"""Plans long enough to count queries on."""

from __future__ import annotations

from django.utils import timezone

from agencies.models import Agency
from reviews.models import Action, Assignment, Part, Recommendation
from reviews.plan_rows import count_anew
from reviews.statuses import Status
from tests.factories import TODAY, an_update
from tests.world import days


def many_actions(recommendation: Recommendation, agencies: list[Agency], number: int) -> list[Action]:
    """``number`` actions of every status and date, each jointly led by all ``agencies``."""
    start = recommendation.review.actions.count()
    statuses = [Status.IN_PROGRESS, Status.NOT_STARTED, Status.ONGOING, Status.AWAITING, Status.COMPLETE]
    actions = Action.objects.bulk_create(
        Action(
            review=recommendation.review,
            recommendation=recommendation,
            order=start + place,
            sort_key=f"{place:06}",
            text=f"Undertaking {place}",
            status=statuses[place % 5],
            target_date=days(place % 120 - 60),
        )
        for place in range(1, number + 1)
    )
    Assignment.objects.bulk_create(
        Assignment(
            action=action, agency=agency, part=Part.JOINT, order=place, on=TODAY, recorded_at=timezone.now(),
            status=action.status,
        )
        for action in actions
        for place, agency in enumerate(agencies, start=1)
    )  # fmt: skip
    count_anew()  # as the verb does that brings a long plan in
    return actions


def many_updates(action: Action, agencies: list[Agency], number: int) -> None:
    """``number`` updates on ``action`` by each of ``agencies``."""
    for agency in agencies:
        first = an_update(action, agency)
        rows = [type(first)(action=action, agency=agency, on=first.on, progress=f"Step {n}") for n in range(number)]
        type(first).objects.bulk_create(rows)
