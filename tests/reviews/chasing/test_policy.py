"""The table of stages, by itself."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.chasing.policy import STEPS, Anchor, reached
from reviews.models import Stage

DUE = Anchor("date:1", dt.date(2026, 3, 2))
LONG_AGO = Anchor("start:2020-01-01", dt.date(2020, 1, 1))


def day(number: int) -> dt.date:
    return DUE.on + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("after", "stage", "number"),
    [
        (-28, Stage.DUE_28, 0), (-8, Stage.DUE_28, 0), (-7, Stage.DUE_7, 0), (-2, Stage.DUE_7, 0), (-1, Stage.DUE_1, 0),
        (0, Stage.DUE_1, 0), (1, Stage.OVERDUE, 0), (14, Stage.OVERDUE, 0), (15, Stage.OVERDUE, 1),
        (29, Stage.OVERDUE, 2), (365, Stage.OVERDUE, 26),
    ],
)  # fmt: skip
def test_the_newest_stage_reached(after: int, stage: Stage, number: int) -> None:
    found = reached(day(after), due=DUE, floors=[LONG_AGO])
    assert found is not None
    assert (found.stage, found.number, found.anchor) == (stage, number, "date:1")


def test_nothing_is_reached_earlier_than_28_days_before() -> None:
    assert reached(day(-29), due=DUE, floors=[LONG_AGO]) is None


def test_nothing_is_reached_before_chasing_began() -> None:
    assert reached(day(-5), due=DUE, floors=[Anchor("start:later", day(-4))]) is None


def test_a_date_long_past_is_counted_from_the_start_of_chasing() -> None:
    began = Anchor("start:later", day(100))
    assert reached(day(100), due=DUE, floors=[began]) is None
    found = reached(day(101), due=DUE, floors=[began])
    assert found is not None
    assert (found.stage, found.number, found.anchor, found.since) == (Stage.OVERDUE, 0, "start:later", day(101))


def test_chasing_that_begins_late_sends_the_newest_stage_before_the_date() -> None:
    found = reached(day(-4), due=DUE, floors=[Anchor("start:later", day(-4))])
    assert found is not None
    assert found.stage == Stage.DUE_7


@given(st.integers(-60, 800), st.integers(-100, 300), st.integers(1, 60))
def test_time_only_ever_moves_a_series_on(start: int, floor: int, later: int) -> None:
    """Whoever looks later finds the same stage or a later one of the same series, never an earlier one."""
    floors = [Anchor("start:x", day(floor))]
    before = reached(day(start), due=DUE, floors=floors)
    after = reached(day(start + later), due=DUE, floors=floors)
    if before:
        assert after is not None
        assert after.position >= before.position
        assert before.since <= day(start)
        assert reached(before.since, due=DUE, floors=[LONG_AGO]) is not None


def test_the_table_is_in_the_order_of_time() -> None:
    assert [step.days for step in STEPS] == sorted(step.days for step in STEPS)
    assert all(step.every == 0 for step in STEPS[:-1])
