"""A staged plan as it stands: what was read, what people have decided since, and what still stands in its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agencies.actors import System
from agencies.models import Agency, User
from reviews.importing.matching import Match, Names, Sort, agencies_open_to
from reviews.models import PlanImport

#: What a person may mend of a row before it is brought in.
MENDABLE = (
    "reference",
    "recommendation",
    "action",
    "agencies",
    "owner",
    "target_date",
    "revised_date",
    "status",
    "progress",
    "next_steps",
    "outcome",
    "evidence",
    "milestones",
    "barriers",
    "agency_response",
    "theme",
)
#: What our own papers say for each of several leads.
OF_EACH = frozenset({"agencies", "status", "progress", "next_steps"})
#: Problems with which a row cannot come in as it is.
BLOCKING = frozenset({"unknown_agency", "all_agencies", "no_recommendation", "too_long"})
#: What somebody says of a row beside the plan that it is added to, by its number (``deciding``): which action it is ...
SAME = "same"
#: ... and the rows of which something is ticked: that the plan is left as it is, that its lead agencies change, too.
LEFT, LEADS = "left", "leads"
#: The choice to make a new agency of a printed name.
CREATE = "create"

_SETTLED_BY = {
    "agency": {"agencies"},
    "completed_and_outcome": {"outcome"},
    "agency_and_recommendation": {"agencies", "recommendation"},
    "complete_without_progress": {"status", "progress"},
    "list_counts_differ": {"action", "progress"},
    "no_recommendation": {"recommendation", "action"},
}


@dataclass(frozen=True)
class StagedRow:
    """One row with what was mended in it. ``problems`` are those that still stand.

    ``part`` and ``parts`` are set where one row of the file was split: the second of two.
    """

    number: int
    fields: Mapping[str, Any]
    problems: tuple[Mapping[str, str], ...]
    mended: frozenset[str] = frozenset()
    left_out: bool = False
    root: int = 0
    part: int = 1
    parts: int = 1

    @property
    def place(self) -> str:
        """Where the row stands in the file."""
        return str(self.fields.get("place", ""))

    @property
    def called(self) -> str:
        """What a page calls the row: its number in the file, and its part where it was split."""
        return f"row {self.root}, part {self.part}" if self.parts > 1 else f"row {self.root}"

    @property
    def blocks(self) -> bool:
        """Whether the plan cannot be brought in before this row is mended or left out."""
        return not self.left_out and any(problem["code"] in BLOCKING for problem in self.problems)

    @property
    def warns(self) -> bool:
        """Whether something is said of this row that does not keep it out."""
        return bool(self.problems) and not self.left_out and not self.blocks

    @property
    def for_import(self) -> dict[str, Any]:
        """The fields as the resource takes them; to whom it is addressed, as the plan words it.

        What was mended holds for all leads; else each of several may say what our own papers have it say.
        """
        each = {} if self.mended & OF_EACH else self.fields.get("by_lead")
        return {**self.fields, "addressee": "; ".join(self.fields.get("agencies") or ()), "by_lead": each}


def rows_of(staged: PlanImport) -> list[StagedRow]:
    """Every row of the plan, in its order, each part of a row that was split after the one before it."""
    count, families = len(staged.reading.get("rows", ())), _families(staged)
    return [row for number in range(1, count + 1) for row in _family(staged, number, families.get(number))]


def row_of(staged: PlanImport, number: int) -> StagedRow | None:
    """One row by its number in the plan; None when there is no such row."""
    family = _family(staged, root_of(staged, number), _families(staged).get(root_of(staged, number)))
    return next((row for row in family if row.number == number), None)


def root_of(staged: PlanImport, number: int) -> int:
    """The number in the file of the row that ``number`` was split from, or is."""
    splits = staged.choices.get("splits", {})
    while str(number) in splits:
        number = splits[str(number)]["of"]
    return number


def parts_of(staged: PlanImport, number: int) -> list[int]:
    """``number`` and every part that was split from it, in the order of the plan."""
    children = [int(child) for child, split in staged.choices.get("splits", {}).items() if split["of"] == number]
    # What was split off last was cut from what the earlier cuts had left, so it stands before what they took.
    return [number, *(part for child in sorted(children, reverse=True) for part in parts_of(staged, child))]


def _families(staged: PlanImport) -> dict[int, list[int]]:
    roots = {root_of(staged, int(number)) for number in staged.choices.get("splits", {})}
    return {root: parts_of(staged, root) for root in roots}


def _family(staged: PlanImport, root: int, numbers: list[int] | None) -> list[StagedRow]:
    rows = staged.reading.get("rows", ())
    if not 1 <= root <= len(rows):
        return []
    choices, numbers = staged.choices.get("rows", {}), numbers or [root]
    return [
        _row(number, rows[root - 1], choices.get(str(number), {}), root=root, part=part, parts=len(numbers))
        for part, number in enumerate(numbers, 1)
    ]


def _row(number: int, row: Mapping[str, Any], choice: Mapping[str, Any], **place: int) -> StagedRow:
    mended = choice.get("fields", {})
    fields = {**row, **mended}
    problems = tuple(problem for problem in row["problems"] if _stands(problem, fields, mended))
    return StagedRow(number, fields, problems, frozenset(mended), bool(choice.get("left_out")), **place)


def _stands(problem: Mapping[str, str], fields: Mapping[str, Any], mended: Mapping[str, Any]) -> bool:
    """A problem is settled once what it is about was mended; what blocks, once there is something in its place."""
    settled_by = _SETTLED_BY.get(problem["code"]) or _SETTLED_BY.get(problem["column"]) or {problem["column"]}
    if not settled_by & set(mended):
        return True
    return problem["code"] in BLOCKING and not any(fields.get(name) for name in settled_by)


@dataclass(frozen=True)
class Question:
    """A printed name that no agency answers to yet, and what was chosen for it."""

    match: Match
    rows: int
    choice: str = ""


def printed_names(rows: Iterable[StagedRow]) -> dict[str, int]:
    """The names of agencies in the rows that come in, with how often each stands there."""
    counts: dict[str, int] = {}
    for row in rows:
        if not row.left_out and not any(problem["code"] == "all_agencies" for problem in row.problems):
            for name in row.fields["agencies"]:
                counts[name] = counts.get(name, 0) + 1
    return counts


@dataclass(frozen=True)
class Answers:
    """The printed names of a plan: those that mean an agency, those to be made, and those nobody has decided.

    ``chosen`` are those of ``found`` that mean it because a person said so.
    """

    found: Mapping[str, Agency]
    chosen: Mapping[str, Agency]
    to_make: tuple[str, ...]
    open: tuple[str, ...]
    questions: tuple[Question, ...]


def answers_for(staged: PlanImport, rows: Iterable[StagedRow], by: User | System) -> Answers:
    """What each printed name means now: by its match, or as chosen by people who saw that there was none."""
    agencies = agencies_open_to(by, staged.partnership)
    names, counts = Names(agencies, staged.review), printed_names(rows)
    chosen = {str(agency.pk): agency for agency in agencies}
    choices: Mapping[str, str] = staged.choices.get("agencies", {})
    found: dict[str, Agency] = {}
    to_make, undecided, questions = [], [], []
    for name, count in counts.items():
        match, choice = names.match(name), choices.get(name, "")
        if choice in chosen:
            found[name] = chosen[choice]
        elif choice == CREATE:
            to_make.append(name)
        elif match.sort == Sort.MATCHED and match.agency is not None:
            found[name] = match.agency
        else:
            undecided.append(name)
        if match.sort != Sort.MATCHED or choice:
            questions.append(Question(match, count, choice))
    said = {name: agency for name, agency in found.items() if choices.get(name, "") in chosen}
    return Answers(found, said, tuple(to_make), tuple(undecided), tuple(questions))
