"""Numbered lists in neighbouring cells: one row for each number where they pair, a problem where they do not."""

from __future__ import annotations

import re
from dataclasses import replace

from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.layouts import Line
from reviews.importing.understanding.problems import problem

_NUMBERED = re.compile(r"^\(?(\d{1,2}|[a-h]|[ivx]{1,4}|[A-H](?=\)))[.)]\s+(.*)$")
_LETTERS = tuple("abcdefgh")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
#: The ways of numbering, by what stands before the first item; a line numbered in another way goes on with its item.
_WAYS = {"1": tuple(map(str, range(1, 100))), "a": _LETTERS, "A": tuple("ABCDEFGH"), "i": _ROMAN}
_PAIRED = (
    Column.ACTION,
    Column.AGENCY,
    Column.OWNER,
    Column.MILESTONES,
    Column.TARGET_DATE,
    Column.REVISED_DATE,
    Column.EVIDENCE,
    Column.PROGRESS,
    Column.NEXT_STEPS,
    Column.STATUS,
    Column.COMPLETED_AND_OUTCOME,
)


def items(text: str) -> list[str]:
    """The items of a list numbered 1, 2 or a, b or i, ii, without that; nothing where it is not one of two or more."""
    found: list[str] = []
    begin = _NUMBERED.match(text.partition("\n")[0]) if "\n" in text else None
    numbers = _WAYS.get(begin[1], ()) if begin else ()
    for line in text.split("\n") if numbers else ():
        match = _NUMBERED.match(line)
        counts = bool(match and match[1] in numbers)
        if match and counts and match[1] == numbers[min(len(found), len(numbers) - 1)]:
            found.append(match[2])
        elif found and not counts:
            found[-1] += f"\n{line}"
        else:
            return []
    return found if len(found) > 1 else []


def divide(line: Line) -> list[Line]:
    """One line for each numbered action where another cell is numbered alike; else the line as it is."""
    actions = items(line.text(Column.ACTION))
    if not actions:
        return [line]
    lists = {column: items(line.text(column)) for column in _PAIRED}
    others = {len(found) for column, found in lists.items() if found and column != Column.ACTION}
    if not others:
        return [line]
    if others != {len(actions)}:
        line.problems.append(problem("list_counts_differ", Column.ACTION, line.place(Column.ACTION)))
        return [line]
    return [_item(line, lists, number) for number in range(len(actions))]


def _item(line: Line, lists: dict[Column, list[str]], number: int) -> Line:
    cells = dict(line.cells)
    for column, found in lists.items():
        if found:
            heading, cell = next(pair for pair in cells[column] if pair[1].text)
            cells[column] = [(heading, replace(cell, text=found[number], date=None))]
    return Line(line.row, cells, line.theme, line.agency_from_above, list(line.problems) if number == 0 else [])
