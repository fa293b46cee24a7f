"""The body of a plan: which rows are actions, which only go on with the one above, what stands between them.

A table becomes ``Line`` values, one for each action line, with everything that is carried down from above in place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from reviews.importing.understanding.among import Heading
from reviews.importing.understanding.banners import Announced, announced, is_banner, right_above
from reviews.importing.understanding.cells import aligned, continues, dated, take_apart
from reviews.importing.understanding.columns import Column, plain
from reviews.importing.understanding.layouts import WORDED, Layout, Line
from reviews.importing.understanding.names import read_addressees
from reviews.importing.understanding.problems import problem
from reviews.importing.understanding.tables import Cell, Row, clean, place

_FEW_CELLS, _FEW_WORDS = 2, 8  # of a row that is none of the plan; a banner has one cell, and rows below it
_TOTAL = re.compile(r"(?:grand |sub[ -]?|overall )?totals?\b", re.IGNORECASE)
_COUNT = re.compile(r"£?[\d,.]+ ?%?|[–—-]+|n/?a|nil", re.IGNORECASE)
_CARRIED = (Column.REFERENCE, Column.RECOMMENDATION, Column.SCOPE, Column.THEME, Column.AGENCY)


def read_lines(layout: Layout, known: Collection[str] = (), banner: str = "") -> tuple[list[Line], list[Row]]:
    """The action lines under a heading, and the rows that stand among or below them and are none.

    ``known`` are names of agencies, in small letters, that may run into their recommendation; ``banner`` is
    the agency of the rows above which no other stands.
    """
    lines: list[Line] = []
    others: list[Row] = []
    waiting: list[Row] = right_above(layout)  # banners are banners only if something follows
    said = Announced(agency=banner)
    for row in _body(layout, others):
        if is_banner(layout, row):
            waiting.append(row)
            continue
        said = announced(layout, waiting, said)
        fresh, waiting = bool(waiting), []
        line = Line(row, by_column(layout, row), said.theme)
        if said.recommendation:
            line.cells[Column.RECOMMENDATION] = [(Heading(0, Column.RECOMMENDATION, ""), said.recommendation)]
        _count_days(line)
        if lines and (_only_continues(line) or (layout.table.flows and _is_cut(line, lines[-1]))):
            _join(lines[-1], line, flows=layout.table.flows)
            continue
        said = replace(said, agency=_named_within(layout, line, said.agency, known))
        _carry_down(layout, line, lines[-1] if lines and not fresh else None, said.agency)
        lines.append(line)
    return lines, others + waiting


def _body(layout: Layout, others: list[Row]) -> Iterator[Row]:
    status = layout.first(Column.STATUS)
    rows, below = _plan_and_below(layout)
    others += below
    for number, given in enumerate(rows):
        row = aligned(given, status) if layout.table.flows and status < len(layout.headings) else given
        if not any(row.cell(heading.index).text or row.cell(heading.index).lost for heading in layout.headings):
            continue
        if not _has_fill_or_words(layout, row) or _repeats_heading(layout, row):
            continue
        if (number == 0 and _is_prompts(row)) or _is_total(row):
            others.append(row)
            continue
        yield row


def _plan_and_below(layout: Layout) -> tuple[Sequence[Row], list[Row]]:
    """The rows of a sheet's plan, and what stands below it after an empty line: a key, a count, a short note."""
    rows = layout.table.rows[layout.body :]
    full = [number for number, row in enumerate(rows) if len(row.filled) > _FEW_CELLS]
    is_of_cards = not any(cell.place for cell in layout.table.rows[layout.top].cells)
    if layout.table.flows or is_of_cards or len(layout.headings) <= _FEW_CELLS or not full:
        return rows, []
    for number in range(full[-1] + 1, len(rows)):
        if rows[number].number - rows[number - 1].number > 1 and all(map(_says_little, rows[number:])):
            return rows[:number], list(rows[number:])
    return rows, []


def _says_little(row: Row) -> bool:
    """Whether a row below a plan is none of it: a few words, or a term in the first column with what it means."""
    texts = [row.cells[index].text for index in row.own]
    term = row.own[:1] == [0] and not re.match(r"\W*[a-z]{0,3}\W?\d", texts[0], re.IGNORECASE)
    few = all(len(text.split()) <= _FEW_WORDS for text in texts)
    return few or (term and len(texts) == _FEW_CELLS and len(texts[0].split()) <= _FEW_WORDS // 2)


def _has_fill_or_words(layout: Layout, row: Row) -> bool:
    read = [heading.index for heading in layout.headings if heading.column != Column.IGNORE]
    return any(row.cell(index).text or row.cell(index).lost for index in read) or len(row.own) == 1


def _repeats_heading(layout: Layout, row: Row) -> bool:
    printed = [(row.cell(heading.index).text, heading.printed) for heading in layout.headings]
    alike = sum(
        bool(text) and len(text) <= 2 * len(heading) + 4 and plain(text) == plain(heading) for text, heading in printed
    )
    if layout.table.flows and alike:  # a page may have broken the heading over two lines
        return alike == sum(1 for text, _ in printed if text) or alike * 3 >= len(printed) * 2
    return alike * 3 >= len(printed) * 2


def _is_prompts(row: Row) -> bool:
    return len(row.own) > 1 and sum(row.cells[index].text.endswith("?") for index in row.own) * 2 > len(row.own)


def _is_total(row: Row) -> bool:
    """Whether a row counts those above it: its first cell says so, and beside it stands a number each, or little."""
    texts = [row.cells[index].text for index in row.own]
    if not texts or not _TOTAL.match(texts[0]):
        return False
    return len(texts) <= 3 or (len(texts[0].split()) <= _FEW_WORDS and all(map(_COUNT.fullmatch, texts[1:])))


def by_column(layout: Layout, row: Row) -> dict[Column, list[tuple[Heading, Cell]]]:
    """The cells of a row by what they mean; an agency with its recommendation counts as the recommendation."""
    cells: dict[Column, list[tuple[Heading, Cell]]] = {}
    for heading in layout.headings:
        if heading.column != Column.IGNORE:
            cell = row.cell(heading.index)
            if not cell.place:  # a file need not hold its empty cells
                cell = Cell(place=place(layout.table.name, row.number, heading.index))
            # The agency is taken out of its recommendation later; until then they are the recommendation.
            combined = heading.column == Column.AGENCY_AND_RECOMMENDATION
            cells.setdefault(Column.RECOMMENDATION if combined else heading.column, []).append((heading, cell))
    return cells


def _count_days(line: Line) -> None:
    """Read a number in a column of dates as the day it is in a spreadsheet, and say so."""
    for column in (Column.TARGET_DATE, Column.REVISED_DATE):
        for number, (heading, cell) in enumerate(line.cells.get(column, ())):
            day = dated(cell)
            if day is not cell:
                line.cells[column][number] = (heading, day)
                line.problems.append(problem("date_among_words", column, cell.place, cell.text))


def _named_within(layout: Layout, line: Line, banner: str, known: Collection[str]) -> str:
    """Take the agency out of a cell that holds it with its recommendation. A name ends the banner above it."""
    if not layout.has(Column.AGENCY_AND_RECOMMENDATION):
        return banner
    pairs = line.cells[Column.RECOMMENDATION]
    for number, (heading, cell) in enumerate(pairs):
        apart = take_apart(cell.text, known) if heading.column == Column.AGENCY_AND_RECOMMENDATION else None
        if apart and apart.agency and not (apart.is_subject and banner):
            pairs[number] = (heading, replace(cell, text=apart.words))
            _give_agency(line, Cell(apart.agency, cell.place))
            return ""
    return banner


def _only_continues(line: Line) -> bool:
    """A row that gives no number, recommendation, action or agency goes on with the one above."""
    keys = (Column.REFERENCE, Column.AGENCY, *WORDED)
    return not any(cell.text or cell.lost for key in keys for _, cell in line.cells.get(key, ()))


def _is_cut(line: Line, above: Line) -> bool:
    """A row that a page cut off the one above: its words go on in small letters, and one of the two has no status."""
    if line.text(Column.REFERENCE) or (line.text(Column.STATUS) and above.text(Column.STATUS)):
        return False
    own = [cell for column in WORDED for _, cell in line.cells.get(column, ()) if cell.text and not cell.below]
    return bool(own) and own[0].text[0].islower()


def _join(above: Line, line: Line, *, flows: bool) -> None:
    for column, cells in line.cells.items():
        for number, (_, cell) in enumerate(cells):
            if cell.text and not cell.below:
                _, old = above.cells[column][number]
                between = continues(old, cell) if flows else "\n"
                words = clean(f"{old.text}{between}{cell.text}")
                above.cells[column][number] = (above.cells[column][number][0], replace(old, text=words, date=None))


def _carry_down(layout: Layout, line: Line, above: Line | None, banner: str) -> None:
    """Give a line what stands above it and holds for it too."""
    blank = not line.text(Column.AGENCY)
    continues = above is not None and not line.text(Column.REFERENCE) and not line.text(Column.RECOMMENDATION)
    if above is not None and continues and line.text(Column.ACTION):
        for column in _CARRIED:
            if not line.text(column) and above.text(column):
                line.cells[column] = above.cells[column]
        line.agency_from_above = above.agency_from_above if blank else ""
    elif blank and banner:
        _give_agency(line, Cell(banner, line.row.cells[0].place))
    elif blank and above is not None and _groups_by_agency(layout) and above.text(Column.AGENCY):
        _give_agency(line, above.cells[Column.AGENCY][0][1])
        line.agency_from_above = above.text(Column.AGENCY)


def _give_agency(line: Line, cell: Cell) -> None:
    heading = line.cells.get(Column.AGENCY, [(Heading(0, Column.AGENCY, ""), cell)])[0][0]
    own = line.cells.get(Column.AGENCY, [(heading, cell)])[0][1]
    line.cells[Column.AGENCY] = [(heading, replace(cell, place=own.place or cell.place))]


def _groups_by_agency(layout: Layout) -> bool:
    """The agency stands left of what it is asked, and blanks below it are not told apart by merging."""
    if layout.has(Column.AGENCY_AND_RECOMMENDATION):
        return True
    index = layout.first(Column.AGENCY)
    if index > min(layout.first(Column.RECOMMENDATION), layout.first(Column.ACTION)):
        return False
    return not any(row.cell(index).below for row in layout.table.rows[layout.body :])


def names_that_stand_alone(lines: list[Line]) -> set[str]:
    """The agency cells that hold one name, in small letters: evidence for dividing those that hold two."""
    found = set()
    for text in {line.text(Column.AGENCY) for line in lines}:
        agencies = read_addressees(text).agencies
        if len(agencies) == 1 and " and " not in agencies[0] and "&" not in agencies[0]:
            found |= {agencies[0].casefold(), re.sub(r"\s*\([^)]*\)$", "", agencies[0]).casefold()}
    return found
