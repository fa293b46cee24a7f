"""Changing what rows of a staged plan will say: mended, left out, split in two. What was read is kept beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from import_export.results import Result

from agencies import audit
from agencies.actors import System
from agencies.models import Agency, User
from agencies.refusals import Refused
from reviews.importing.resources import PlanResource
from reviews.importing.staged import LEADS, LEFT, MENDABLE, SAME, StagedRow, parts_of, root_of, row_of
from reviews.importing.staging import locked
from reviews.models import PlanImport

#: The fields of a row that may hold several in one cell.
SPLIT = ("recommendation", "action")
_MOST_CUTS = 30
_BEGINS = re.compile(
    r"(?<=\n)(?=\S)"  # a line
    r"|(?<=[.;:!?])[ ](?=[\"“(]?[A-Z0-9•])"  # a sentence
    r"|[ ](?=(?:To [a-z]+|That [a-z]+|The (?:\w+ ){1,3}(?:should|must|would))\b)"  # one that runs on without a stop
    r"|[ ](?=\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)] )"  # an item of a list
)


@transaction.atomic
def mend(
    *,
    plan_import: PlanImport,
    number: int,
    by: User | System,
    fields: Mapping[str, Any],
    left_out: bool | None = None,
) -> StagedRow:
    """Change what row ``number`` will say: any of MENDABLE, and whether it is left out (None: as it was)."""
    staged = locked(plan_import, by)
    row = _row(staged, number)
    if unknown := set(fields) - set(MENDABLE):
        raise TypeError(f"not to be mended: {', '.join(sorted(unknown))}")
    choices = staged.choices.setdefault("rows", {})
    read, before = staged.reading["rows"][row.root - 1], choices.get(str(number), {}).get("fields", {})
    changed = {name for name, value in fields.items() if (value or None) != (read.get(name) or None)}
    mended = {**before, **{name: fields[name] for name in fields if name in changed or name in before}}
    out = row.left_out if left_out is None else left_out
    choices[str(number)] = {"fields": mended, "left_out": out}
    after = _row(staged, number)
    if not out:
        _refuse_first(check_rows([after]), fields)
    _save(staged, "import.mended", by, row=number, left_out=out)
    return after


def check_rows(rows: list[StagedRow]) -> Result:
    """What the resource says of these rows, names aside: they are asked for all rows together."""
    stand_ins = {name: Agency(name=name, pk=-1) for row in rows for name in row.fields["agencies"]}
    return PlanResource(stand_ins).check([row.for_import for row in rows])


def cuts(row: StagedRow, column: str) -> list[int]:
    """Where the words of a cell may be cut: before each line, sentence and item of a list but the first."""
    text = str(row.fields.get(column) or "")
    found = [match.end() for match in _BEGINS.finditer(text) if text[: match.end()].strip()]
    return list(dict.fromkeys(found))[:_MOST_CUTS]


@transaction.atomic
def split(*, plan_import: PlanImport, number: int, by: User | System, column: str, at: int) -> StagedRow:
    """Make two rows of one: of the words in ``column`` the second takes those from letter ``at``; all else is in both.

    Gives the second. Refused where the words have changed since and cannot be cut there.
    """
    staged = locked(plan_import, by)
    row = _row(staged, number)
    if column not in SPLIT or at not in cuts(row, column):
        raise Refused("These words cannot be cut there. Choose again where the second row begins.", field="cut")
    whole = str(row.fields[column])
    splits, choices = staged.choices.setdefault("splits", {}), staged.choices.setdefault("rows", {})
    new = max([len(staged.reading["rows"]), *map(int, splits)]) + 1
    mine = choices.get(str(number), {})
    before, after = whole[:at].rstrip(), whole[at:].lstrip()
    splits[str(new)] = {"of": number, "column": column, "whole": whole}
    choices[str(number)] = {**mine, "fields": {**mine.get("fields", {}), column: before}}
    choices[str(new)] = {"fields": {**mine.get("fields", {}), column: after}, "left_out": False}
    _save(staged, "import.split", by, row=number, made=new)
    return _row(staged, new)


@transaction.atomic
def join(*, plan_import: PlanImport, number: int, by: User | System) -> StagedRow:
    """Put a row that was split off back into the one it came from, with all that was split off after it.

    Gives that one, with the words it had before. What was mended in the parts goes.
    """
    staged = locked(plan_import, by)
    splits, choices = staged.choices.get("splits", {}), staged.choices.get("rows", {})
    made = splits.get(str(number))
    if made is None:
        raise Refused("This row was not split from another, or was put back already.")
    of, column = made["of"], made["column"]
    later = [int(other) for other, one in splits.items() if one["of"] == of and int(other) >= number]
    for gone in [part for other in later for part in parts_of(staged, other)]:
        for kept in (splits, choices, staged.choices.get(SAME, {})):
            kept.pop(str(gone), None)
        for ticked in (LEFT, LEADS):
            if gone in staged.choices.get(ticked, ()):
                staged.choices[ticked].remove(gone)
    mine = choices.setdefault(str(of), {"fields": {}, "left_out": False})
    mine["fields"][column] = made["whole"]
    read = staged.reading["rows"][root_of(staged, of) - 1]
    if str(of) not in splits and read.get(column) == made["whole"]:
        del mine["fields"][column]
    _save(staged, "import.joined", by, row=of)
    return _row(staged, of)


def _row(staged: PlanImport, number: int) -> StagedRow:
    row = row_of(staged, number)
    if row is None:
        raise Refused("There is no such row in this plan.")
    return row


def _save(staged: PlanImport, event: str, by: User | System, **detail: int | bool) -> None:
    staged.save(update_fields=["choices"])
    audit.record(event, by=by, about=staged, partnership=staged.partnership_id, **detail)


def _refuse_first(result: Result, fields: Mapping[str, Any]) -> None:
    """Refuse what was typed and cannot be. What else the row still lacks keeps it out, and can wait."""
    for invalid in result.invalid_rows:
        for field, sentences in invalid.field_specific_errors.items():
            if field in fields:
                raise Refused(sentences[0], field=field)
