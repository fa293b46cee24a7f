"""Finds the plan in a table, by evidence: which row is the heading, which rows are actions, what only stands between.

A layout turns a table into ``Line`` values, one for each action line, with everything that is carried down from above
already in place. This one reads tidy tables; others can stand beside it and yield the same lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from reviews.importing.columns import Column, column_for, is_either, plain
from reviews.importing.names import is_post, read_addressees
from reviews.importing.problems import Problem, problem
from reviews.importing.tables import Cell, Row, Table, clean, place

_WORDED = (Column.RECOMMENDATION, Column.ACTION, Column.AGENCY_AND_RECOMMENDATION)
_CARRIED = (Column.REFERENCE, Column.RECOMMENDATION, Column.SCOPE, Column.THEME, Column.AGENCY)
_LOOK_FOR_HEADING = 60  # rows from the top


@dataclass(frozen=True)
class Heading:
    """One column of the plan: where it stands, what it means, what is printed over it."""

    index: int
    column: Column
    printed: str


@dataclass(frozen=True)
class Layout:
    """A plan found in a table: its headings, and the place in ``table.rows`` at which its body begins."""

    table: Table
    headings: tuple[Heading, ...]
    top: int
    body: int
    problems: tuple[Problem, ...] = ()

    def has(self, column: Column) -> bool:
        """Whether the plan has such a column."""
        return any(heading.column == column for heading in self.headings)

    def first(self, column: Column) -> int:
        """Where the first column of this meaning stands; far to the right when there is none."""
        return next((heading.index for heading in self.headings if heading.column == column), 10**6)


@dataclass
class Line:
    """One action line of a plan: its cells by meaning, each with the heading it stands under."""

    row: Row
    cells: dict[Column, list[tuple[Heading, Cell]]]
    theme: str = ""
    agency_from_above: str = ""
    problems: list[Problem] = field(default_factory=list)

    def text(self, column: Column) -> str:
        """The words of a field; two columns of one meaning are joined by a line break."""
        return "\n".join(cell.text for _, cell in self.cells.get(column, ()) if cell.text)

    def place(self, column: Column) -> str:
        """Where the words of a field stand, or where they would."""
        found = self.cells.get(column, [])
        return next((cell.place for _, cell in found if cell.text), found[0][1].place if found else "")


def find_layout(table: Table) -> Layout | None:
    """The plan in this table; None when no row reads like a plan's heading."""
    best: tuple[int, Layout] | None = None
    for top, row in enumerate(table.rows[:_LOOK_FOR_HEADING]):
        printed = _printed(table, top)
        known = {column for text in printed.values() if (column := _meaning(text)) and column != Column.IGNORE}
        if len(known) < 2 or not known.intersection(_WORDED) or len(known) * 3 < len(row.filled):
            continue
        if best is None or len(known) > best[0]:
            best = (len(known), _layout(table, top, printed))
    return best[1] if best else None


def _meaning(heading: str) -> Column | None:
    return Column.AGENCY if is_either(heading) else column_for(heading)


def _printed(table: Table, top: int) -> dict[int, str]:
    """What is printed over each column, from one row or from two that are merged into one heading."""
    row = table.rows[top]
    upper: dict[int, str] = {}
    for index, cell in enumerate(row.cells):
        upper[index] = upper.get(index - 1, "") if cell.covered else cell.text
    if not _two_rows(table, top):
        return {index: row.cell(index).text for index in upper if row.cell(index).text}
    lower = table.rows[top + 1]
    columns = range(max(len(row.cells), len(lower.cells)))
    texts = {i: f"{upper.get(i, '')} {'' if lower.cell(i).below else lower.cell(i).text}".strip() for i in columns}
    return {index: text for index, text in texts.items() if text}


def _two_rows(table: Table, top: int) -> bool:
    """A heading of two rows: some of its cells are merged down into the next row, or across the cells below them."""
    if top + 1 >= len(table.rows):
        return False
    row, below = table.rows[top], table.rows[top + 1]
    merged_down = [index for index in below.filled if below.cells[index].below and row.cell(index).text]
    return bool(merged_down) and any(cell.width > 1 for cell in row.cells) and len(below.own) < len(merged_down) * 2


def _layout(table: Table, top: int, printed: dict[int, str]) -> Layout:
    body = top + (2 if _two_rows(table, top) else 1)
    headings, problems = [], []
    has_agency = any(column_for(text) == Column.AGENCY for text in printed.values())
    for index, text in printed.items():
        shown = text.replace("\n", " ")
        where = table.rows[top].cell(index).place
        column = column_for(text)
        if is_either(text):
            column = Column.OWNER if has_agency or _holds_posts(table, body, index) else Column.AGENCY
            meaning = "the person responsible" if column == Column.OWNER else "the lead agency"
            problems.append(problem("lead_column", column, where, shown, meaning=meaning))
        if column is None or index in table.hidden_columns:
            problems.append(problem("column_not_read", Column.IGNORE, where, shown))
            column = Column.IGNORE
        headings.append(Heading(index, column, shown))
    return Layout(table, tuple(headings), top, body, tuple(problems))


def _holds_posts(table: Table, body: int, index: int) -> bool:
    """Whether most cells of a column name posts or people and not bodies."""
    texts = [row.cell(index).text for row in table.rows[body : body + 40] if row.cell(index).text]
    return sum(is_post(text.split("\n")[0]) for text in texts) * 2 > len(texts)


def read_lines(layout: Layout) -> tuple[list[Line], list[Row]]:
    """The action lines under a heading, and the rows that stand among or below them and are none."""
    lines: list[Line] = []
    others: list[Row] = []
    waiting: list[Row] = []  # banners are banners only if something follows
    theme = banner = ""
    for row in _body(layout, others):
        if _is_banner(layout, row):
            waiting.append(row)
            continue
        for banner_row in waiting:
            theme, banner = _announced(layout, banner_row, theme, banner)
        fresh, waiting = bool(waiting), []
        line = Line(row, _by_column(layout, row), theme)
        if lines and _only_continues(line):
            _join(lines[-1], line)
            continue
        _carry_down(layout, line, lines[-1] if lines and not fresh else None, banner)
        lines.append(line)
    return lines, others + waiting


def _body(layout: Layout, others: list[Row]) -> Iterator[Row]:
    for number, row in enumerate(layout.table.rows[layout.body :]):
        if not any(row.cell(heading.index).text or row.cell(heading.index).lost for heading in layout.headings):
            continue
        if not _has_fill_or_words(layout, row) or _repeats_heading(layout, row):
            continue
        if (number == 0 and _is_prompts(row)) or _is_total(row):
            others.append(row)
            continue
        yield row


def _has_fill_or_words(layout: Layout, row: Row) -> bool:
    read = [heading.index for heading in layout.headings if heading.column != Column.IGNORE]
    return any(row.cell(index).text or row.cell(index).lost for index in read) or len(row.own) == 1


def _repeats_heading(layout: Layout, row: Row) -> bool:
    printed = [(row.cell(heading.index).text, heading.printed) for heading in layout.headings]
    alike = sum(len(text) <= 2 * len(heading) and plain(text) == plain(heading) for text, heading in printed)
    return alike * 3 >= len(printed) * 2


def _is_prompts(row: Row) -> bool:
    return len(row.own) > 1 and sum(row.cells[index].text.endswith("?") for index in row.own) * 2 > len(row.own)


def _is_total(row: Row) -> bool:
    return len(row.own) <= 3 and row.cells[row.own[0]].text.lower().startswith("total") if row.own else False


def _is_banner(layout: Layout, row: Row) -> bool:
    """One cell alone in its row that is no recommendation, action or agency response of its own."""
    if len(row.filled) != 1:
        return False
    index = row.filled[0]
    if row.cells[index].width * 2 > len(layout.headings) or re.match(r"theme\b", row.cells[index].text, re.I):
        return True
    return all(heading.column not in _WORDED for heading in layout.headings if heading.index == index)


def _announced(layout: Layout, row: Row, theme: str, banner: str) -> tuple[str, str]:
    """What a banner says: the agency of the rows below it, or their theme."""
    index = row.filled[0]
    cell = row.cells[index]
    in_agency = cell.width == 1 and any(h.index == index and h.column == Column.AGENCY for h in layout.headings)
    if in_agency or (not layout.has(Column.AGENCY) and not re.match(r"theme\b", cell.text, re.I)):
        return theme, cell.text
    return cell.text, banner


def _by_column(layout: Layout, row: Row) -> dict[Column, list[tuple[Heading, Cell]]]:
    cells: dict[Column, list[tuple[Heading, Cell]]] = {}
    for heading in layout.headings:
        if heading.column != Column.IGNORE:
            cell = row.cell(heading.index)
            if not cell.place:  # a file need not hold its empty cells
                cell = Cell(place=place(layout.table.name, row.number, heading.index))
            cells.setdefault(heading.column, []).append((heading, cell))
    return cells


def _only_continues(line: Line) -> bool:
    """A row that gives no number, recommendation, action or agency goes on with the one above."""
    keys = (Column.REFERENCE, Column.AGENCY, *_WORDED)
    return not any(cell.text or cell.lost for key in keys for _, cell in line.cells.get(key, ()))


def _join(above: Line, line: Line) -> None:
    for column, cells in line.cells.items():
        for number, (heading, cell) in enumerate(cells):
            if cell.text and not cell.below:
                _, old = above.cells[column][number]
                above.cells[column][number] = (heading, replace(old, text=clean(f"{old.text}\n{cell.text}"), date=None))


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
