"""Dates as plans write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.importing.understanding.dates import read_date

DAYS = {
    "31/12/2016": "2016-12-31",
    "04/03/2020": "2020-03-04",
    "14/09/20": "2020-09-14",
    "1.2.2021": "2021-02-01",
    "2021-02-01": "2021-02-01",
    "By 31/03/2017": "2017-03-31",
    "by the end of November 2021": "2021-11-30",
    "End of March 2021": "2021-03-31",
    "Friday 5 March 2021": "2021-03-05",
    "1st of June 2020": "2020-06-01",
    "April 2015": "2015-04-30",
    "Jan 2016": "2016-01-31",
    "Feb 2016": "2016-02-29",
    "May-12": "2012-05-31",
    "Mar-14": "2014-03-31",
    "Sept 2019": "2019-09-30",
    "06/2019": "2019-06-30",
    "Q3 2020/21": "2020-12-31",
    "Q4 2022/23": "2023-03-31",
    "Quarter 1 2021-22": "2021-06-30",
    "end of 2019": "2019-12-31",
    "end of financial year 2019/20": "2020-03-31",
    "30th. June 2019": "2019-06-30",
    "30 th June 2019": "2019-06-30",
    "2019-6-3": "2019-06-03",
    "03 06 2019": "2019-06-03",
    "Completed: 31 May 2017": "2017-05-31",
}
NO_DAY = {
    "31 September 2020": "impossible_date",
    "30/02/2021": "impossible_date",
    "04/13/2020": "impossible_date",
    "End of 9999/00": "impossible_date",
    "12/18": "ambiguous_date",
    "by 03/04": "ambiguous_date",
    "31 13 2018": "impossible_date",
    "Q2 2005": "ambiguous_date",
    "Summer 2019": "ambiguous_date",
    "Summer term 2022": "ambiguous_date",
    "2019": "ambiguous_date",
    "2019/20": "ambiguous_date",
    "within six months of the publication of this report": "anchor_missing",
    "Within 6 months": "anchor_missing",
    "Ongoing": "no_date",
    "on-going": "no_date",
    "TBC": "no_date",
    "ASAP": "no_date",
    "Immediate": "no_date",
    "N/A": "no_date",
    "within 24 hours": "no_date",
    "every two months": "no_date",
    "when the panel has met": "no_date",
    "": "",
}


@pytest.mark.parametrize(("written", "day"), DAYS.items())
def test_a_day_is_read(written, day):
    assert (str(read_date(written).date), read_date(written).code) == (day, "")


@pytest.mark.parametrize(("written", "code"), NO_DAY.items())
def test_what_gives_no_day_is_said_and_never_guessed(written, code):
    assert (read_date(written).date, read_date(written).code) == (None, code)


def test_relative_dates_count_from_the_anchor():
    anchor = dt.date(2017, 11, 9)
    assert read_date("Within 6 months", anchor).date == dt.date(2018, 5, 9)
    assert read_date("within two weeks of publication", anchor).date == dt.date(2017, 11, 23)
    assert read_date("one year after publication", dt.date(2020, 2, 29)).date == dt.date(2021, 2, 28)


def test_a_date_beyond_the_calendar_is_said_to_be_impossible():
    assert read_date("within 9000 years of publication", dt.date(2017, 11, 9)).code == "impossible_date"
    assert read_date("within 9000 days", dt.date(9990, 1, 1)).code == "impossible_date"
    assert read_date("within 9000 months", dt.date(2017, 11, 9)).date == dt.date(2767, 11, 9)


def test_of_several_dates_the_latest_counts_and_is_said():
    found = read_date("By 31/12/2017\nBy 31/01/2018\nBy 31/01/2018")
    assert (found.date, found.code) == (dt.date(2018, 1, 31), "several_dates")


def test_a_date_among_other_words_is_taken_and_said():
    found = read_date("After the inspection on 3 May 2021, if all is well")
    assert (found.date, found.code) == (dt.date(2021, 5, 3), "date_among_words")


@given(st.dates(dt.date(2000, 1, 1), dt.date(2069, 12, 31)), st.sampled_from("/.-"), st.booleans())
def test_numbers_are_read_day_first_and_never_in_american_order(day, sign, short):
    written = day.strftime(f"%d{sign}%m{sign}%y" if short else f"%d{sign}%m{sign}%Y")
    assert read_date(written).date == day


@given(st.dates(dt.date(2000, 1, 1), dt.date(2069, 12, 31)), st.sampled_from(["%-d %B %Y", "%d %b %Y", "%B %-d, %Y"]))
def test_days_in_words_are_read(day, form):
    assert read_date(day.strftime(form)).date == day


@given(st.text(max_size=80))
def test_no_words_break_the_reading(text):
    found = read_date(text)
    assert found.date is None or found.code in ("", "several_dates", "date_among_words")
