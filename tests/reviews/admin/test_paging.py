"""The list of actions in pages: the same order as everywhere, whatever page one opens first."""

from __future__ import annotations

import itertools

import pytest
from django.core.paginator import EmptyPage

from reviews.admin.paging import LatestFirst
from reviews.models import Action
from reviews.statuses import Status
from tests.factories import TODAY, a_partnership, a_recommendation, a_review
from tests.world import days

DAYS = [None, days(-1), TODAY, days(29)]


@pytest.fixture
def every_sort(db) -> int:
    """An action of every status with every mixture of days; how many."""
    recommendation = a_recommendation(a_review(a_partnership()))
    cases = list(itertools.product(Status, DAYS, DAYS[:3], [None, days(-2), TODAY]))
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
    return len(cases)


@pytest.mark.parametrize("per_page", [7, 50])
def test_pages_follow_one_another_in_the_order_of_lateness(every_sort: int, per_page: int) -> None:
    paginator = LatestFirst(Action.objects.timed(TODAY), per_page, on=TODAY)
    shown = [row.pk for number in paginator.page_range for row in paginator.page(number)]
    assert shown == [row.pk for row in Action.objects.latest_first(TODAY)]
    assert len(shown) == every_sort


def test_a_page_past_the_end_is_none(every_sort: int) -> None:
    with pytest.raises(EmptyPage):
        LatestFirst(Action.objects.timed(TODAY), 50, on=TODAY).page(99)


def test_the_first_page_reads_no_stretch_that_it_does_not_show(every_sort: int, django_assert_num_queries) -> None:
    paginator = LatestFirst(Action.objects.timed(TODAY), 10, on=TODAY)
    with django_assert_num_queries(2):  # how many there are, and those that are overdue longest
        assert len(paginator.page(1).object_list) == 10
