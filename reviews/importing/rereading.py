"""Reading a staged plan again with its headings as a person says, who saw them; and remembering what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.models import User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews.importing.matching import agencies_open_to, known_names
from reviews.importing.running import read_file
from reviews.importing.staged import LEADS, LEFT, SAME, parts_of, root_of
from reviews.importing.staging import locked, remembered
from reviews.importing.understanding.columns import as_shown
from reviews.importing.understanding.tables import Unreadable
from reviews.models import HeadingMeaning, PlanImport

MOST_LETTERS = 200  # of a heading that is remembered; a longer one counts for its file only
Rows = Sequence[Mapping[str, Any]]
Choices = dict[str, Any]


def read_again(*, plan_import: PlanImport, by: User | System, headings: Mapping[str, str]) -> list[str]:
    """Read the file with ``headings``: columns by headings as they are shown, those that were corrected.

    They are remembered for the partnership's next plans. What people decided about rows stays where the row still says
    what it said then; gives the places of those rows where it does not. The sandbox runs outside any transaction.
    """
    require(by, Permission.EDIT_PLAN, plan_import)
    partnership = plan_import.partnership
    said = {**remembered(partnership), **plan_import.choices.get("headings", {}), **headings}
    if not plan_import.file.storage.exists(str(plan_import.file.name)):
        raise Refused("The file is no longer kept here. Bring it in again.", field="headings")
    with plan_import.file.open("rb") as kept:
        data = kept.read()
    try:
        reading = read_file(data, plan_import.file_name, known_names(agencies_open_to(by, partnership)), said)
    except Unreadable as sentence:
        raise Refused(f"Nothing was changed. With these headings: {sentence}", field="headings") from sentence
    except ValueError as error:
        raise Refused("Choose one of the fields of the list.", field="headings") from error
    with transaction.atomic():
        staged = locked(plan_import, by)
        choices, lost = refitted(staged, reading.rows)
        staged.reading, staged.choices = reading.as_json(), choices
        staged.choices["headings"] = {**staged.choices.get("headings", {}), **headings}
        staged.save(update_fields=["reading", "choices"])
        for heading, column in headings.items():
            _remember(staged, heading, column, by)
        rows = len(reading.rows)
        audit.record("import.read_again", by=by, about=staged, partnership=staged.partnership_id, rows=rows)
    return lost


def _remember(staged: PlanImport, heading: str, column: str, by: User | System) -> None:
    words = as_shown(heading).casefold()
    if len(words) > MOST_LETTERS:
        return
    row, _ = HeadingMeaning.objects.update_or_create(
        partnership=staged.partnership,
        heading=words,
        defaults={"column": column, "recorded_by": person(by), "recorded_at": timezone.now()},
    )
    audit.record("heading.explained", by=by, about=row, partnership=staged.partnership_id, column=column)


@transaction.atomic
def forget(*, meaning: HeadingMeaning, by: User | System) -> None:
    """Let a heading be read by its words again from the next plan on. Plans that were read stay as they are."""
    require(by, Permission.EDIT_PLAN, meaning)
    audit.record("heading.forgotten", by=by, about=meaning, partnership=meaning.partnership_id, column=meaning.column)
    meaning.delete()


@dataclass
class _Refit:
    """What was decided about a plan, carried from one reading of its file to the next."""

    staged: PlanImport
    before: Rows
    after: Rows
    rows: Choices = field(default_factory=dict)
    splits: Choices = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def family(self, root: int, now: int | None) -> None:
        """Carry what was decided about one row of the file and the parts it was split into."""
        splits, choices = self.staged.choices.get("splits", {}), self.staged.choices.get("rows", {})
        numbers, shift = parts_of(self.staged, root), len(self.after) - len(self.before)
        kept: dict[int, Any] = {}
        read, reads = self.before[root - 1], self.after[now - 1] if now else {}
        for number in numbers:
            choice = choices.get(str(number), {})
            fields = {
                name: value for name, value in choice.get("fields", {}).items() if _fits(name, value, read, reads)
            }
            gone = bool(choice.get("fields") or choice.get("left_out")) if now is None else False
            if gone or fields.keys() != choice.get("fields", {}).keys():
                self.lost.append(str(read.get("place", "")))
            kept[number] = {"fields": fields, "left_out": bool(choice.get("left_out"))}
        cut = [splits[str(number)]["column"] for number in numbers[1:]]
        if now is None:
            return
        if any(read.get(column) != reads.get(column) for column in cut):  # other words: nothing to cut as it was
            self.lost.append(str(read.get("place", "")))
            kept = {root: {"fields": {}, "left_out": kept[root]["left_out"]}}
        moved = {number: now if number == root else number + shift for number in kept}
        self.moved |= moved
        self.rows |= {str(moved[number]): choice for number, choice in kept.items()}
        self.splits |= {
            str(moved[number]): {**splits[str(number)], "of": moved[splits[str(number)]["of"]]}
            for number in kept
            if str(number) in splits
        }


def refitted(staged: PlanImport, after: Rows) -> tuple[Choices, list[str]]:
    """The choices as they fit the rows of another reading of the same file, and the places where they do not."""
    refit = _Refit(staged, staged.reading.get("rows", ()), after)
    now = {key: number for number, key in enumerate(_keys(after), 1)}
    decided = {root_of(staged, int(number)) for number in staged.choices.get("rows", {})}
    before = _keys(refit.before)
    refit.moved = {number: now[key] for number, key in enumerate(before, 1) if key in now}
    for root in sorted(decided):
        refit.family(root, now.get(before[root - 1]))
    choices = {**staged.choices, "rows": refit.rows, "splits": refit.splits}
    return choices | _beside_the_plan(staged.choices, refit.moved), list(dict.fromkeys(refit.lost))


def _beside_the_plan(choices: Mapping[str, Any], moved: Mapping[int, int]) -> Choices:
    """What was said of rows beside the plan that they are added to, under the numbers that the rows have now."""
    said: Choices = {}
    if SAME in choices:
        same = {int(number): answer for number, answer in choices[SAME].items()}
        said[SAME] = {str(moved[number]): answer for number, answer in same.items() if number in moved}
    for ticked in (LEFT, LEADS):
        if ticked in choices:
            said[ticked] = sorted(moved[number] for number in choices[ticked] if number in moved)
    return said


def _keys(rows: Rows) -> list[tuple[str, int]]:
    """What tells rows apart in any reading: where they stand, and which of several they are there."""
    seen: dict[str, int] = {}
    keys = []
    for row in rows:
        place = str(row.get("place", ""))
        seen[place] = seen.get(place, 0) + 1
        keys.append((place, seen[place]))
    return keys


def _fits(name: str, value: Any, read: Mapping[str, Any], reads: Mapping[str, Any]) -> bool:
    """Whether an answer still answers what the file says; one that the file now gives itself does too."""
    return read.get(name) == reads.get(name) or reads.get(name) == value
