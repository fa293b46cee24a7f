"""Dates as plans write them: day first, never guessed, the words always kept by the caller."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![a-z])\.?"
_YEAR = r"(\d{4}|\d{2})(?!\d)"
_DAY = r"(?<!\d)(\d{1,2})(?: ?(?:st|nd|rd|th)\.?)?"
_QUARTER = r"(?:q|quarter )\s?([1-4])"
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_NTH = re.compile(rf"\b({'|'.join(_ORDINAL)}) quarter\b")

#: Each way of writing a date, most exact first. The names of the groups say what they hold.
_FORMS: tuple[tuple[str, str], ...] = (
    ("ymd", r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)(?:[t ]00:00(?::00)?)?"),
    ("dmy", rf"(?<!\d)(\d{{1,2}})\s?[/.-]\s?(\d{{1,2}})\s?[/.-]\s?{_YEAR}"),
    ("spaced", r"(?<![\d/])(\d{1,2}) (\d{1,2}) (\d{4})(?!\d)"),
    ("dMy", rf"{_DAY}\s?(?:of |-)?\s?{_MONTH},?[\s-]*{_YEAR}"),
    ("Mdy", rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)"),
    (
        "financial_quarter",
        rf"\b{_QUARTER},?\s*(?:of )?(?:fy ?)?\(?(\d{{4}}|\d{{2}}(?=\s?[/–-]\s?\d{{2}}(?!\d)))\s?[/–-]\s?\d{{2,4}}\)?",
    ),
    ("quarter", rf"\b{_QUARTER},?\s*(?:of )?\(?\d{{4}}\)?"),
    (
        "season",
        r"\b(?:spring|summer|autumn|winter|early|mid|late)\b[ -]?(?:term )?(?:of )?(?:\d{4}(?:\s?[/–-]\s?\d{2,4})?)",
    ),
    ("My", rf"\b{_MONTH},?[\s'’–-]*{_YEAR}"),
    ("my", r"(?<![\d/])(\d{1,2})/(\d{4})(?!\d)"),
    ("financial_year", r"\b(?:financial year |fy ?)?(?<!\d)(\d{4})\s?[/–-]\s?(\d{2}|\d{4})(?!\d)"),
    ("year", r"(?<!\d)(20\d{2})(?!\d)"),
)
_ANY = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS))

_LEAD_IN = re.compile(
    r"^(?:(?:to be )?(?:completed?|done|achieved|due|expected|revised|started|finish(?:ed)?)\b[\s:–-]*)?"
    r"(?:no later than |not later than |by |before |on |from |until )?(?:the )?"
    r"(?:end of |end |close of )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:the )?(?:start of )?"
)
_NO_DATE = re.compile(
    r"^(?:on-? ?going|tbc|tba|tbd|to be (?:confirmed|agreed|advised)|asap|as soon as possible|immediate(?:ly)?"
    r"|n/?a|not applicable|none|rolling|continuous|in place|complete[d]?|now|-|–)\W*$"
)
_RELATIVE = re.compile(
    r"\bwithin (?:the next )?(\d+|[a-z]+) (?:calendar )?(day|week|month|year)s?\b"
    r"|\b(\d+|[a-z]+) (day|week|month|year)s? (?:after|from|of|following)\b"
    r"|^(\d+|[a-z]+) (day|week|month|year)s?$"
)
_ON_PUBLICATION = re.compile(r"^(?:immediately )?(?:on|upon|at|after|following) (?:the )?publication\b")
#: A day or month of no year could be that of any; two numbers are a month and its year, or a day and its month.
_NO_YEAR = re.compile(
    rf"^(?:by |before )?(?:the )?(?:(?:end|start|beginning) (?:of )?)?(?:the )?(?:{_DAY} ?(?:of )?)?{_MONTH}$"
    r"|^(?:by )?(?:the )?end of (?:the )?(?:calendar |financial )?year$|^(?:by )?(?:the )?(?:end of )?q[1-4]$"
    r"|^(?:by |before )?(?:the )?(?:end (?:of )?)?\d{1,2}/\d{2}$"
)
_SERVICE = re.compile(
    r"^(?:every|each|monthly|quarterly|annual(?:ly)?|weekly|daily|within \w+ (?:working )?(?:hour|minute)s?)\b"
)
_NUMBERS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18,
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """What a date cell comes to: a day or none, and the code of what must be said of it."""

    date: dt.date | None = None
    code: str = ""


@lru_cache(maxsize=4096)
def read_date(text: str, anchor: dt.date | None = None) -> Written:
    """The day that ``text`` means. A month, or a quarter of a financial year, means its last day.

    ``anchor`` is the day from which "within six months" counts.
    """
    words = re.sub(r"\s+", " ", text.lower()).strip(" .;,")
    words = _NTH.sub(lambda found: f"q{_ORDINAL[found[1]]}", words)
    if not words:
        return Written()
    if _NO_DATE.match(words) or _SERVICE.match(words):
        return Written(code="no_date")
    found = [(_resolve(match, words), match) for match in _ANY.finditer(words)]
    if not found:
        return _relative(words, anchor)
    bad = next((one.code for one, _ in found if one.code), "")
    if bad:
        return Written(code=bad)
    days = [one.date for one, _ in found if one.date]
    if len(set(days)) > 1:
        return Written(max(days), "several_dates")
    return Written(days[0], "" if len(days) > 1 or _is_whole(words, found[0][1]) else "date_among_words")


def leading_date(text: str) -> tuple[dt.date | None, str]:
    """The date with which a cell begins, if it does, and the rest of its words."""
    match = _ANY.match(text.lower())
    if not match or match.lastgroup in ("season", "quarter", "year", "financial_year"):
        return None, text
    date = _resolve(match, text.lower()).date
    return (date, text[match.end() :].lstrip(" .:;,–-\n")) if date else (None, text)


def names_impossible_day(text: str) -> bool:
    """Whether the first date in ``text`` is a day that cannot be."""
    match = _ANY.search(text.lower())
    return match is not None and _resolve(match, text.lower()).code == "impossible_date"


def find_date(text: str) -> dt.date | None:
    """The last date that stands anywhere in ``text``."""
    found = [_resolve(match, text.lower()).date for match in _ANY.finditer(text.lower()) if match.lastgroup != "year"]
    return next((date for date in reversed(found) if date), None)


def _is_whole(words: str, match: re.Match[str]) -> bool:
    begin = _LEAD_IN.match(words)
    return bool(begin and begin.end() >= match.start() and not words[match.end() :].strip(" .;,*()"))


def _resolve(match: re.Match[str], words: str) -> Written:
    form = match.lastgroup or ""
    parts = [part for part in re.match(dict(_FORMS)[form], match.group(form)).groups() if part]  # type: ignore[union-attr]
    if form in ("quarter", "season"):
        return Written(code="ambiguous_date")
    try:
        if form in ("year", "financial_year"):
            return _end_of_year(form, parts, words[: match.start()])
        return Written(_day(form, parts))
    except ValueError:
        return Written(code="impossible_date")


def _day(form: str, parts: list[str]) -> dt.date:
    """Raises ValueError for a day that cannot be."""
    if form == "ymd":
        return dt.date(int(parts[0]), int(parts[1]), int(parts[2]))
    if form in ("dmy", "spaced"):
        return dt.date(_year(parts[2]), int(parts[1]), int(parts[0]))
    if form == "dMy":
        return dt.date(_year(parts[2]), MONTHS[parts[1].strip(".")], int(parts[0]))
    if form == "Mdy":
        return dt.date(int(parts[2]), MONTHS[parts[0].strip(".")], int(parts[1]))
    if form == "financial_quarter":
        quarter, year = int(parts[0]), _year(parts[1])
        return end_of_month(year + (quarter == 4), {1: 6, 2: 9, 3: 12, 4: 3}[quarter])
    month = MONTHS[parts[0].strip(".")] if form == "My" else int(parts[0])
    return end_of_month(_year(parts[1]), month)


def _end_of_year(form: str, parts: list[str], before: str) -> Written:
    """The end of a year is a day; a year alone could be any day of it."""
    if not re.search(r"\bend(?: of)?(?: the)?(?: financial year)? ?$", before):
        return Written(code="ambiguous_date")
    year = int(parts[0])
    return Written(dt.date(year + 1, 3, 31) if form == "financial_year" else dt.date(year, 12, 31))


def _relative(words: str, anchor: dt.date | None) -> Written:
    if _ON_PUBLICATION.match(words):
        return Written(anchor, "" if anchor else "anchor_missing")
    match = _RELATIVE.search(words)
    if not match:
        return Written(code="ambiguous_date" if _NO_YEAR.match(words) else "no_date")
    written, unit = [group for group in match.groups() if group]
    count = _NUMBERS.get(written, 0) or int(re.sub(r"\D", "", written)[:4] or 0)
    if anchor is None or not count:
        return Written(code="anchor_missing")
    try:
        return Written(_later(anchor, count, unit))
    except (ValueError, OverflowError):  # beyond the last year that a calendar here knows
        return Written(code="impossible_date")


def _later(anchor: dt.date, count: int, unit: str) -> dt.date:
    """So many days, weeks, months or years after a day. Raises ValueError or OverflowError beyond the year 9999."""
    if unit in ("day", "week"):
        return anchor + dt.timedelta(days=count * (7 if unit == "week" else 1))
    months = anchor.month - 1 + count * (12 if unit == "year" else 1)
    year, month = anchor.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(anchor.day, end_of_month(year, month).day))


def _year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)


def end_of_month(year: int, month: int) -> dt.date:
    """The last day of a month. Raises ValueError for a month that cannot be."""
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        raise ValueError(f"month {month} of {year}")
    return dt.date(year, month, calendar.monthrange(year, month)[1])
