"""Which days a cell's words may mean where no one day was made of them: offered to a person, never taken."""

from __future__ import annotations

import datetime as dt
import re

from reviews.importing.understanding.dates import MONTHS, end_of_month, read_date

#: The problems about a date that a person settles by naming the day.
ABOUT_DATES = frozenset(
    ("impossible_date", "ambiguous_date", "anchor_missing", "no_date", "several_dates", "date_among_words")
)
_MOST = 4
_YEAR = r"(?P<year>\d{4}|\d{2})\b"
_WORDED = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>[a-z]+)\.?,? {_YEAR}")
_NUMBERS = re.compile(rf"(?P<day>\d{{1,2}}) ?[/.-] ?(?P<month>\d{{1,2}}) ?[/.-] ?{_YEAR}")
_QUARTER = re.compile(r"\b(?:q|quarter )\s?([1-4]),?\s*(?:of )?\(?(\d{4})")
_SEASON = re.compile(r"\b(spring|summer|autumn|winter|early|mid|late)\b[ -]?(?:term )?(?:of )?(\d{4})")
_SEASON_ENDS = {"spring": 5, "summer": 8, "autumn": 11, "winter": 2, "early": 4, "mid": 8, "late": 12}
_YEAR_ALONE = re.compile(r"(?<!\d)(20\d{2})(?:\s?[/–-]\s?(?:\d{2}|\d{4})(?!\d))?(?!\d)")


def days_for(written: str, counts_from: dt.date | None = None) -> list[dt.date]:
    """The days, at most four, that these words may mean. "Within six months" counts from ``counts_from``."""
    words = re.sub(r"\s+", " ", written.lower()).strip()
    found = (
        _impossible(words)
        or _month_of_year(words)
        or _quarter(words)
        or _season(words)
        or _each(written)
        or _year(words)
    )
    if not found and counts_from and (day := read_date(words, counts_from).date):
        found = [day]
    return list(dict.fromkeys(found))[:_MOST]


def _impossible(words: str) -> list[dt.date]:
    """The ends of the month before and after a day that it does not have; the day with day and month exchanged."""
    match = _WORDED.search(words) or _NUMBERS.search(words)
    if not match:
        return []
    year, day = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0), int(match["day"])
    month = MONTHS.get(match["month"], 0) or int(match["month"] if match["month"].isdigit() else 0)
    if not 1900 < year < 2200 or _day(year, month, day):
        return []
    if 1 <= month <= 12 and 28 < day <= 31:
        last = end_of_month(year, month)
        return [last, last + dt.timedelta(days=1)]
    exchanged = _day(year, day, month)
    return [exchanged] if exchanged else []


def _month_of_year(words: str) -> list[dt.date]:
    """The end of the month that two numbers name where the second can be no month: "12/18"."""
    match = re.search(r"(?<![\d/])(\d{1,2})/(\d{2})$", words)
    if not match or not 1 <= int(match[1]) <= 12 < int(match[2]):
        return []
    return [end_of_month(2000 + int(match[2]), int(match[1]))]


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _quarter(words: str) -> list[dt.date]:
    """The end of a quarter, counted by the calendar and by the financial year."""
    match = _QUARTER.search(words)
    if not match:
        return []
    quarter, year = int(match[1]), int(match[2])
    financial = {1: 6, 2: 9, 3: 12, 4: 3}[quarter]
    return [end_of_month(year, quarter * 3), end_of_month(year + (quarter == 4), financial)]


def _season(words: str) -> list[dt.date]:
    match = _SEASON.search(words)
    if not match:
        return []
    return [end_of_month(int(match[2]) + (match[1] == "winter"), _SEASON_ENDS[match[1]])]


def _each(written: str) -> list[dt.date]:
    """Every day that one of the words' parts gives by itself."""
    parts = re.split(r"\n|;|,(?= *\D)| and | or | to | – ", written)
    return [day for part in parts if len(parts) > 1 and (day := read_date(part).date)]


def _year(words: str) -> list[dt.date]:
    """The end of a year, by the calendar and by the financial year; of a financial year, its own."""
    match = _YEAR_ALONE.search(words)
    if not match:
        return []
    year = int(match[1])
    ends = dt.date(year + 1, 3, 31)
    return [ends] if len(match[0]) > len("2026") else [dt.date(year, 12, 31), ends]


def basis_of(written: str, day: dt.date) -> str:
    """How ``day`` was made of words that do not name it outright; nothing where they do."""
    words = written.lower()
    if len(set(_each(written))) > 1:
        return "the latest of those days"
    if not words or re.search(rf"(?<!\d)0?{day.day}(?!\d)", words):
        return ""
    if re.search(r"\bq(?:uarter)?\s?[1-4]", words):
        return "the last day of the quarter"
    if re.search(r"\bend\b", words) and not any(re.search(rf"\b{month}\b", words) for month in MONTHS):
        return "the last day of the year"
    if any(re.search(rf"\b{month}\b", words) for month in MONTHS) or re.search(r"\b\d{1,2}/\d{4}\b", words):
        return "the last day of the month"
    return "counted from the day that the document gives"
