"""Plans as many as a county's, of invented words, to measure with and to try things on.

Everything comes in by the verbs that people use, so that whatever they hold true is true of it; nothing is chased.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from agencies import directory, memberships
from agencies.actors import EXAMPLE
from agencies.models import Agency, Partnership, User
from agencies.roles import RoleCode
from reviews import plans, reviewing
from reviews.kinds import Kind
from reviews.models import Part, ProgressUpdate, Review
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine, ReportLine
from reviews.statuses import Status

#: Every partnership made here has a code that begins so; no other has.
PREFIX = "bulk-"
AGENCIES_EACH = 40  # a large borough has about so many round one table
AT_A_TIME = 2000  # actions written by one call: some 40 MB of rows in memory
_SINCE = 500  # days before today at which everybody joined and the oldest plan was agreed
_BODIES = ("Police", "Health Trust", "Adult Services", "Housing Association", "Probation Service", "Academy", "Charity")
_DOES = ("Review", "Train staff in", "Publish", "Audit", "Agree", "Record", "Share", "Test")
_WHAT = ("risk assessments", "referral routes", "case recording", "supervision", "information sharing", "safety plans")
_WHEN = ("each quarter", "before winter", "with the forum", "across all teams", "for new starters", "in every ward")
_STATUSES = {
    Status.NOT_STARTED: 20,
    Status.IN_PROGRESS: 40,
    Status.ONGOING: 10,
    Status.AWAITING: 5,
    Status.COMPLETE: 25,
}


@dataclass(frozen=True)
class Size:
    """How much to make. ``actions`` are spread evenly over ``reviews``, people and reviews over the partnerships."""

    reviews: int
    actions: int
    agencies: int
    people: int
    seed: int = 1

    @property
    def partnerships(self) -> int:
        """Two at least, so that the wall stands in it, where there are agencies and reviews for two."""
        return max(1, min(max(2, -(-self.agencies // AGENCIES_EACH)), self.agencies, self.reviews))


def in_the_way() -> bool:
    """Whether there is a partnership here that was not made here: real ones are never mixed with these."""
    return Partnership.objects.exclude(code__startswith=PREFIX).exists()


def make(size: Size, on: dt.date) -> Iterator[str]:
    """Make it all, as it stands on the day ``on``; says after each step what was made.

    Each step is whole by itself. Running it again adds as much again, under other codes.
    """
    random = Random(size.seed)  # noqa: S311 -- words and dates to measure with, no secrets
    since = on - dt.timedelta(days=_SINCE)
    first = Partnership.objects.filter(code__startswith=PREFIX).count() + 1
    codes = [f"{PREFIX}{number}" for number in range(first, first + size.partnerships)]
    agencies = {
        partnership: _make_agencies(partnership, count, random)
        for partnership, count in zip(_make_partnerships(codes), _shares(size.agencies, len(codes)), strict=True)
    }
    yield f"{len(agencies)} partnerships, {size.agencies} agencies"
    for (partnership, own), count in zip(agencies.items(), _shares(size.people, len(codes)), strict=True):
        _make_people(partnership, own, count, since)
        yield f"{count} people of {partnership}"
    places = islice(cycle(agencies), size.reviews)
    for number, (partnership, count) in enumerate(zip(places, _shares(size.actions, size.reviews), strict=True), 1):
        review = _make_review(partnership, number, on)
        make_actions(review, agencies[partnership], count, random, on)
        yield f"{review}: {count} actions"


def make_actions(review: Review, agencies: list[Agency], count: int, random: Random, on: dt.date) -> None:
    """Add ``count`` actions to a plan, for one of ``agencies`` each, or for two of them together now and then."""
    agreed = on - dt.timedelta(days=_SINCE)
    for start in range(0, count, AT_A_TIME):
        left = min(AT_A_TIME, count - start)
        lines: list[RecommendationLine] = []
        while left:
            actions = min(random.randint(1, 4), left)
            left -= actions
            lines.append(
                RecommendationLine(
                    _words(random),
                    reference=f"{start // AT_A_TIME + 1}.{len(lines) + 1}",
                    actions=tuple(_action(agencies, random, on) for _ in range(actions)),
                )
            )
        plans.add_many(review=review, lines=lines, by=EXAMPLE, on=agreed, source=ProgressUpdate.Source.IMPORTED)


def _make_partnerships(codes: list[str]) -> list[Partnership]:
    return [
        Partnership.objects.create(
            code=code, name=f"Borough {code.removeprefix(PREFIX)} partnership", group_name="Strategic Group"
        )
        for code in codes
    ]


def _make_agencies(partnership: Partnership, count: int, random: Random) -> list[Agency]:
    names = [f"{random.choice(_BODIES)} {number}" for number in range(1, count + 1)]
    return directory.add_agencies(partnership=partnership, names=names, by=EXAMPLE)


@transaction.atomic
def _make_people(partnership: Partnership, agencies: list[Agency], count: int, on: dt.date) -> None:
    """A coordinator, then for each agency a lead, then members, all without a password that anybody could know."""
    password = make_password(None)
    code = partnership.code
    people = User.objects.bulk_create(
        User(email=f"person{number}@{code}.example", name=f"Person {number}", password=password)
        for number in range(1, count + 1)
    )
    for person in people[:1]:
        memberships.grant(user=person, role=RoleCode.COORDINATOR, container=partnership, by=EXAMPLE, on=on)
    for place, person in enumerate(people[1:]):
        role = RoleCode.AGENCY_LEAD if place < len(agencies) else RoleCode.AGENCY_MEMBER
        memberships.grant(user=person, role=role, container=agencies[place % len(agencies)], by=EXAMPLE, on=on)


def _make_review(partnership: Partnership, number: int, on: dt.date) -> Review:
    return reviewing.open_review(
        partnership=partnership,
        kind=Kind.DHR,
        reference=f"DHR{number}",
        title=f"Adult {number}",
        by=EXAMPLE,
        is_restricted=False,
        report_on=on - dt.timedelta(days=_SINCE + 30),
    )


def _action(agencies: list[Agency], random: Random, on: dt.date) -> ActionLine:
    status = random.choices(list(_STATUSES), list(_STATUSES.values()))[0]
    leads = random.sample(agencies, 2 if random.random() < 0.1 and len(agencies) > 1 else 1)
    part = Part.LEAD if len(leads) == 1 else Part.JOINT
    told = status != Status.NOT_STARTED
    return ActionLine(
        _words(random),
        leads=tuple(LeadLine(agency, part, status) for agency in leads),
        target_date=None if status == Status.ONGOING else on + dt.timedelta(days=random.randint(-200, 400)),
        report=ReportLine(
            progress=_words(random),
            next_steps=_words(random),
            next_review_on=on + dt.timedelta(days=random.randint(1, 90)) if status == Status.ONGOING else None,
        )
        if told
        else ReportLine(),
    )


def _words(random: Random) -> str:
    return f"{random.choice(_DOES)} {random.choice(_WHAT)} {random.choice(_WHEN)}."


def _shares(whole: int, parts: int) -> list[int]:
    """``whole`` in ``parts`` as equal as they can be."""
    least, over = divmod(whole, parts)
    return [least + (place < over) for place in range(parts)]
