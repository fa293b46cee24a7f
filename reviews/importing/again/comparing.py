"""A file beside the plan that it is brought into: which rows are new, changed, unchanged, and what is missing from it.

What is missing stays in the plan. A row that may be one action or another is asked about; ``choices["same"]`` keeps the
answer: the key of the action, or ``NEW``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from agencies.models import Agency
from reviews.bulk_rows import nothing_is_garbage
from reviews.importing.again.before import LEFT, Before, before
from reviews.importing.again.change import OF_RECOMMENDATION, Change
from reviews.importing.again.differing import changes
from reviews.importing.again.incoming import Incoming, bare, incoming
from reviews.importing.again.likeness import Card, pair
from reviews.importing.again.present import Present, read_present
from reviews.importing.staged import StagedRow
from reviews.models import PlanImport, Recommendation, Review

#: The answer that a row is none of the actions that it is like.
NEW = "new"
#: Where ``choices`` keep which action a row is, as somebody said.
SAME = "same"
#: Where ``choices`` keep the rows whose lead agencies are to be changed, too.
LEADS = "leads"
#: What the papers print for a recommendation that has no action yet.
NOTHING_YET = "No action has been agreed yet."


class Verdict(StrEnum):
    """What a row of the file is to the plan."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Compared:
    """One row beside the action that it is, or may be.

    ``under`` is the recommendation to which a new row belongs; None where that comes with the file, too. A row that is
    ``left`` stays out of the plan, or leaves it as it is.
    """

    row: Incoming
    verdict: Verdict
    present: Present | None = None
    changes: tuple[Change, ...] = ()
    maybe: tuple[Present, ...] = ()
    under: Recommendation | None = None
    left: bool = False
    with_leads: bool = False

    @property
    def number(self) -> int:
        """Its number in the file."""
        return self.row.number

    @property
    def to_apply(self) -> tuple[Change, ...]:
        """The changes that are made: nothing stands in their way, and lead agencies only when that was said."""
        if self.left:
            return ()
        return tuple(one for one in self.changes if not one.why_not and (one.field != "agencies" or self.with_leads))


@dataclass
class Comparison:
    """All rows in the order of the file, and the actions of the plan that are missing from it."""

    rows: list[Compared] = field(default_factory=list)
    missing: list[Present] = field(default_factory=list)
    was: Before = field(default_factory=Before)

    def of(self, verdict: Verdict, *, left: bool = False) -> list[Compared]:
        """The rows of this verdict that come in; with ``left`` those too that were left out."""
        return [row for row in self.rows if row.verdict == verdict and (left or not row.row.row.left_out)]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each verdict, and how many actions are missing."""
        return {verdict.value: len(self.of(verdict)) for verdict in Verdict} | {"missing": len(self.missing)}


def compare(
    staged: PlanImport, rows: Sequence[StagedRow], found: Mapping[str, Agency], on: dt.date
) -> Comparison | None:
    """``rows`` of a staged file beside the review that it is added to; None when it makes a new one.

    ``found`` are the agencies that its printed names mean. A file that gives no day of its own speaks for ``on``.
    """
    if staged.review is None:
        return None
    with nothing_is_garbage():
        return _compare(staged, staged.review, rows, found, on)


def _compare(
    staged: PlanImport, review: Review, rows: Sequence[StagedRow], found: Mapping[str, Agency], on: dt.date
) -> Comparison:
    plan = read_present(review)
    lines, was = incoming(rows, found), before(staged, rows)
    pairs = pair([line.card for line in lines], [_card(one) for one in plan.values()], _said(staged, was, plan))
    day, choices = staged.speaks_for or on, staged.choices
    left, leads = set(choices.get(LEFT, ())), set(choices.get(LEADS, ()))
    compared = []
    for line in lines:
        known = plan.get(pairs.same.get(line.number, 0))
        maybe = tuple(plan[key] for key in pairs.unsure.get(line.number, ()))
        differs = tuple(changes(line, known, day, was.fields.get(line.number))) if known else ()
        is_left = line.row.left_out or line.number in left
        verdict = _verdict(known, maybe, differs)
        compared.append(Compared(line, verdict, known, differs, maybe, left=is_left, with_leads=line.number in leads))
    _settle_recommendations(compared)
    _place_new(compared, staged)
    asked = {one.action.pk for row in compared for one in row.maybe}
    taken = set(pairs.same.values()) | asked
    return Comparison(compared, [one for key, one in plan.items() if key not in taken], was)


def changes_now(row: Compared, present: Present, on: dt.date, was: Before) -> Compared:
    """``row`` compared again with its action as it is now."""
    allowed = {change.field for change in row.changes if change.why_not}
    differs = [one for one in changes(row.row, present, on, was.fields.get(row.number)) if one.field not in allowed]
    return replace(row, present=present, changes=tuple(differs))


def _verdict(known: Present | None, maybe: tuple[Present, ...], differs: tuple[Change, ...]) -> Verdict:
    if known is None:
        return Verdict.UNSURE if maybe else Verdict.NEW
    return Verdict.CHANGED if differs else Verdict.UNCHANGED


def _card(present: Present) -> Card:
    action, leads = present.action, present.leads
    said = present.last_of(leads[0]) if leads else None
    date = action.target_date.isoformat() if action.target_date else bare(action.target_as_written)
    return Card(
        key=action.pk,
        recommendation=bare(present.recommendation.text),
        action=bare(action.text),
        reference=bare(present.recommendation.reference),
        action_reference=bare(action.reference),
        agencies=frozenset(part.agency_id for part in leads),
        rest=(date, action.status, bare(said.progress) if said else ""),
    )


def _said(staged: PlanImport, was: Before, plan: Mapping[int, Present]) -> dict[int, int | None]:
    """Which action a row is, as somebody said, or as it was when the file was brought in last."""
    said: dict[int, int | None] = {number: key for number, key in was.became.items() if key in plan}
    for number, answer in staged.choices.get(SAME, {}).items():
        if answer == NEW:
            said[int(number)] = None
        elif answer and int(answer) in plan:
            said[int(number)] = int(answer)
    return said


def _settle_recommendations(rows: list[Compared]) -> None:
    """A recommendation is changed only if all rows of its actions that are in the file say the same of it."""
    said: dict[tuple[int, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.present and not row.left:
            for name in OF_RECOMMENDATION[:2]:
                found = row.row.recommendation.text if name == "recommendation" else row.row.recommendation.reference
                if found:
                    said[row.present.recommendation.pk, name].add(bare(found))
    why = "Other rows of this recommendation say otherwise. Change it on its own page."
    for place, row in enumerate(rows):
        if row.present and row.changes:
            key = row.present.recommendation.pk
            split = [one.field for one in row.changes if len(said[key, one.field]) > 1]
            kept = tuple(replace(one, why_not=why) if one.field in split else one for one in row.changes)
            rows[place] = replace(row, changes=kept)


def _place_new(rows: list[Compared], staged: PlanImport) -> None:
    """Find for each new row the recommendation of the plan that it belongs to: by the rows around it, or its words."""
    if not any(row.verdict == Verdict.NEW for row in rows):
        return
    there: dict[str, list[Recommendation]] = defaultdict(list)
    for one in Recommendation.objects.filter(review=staged.review).order_by("order", "pk"):
        there[bare(one.text)].append(one)
    beside = {_asked(row): row.present.recommendation for row in rows if row.present}
    with_actions = {row.present.recommendation.pk for row in rows if row.present}
    for place, row in enumerate(rows):
        if row.verdict != Verdict.NEW or not row.row.says.recommendation:
            continue
        same = [one for one in there[bare(row.row.recommendation.text)] if _may_be(row, one)]
        under = beside.get(_asked(row)) or next(iter(same), None)
        rows[place] = replace(row, under=under)
        if under and under.pk not in with_actions and _says_nothing(row.row):
            rows[place] = replace(row, verdict=Verdict.UNCHANGED)


def _asked(row: Compared) -> tuple[str, str]:
    line = row.row.recommendation
    return bare(line.reference), bare(line.text)


def _may_be(row: Compared, recommendation: Recommendation) -> bool:
    said = row.row.recommendation.reference
    return not said or not recommendation.reference or bare(said) == bare(recommendation.reference)


def _says_nothing(row: Incoming) -> bool:
    """A recommendation to which no action has been agreed."""
    line = row.action
    words = [line.text, row.date_key, line.report.next_steps, *(step.text for step in line.milestones)]
    return not any(words) and line.report.progress in ("", NOTHING_YET)
