"""Locking what a corrected file changes, in the one order of all locks, before it is looked at again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agencies.models import Agency
from agencies.refusals import Refused
from agencies.succession import lock_agencies
from reviews.importing.again.comparing import Compared, Verdict
from reviews.models import Action, PlanImport, Review
from reviews.projection import lock, lock_one, lock_recommendations

GONE = "The recommendation that it belongs to is no longer there: the plan with which it came was undone."


def lock_all(review: Review, rows: Sequence[Compared]) -> None:
    """Lock all that ``rows`` change or add to, until the transaction ends.

    Refused, with the place of the row, where a recommendation that a new action belongs to was undone meanwhile.
    """
    if agencies := {agency for row in rows for agency in _agencies(row)}:
        lock_agencies(agencies)
    lock_one(review)
    changed = {row.present.action: row for row in rows if row.present}
    added = {row.under.pk: row for row in rows if row.under and row.verdict == Verdict.NEW}
    above = lock_recommendations({*(action.recommendation_id for action in changed), *added})
    there = {row.pk: row.reference for row in above}
    for key, row in added.items():
        if key not in there:
            raise Refused(f"{row.row.row.place}: {GONE}", field="rows")
    # All actions of a recommendation stand where its number puts them.
    renumbered = {
        action.recommendation_id
        for action, row in changed.items()
        if _number(row) not in (None, there.get(action.recommendation_id))
    }
    beside = Action.objects.filter(recommendation__in=renumbered)
    lock([*changed, *beside.values_list("pk", flat=True)])


def lock_above(staged: PlanImport) -> None:
    """Lock the recommendations, not its own, to which a file has added actions. Refused where one was undone since."""
    added = Action.everything.filter(came_with=staged).exclude(recommendation__came_with=staged)
    above = set(added.values_list("recommendation", flat=True))
    if above and len(lock_recommendations(above)) < len(above):
        raise Refused(GONE, field="rows")


def _number(row: Compared) -> str | None:
    """The number that a row gives its recommendation; None where that changes nothing."""
    return next((change.now for change in row.to_apply if change.field == "reference"), None)


def _agencies(row: Compared) -> Iterator[Agency]:
    """The agencies that a row puts on its action, or takes off it."""
    for change in row.to_apply:
        if change.field == "agencies":
            added, ended = change.value
            yield from added
            yield from (part.agency for part in ended)
    if row.verdict == Verdict.NEW:
        yield from (lead.agency for lead in row.row.action.leads)
