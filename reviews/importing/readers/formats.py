"""What a number in a workbook shows: a day as its format writes it, a reference with its noughts, a share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache

from reviews.importing.understanding.tables import clean

#: The formats that a workbook names by number only, as far as they show something else than the number.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss",
}  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
#: A number with words before and after it, at least so many digits, and so many behind the point.
_NUMBER = re.compile(r'((?:"[^"]*"|\\.)*)([#,0]*?)(0*)(?:\.(0+))?(%?)((?:"[^"]*"|\\.|\s)*)')
_LAST_DAY = 2_958_465  # 31 December 9999, as spreadsheets count


@lru_cache(maxsize=1024)
def letters_of(style: str) -> str:
    """The letters of a format that stand for parts of a day or a time, in small letters."""
    return _BRACKETS.sub("", _QUOTED.sub("", style)).lower().split(";", 1)[0]


@lru_cache(maxsize=1024)
def shows_day(style: str) -> bool:
    """Whether a number of this format is a day: it shows a day, a month or a year, and not minutes alone."""
    parts = letters_of(style)
    if parts == "general":
        return False
    return bool(re.search("[dy]", parts)) or ("m" in parts and not re.search("[hs0#]", parts))


def day_of(number: float, *, since_1904: bool) -> dt.date | None:
    """The day that a spreadsheet's number counts to; None for one that is no day."""
    count = int(number)
    if not 0 < count <= _LAST_DAY:
        return None
    if since_1904:
        return dt.date(1904, 1, 1) + dt.timedelta(days=count)
    # Spreadsheets take 1900 for a leap year, so what comes before the day there never was counts from one day later.
    return dt.date(1899, 12, 31 if count < 60 else 30) + dt.timedelta(days=count)


@lru_cache(maxsize=8192)
def shown_number(number: float, style: str) -> str:
    """A number as its format shows it, near enough; a whole number without a point."""
    form = _NUMBER.fullmatch(style.split(";", 1)[0])
    if not form or not any(form.groups()) or not -1e15 < number < 1e15:
        return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.10g}"
    before, grouped, least, places, share, after = form.groups()
    if share:
        return f"{number * 100:g}%"
    size = len(least) + (len(places) + 1 if places else 0)
    digits = f"{abs(number):0{size}{',' if ',' in grouped else ''}.{len(places or '')}f}"
    return clean(f"{'-' if number < 0 else ''}{_plain(before)}{digits}{_plain(after)}")


def _plain(words: str) -> str:
    return re.sub(r"\\(.)", r"\1", words.replace('"', ""))


def shown_date(value: dt.date, style: str) -> str:
    """A day as this number format shows it. A format in the order of the United States is what Excel calls
    the short date, which it shows day first here.
    """
    first = style.split(";", 1)[0].lower()
    if first == "general" or re.match(r"(?:\[[^\]]*\])?m{1,2}\W+d", first):
        return f"{value:%d/%m/%Y}"
    words = ""
    for token in re.findall(r'"[^"]*"|\[[^\]]*\]|\\.|y+|m+|d+|[^ymd]', first):
        if token[0] == "h":  # the time of day is no part of a date
            break
        if token[0] in '"\\':
            words += token.strip('"\\')
        elif token[0] not in "[_*@":
            words += _DATE_PARTS[token[0]][min(len(token), 4) - 1](value) if token[0] in _DATE_PARTS else token
    return clean(words.strip(" ,-/")) or f"{value:%d/%m/%Y}"


#: What one to four letters of a number format show of a day.
_DATE_PARTS: dict[str, tuple[Callable[[dt.date], str], ...]] = {
    "d": (lambda on: str(on.day), lambda on: f"{on:%d}", lambda on: f"{on:%a}", lambda on: f"{on:%A}"),
    "m": (lambda on: str(on.month), lambda on: f"{on:%m}", lambda on: f"{on:%b}", lambda on: f"{on:%B}"),
    "y": (lambda on: f"{on:%y}", lambda on: f"{on:%y}", lambda on: str(on.year), lambda on: str(on.year)),
}
