"""Reads text in columns: finds the encoding and the separator, and numbers rows as a spreadsheet would."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from statistics import mode

from reviews.export_mark import EXPORT_MARK, unguarded
from reviews.importing.readers.encodings import decode
from reviews.importing.understanding.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Row,
    Table,
    Unreadable,
    clean,
    kept,
    place,
)

SEPARATORS = ",;\t|"
_HEADINGS = 4_000  # letters in which our own headings stand
_ENOUGH = 200  # rows that are looked at to find the separator


def read(data: bytes) -> list[Table]:
    """The one table of the file. Its cells are never merged. Only in our own exports is a guarding apostrophe ours."""
    text = decode(data)
    separator = _declared(text) or _of_ours(text) or _separator(text)
    if _declared(text):
        text = text.split("\n", 1)[1] if "\n" in text else ""
    rows: list[Row] = []
    ours = False
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            ours = ours or (not rows and EXPORT_MARK in values)
            if ours:
                values = [unguarded(value) for value in values]  # noqa: PLW2901
            if any(value.strip() for value in values) and not _is_rule(values):
                rows.append(Row(number, tuple(_cells(values, number, kept if ours else clean))))
            if len(rows) > MAX_ROWS:
                raise Unreadable(f"The file has more than {MAX_ROWS:,} rows. Delete those that are not the plan.")
    except csv.Error as error:
        raise Unreadable(
            "A cell of the file never ends: a quotation mark is open. Open it in Excel, check it and save it again."
        ) from error
    return [Table("", tuple(rows), ours=ours)]


def _is_rule(values: list[str]) -> bool:
    """A line drawn below the headings of a table in plain text: ``| --- | :--- |``."""
    return len(values) > 1 and all(re.fullmatch(r"\s*:?-{2,}:?\s*|\s*", value) for value in values)


def _cells(values: list[str], number: int, take: Callable[[object], str]) -> list[Cell]:
    return [Cell(take(value), place("", number, column)) for column, value in enumerate(values[:MAX_COLUMNS])]


def _declared(text: str) -> str:
    """The separator of a first line ``sep=;``, which Excel understands and does not show."""
    first = text.split("\n", 1)[0].strip().strip('"').lower()
    return text.strip('"')[4] if first.startswith("sep=") and len(first) == 5 else ""


def _of_ours(text: str) -> str:
    """The separator of a file that this portal wrote, whatever a spreadsheet has made of it: that of its headings."""
    if EXPORT_MARK not in text[:_HEADINGS]:
        return ""
    return next((one for one in SEPARATORS if EXPORT_MARK in _first(text, one)), "")


def _first(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error:
        return []


def _separator(text: str) -> str:
    """The one that gives the most rows of one width, with more than one column."""
    return max(SEPARATORS, key=lambda separator: _evenness(text, separator))


def _evenness(text: str, separator: str) -> tuple[int, int]:
    widths = []
    try:
        for values in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if any(value.strip() for value in values):
                widths.append(len(values))
            if len(widths) >= _ENOUGH:
                break
    except csv.Error:
        return (0, 0)
    wide = [width for width in widths if width > 1]
    return (wide.count(mode(wide)), mode(wide)) if wide else (0, 0)
