"""``python -m benchmarks.reading``: what reading a long workbook costs beside openpyxl's own parse of it."""

from __future__ import annotations

import argparse
import io
import random
import resource
import statistics
import sys
import time

import openpyxl

from reviews.importing.running import read_file

LIMIT, AIM = 6, 4
HEADINGS = (
    "Ref", "Recommendation", "Action", "Lead agency", "Owner", "Target date", "Progress", "Next steps", "Status",
)  # fmt: skip
_WORDS = (
    "work", "with", "partners", "goes", "on", "as", "planned", "and", "was", "looked", "at", "in", "each", "quarter",
    "of", "the", "year", "by", "the", "group",
)  # fmt: skip
_AGENCIES = (
    "Hillside Police", "Riverbank Hospital Trust", "Lantern Homes", "Hillside Borough Council", "School",
    "Hillside Police and Lantern Homes", "Drug and Alcohol Action Team",
)  # fmt: skip
_DATES = ("31/03/2027", "April 2027", "Q3 2026/27", "TBC", "within six months of publication", "By 1st May 2027", "")
_STATUSES = ("Complete", "In progress", "Ongoing", "Not started", "Completed: 31 May 2026", "")


def main() -> None:
    """Measure both in turns, print both and the ratio, and end with 1 where the limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    data = a_workbook(given.rows)
    pairs = [(_parse(data), _read(data, given.rows)) for _ in range(given.rounds)]
    parsed, read = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(ours / theirs for theirs, ours in pairs)
    print(f"{given.rows:,} rows, seconds of processor time, median of {given.rounds}")
    print(f"openpyxl, read-only, words alone   {parsed:6.2f}")
    print(f"read and understood, whole sandbox {read:6.2f}")
    print(f"ratio                              {ratio:6.2f}   (limit {LIMIT}, aim {AIM})")
    sys.exit(ratio > LIMIT)


def a_workbook(rows: int) -> bytes:
    """A plan of this many rows, as unlike one another as those of real plans are."""
    chance = random.Random(rows)  # noqa: S311 -- for measuring
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    for number in range(rows):
        sheet.append([
            f"{number // 3 + 1}.{number % 3 + 1}",
            f"To {_words(chance, 16)}",
            _words(chance, 12),
            chance.choice(_AGENCIES),
            chance.choice(("Head of Housing", "Named nurse", "")),
            chance.choice(_DATES),
            f"{_words(chance, 20)}\n{_words(chance, 10)}",
            _words(chance, 8),
            chance.choice(_STATUSES),
        ])  # fmt: skip
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _words(chance: random.Random, count: int) -> str:
    return f"{' '.join(chance.choice(_WORDS) for _ in range(count))}.".capitalize()


def _parse(data: bytes) -> float:
    started = time.process_time()
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    sum(1 for row in book.worksheets[0].iter_rows(values_only=True) if row)
    return time.process_time() - started


def _read(data: bytes, rows: int) -> float:
    """The sandbox's own time and ours to start it and to take its answer."""
    started = time.process_time() + _children()
    read = read_file(data, "plan.xlsx").rows
    if len(read) != rows:
        raise SystemExit(f"{len(read)} of {rows} rows were read")
    return time.process_time() + _children() - started


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
