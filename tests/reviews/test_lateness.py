"""Lateness in the database is the same as in the rule, and lists are ordered by it."""

from __future__ import annotations

import itertools

import pytest

from agencies.models import Agency
from reviews.models import Action, Recommendation
from reviews.statuses import Status
from tests.factories import TODAY, a_partnership, a_recommendation, a_review, an_action, an_agency
from tests.world import days

AROUND_TODAY = [None, days(-1), TODAY, days(1), days(28), days(29)]


@pytest.fixture
def recommendation(db) -> Recommendation:
    return a_recommendation(a_review(a_partnership()))


@pytest.fixture
def agency(recommendation: Recommendation) -> Agency:
    return an_agency(recommendation.review.partnership)


def test_the_database_says_what_the_rule_says(recommendation: Recommendation) -> None:
    cases = list(itertools.product(Status, AROUND_TODAY, AROUND_TODAY[:4], [None, days(-2), TODAY]))
    Action.objects.bulk_create(
        Action(
            review=recommendation.review,
            recommendation=recommendation,
            order=place,
            sort_key=f"{place:06}",
            status=status,
            target_date=target,
            next_review_on=review,
            claimed_on=claimed,
        )
        for place, (status, target, review, claimed) in enumerate(cases)
    )
    found = {
        action.pk: (action.lateness, action.timing(TODAY).lateness.value) for action in Action.objects.timed(TODAY)
    }
    assert len(found) == len(cases)
    assert {pk: pair for pk, pair in found.items() if pair[0] != pair[1]} == {}


def test_what_is_late_comes_first(recommendation: Recommendation, agency: Agency) -> None:
    wanted = [
        ("ongoing, its review long past", {"status": Status.ONGOING, "next_review_on": days(-40)}),
        ("overdue longest", {"target_date": days(-30)}),
        ("overdue", {"target_date": days(-2)}),
        ("due soonest", {"target_date": days(2)}),
        ("due later", {"target_date": days(90)}),
        ("no date, 2", {"sort_key": "00000002"}),
        ("no date, 10", {"sort_key": "00000010"}),
        ("ongoing", {"status": Status.ONGOING, "next_review_on": days(3)}),
        ("ongoing without a review date", {"status": Status.ONGOING}),
        ("waits longest", {"status": Status.AWAITING, "claimed_on": days(-50), "target_date": days(-90)}),
        ("waits", {"status": Status.AWAITING, "claimed_on": days(-5)}),
        ("complete", {"status": Status.COMPLETE, "target_date": days(-300), "sort_key": "1"}),
        ("not pursued", {"status": Status.NOT_PURSUED, "sort_key": "2"}),
    ]
    for words, facts in reversed(wanted):
        an_action(recommendation, agency, text=words, **facts)
    assert [action.text for action in Action.objects.latest_first(TODAY)] == [words for words, _ in wanted]
