"""What the files before said that were brought into a review, and what became of their rows.

A file that is brought in again says the same in most of its rows. What people mended in those rows then is mended
again, and what people changed in the plan since is not set back.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviews.importing.again.incoming import bare
from reviews.importing.again.likeness import Card, pair
from reviews.importing.resources import PlanResource
from reviews.importing.staged import StagedRow, root_of, rows_of
from reviews.models import PlanImport, Review

#: Where ``choices`` keep which action each row became.
BECAME = "became"
#: Where ``choices`` keep the rows that were left as they are in the plan.
LEFT = "left"
#: Where ``choices`` keep the rows that name other lead agencies, which was not to be changed.
UNLED = "unled"
#: So many imports are looked back at.
LOOKED_BACK = 3


@dataclass(frozen=True)
class Before:
    """The rows of the last file by the number of the row now: its fields then, and the action that it became."""

    fields: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    became: Mapping[int, int] = field(default_factory=dict)


def imports_before(staged: PlanImport) -> Iterator[PlanImport]:
    """What was brought into the same review and stands, the last first: a file of one agency may be between."""
    if staged.review_id is not None:
        there = PlanImport.objects.filter(review=staged.review_id, state=PlanImport.State.CONFIRMED)
        yield from there.exclude(pk=staged.pk).order_by("-confirmed_at", "-pk")[:LOOKED_BACK].iterator(1)


def likely_review(staged: PlanImport) -> Review | None:
    """The review that a file seems to belong to: it came into it before, or bears its reference or title.

    It is offered to somebody, and never taken.
    """
    same = PlanImport.objects.filter(partnership=staged.partnership_id, sha256=staged.sha256, review__isnull=False)
    if found := same.filter(state=PlanImport.State.CONFIRMED).select_related("review").last():
        return found.review
    title = bare(staged.reading.get("review_title")).casefold()
    named = [
        review
        for review in Review.objects.filter(partnership=staged.partnership_id).only("reference", "title", "partnership")
        if title and (review.title.casefold() == title or _bears(title, review.reference.casefold()))
    ]
    return named[0] if len(named) == 1 else None


def _bears(title: str, reference: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(reference)}(?![\w-])", title)) and any(map(str.isdigit, reference))


def before(staged: PlanImport, rows: Sequence[StagedRow]) -> Before:
    """What the last file said that had the row, for each of ``rows``."""
    fields: dict[int, Mapping[str, Any]] = {}
    became: dict[int, int] = {}
    rest = list(rows)
    for last in imports_before(staged):
        found = _before(last, rest)
        fields |= found.fields
        became = {**found.became, **became}
        rest = [row for row in rest if row.number not in fields]
        if not rest:
            break
    return Before(fields, became)


def _before(last: PlanImport, rows: Sequence[StagedRow]) -> Before:
    left, unled = set(last.choices.get(LEFT, ())), set(last.choices.get(UNLED, ()))
    theirs = {row.number: row for row in rows_of(last) if not row.left_out}
    same = pair([_card(row) for row in rows], [_card(row) for row in theirs.values()]).same
    became = {int(number): key for number, key in last.choices.get(BECAME, {}).items()}
    return Before(
        {
            mine: {**theirs[number].fields, **({"agencies": None} if number in unled else {})}
            for mine, number in same.items()
            if number not in left
        },
        {mine: became[number] for mine, number in same.items() if number in became},
    )


def _card(row: StagedRow) -> Card:
    fields = row.fields
    return Card(
        key=row.number,
        recommendation=bare(fields.get("recommendation")),
        action=bare(fields.get("action")),
        reference=bare(fields.get("reference")),
        action_reference=bare(fields.get("action_reference")),
        agencies=frozenset(fields.get("agencies") or ()),
        rest=_read(fields),
    )


def carry_over(staged: PlanImport) -> None:
    """Mend again, leave out again and split again what was in the files before, where a row was read as it was then.

    ``staged.choices`` is changed and not saved. What somebody has decided in this file stays.
    """
    decided = {root_of(staged, int(number)) for kind in ("rows", "splits") for number in staged.choices.get(kind, {})}
    rows = enumerate(staged.reading.get("rows", ()), 1)
    rest = {number: _read(row) for number, row in rows if number not in decided}
    for last in imports_before(staged):
        theirs: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(last.reading.get("rows", ()), 1):
            theirs[_read(row)].append(number)
        families: dict[int, list[int]] = defaultdict(list)
        for child in map(int, last.choices.get("splits", {})):
            families[root_of(last, child)].append(child)
        for number, read in list(rest.items()):
            if theirs.get(read):
                was = theirs[read].pop(0)
                _carry(last, staged, {was: number}, sorted(families.get(was, ())))
                del rest[number]
        if not rest:
            break


def _carry(last: PlanImport, staged: PlanImport, numbers: dict[int, int], children: Sequence[int]) -> None:
    splits = staged.choices.setdefault("splits", {})
    for child in children:
        numbers[child] = max([len(staged.reading["rows"]), *map(int, splits)]) + 1
        split = last.choices["splits"][str(child)]
        splits[str(numbers[child])] = {**split, "of": numbers[split["of"]]}
    for was, now in numbers.items():
        if choice := last.choices.get("rows", {}).get(str(was)):
            staged.choices.setdefault("rows", {})[str(now)] = choice


def _read(row: Mapping[str, Any]) -> str:
    """What was read of a row, wherever it stood and whatever was said of it."""
    return json.dumps([row.get(name) or "" for name in (*PlanResource.fields, "agencies", "status")])
