"""The tables of statuses are total, and the rules over them hold for every case."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from reviews.statuses import (
    AFTER_DECISION,
    CLOSED,
    DECIDABLE,
    MEANINGS,
    OPEN,
    RANK,
    WHOSE_TURN,
    Decision,
    Lateness,
    Mark,
    Status,
    Timing,
    Turn,
    latest,
    timing,
    together,
)

days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
statuses = st.sampled_from(Status)


def test_every_table_covers_every_status():
    for table in (MEANINGS, RANK, WHOSE_TURN):
        assert set(table) == set(Status)


def test_every_table_covers_every_decision():
    assert set(AFTER_DECISION) == set(DECIDABLE) == set(Decision)


def test_every_status_is_open_awaiting_or_closed():
    assert sorted([*OPEN, Status.AWAITING, *CLOSED]) == sorted(Status)
    assert {WHOSE_TURN[status] for status in OPEN} == {Turn.AGENCY}
    assert {WHOSE_TURN[status] for status in CLOSED} == {Turn.NOBODY}


def test_a_decision_always_moves_the_status():
    for decision, before in DECIDABLE.items():
        assert AFTER_DECISION[decision] not in before or decision == Decision.REOPENED


@given(st.lists(statuses, min_size=1))
def test_an_action_is_as_far_as_its_least_advanced_lead(of_leads):
    result = together(of_leads)
    pursued = [status for status in of_leads if status != Status.NOT_PURSUED]
    if pursued:
        assert result in pursued
        assert all(RANK[result] <= RANK[status] for status in pursued)
    else:
        assert result == Status.NOT_PURSUED


def test_an_action_without_a_lead_has_no_status_recorded():
    assert together([]) == Status.NOT_RECORDED


@given(st.lists(st.tuples(days, st.datetimes(), statuses), unique_by=lambda row: row[:2]), statuses)
def test_the_last_day_counts_however_the_rows_are_ordered(rows, initial):
    marks = [Mark(*row) for row in rows]
    last = max(marks, key=lambda mark: (mark.on, mark.recorded_at), default=None)
    expected = last.status if last else initial
    assert latest(initial, marks) == latest(initial, marks[::-1]) == expected


def test_of_two_rows_of_one_moment_the_decision_counts():
    moment = dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    marks = [Mark(*moment, Status.AWAITING), Mark(*moment, Status.COMPLETE)]
    assert latest(Status.NOT_STARTED, marks) == Status.COMPLETE


@given(statuses, st.none() | days, st.none() | days, st.none() | days, days)
def test_lateness_follows_from_the_dates_alone(status, target, review, claimed_on, on):
    result = timing(status, target=target, review=review, claimed_on=claimed_on, on=on)
    due = review if status == Status.ONGOING else target
    judged = claimed_on if status == Status.AWAITING and claimed_on else on
    assert (result.lateness == Lateness.CLOSED) == (status in CLOSED)
    if status not in CLOSED:
        assert (result.lateness == Lateness.NO_DATE) == (due is None)
        assert (result.lateness == Lateness.OVERDUE) == (due is not None and due < judged)


def test_in_progress_does_not_hide_that_the_date_has_passed():
    result = timing(
        Status.IN_PROGRESS, target=dt.date(2026, 3, 1), review=None, claimed_on=None, on=dt.date(2026, 3, 13)
    )
    assert result.words == "Overdue by 12 days"


def test_waiting_for_a_decision_counts_against_the_group():
    result = timing(
        Status.AWAITING,
        target=dt.date(2026, 3, 1),
        review=None,
        claimed_on=dt.date(2026, 2, 20),
        on=dt.date(2026, 9, 1),
    )
    assert result == Timing(Lateness.ON_TIME, 9)


def test_lateness_is_said_in_words():
    def words(days: int) -> str:
        on = dt.date(2026, 3, 1)
        return timing(
            Status.NOT_STARTED, target=on + dt.timedelta(days=days), review=None, claimed_on=None, on=on
        ).words

    assert [words(n) for n in (-1, 0, 1, 28, 29)] == [
        "Overdue by 1 day",
        "Due today",
        "Due in 1 day",
        "Due in 28 days",
        "On time",
    ]
