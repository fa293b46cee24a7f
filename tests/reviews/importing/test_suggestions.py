"""Where words give no one day, those that may be meant are offered; how a day was made of a month is said."""

import datetime as dt

import pytest

from reviews.importing.suggestions import basis_of, days_for


def day(written: str) -> dt.date:
    return dt.date.fromisoformat(written)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("31 September 2020", ["2020-09-30", "2020-10-01"]),
        ("30/02/2021", ["2021-02-28", "2021-03-01"]),
        ("12/31/2016", ["2016-12-31"]),
        ("By 31st of June 2019", ["2019-06-30", "2019-07-01"]),
        ("Q2 2005", ["2005-06-30", "2005-09-30"]),
        ("Q4 2019", ["2019-12-31", "2020-03-31"]),
        ("Summer 2019", ["2019-08-31"]),
        ("winter 2019", ["2020-02-29"]),
        ("April 2015 and June 2016", ["2015-04-30", "2016-06-30"]),
        ("01/04/2015; 02/05/2015", ["2015-04-01", "2015-05-02"]),
        ("2019", ["2019-12-31", "2020-03-31"]),
        ("2016/17", ["2017-03-31"]),
        ("TBC", []),
        ("Ongoing", []),
        ("", []),
        ("99/99/9999", []),
        ("31 September 0020", []),
    ],
)
def test_the_days_that_words_may_mean_are_offered(written, days):
    assert days_for(written) == [day(one) for one in days]


def test_a_time_from_a_day_that_is_not_given_counts_from_that_of_the_document():
    assert days_for("within six months of publication") == []
    assert days_for("within six months of publication", day("2016-02-28")) == [day("2016-08-28")]


@pytest.mark.parametrize(
    ("written", "read", "basis"),
    [
        ("31/03/2016", "2016-03-31", ""),
        ("1st April 2016", "2016-04-01", ""),
        ("March 2016", "2016-03-31", "the last day of the month"),
        ("03/2016", "2016-03-31", "the last day of the month"),
        ("Q3 2020/21", "2020-12-31", "the last day of the quarter"),
        ("April 2015 and June 2016", "2016-06-30", "the latest of those days"),
        ("end of 2019", "2019-12-31", "the last day of the year"),
        ("within six months of publication", "2016-08-28", "counted from the day that the document gives"),
        ("", "2016-08-28", ""),
    ],
)
def test_how_a_day_was_made_of_its_words_is_said(written, read, basis):
    assert basis_of(written, day(read)) == basis


def test_a_month_and_its_year_in_two_numbers_are_offered_as_the_end_of_the_month():
    assert days_for("12/18") == [dt.date(2018, 12, 31)]
    assert days_for("03/04") == []
