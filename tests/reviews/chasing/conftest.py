"""A plan that is chased, and a day's run in one call."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from agencies.actors import SCHEDULE
from agencies.models import Agency, Partnership, User
from agencies.roles import RoleCode
from reviews.chasing import delivery, planning
from reviews.models import Action, Line, Recommendation, Review, Run
from tests.factories import (
    TODAY,
    a_member,
    a_partnership,
    a_recommendation,
    a_review,
    an_action,
    an_agency,
)


def days(number: int) -> dt.date:
    """The day ``number`` days after the day of the tests."""
    return TODAY + dt.timedelta(days=number)


@dataclass
class Chased:
    """One partnership with one agency, its lead, and a plan whose chasing began long ago."""

    partnership: Partnership
    agency: Agency
    lead: User
    review: Review
    recommendation: Recommendation

    def action(self, target: dt.date | None, *, agencies: tuple[Agency, ...] = (), **facts: object) -> Action:
        """An action of the agency, or of ``agencies``, with a target date."""
        return an_action(self.recommendation, *(agencies or (self.agency,)), target_date=target, **facts)

    def run(self, on: dt.date) -> Run | None:
        """Plan the run of a day and send it."""
        run = planning.plan_run(partnership=self.partnership, on=on, by=SCHEDULE)
        delivery.deliver_waiting()
        return run


@pytest.fixture
def chased(db) -> Chased:
    partnership = a_partnership(contact_email="office@haringey.example")
    agency = an_agency(partnership, name="Borough Police")
    lead = a_member(RoleCode.AGENCY_LEAD, agency, email="lead@police.example")
    review = a_review(partnership, reference="DHR1", chasing_from=days(-200))
    return Chased(partnership, agency, lead, review, a_recommendation(review))


@pytest.fixture
def coordinator(chased: Chased) -> User:
    """Who runs the chasing."""
    return a_member(RoleCode.COORDINATOR, chased.partnership)


@pytest.fixture
def chair(chased: Chased) -> User:
    """Who records the group's decisions."""
    return a_member(RoleCode.GROUP_CHAIR, chased.partnership)


def sent(person: User | None = None) -> list[tuple[str, int]]:
    """Stage and number of every line that was sent, in the order of sending."""
    lines = Line.objects.filter(state=Line.State.SENT).order_by("notice__run__on", "pk")
    if person:
        lines = lines.filter(person=person)
    return list(lines.values_list("stage", "number"))
