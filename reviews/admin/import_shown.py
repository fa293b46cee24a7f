"""A row of a plan as the page shows it: as it will look, each cell with what to look at and what settles that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agencies.days import in_words
from reviews.admin.import_forms import field_of
from reviews.admin.import_row_forms import CutForm, RowForm
from reviews.importing.staged import BLOCKING, Answers, StagedRow
from reviews.importing.suggestions import ABOUT_DATES, basis_of, days_for
from reviews.statuses import Status

Problem = Mapping[str, str]

_TEXTS = (
    ("Progress", "progress"),
    ("Next steps", "next_steps"),
    ("Outcome", "outcome"),
    ("Evidence", "evidence"),
    ("Milestones", "milestones"),
    ("In the way", "barriers"),
    ("Agency’s response", "agency_response"),
    ("Theme", "theme"),
    ("Scope", "scope"),
)
#: Beside which cell a problem stands whose column has no cell of its own on the page.
_BESIDE = {
    "agency": "agencies",
    "agency_and_recommendation": "recommendation",
    "reference": "recommendation",
    "action_reference": "action",
    "completed_and_outcome": "outcome",
}
_ABOUT_STATUS = frozenset(("blank_status", "unknown_status", "ambiguous_status_colour", "conflicting_status"))
_ABOUT_AGENCIES = frozenset(("unknown_agency", "all_agencies", "agency_from_above"))
SEVERAL = "several_recommendations_in_cell"


@dataclass(frozen=True)
class Asked:
    """A problem beside its cell. ``choose`` is what settles it there: date, status, agencies, cut or nothing."""

    problem: Problem
    field: str
    choose: str = ""
    days: tuple[dt.date, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the row cannot come in with it."""
        return self.problem["code"] in BLOCKING


@dataclass(frozen=True)
class Named:
    """An agency as the plan prints it, and which agency that is: one that is there, one to be made, or none yet."""

    printed: str
    means: str = ""
    is_new: bool = False
    asked_at: str = ""


@dataclass(frozen=True)
class Fact:
    """One cell of the row: what it will say, how that was read, and what to look at."""

    label: str
    field: str
    words: str = ""
    notes: tuple[str, ...] = ()
    status: str = ""
    agencies: tuple[Named, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A row with its cells, the problems that belong to none of them, and its forms."""

    row: StagedRow
    facts: tuple[Fact, ...]
    asked: tuple[Asked, ...]
    mending: RowForm
    cutting: CutForm
    cut_beside: bool


def shown(row: StagedRow, answers: Answers, counts_from: dt.date | None) -> Shown:
    """The row as the page shows it. ``counts_from`` is the day that the document speaks for."""
    asked = [_asked(problem, row, counts_from) for problem in row.problems]
    facts = [_with(fact, asked) for fact in _facts(row, answers)]
    facts = [fact for fact in facts if fact.words or fact.notes or fact.status or fact.agencies or fact.asked]
    beside = {id(one) for fact in facts for one in fact.asked}
    loose = tuple(one for one in asked if id(one) not in beside)
    cutting = CutForm(row=row)
    cut_beside = cutting.offers and any(one.choose == "cut" for one in asked)
    return Shown(row, tuple(facts), loose, RowForm(row=row), cutting, cut_beside)


def _facts(row: StagedRow, answers: Answers) -> Iterable[Fact]:
    fields = row.fields
    yield Fact("Recommendation", "recommendation", str(fields["recommendation"] or ""))
    yield Fact("Action", "action", str(fields["action"] or ""))
    yield Fact("Lead agencies", "agencies", agencies=tuple(_named(fields.get("agencies") or (), answers)))
    yield Fact("Responsible", "owner", str(fields.get("owner") or ""))
    yield _dated(row, "Target date", "target_date")
    yield _dated(row, "Revised date", "revised_date")
    status, written = Status(fields.get("status") or Status.NOT_RECORDED), str(fields.get("status_as_written") or "")
    said = () if written in ("", str(status.label)) else (f"written “{written}”",)
    yield Fact("Status", "status", str(status.label), said, status.value)
    if done := fields.get("completed_on"):
        yield Fact("Completed on", "completed_on", in_words(dt.date.fromisoformat(done)))
    for label, name in _TEXTS:
        yield Fact(label, name, str(fields.get(name) or ""))


def _named(printed: Sequence[str], answers: Answers) -> Iterable[Named]:
    for name in printed:
        agency = answers.found.get(name)
        means = agency.name if agency and agency.name != name else ""
        is_open = name in answers.open
        yield Named(name, means, name in answers.to_make, f"id_{field_of(name)}" if is_open else "")


def _dated(row: StagedRow, label: str, name: str) -> Fact:
    day, written = row.fields.get(name), str(row.fields.get(f"{name}_as_written") or "")
    if not day:
        return Fact(label, name, "No date" if written else "", (f"written “{written}”",) if written else ())
    read = dt.date.fromisoformat(day)
    words = in_words(read)
    notes = ["as you entered it"] if name in row.mended else [basis_of(written, read)]
    notes += [f"written “{written}”"] if written and written not in (words, day) else []
    return Fact(label, name, words, tuple(note for note in notes if note))


def _asked(problem: Problem, row: StagedRow, counts_from: dt.date | None) -> Asked:
    code, field = problem["code"], _BESIDE.get(problem["column"], problem["column"])
    if code in ABOUT_DATES and field in ("target_date", "revised_date"):
        chosen = row.fields.get(field)
        days = days_for(str(row.fields.get(f"{field}_as_written") or ""), counts_from)
        return Asked(problem, field, "date", tuple(day for day in days if str(day) != chosen))
    if code in _ABOUT_STATUS:
        return Asked(problem, "status", "status")
    if code in _ABOUT_AGENCIES:
        return Asked(problem, "agencies", "agencies")
    return Asked(problem, field, "cut" if code == SEVERAL else "")


def _with(fact: Fact, asked: Sequence[Asked]) -> Fact:
    mine = tuple(one for one in asked if one.field == fact.field)
    if not mine:
        return fact
    return Fact(fact.label, fact.field, fact.words, fact.notes, fact.status, fact.agencies, mine)
