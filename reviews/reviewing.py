"""The review to which a plan belongs: its opening, its facts, what its papers call agencies, when it is chased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import System
from agencies.days import check_day
from agencies.models import Agency, Partnership, User
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import policies
from reviews.kinds import Kind, PlanStage
from reviews.models import PublishedName, Review
from reviews.projection import lock_for

#: What ``open_review`` and ``describe`` take besides kind, reference and title.
REVIEW_FACTS = (
    "pseudonym",
    "chair",
    "stage",
    "introduction",
    "report_on",
    "agreed_on",
    "quality_on",
    "published_on",
)


@transaction.atomic
def open_review(
    *,
    partnership: Partnership,
    kind: Kind,
    reference: str,
    title: str,
    by: User | System,
    is_restricted: bool = True,
    **facts: Any,
) -> Review:
    """Open a review in ``partnership``. ``facts`` are any of REVIEW_FACTS."""
    partnership = lock_for(by, Permission.EDIT_PLAN, partnership)  # nobody takes the reference meanwhile
    _check_facts(kind, facts)
    _check_days(facts)
    if Review.objects.filter(partnership=partnership, reference=reference).exists():
        raise Refused(f"There is already a review with the reference {reference}. Choose another.", field="reference")
    review = Review.objects.create(
        partnership=partnership,
        kind=kind,
        reference=reference,
        title=title,
        is_restricted=is_restricted,
        **facts,
    )
    audit.record("review.created", by=by, about=review, partnership=partnership.pk)
    return review


@transaction.atomic
def describe(*, review: Review, by: User | System, **facts: Any) -> Review:
    """Change the facts of a review: any of REVIEW_FACTS, or its title. What stays as it was is not recorded.

    Who reads it is no fact of it: ``reviews.restriction`` lifts a restriction, and says so in the audit.
    """
    review = lock_for(by, Permission.EDIT_PLAN, review)
    _check_facts(Kind(review.kind), {name: value for name, value in facts.items() if name != "title"})
    changed = sorted(name for name, value in facts.items() if getattr(review, name) != value)
    _check_days({name: facts[name] for name in changed})
    for name in changed:
        setattr(review, name, facts[name])
    if changed:
        review.save(update_fields=changed)
        audit.record("review.described", by=by, about=review, partnership=review.partnership_id, fields=changed)
    return review


@transaction.atomic
def publish_as(*, review: Review, agency: Agency, name: str, by: User | System) -> PublishedName:
    """Let the papers of this review call ``agency`` by ``name``. It means nothing in any other review."""
    review = lock_for(by, Permission.EDIT_PLAN, review)
    policies.check(policies.why_not_name(review, agency), field="agency")
    row, _ = PublishedName.objects.update_or_create(review=review, agency=agency, defaults={"name": name})
    audit.record("review.agency_named", by=by, about=review, partnership=review.partnership_id, agency=agency.pk)
    return row


@transaction.atomic
def start_chasing(*, review: Review, by: User | System, on: dt.date) -> Review:
    """Let reminders go out for this plan from ``on``. Until then nothing about it is mailed."""
    review = lock_for(by, Permission.RUN_CHASING, review)
    policies.check(policies.why_not_chase(review, on, today=timezone.localdate()), field="on")
    review.chasing_from = on
    review.save(update_fields=["chasing_from"])
    audit.record("review.chasing_started", by=by, about=review, partnership=review.partnership_id, on=f"{on}")
    return review


@transaction.atomic
def stop_chasing(*, review: Review, by: User | System) -> Review:
    """Send no more reminders for this plan."""
    review = lock_for(by, Permission.RUN_CHASING, review)
    review.chasing_from = None
    review.save(update_fields=["chasing_from"])
    audit.record("review.chasing_stopped", by=by, about=review, partnership=review.partnership_id)
    return review


def _check_facts(kind: Kind, facts: dict[str, Any]) -> None:
    if unknown := set(facts) - set(REVIEW_FACTS):
        raise TypeError(f"not facts of a review: {', '.join(sorted(unknown))}")
    stage = facts.get("stage")
    if stage and PlanStage(stage) not in Review(kind=kind).words.steps:
        raise Refused(f"A {kind.label} has no step “{PlanStage(stage).label}”.", field="stage")


def _check_days(facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        if isinstance(value, dt.date):
            check_day(value, field=name)
