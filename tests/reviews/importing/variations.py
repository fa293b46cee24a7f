"""A plan that a seed makes up, and the many ways in which boards write one down. Every word in it is invented.

``a_plan`` makes what a careful person would want imported; ``write`` writes it in some form that the seed chooses.
"""

from __future__ import annotations

import csv
import io
import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

import docx
import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl.styles import PatternFill

from tests.reviews.importing.documents import saved

AGENCIES = (
    "Hillside Police", "Riverbank Hospital Trust", "Lantern Homes", "Hillside Borough Council", "School", "University A",
    "Drug and Alcohol Action Team", "Norchester and Sudbrook NHS Foundation Trust", "Advice on Alcohol (AOA) Service",
    "Fire and Rescue Service", "Probation Service", "Children and Families Service",
)  # fmt: skip
HEADINGS: dict[str, tuple[str, ...]] = {
    "reference": ("No", "Ref", "Ref.", "Rec no", "Recommendation number", "Rec. No.", "ID", "#"),
    "recommendation": ("Recommendation", "Recommendations", "Recomendation", "Review recommendation",
                       "Overarching recommendation"),
    "action": ("Action", "Action to take", "Actions to be taken", "Action required", "Agreed action", "Agreed actions",
               "What we will do"),
    "agency": ("Lead agency", "Agency", "Organisation", "Lead Organisation", "Responsible agency", "Agency responsible",
               "Addressed to"),
    "owner": ("Owner", "Lead officer", "Responsible Officer", "Person responsible", "Named lead", "Action owner"),
    "target_date": ("Target date", "By when", "Deadline", "Due date", "Timescale", "Target completion date",
                    "Completion by", "To be completed by"),
    "status": ("Status", "Current status", "RAG", "RAG status", "BRAG rating", "Progress indicator", "Action status"),
    "progress": ("Progress", "Progress to date", "Update", "Progress update", "Latest update", "Update on progress",
                 "Progress / comments"),
    "next_steps": ("Next steps", "Further action", "Outstanding actions", "Further action needed", "What happens next"),
    "evidence": ("Evidence", "Evidence and assurance", "Evidence of completion", "Assurance"),
}  # fmt: skip
STATUSES: dict[str, tuple[str, ...]] = {
    "complete": ("Complete", "Completed", "Achieved", "COMPLETE", "Done"),
    "in_progress": ("In progress", "On track", "Work in progress", "On target", "Underway"),
    "ongoing": ("Ongoing", "On-going", "On going"),
    "not_started": ("Not started", "Not commenced", "Not yet started"),
}
COLOURS = {"complete": "0070C0", "in_progress": "00B050", "ongoing": "FFC000", "not_started": "FF0000"}
NAMES = {"complete": "Blue", "in_progress": "Green", "ongoing": "Amber", "not_started": "Red"}
DATES: tuple[tuple[str, str], ...] = (
    ("31/03/2027", "2027-03-31"), ("28/2/16", "2016-02-28"), ("28th February 2016", "2016-02-28"), ("TBC", ""),
    ("Feb 2016", "2016-02-29"), ("end of Q3 2016/17", "2016-12-31"), ("Q3 2016/17", "2016-12-31"), ("", ""),
    ("within 6 months of publication", ""), ("by end March 2018", "2018-03-31"), ("1 June 2019", "2019-06-01"),
    ("Jun-19", "2019-06-30"), ("2019-06-01", "2019-06-01"), ("03.04.2019", "2019-04-03"), ("September 2020", "2020-09-30"),
    ("31 September 2020", ""), ("Summer 2019", ""), ("Monday 6th January 2020", "2020-01-06"),
    ("by the end of the financial year 2019/20", "2020-03-31"), ("01/04/2019", "2019-04-01"), ("Ongoing", ""),
)  # fmt: skip
_VERBS = ("listen to", "train", "write to", "meet", "ask", "support", "visit", "call")
_WHOM = ("families", "all staff", "every tenant", "the surgeries", "new colleagues", "young people", "each ward")
_HOW = ("each spring", "before the summer", "with care", "in every language", "on the first visit", "once a year",
        "whenever they ask", "in plain words")  # fmt: skip
_OPENINGS = ("To", "To", "That the partnership should", "The Board should", "Review how to")

Told = dict[str, object]


@dataclass
class Model:
    """What is to come back: the rows by field, and which fields the plan has a column for."""

    columns: list[str]
    rows: list[Told]
    title: str = "Riverbank Domestic Homicide Review (Adult Q)"


def a_plan(chance: random.Random, *, most: int = 9) -> Model:
    """A plan of some rows with some of the columns."""
    columns = ["recommendation", "agency", "status"]
    columns += [name for name in ("reference", "action", "target_date", "progress", "next_steps", "owner", "evidence")
                if chance.random() < 0.65]  # fmt: skip
    rows: list[Told] = []
    used: set[str] = set()
    for number in range(1, chance.randint(2, most) + 1):
        recommendation = _unlike(used, lambda: f"{chance.choice(_OPENINGS)} {_words(chance)}.")
        agency = chance.choice(AGENCIES)
        for part in range(1 if "action" not in columns else chance.choice((1, 1, 2))):
            row: Told = dict.fromkeys(columns, "")
            row |= {"recommendation": recommendation, "agency": agency, "status": chance.choice(list(STATUSES))}
            optional = {
                "reference": str(number),
                "action": _unlike(used, lambda: f"{_words(chance).capitalize()}."),
                "progress": f"Staff {_words(chance)} and {_words(chance)}.",
                "next_steps": f"{_words(chance).capitalize()}.",
                "owner": chance.choice(("Head of Housing", "Named nurse", "Chief Inspector, Partnerships")),
                "evidence": f"Minutes of May {chance.randint(2015, 2022)}",
                "target_date": chance.choice(DATES),
            }
            row |= {name: value for name, value in optional.items() if name in columns}
            if part and "agency" in columns:
                row["agency"] = agency
            rows.append(row)
    return Model([name for name in HEADINGS if name in columns], rows)


def _unlike(used: set[str], make) -> str:
    while (words := make()) in used:
        continue
    used.add(words)
    return words


def _words(chance: random.Random) -> str:
    return f"{chance.choice(_VERBS)} {chance.choice(_WHOM)} {chance.choice(_HOW)}"


@dataclass
class Written:
    """A plan as a file, with how it was written for whoever has to look why it did not come back."""

    name: str
    data: bytes
    how: list[str] = field(default_factory=list)


@dataclass
class Grid:
    """A plan as rows of words under headings, with what is merged down and what runs across."""

    headings: list[str]
    rows: list[list[str]]
    columns: list[str]
    fills: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)  # first and last row, and column
    across: set[int] = field(default_factory=set)  # rows of one cell over the whole width


def write(model: Model, chance: random.Random, kind: str) -> Written:
    """The plan in a file of this kind, in a form that chance chooses."""
    how: list[str] = []
    grid = _grid(model, chance, kind, how)
    data = WRITERS[kind](model, grid, chance, how)
    return Written(f"plan.{'txt' if kind == 'pdf' else kind}", data, how)


def _grid(model: Model, chance: random.Random, kind: str, how: list[str]) -> Grid:
    columns = list(model.columns)
    if chance.random() < 0.4:
        chance.shuffle(columns)
        how.append("moved columns")
    banner = chance.random() < 0.3 and columns[0] != "agency"
    if banner:
        columns.remove("agency")
        how.append("agencies as banners")
    headings = [_heading(name, chance) for name in columns]
    colours = kind in ("docx", "xlsx") and chance.random() < 0.3
    if colours:
        how.append("statuses by colour")
    grid = Grid(headings, [], columns)
    before: Told = {}
    for row in model.rows:
        if banner and row["agency"] != before.get("agency"):
            grid.across.add(len(grid.rows))
            grid.rows.append([str(row["agency"])] + [""] * (len(columns) - 1))
        cells = [_cell(row, name, chance) for name in columns]
        if colours:
            at = columns.index("status")
            cells[at] = ""
            grid.fills[len(grid.rows), at] = COLOURS[str(row["status"])]
        grid.rows.append(cells)
        before = row
    if kind in ("docx", "xlsx", "ods") and not banner and chance.random() < 0.5:
        _merge(model, grid, how)
    return grid


def _merge(model: Model, grid: Grid, how: list[str]) -> None:
    """Merge down what holds for all actions of a recommendation."""
    how.append("merged down")
    for name in ("reference", "recommendation", "agency"):
        if name not in grid.columns:
            continue
        at, first = grid.columns.index(name), 0
        for number in range(1, len(model.rows) + 1):
            same = number < len(model.rows) and (
                model.rows[number]["recommendation"] == model.rows[first]["recommendation"]
            )
            if not same:
                if number - first > 1:
                    grid.merged.append((first, number - 1, at))
                    for lower in range(first + 1, number):
                        grid.rows[lower][at] = ""
                first = number


def _heading(name: str, chance: random.Random) -> str:
    words = chance.choice(HEADINGS[name])
    return chance.choice((words, words, words.upper(), words.title(), f"{words}:"))


def _cell(row: Told, name: str, chance: random.Random) -> str:
    value = row[name]
    if name == "status":
        return chance.choice(STATUSES[str(value)])
    return str(value[0] if isinstance(value, tuple) else value)


def _docx(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    document = docx.Document()
    document.add_paragraph(model.title)
    if chance.random() < 0.4:
        how.append("a glossary above")
        glossary = document.add_table(2, 2)
        for at, words in enumerate(("Term", "Meaning", "IMR", "A report")):
            glossary.cell(at // 2, at % 2).text = words
        document.add_paragraph("")
    parts = [(0, len(grid.rows))]
    if not grid.merged and not grid.across and len(grid.rows) > 3 and chance.random() < 0.4:
        middle = len(grid.rows) // 2
        parts = [(0, middle), (middle, len(grid.rows))]
        how.append("split into two tables")
    for number, (first, last) in enumerate(parts):
        _docx_table(document, grid, first, last, repeat=number == 0 or chance.random() < 0.8)
        document.add_paragraph("")
    if grid.fills:
        _key_in_words(document)
    return saved(document)


def _docx_table(document, grid: Grid, first: int, last: int, *, repeat: bool) -> None:
    from tests.reviews.importing.documents import shade

    head = 1 if repeat else 0
    table = document.add_table(head + last - first, len(grid.columns))
    for at, words in enumerate(grid.headings if repeat else ()):
        table.cell(0, at).text = words
    for number in range(first, last):
        for at, words in enumerate(grid.rows[number]):
            if words:
                table.cell(head + number - first, at).text = words
            if fill := grid.fills.get((number, at)):
                shade(table.cell(head + number - first, at), fill)
        if number in grid.across:
            table.cell(head + number - first, 0).merge(table.cell(head + number - first, len(grid.columns) - 1))
    for top, bottom, at in grid.merged:
        table.cell(head + top - first, at).merge(table.cell(head + bottom - first, at))


def _key_in_words(document) -> None:
    key = document.add_table(len(NAMES), 2)
    meanings = {status: words[0] for status, words in STATUSES.items()}
    for number, (status, colour) in enumerate(NAMES.items()):
        key.cell(number, 0).text, key.cell(number, 1).text = colour, meanings[status]


def _xlsx(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = chance.choice(("Plan", "Sheet1", "Action plan"))
    top = 1
    if chance.random() < 0.5:
        sheet.cell(1, 1).value = model.title
        top = chance.choice((2, 3, 5))
        how.append("title rows")
    for at, words in enumerate(grid.headings, start=1):
        sheet.cell(top, at).value = words
    for number, cells in enumerate(grid.rows):
        for at, words in enumerate(cells):
            if words:
                sheet.cell(top + 1 + number, at + 1).value = words
            if fill := grid.fills.get((number, at)):
                sheet.cell(top + 1 + number, at + 1).fill = PatternFill("solid", fgColor=f"FF{fill}")
        if number in grid.across:
            row = top + 1 + number
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(grid.columns))
    for first, last, at in grid.merged:
        sheet.merge_cells(
            start_row=top + 1 + first, end_row=top + 1 + last, start_column=at + 1, end_column=at + 1
        )
    if grid.fills:
        key = book.create_sheet("Key")
        for number, (status, colour) in enumerate(NAMES.items(), start=1):
            key.cell(number, 1).value, key.cell(number, 2).value = colour, STATUSES[status][0]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _ods(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Plan")
    below = {(number, at) for first, last, at in grid.merged for number in range(first + 1, last + 1)}
    spans = {(first, at): last - first + 1 for first, last, at in grid.merged}
    for number, cells in enumerate([grid.headings, *grid.rows], start=-1):
        row = TableRow()
        for at, words in enumerate(cells):
            if (number, at) in below or (number in grid.across and at):
                row.addElement(CoveredTableCell())
                continue
            span = {"numberrowsspanned": spans[number, at]} if (number, at) in spans else {}
            if number in grid.across:
                span = {"numbercolumnsspanned": len(cells), "numberrowsspanned": 1}
            cell = TableCell(valuetype="string", **span)
            if words:
                cell.addElement(P(text=words))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def _csv(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    separator = chance.choice(",;\t|")
    encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252"))
    how += [repr(separator), encoding]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    if chance.random() < 0.4:
        writer.writerow([model.title])
    writer.writerows([grid.headings, *grid.rows])
    return stream.getvalue().encode(encoding)


def _txt(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    lines = [model.title, ""]
    again = len(grid.rows) // 2 if chance.random() < 0.5 else None
    for number, cells in enumerate(grid.rows):
        if number in (0, again):
            lines.append(("\f" if number else "") + "\t".join(grid.headings))
        lines.append(cells[0] if number in grid.across else "\t".join(cells))
    return "\n".join(lines).encode()


def _pdf(model: Model, grid: Grid, chance: random.Random, how: list[str]) -> bytes:
    """The text of a published PDF: columns by spaces, each cell over as many lines as it needs."""
    wide = ("recommendation", "action", "progress", "next_steps")
    widths = [chance.randint(22, 34) if name in wide else chance.randint(13, 20) for name in grid.columns]
    gap = chance.choice((2, 3, 4))
    blank = chance.random() < 0.5
    how.append("blank lines between rows" if blank else "no blank lines")
    lines = [model.title, ""]
    again = len(grid.rows) // 2 if chance.random() < 0.5 else None
    for number, cells in enumerate(grid.rows):
        if number in (0, again):
            heading = _wrapped(grid.headings, widths, gap)
            lines += [("\f" if number else "") + heading[0], *heading[1:], *([""] if blank else [])]
        lines += [cells[0]] if number in grid.across else _wrapped(cells, widths, gap)
        lines += [""] if blank else []
    return "\n".join(lines).encode()


def _wrapped(cells: Sequence[str], widths: Sequence[int], gap: int) -> list[str]:
    columns = [textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False) or [""]
               for words, width in zip(cells, widths, strict=True)]  # fmt: skip
    return [
        "".join(
            (column[line] if line < len(column) else "").ljust(width + gap)
            for column, width in zip(columns, widths, strict=True)
        ).rstrip()
        for line in range(max(map(len, columns)))
    ]


WRITERS = {"docx": _docx, "xlsx": _xlsx, "ods": _ods, "csv": _csv, "txt": _txt, "pdf": _pdf}
