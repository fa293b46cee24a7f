"""Dates in words."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from portal.templatetags.dates import date_with, day, due, moment, relative

TODAY = dt.date(2016, 3, 11)


def away(days: int) -> dt.date:
    return TODAY + dt.timedelta(days)


def test_a_day_as_people_write_it() -> None:
    assert day(dt.date(2016, 2, 8)) == "8 February 2016"
    assert day(None) == ""


def test_a_moment_is_told_in_local_time() -> None:
    summer = dt.datetime(2016, 7, 1, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert moment(summer) == "2 July 2016 at 12:30am"
    assert moment(dt.datetime(2016, 1, 1, 13, 5, tzinfo=ZoneInfo("UTC"))) == "1 January 2016 at 1:05pm"
    assert moment(None) == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (12, "in 12 days"),
        (-69, "69 days ago"),
        (-90, "3 months ago"),
        (365 * 3, "in 3 years"),
    ],
)
def test_how_far_away(days: int, words: str) -> None:
    assert relative(away(days), TODAY) == words


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "1 day late"), (-400, "400 days late"), (0, "due today"), (3, "due in 3 days")]
)
def test_how_late(days: int, words: str) -> None:
    assert due(away(days), TODAY) == words


def test_nothing_is_said_of_no_date() -> None:
    assert relative(None) == due(None) == ""
    assert date_with(None, "") == '<span class="app-date">No date</span>'


def test_a_date_carries_itself_for_machines() -> None:
    assert 'datetime="2016-02-28">28 February 2016</time>' in date_with(dt.date(2016, 2, 28), "12 days <late>")
    assert "12 days &lt;late&gt;" in date_with(dt.date(2016, 2, 28), "12 days <late>")
