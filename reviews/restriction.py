"""Who reads a review at its agencies: named people while it is restricted, everybody with a part in it afterwards."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import System
from agencies.models import User
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import policies
from reviews.models import Review
from reviews.projection import lock_for


@transaction.atomic
def lift(*, review: Review, by: User | System, published_on: dt.date | None = None) -> Review:
    """Let the people of every agency that answers for an action of ``review`` read that action.

    ``published_on`` is the day on which the report was published; None where that is still to come.
    """
    review = lock_for(by, Permission.EDIT_PLAN, review)
    if not review.is_restricted:
        raise Refused("This review is not restricted any more.")
    review.is_restricted = False
    if published_on:
        policies.check(policies.why_not_day(published_on, today=timezone.localdate()), field="published_on")
        review.published_on = published_on
    review.save(update_fields=["is_restricted", "published_on"])
    _record("review.restriction_lifted", by, review)
    return review


@transaction.atomic
def restrict(*, review: Review, by: User | System) -> Review:
    """Let only named people read ``review`` at its agencies, from now on."""
    review = lock_for(by, Permission.EDIT_PLAN, review)
    if review.is_restricted:
        raise Refused("This review is restricted already.")
    review.is_restricted = True
    review.save(update_fields=["is_restricted"])
    _record("review.restricted", by, review)
    return review


def _record(event: str, by: User | System, review: Review) -> None:
    audit.record(event, by=by, about=review, partnership=review.partnership_id)
