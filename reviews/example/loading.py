"""Loads the example into a database, by the same verbs that people use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from agencies import memberships, succession
from agencies.actors import EXAMPLE
from agencies.models import Agency, AgencyName, Contact, Partnership, User
from reviews import plans, readers, reviewing
from reviews.example import adult_a, cast
from reviews.example import plans_of_today as today
from reviews.example.cast import HARINGEY, MARLBRIDGE
from reviews.example.happenings import Stage
from reviews.example.story import CHASED_SINCE, STORY
from reviews.models import Assignment, Evidence, Milestone, Part, ProgressUpdate, Review, SignOff, TargetDate
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine, ReportLine
from reviews.statuses import Status

#: Memberships of the example began this many days before loading: before anything that its people did.
SINCE = 400


def is_loaded() -> bool:
    """Whether the example's partnership is there."""
    return Partnership.objects.filter(code=HARINGEY).exists()


def addresses_in_use() -> list[str]:
    """Addresses of the example that somebody here already has."""
    return list(User.objects.filter(email__in=[person.email for person in cast.PEOPLE]).values_list("email", flat=True))


@transaction.atomic
def load(on: dt.date) -> None:
    """Load all of it, so that ``on`` is today in its plans. Takes a second or two; all or nothing."""
    for code, facts in cast.PARTNERSHIPS.items():
        Partnership.objects.create(code=code, **facts)
    agencies = _make_agencies()
    password = make_password(cast.PASSWORD)  # once: it takes a sixth of a second
    people = {code: _make_people(code, agencies, password, on) for code in (*cast.PARTNERSHIPS, "portal")}
    here, there = (Partnership.objects.get(code=code) for code in (HARINGEY, MARLBRIDGE))
    _load_adult_a(here, agencies)
    for reference, partnership in ((today.CURRENT, here), (today.RESTRICTED, here), (today.TWIN, there)):
        _load_plan_of_today(reference, partnership, agencies, people[partnership.code], on)
    _name_readers(here, agencies, people[HARINGEY], on)


def _make_agencies() -> dict[str, Agency]:
    made: dict[str, Agency] = {}
    for code, bodies in cast.AGENCIES.items():
        partnership = Partnership.objects.get(code=code)
        for body in bodies:
            made[body.key] = Agency.objects.create(partnership=partnership, name=body.name, kind=body.kind)
            if body.short:
                AgencyName.objects.create(agency=made[body.key], name=body.short, kind=AgencyName.Kind.SHORT)
    for key, name, post in cast.CONTACTS:
        Contact.objects.create(agency=made[key], name=name, post=post, email=f"{key}@haringey.example")
    return made


def _make_people(code: str, agencies: Mapping[str, Agency], password: str, on: dt.date) -> dict[str, User]:
    containers: dict[str, Agency | Partnership] = {
        **agencies,
        **{partnership.code: partnership for partnership in Partnership.objects.all()},
    }
    people: dict[str, User] = {}
    for who in cast.PEOPLE:
        if who.partnership != code:
            continue
        admin = who.site_administrator
        user = User(email=who.email, name=who.name, password=password, is_superuser=admin, is_staff=admin)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for role, place in who.places:
            memberships.grant(
                user=user, role=role, container=containers[place], by=EXAMPLE, on=on - dt.timedelta(days=SINCE)
            )
        people[who.mailbox] = user
    return people


def _load_adult_a(partnership: Partnership, agencies: Mapping[str, Agency]) -> None:
    review = reviewing.open_review(partnership=partnership, by=EXAMPLE, **adult_a.FACTS)
    lines = [
        RecommendationLine(
            row.text,
            addressee=" and ".join(agencies[key].name for key in row.to),
            actions=(
                ActionLine(
                    leads=tuple(
                        LeadLine(agencies[key], Part.LEAD if len(row.to) == 1 else Part.JOINT, row.status)
                        for key in row.to
                    ),
                    report=ReportLine(
                        progress=row.progress,
                        next_steps=row.next_steps,
                        status_as_written="" if row.status == Status.NOT_RECORDED else row.status.label,
                    ),
                ),
            ),
        )
        for row in adult_a.ROWS
    ]
    plans.add_many(review=review, lines=lines, by=EXAMPLE, on=adult_a.SPEAKS_FOR)
    for body in cast.AGENCIES[HARINGEY]:
        if body.published:
            reviewing.publish_as(review=review, agency=agencies[body.key], name=body.published, by=EXAMPLE)
    before, after, when = adult_a.RENAMED
    succession.record(predecessor=agencies[before], successor=agencies[after], by=EXAMPLE, on=when)


def _load_plan_of_today(
    reference: str, partnership: Partnership, agencies: dict[str, Agency], people: dict[str, User], on: dt.date
) -> None:
    def day(number: int) -> dt.date:
        return on + dt.timedelta(days=number)

    review = reviewing.open_review(
        partnership=partnership, reference=reference, by=EXAMPLE, **today.facts(reference, day)
    )
    lines = [recommendation.line(agencies, day) for recommendation in today.PLANS[reference]]
    plans.add_many(review=review, lines=lines, by=EXAMPLE, on=day(-today.AGREED[reference]))
    stage = Stage(review, agencies, people, on)
    for happening in STORY.get(reference, ()):
        happening.happen(stage)
    if reference == today.CURRENT:
        reviewing.start_chasing(review=review, by=EXAMPLE, on=day(-CHASED_SINCE))
    _as_if_recorded_then(review)


def _name_readers(partnership: Partnership, agencies: dict[str, Agency], people: dict[str, User], on: dt.date) -> None:
    for reference, agency, mailbox in cast.NAMED_READERS:
        review = Review.objects.get(partnership=partnership, reference=reference)
        readers.name_reader(review=review, user=people[mailbox], agency=agencies[agency], by=EXAMPLE, on=on)
    for _, _, mailbox in cast.NAMED_READERS:
        if readers.waiting_for(people[mailbox]).exists():
            readers.accept(partnership=partnership, by=people[mailbox])
    review = Review.objects.get(partnership=partnership, reference=today.RESTRICTED)
    readers.admit_to_panel(review=review, user=people["panel"], by=EXAMPLE, on=on)


def _as_if_recorded_then(review: Review) -> None:
    """Let each row say that it was recorded on the day it is about, as if the portal had stood then.

    Only the example may do this: elsewhere the moment of recording is never touched.
    """
    dated: tuple[type[Any], ...] = (Assignment, Evidence, Milestone, ProgressUpdate, SignOff, TargetDate)
    for model in dated:
        rows = list(model.objects.filter(action__review=review).order_by("pk"))
        for place, row in enumerate(rows):
            row.recorded_at = _morning(row.on) + dt.timedelta(minutes=place)
        model.objects.bulk_update(rows, ["recorded_at"], batch_size=200)
    steps = list(Milestone.objects.filter(action__review=review, achieved_on__isnull=False))
    for step in steps:
        step.achieved_recorded_at = max(_morning(step.achieved_on), step.recorded_at)
    Milestone.objects.bulk_update(steps, ["achieved_recorded_at"], batch_size=200)


def _morning(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))
