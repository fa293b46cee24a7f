"""Confirming a staged plan: looked through whole before anything is begun, begun once, written in pieces, then there.

To begin is one short transaction: it turns the import from staged to *being brought in*, so that a second press finds
nothing to begin, and makes the agencies and the review that were asked for. The pieces follow (``work``); none of what
they write stands before the last one does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from agencies import audit
from agencies.actors import System, person
from agencies.directory import add_agencies, remember_name
from agencies.models import Agency, Partnership, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import policies, reviewing
from reviews.bulk_rows import nothing_is_garbage
from reviews.importing import leases
from reviews.importing.again import correcting
from reviews.importing.again.before import BECAME, UNLED
from reviews.importing.again.comparing import Comparison
from reviews.importing.matching import keys
from reviews.importing.pieces import Batch, Piece, new_actions
from reviews.importing.resources import PlanResource
from reviews.importing.staged import Answers, StagedRow, answers_for, rows_of
from reviews.importing.understanding.pseudonyms import is_anonymous
from reviews.kinds import Kind
from reviews.models import Action, PlanImport, Review
from reviews.plan_lines import RecommendationLine

State = PlanImport.State
#: How often a plan is looked through again because somebody changed it meanwhile.
LOOKS = 3
#: Where ``choices`` keep, while a plan is brought in, whom its names mean and which rows are written how.
FOUND, TO_DO = "found", "to_do"


@dataclass
class Looked:
    """A staged plan that can be brought in: its rows, whom its names mean, and what was last done to it before."""

    staged: PlanImport
    rows: list[StagedRow]
    comparison: Comparison | None
    answers: Answers
    lines: list[RecommendationLine]
    seen: int

    @property
    def new(self) -> list[StagedRow]:
        """The rows that bring their recommendation with them."""
        return correcting.at_the_end(correcting.coming(self.rows, self.comparison), self.comparison)


def begin(*, plan_import: PlanImport, by: User | System, on: dt.date, **lease: Any) -> Looked | None:
    """Begin to bring the plan in; None where that was begun before. Refused with a sentence for what is missing.

    Everything is checked first, outside any transaction: nothing is begun that is known to fail. ``on`` is today;
    ``lease`` are the values of a lease for who goes on at once.
    """
    require(by, Permission.EDIT_PLAN, plan_import)
    for _ in range(LOOKS):
        seen = audit.last(plan_import)
        staged = PlanImport.objects.select_related("partnership", "review").get(pk=plan_import.pk)
        if staged.state in (State.CONFIRMING, State.CONFIRMED):
            return None
        check_staged(staged)
        with nothing_is_garbage():
            looked = _look_through(staged, by, on, seen)
        if _begun(looked, by, lease):
            return looked
    raise Refused("Somebody is changing this plan at this moment. Look through it again, then bring it in.")


def check_staged(staged: PlanImport) -> None:
    """Raise Refused unless the plan waits to be confirmed."""
    policies.check(_WHY_NOT_NOW.get(State(staged.state), ""))


_WHY_NOT_NOW = {
    State.READING: "The file is still being read. Wait until it has been.",
    State.UNREADABLE: "This file could not be read. Discard it, and bring another in.",
    State.CONFIRMING: "This plan is being brought in at this moment.",
    State.CONFIRMED: "This plan was already brought in. Changes are made in the plan itself now.",
    State.UNDOING: "Bringing this plan in is being undone. Bring the file in again.",
    State.UNDONE: "Bringing this plan in was undone. Bring the file in again.",
    State.DISCARDED: "This plan was discarded. Bring the file in again.",
}


def _look_through(staged: PlanImport, by: User | System, on: dt.date, seen: int) -> Looked:
    rows = rows_of(staged)
    comparison = correcting.compared(staged, rows, by, on)
    coming = correcting.coming(rows, comparison)
    _check_ready(staged, coming, on)
    answers = answers_for(staged, correcting.with_names(coming, comparison), by)
    if answers.open:
        names = "; ".join(answers.open[:10])
        raise Refused(f"Say which agency each of these is, or that it is to be made: {names}.", field="agencies")
    review = staged.review or Review(partnership=staged.partnership)
    for agency in set(answers.found.values()):
        policies.check(policies.why_not_assign(review, agency), field="agencies")
    stand_ins = {name: Agency(name=name, pk=-number) for number, name in enumerate(answers.to_make, 1)}
    found = {**answers.found, **stand_ins}
    lines_of(correcting.under_what_is_there(coming, comparison), found)
    lines = lines_of(correcting.at_the_end(coming, comparison), found)
    return Looked(staged, rows, comparison, answers, lines, seen)


def _check_ready(staged: PlanImport, rows: list[StagedRow], on: dt.date) -> None:
    if not rows and (staged.review is None or not staged.reading.get("rows")):
        raise Refused("Every row is left out, so there is nothing to bring in.")
    if staged.review is None and not (staged.reference.strip() and staged.title.strip()):
        raise Refused("Give the new review a reference and a title.", field="reference")
    if staged.speaks_for is None:
        raise Refused("Enter the date that the document speaks for.", field="speaks_for")
    if policies.why_not_day(staged.speaks_for, today=on):
        raise Refused("The document speaks for a day from the year 2000 until today.", field="speaks_for")
    if blocked := [row for row in rows if row.blocks]:
        raise Refused(f"Mend or leave out {_places(blocked)} first. Each says what is missing.", field="rows")


def _places(rows: list[StagedRow]) -> str:
    named = ", ".join(row.place for row in rows[:10])
    return f"{'row' if len(rows) == 1 else 'rows'} {named}" + (f" and {len(rows) - 10} more" if len(rows) > 10 else "")


def lines_of(rows: Sequence[StagedRow], found: Mapping[str, Agency]) -> list[RecommendationLine]:
    """The plan that these rows are. Refused with the place of the first that cannot be; nothing is written."""
    lines: list[RecommendationLine] = []

    def keep(plan: Sequence[RecommendationLine]) -> list[Any]:
        lines.extend(plan)
        return []

    result = PlanResource(found, save=keep).bring_in([row.for_import for row in rows])
    if result.base_errors:
        raise result.base_errors[0].error
    for number, errors in result.row_errors():
        raise errors[0].error from ValueError(f"row {number}")
    for invalid in result.invalid_rows:
        sentence = next(iter(invalid.field_specific_errors.values()), invalid.non_field_specific_errors)[0]
        raise Refused(f"{rows[invalid.number - 1].place}: {sentence}", field="rows")
    return lines


@transaction.atomic
def _begun(looked: Looked, by: User | System, lease: Mapping[str, Any]) -> bool:
    """Begin, unless somebody changed or began it since it was looked through."""
    staged = looked.staged
    first = PlanImport.objects.filter(pk=staged.pk, state=State.STAGED).update(state=State.CONFIRMING)
    if not first or audit.last(staged) != looked.seen:
        transaction.set_rollback(True)
        return False
    new = staged.review is None
    review = staged.review or reviewing.open_review(
        partnership=staged.partnership,
        kind=Kind(staged.kind),
        reference=staged.reference,
        title=staged.title,
        is_restricted=staged.is_restricted,
        by=by,
    )
    found = _agencies(staged, looked.answers, review, by)
    values: dict[str, Any] = {
        "review": review,
        "confirmed_by": person(by),
        "choices": {**staged.choices, **_to_do(looked, found)},
        "counts": {
            "new_review": new,
            "left_out": sum(row.left_out for row in looked.rows),
            "updated": len(correcting.changed(looked.comparison)),
        },
        "total": len(looked.new) + len(correcting.to_correct(looked.comparison)),
        **leases.let_go(),
        "done": 0,
        "attempts": 1,
        "made": {},
        "problem": "",
        **lease,
    }
    PlanImport.objects.filter(pk=staged.pk).update(**values)
    for name, value in {**values, "state": State.CONFIRMING}.items():
        setattr(staged, name, value)
    return True


def _to_do(looked: Looked, found: Mapping[str, Agency]) -> dict[str, Any]:
    """What ``choices`` keep while the plan is brought in, so that whoever goes on does what was begun."""
    return {
        FOUND: {name: agency.pk for name, agency in found.items()},
        TO_DO: {
            "new": [row.number for row in looked.new],
            "corrected": correcting.to_correct(looked.comparison),
        },
        BECAME: correcting.known(looked.comparison),
        **({UNLED: correcting.unled(looked.comparison)} if looked.comparison else {}),
    }


def _agencies(staged: PlanImport, answers: Answers, review: Review, by: User | System) -> dict[str, Agency]:
    """The agency for each printed name; those that were asked for are made now."""
    found = dict(answers.found)
    for name, agency in answers.chosen.items():
        if not is_anonymous(name):  # such a name means something in this review only
            remember_name(agency=agency, name=name, by=by)
    found |= _made(staged.partnership, review, answers.to_make, by)
    for name, agency in found.items():
        if is_anonymous(name):
            reviewing.publish_as(review=review, agency=agency, name=name, by=by)
    return found


def _made(partnership: Partnership, review: Review, names: tuple[str, ...], by: User | System) -> dict[str, Agency]:
    """One agency for each body, however it is printed; a pseudonym is told apart by its review."""
    bodies: dict[str, list[str]] = {}
    by_key: dict[str, str] = {}
    for name in sorted(names, key=len, reverse=True):
        shared = next((by_key[key] for key in keys(name) if key in by_key), name)
        bodies.setdefault(shared, []).append(name)
        by_key |= dict.fromkeys(keys(name), shared)
    called = [f"{name} ({review.reference})" if is_anonymous(name) else name for name in bodies]
    made = add_agencies(partnership=partnership, names=called, by=by)
    return {name: agency for agency, printed in zip(made, bodies.values(), strict=True) for name in printed}


def batch_of(plan_import: PlanImport, by: User | System) -> Batch:
    """What is brought in by an import that has begun, with the agencies that its names meant when it did."""
    review, on = plan_import.review, plan_import.speaks_for
    assert review is not None  # it was begun  # noqa: S101
    assert on is not None  # it was checked  # noqa: S101
    kept: Mapping[str, int] = plan_import.choices[FOUND]
    agencies = Agency.objects.in_bulk(set(kept.values()))
    return Batch(plan_import, review, by, on, {name: agencies[pk] for name, pk in kept.items()})


def pieces_of(batch: Batch, looked: Looked | None = None) -> list[Piece]:
    """Everything there is to write, in its order. ``looked`` saves looking through it again.

    What is new comes first, because nobody sees it before the end; then the changes of what is there.
    """
    rows = looked.rows if looked else rows_of(batch.staged)
    if looked and not looked.answers.to_make:
        lines = looked.lines
    else:
        lines = lines_of(new_rows(batch.staged, rows), batch.found)
    return new_actions(batch, lines) + correcting.pieces(batch, rows, batch.staged.choices[TO_DO]["corrected"])


def new_rows(staged: PlanImport, rows: Sequence[StagedRow]) -> list[StagedRow]:
    """Those of ``rows`` that bring their recommendation with them, as they were when it was begun."""
    numbers = set(staged.choices[TO_DO]["new"])
    return [row for row in rows if row.number in numbers]


def became(staged: PlanImport, by: Mapping[str, int]) -> dict[str, int]:
    """Which action each row is: those in ``by``, and what is new in the order in which it was written."""
    new = Action.everything.filter(came_with=staged).exclude(pk__in=by.values()).order_by("order", "pk")
    numbers = map(str, staged.choices[TO_DO]["new"])
    return {**by, **dict(zip(numbers, new.values_list("pk", flat=True), strict=True))}
