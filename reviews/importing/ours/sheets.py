"""Rows of our own sheets: of the data, and of the statutory columns, in which lines follow one another."""

from __future__ import annotations

from dataclasses import replace

from reviews.export_mark import LABELS, Says
from reviews.export_words import STATUSES, heard_day, heard_outcome
from reviews.importing.ours.told import COMPLETED, HEADINGS, OUTCOME, Told
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.layouts import Layout, Line
from reviews.importing.understanding.marks import Key, read_mark
from reviews.importing.understanding.tables import Cell

#: The heading by which the statutory columns are known.
STATUTORY = "Date of completion and outcome"


def of_data(layout: Layout, line: Line) -> Told:
    """What a row of the data says."""
    told = Told(line)
    for heading in layout.headings:
        name, cell = HEADINGS.get(heading.printed, str(heading.column)), line.row.cell(heading.index)
        if name in told.cells and cell.text:
            cell = replace(cell, text="\n".join(filter(None, (told.text(name), cell.text))))
        if name != Column.IGNORE and (name not in told.cells or cell.text):
            told.cells[name] = cell
    return told


def of_statutory(layout: Layout, line: Line) -> Told:
    """What a row of the statutory columns says."""
    told = of_data(layout, line)
    told.take_asked()
    told.take_dates(told.text(Column.TARGET_DATE), line.place(Column.TARGET_DATE))
    _take_progress(told)
    _take_completion(told, told.cells.pop(Column.COMPLETED_AND_OUTCOME, Cell()))
    return told


def _take_progress(told: Told) -> None:
    """Where an action has no steps, its progress stands in their place and says so."""
    label, cell = LABELS[Says.PROGRESS], told.cells.get(Column.MILESTONES, Cell())
    each = _sections(cell.text, told.agencies)
    if any(words.startswith(label) for words in each.values()):
        said = {name: words.removeprefix(label) for name, words in each.items()}
        told.put_of_each(Column.PROGRESS, said, cell.place)
        del told.cells[Column.MILESTONES]


def _sections(words: str, names: list[str]) -> dict[str, str]:
    """What stands under the name of each lead; under no name where all say the same."""
    if len(names) < 2 or words.split("\n", 1)[0] not in names:
        return {"": words}
    found: dict[str, list[str]] = {}
    last = ""
    for line in words.split("\n"):
        if line in names and line not in found:
            last, found[line] = line, []
        else:
            found[last].append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}


def _take_completion(told: Told, cell: Cell) -> None:
    """The status, then when it was done and what changed: of all leads, or under the name of each."""
    status, _, rest = cell.text.partition("\n")
    if status not in STATUSES and not read_mark(status, Key()).status:
        status, rest = "", cell.text  # somebody has written it anew
    each = {name: _completion(words) for name, words in _sections(rest, told.agencies).items()}
    if not status and any(done for _, done, _ in each.values()):
        status = "Complete"
    own = [f"{name}: {one}" for name, (one, _, _) in each.items() if name and one]
    told.put(Column.STATUS, "\n".join(filter(None, (status, *own))), cell.place)
    told.put_of_each(COMPLETED, {name: done for name, (_, done, _) in each.items()}, cell.place)
    told.put_of_each(OUTCOME, {name: changed for name, (_, _, changed) in each.items()}, cell.place)


def _completion(words: str) -> tuple[str, str, str]:
    """The status, the day and what changed, as far as each is there."""
    first, _, rest = words.partition("\n")
    status = first if first in STATUSES else ""
    words = rest if status else words
    first, _, rest = words.partition("\n")
    day = first if heard_day(first) else ""
    return status, day, heard_outcome(rest if day else words)
