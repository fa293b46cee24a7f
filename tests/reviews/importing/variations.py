"""A plan that a seed makes up, and the many ways in which boards write one down. Every word in it is invented.

``a_plan`` makes what a careful person would want imported, ``a_grid`` the table that a board would draw of it;
``writers`` puts that into a file.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

AGENCIES = (
    "Hillside Police", "Riverbank Hospital Trust", "Lantern Homes", "Hillside Borough Council", "School",
    "University A", "Drug and Alcohol Action Team", "Norchester and Sudbrook NHS Foundation Trust",
    "Advice on Alcohol (AOA) Service",
    "Fire and Rescue Service", "Probation Service", "Children and Families Service",
)  # fmt: skip
#: Those that may lead together, and what may stand between two of them.
JOINT = (
    "Hillside Police",
    "Riverbank Hospital Trust",
    "Lantern Homes",
    "Hillside Borough Council",
    "Probation Service",
)
JOINED = (" / ", " and ", "; ", ", ", " & ", "\n")
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
    "revised_date": ("Revised date", "Revised target date", "New target date", "Revised deadline", "Extended to"),
    "agency_and_recommendation": ("Organisation and recommendation", "Agency and recommendation",
                                  "Lead agency & recommendation", "Recommendation and agency"),
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
    ("Jun-19", "2019-06-30"), ("2019-06-01", "2019-06-01"), ("03.04.2019", "2019-04-03"),
    ("September 2020", "2020-09-30"),
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
    optional = ("reference", "action", "target_date", "revised_date", "progress", "next_steps", "owner", "evidence")
    columns += [name for name in optional if chance.random() < 0.65]
    rows: list[Told] = []
    used: set[str] = set()
    for number in range(1, chance.randint(2, most) + 1):
        recommendation = _unlike(used, lambda: f"{chance.choice(_OPENINGS)} {_words(chance)}.")
        agencies = [chance.choice(AGENCIES)] if chance.random() < 0.85 else chance.sample(JOINT, 2)
        agency = chance.choice(JOINED).join(agencies)
        for _ in range(1 if "action" not in columns else chance.choice((1, 1, 2))):
            row: Told = dict.fromkeys(columns, "")
            row |= {"recommendation": recommendation, "agency": agency, "agencies": agencies}
            row |= {"status": chance.choice(list(STATUSES))}
            some = {
                "reference": str(number),
                "action": _unlike(used, lambda: f"{_words(chance).capitalize()}."),
                "progress": f"Staff {_words(chance)} and {_words(chance)}.",
                "next_steps": f"{_words(chance).capitalize()}.",
                "owner": chance.choice(("Head of Housing", "Named nurse", "Chief Inspector, Partnerships")),
                "evidence": f"Minutes of May {chance.randint(2015, 2022)}",
                "target_date": chance.choice(DATES),
                "revised_date": chance.choice(DATES),
            }
            rows.append(row | {name: value for name, value in some.items() if name in columns})
    return Model([name for name in HEADINGS if name in columns], rows)


def _unlike(used: set[str], make: Callable[[], str]) -> str:
    while (words := make()) in used:
        continue
    used.add(words)
    return words


def _words(chance: random.Random) -> str:
    return f"{chance.choice(_VERBS)} {chance.choice(_WHOM)} {chance.choice(_HOW)}"


@dataclass
class Grid:
    """A plan as rows of words under headings, with what is merged down and what runs across."""

    headings: list[str]
    rows: list[list[str]]
    columns: list[str]
    fills: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)  # first and last row, and column
    across: set[int] = field(default_factory=set)  # rows of one cell over the whole width
    grouped: int | None = None  # the first of two columns of dates under one heading


def a_grid(model: Model, chance: random.Random, kind: str, how: list[str]) -> Grid:
    """The plan as a table for a file of this kind, in a form that chance chooses; ``how`` is told which."""
    columns = list(model.columns)
    if chance.random() < 0.4:
        chance.shuffle(columns)
        how.append("moved columns")
    alone = all(len(row["agencies"]) == 1 for row in model.rows)  # type: ignore[arg-type]
    banner = alone and chance.random() < 0.3 and columns[0] != "agency"
    within = alone and not banner and chance.random() < 0.25
    if banner or within:
        columns.remove("agency")
        how.append("agencies as banners" if banner else "agencies with recommendations")
    if within:
        columns[columns.index("recommendation")] = "agency_and_recommendation"
    grid = Grid([_heading(name, chance) for name in columns], [], columns)
    _fill(model, grid, chance, kind, how, banner=banner)
    if kind in ("docx", "xlsx", "ods") and not banner and not within and chance.random() < 0.5:
        _merge(model, grid, how)
    pair = list(itertools.pairwise(columns))
    if kind in ("docx", "xlsx") and ("target_date", "revised_date") in pair and chance.random() < 0.5:
        grid.grouped = pair.index(("target_date", "revised_date"))
        how.append("headings in two rows")
    return grid


def _fill(model: Model, grid: Grid, chance: random.Random, kind: str, how: list[str], *, banner: bool) -> None:
    colours = kind in ("docx", "xlsx") and chance.random() < 0.3
    how += ["statuses by colour"] if colours else []
    between = chance.choice((": ", " – ", "\n") if kind not in ("txt", "pdf") else (": ", " – "))
    before: Told = {}
    for row in model.rows:
        if banner and row["agency"] != before.get("agency"):
            grid.across.add(len(grid.rows))
            grid.rows.append([str(row["agency"])] + [""] * (len(grid.columns) - 1))
        both = f"{row['agency']}{between}{row['recommendation']}"
        cells = [both if name == "agency_and_recommendation" else a_cell(row, name, chance) for name in grid.columns]
        if colours:
            at = grid.columns.index("status")
            cells[at] = ""
            grid.fills[len(grid.rows), at] = COLOURS[str(row["status"])]
        if kind in ("txt", "pdf"):
            cells = [words.replace("\n", " / ") for words in cells]
        grid.rows.append(cells)
        before = row


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


def a_cell(row: Told, name: str, chance: random.Random) -> str:
    """The words of a row in this column."""
    value = row[name]
    if name == "status":
        return chance.choice(STATUSES[str(value)])
    return str(value[0] if isinstance(value, tuple) else value)
