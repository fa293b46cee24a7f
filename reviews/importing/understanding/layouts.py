"""Finds the plan in a table, by evidence: which row is the heading, over one line or two, and what each column is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reviews.importing.understanding.among import Heading, among_others
from reviews.importing.understanding.columns import LABELS, OUR_OWN, Column, Headings, as_shown, plain
from reviews.importing.understanding.content import column_by_content, columns_without_heading, is_numbering
from reviews.importing.understanding.names import is_post
from reviews.importing.understanding.persons import is_surely_a_person
from reviews.importing.understanding.problems import Problem, problem
from reviews.importing.understanding.tables import Cell, Row, Table, place

#: The columns of which a plan must have one: what is recommended, or what will be done.
WORDED = (Column.RECOMMENDATION, Column.ACTION, Column.AGENCY_AND_RECOMMENDATION)
_LOOK_FOR_HEADING = 60  # rows from the top
#: What one of two dates is called below a heading that they share.
_WHICH_DATE = frozenset(
    ("original", "revised", "new", "extended", "amended", "planned", "agreed", "initial", "updated")
)
_DATES = (Column.TARGET_DATE, Column.REVISED_DATE)
_CERTAIN = 4  # columns that make a heading where none of WORDED is one that is known


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
        found = self.cells.get(column)
        if not found:
            return ""
        return found[0][1].text if len(found) == 1 else "\n".join(cell.text for _, cell in found if cell.text)

    def place(self, column: Column) -> str:
        """Where the words of a field stand, or where they would."""
        found = self.cells.get(column, [])
        return next((cell.place for _, cell in found if cell.text), found[0][1].place if found else "")


def find_layout(table: Table, known: Headings = OUR_OWN) -> Layout | None:
    """The plan in this table; None when no row reads like a plan's heading."""
    best: tuple[int, Layout] | None = None
    for top in range(min(len(table.rows), _LOOK_FOR_HEADING)):
        printed = printed_over(table, top, known)
        meant = {column for text in printed.values() if (column := known.meaning(text)) and column != Column.IGNORE}
        surely = any(known.surely(text) in WORDED for text in printed.values())
        if not meant.intersection(WORDED) or (len(meant) < _CERTAIN and not surely):
            continue
        if best is None or len(meant) > best[0]:
            layout = _layout(table, top, _under_groups(table, top, printed, known), known)
            columns = {one.column for one in layout.headings} - {Column.IGNORE}
            enough = len(columns) * 3 >= len(printed) or any(map(known.was_said, printed.values()))
            if len(columns) > 1 and enough:
                best = (len(meant), layout)
    return best[1] if best else None


def printed_over(table: Table, top: int, known: Headings = OUR_OWN) -> dict[int, str]:
    """What is printed over each column, from one row or from two that are merged into one heading."""
    row = table.rows[top]
    upper: dict[int, str] = {}
    for index, cell in enumerate(row.cells):
        upper[index] = upper.get(index - 1, "") if cell.covered else cell.text
    if not _two_rows(table, top, known):
        return {index: row.cell(index).text for index in upper if row.cell(index).text}
    lower = table.rows[top + 1]
    columns = range(max(len(row.cells), len(lower.cells)))
    texts = {i: f"{upper.get(i, '')}\n{'' if lower.cell(i).below else lower.cell(i).text}".strip() for i in columns}
    return {index: text for index, text in texts.items() if text}


def _two_rows(table: Table, top: int, known: Headings) -> bool:
    """A heading of two rows: some of its cells are merged down into the next row, or across the cells below them."""
    if top + 1 >= len(table.rows):
        return False
    row, below = table.rows[top], table.rows[top + 1]
    if _broken(table, top, known) or _parted(table, top, known):
        return True
    merged_down = [index for index in below.filled if below.cells[index].below and row.cell(index).text]
    return bool(merged_down) and any(cell.width > 1 for cell in row.cells) and len(below.own) < len(merged_down) * 2


def _broken(table: Table, top: int, known: Headings) -> bool:
    """A heading that a page broke over two lines: each has the columns that the other lacks."""
    row, below = table.rows[top], table.rows[top + 1]
    apart = bool(below.filled) and not set(row.filled) & set(below.filled)
    return table.flows and apart and all(known.meaning(below.cells[index].text) for index in below.filled)


def _parted(table: Table, top: int, known: Headings) -> bool:
    """A heading with a cell across several columns, which the row below parts into theirs, and nothing merged down."""
    row, below = table.rows[top], table.rows[top + 1]
    wide = {index: cell.width for index, cell in enumerate(row.cells) if cell.width > 1 and cell.text}
    under = {column: index for index, width in wide.items() for column in range(index, index + width)}
    if not below.own or not all(column in under for column in below.own):
        return False
    names = [f"{row.cells[under[column]].text}\n{below.cells[column].text}" for column in below.own]
    short = all(len(below.cells[column].text.split()) <= 5 for column in below.own)
    return short and all(known.meaning(name) for name in names) and len(row.own) > 1


def _under_groups(table: Table, top: int, printed: dict[int, str], known: Headings) -> dict[int, str]:
    """A heading below a row of groups ("Dates" over "Original"): what needs its group has it before it."""
    if top == 0:
        return printed
    above = table.rows[top - 1]
    if not any(cell.width > 1 or cell.covered for cell in above.cells):
        return printed | _under_unmerged(above, printed, known)
    groups: dict[int, str] = {}
    for index, cell in enumerate(above.cells):
        groups[index] = groups.get(index - 1, "") if cell.covered else cell.text if cell.width > 1 else ""
    whole = {index: f"{groups[index]}\n{text}" for index, text in printed.items() if groups.get(index)}
    needed = {index: text for index, text in whole.items() if not known.meaning(printed[index]) and known.meaning(text)}
    return printed | needed


def _under_unmerged(above: Row, printed: dict[int, str], known: Headings) -> dict[int, str]:
    """What a row of groups that is not merged, as in a csv, gives to the headings below it: a word of its own where
    there is none, and its word to a date that is parted ("Timescale" over "Original" and the blank beside it).
    """
    if len(above.filled) >= len(printed):
        return {}
    found: dict[int, str] = {}
    group = ""
    for index in range(max(len(above.cells), max(printed, default=0) + 1)):
        group = above.cell(index).text or group
        text = printed.get(index, "")
        whole = f"{group}\n{text}"
        if not text and above.cell(index).text and known.surely(group):
            found[index] = group
        elif plain(text) in _WHICH_DATE and not known.meaning(text) and known.meaning(whole) in _DATES:
            found[index] = whole
    return found


def _layout(table: Table, top: int, printed: dict[int, str], known: Headings) -> Layout:
    body = top + (2 if _two_rows(table, top, known) else 1)
    unheaded = dict(columns_without_heading(table, body, set(printed)))
    every = {index: as_shown(text) for index, text in sorted((printed | unheaded).items())}
    said = {index for index, text in every.items() if known.was_said(text)}
    headings = [
        Heading(index, _by_heading(index, printed.get(index) or text, table, said, known), text)
        for index, text in every.items()
    ]
    headings, problems = _read_either(headings, table, body, known)
    better = {index: column for index, column in among_others(headings, table.rows[body:]).items() if index not in said}
    headings = [replace(one, column=better.get(one.index, one.column)) for one in headings]
    taken = {one.column for one in headings}
    for number, one in enumerate(headings):
        if one.column != Column.IGNORE or one.index in said or known.column(one.printed) == Column.IGNORE:
            continue
        where = table.rows[top].cell(one.index).place or place(table.name, table.rows[top].number, one.index)
        column = None
        if one.index not in table.hidden_columns and one.index not in better:
            column = _told_by_content(table, body, one.index, taken, numbered=one.index in unheaded)
        headings[number] = replace(one, column=column or Column.IGNORE)
        if column and column != Column.REFERENCE:
            meaning = f"“{LABELS[column]}”"
            problems.append(problem("column_by_content", column, where, one.printed, meaning=meaning))
        elif not column:
            problems.append(problem("column_not_read", Column.IGNORE, where, one.printed))
    return Layout(table, tuple(headings), top, body, tuple(problems))


def _by_heading(index: int, text: str, table: Table, said: set[int], known: Headings) -> Column:
    if index in table.hidden_columns and index not in said:
        return Column.IGNORE
    return known.column(text) or Column.IGNORE


def _read_either(
    headings: list[Heading], table: Table, body: int, known: Headings
) -> tuple[list[Heading], list[Problem]]:
    """Columns that may hold agencies or people, read by what stands in them, which is said."""
    has_agency = any(one.column == Column.AGENCY for one in headings)
    problems = []
    for number, one in enumerate(headings):
        if not known.is_either(one.printed) or one.index in table.hidden_columns:
            continue
        column = Column.OWNER if has_agency or _holds_posts(table, body, one.index) else Column.AGENCY
        meaning = "the person responsible" if column == Column.OWNER else "the lead agency"
        where = table.rows[body - 1].cell(one.index).place
        problems.append(problem("lead_column", column, where, one.printed, meaning=meaning))
        headings[number] = replace(one, column=column)
    return headings, problems


def _told_by_content(table: Table, body: int, index: int, taken: set[Column], *, numbered: bool) -> Column | None:
    if numbered and Column.REFERENCE not in taken and is_numbering(table, body, index):
        taken.add(Column.REFERENCE)
        return Column.REFERENCE
    if Column.AGENCY_AND_RECOMMENDATION in taken:
        taken.add(Column.AGENCY)
    column = column_by_content(table, body, index, taken)
    taken |= {column} if column else set()
    return column


def _holds_posts(table: Table, body: int, index: int) -> bool:
    """Whether most cells of a column name posts or people and not bodies."""
    texts = [row.cell(index).text for row in table.rows[body : body + 40] if row.cell(index).text]
    firsts = [text.split("\n")[0] for text in texts]
    return sum(is_post(first) or is_surely_a_person(first) for first in firsts) * 2 > len(texts)
