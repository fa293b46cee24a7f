"""Locking what a corrected file changes, in the one order of all locks, before it is looked at again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agencies.models import Agency
from agencies.refusals import Refused
from reviews.importing.again.comparing import Compared, Verdict
from reviews.models import Action, Review
from reviews.projection import lock, lock_one, lock_recommendations


def lock_all(review: Review, rows: Sequence[Compared]) -> None:
    """Lock all that ``rows`` change or add to, until the transaction ends.

    Refused, with the place of the row, where a recommendation that a new action belongs to was undone meanwhile.
    """
    agencies = {key for row in rows for key in _agencies(row)}
    if agencies:
        list(Agency.objects.select_for_update(no_key=True).filter(pk__in=agencies).order_by("pk"))
    lock_one(review)
    changed = [row.present.action for row in rows if row.present]
    added = {row.under.pk: row for row in rows if row.under and row.verdict == Verdict.NEW}
    there = {row.pk for row in lock_recommendations({*(action.recommendation_id for action in changed), *added})}
    for key, row in added.items():
        if key not in there:
            why = "The recommendation that it belongs to is no longer there: the plan with which it came was undone."
            raise Refused(f"{row.row.row.place}: {why}", field="rows")
    # Those beside them, too: all stand where the number of their recommendation puts them.
    beside = Action.objects.filter(recommendation__in=[action.recommendation_id for action in changed])
    lock([*changed, *beside.values_list("pk", flat=True)])


def _agencies(row: Compared) -> Iterator[int]:
    """The agencies that a row puts on its action, or takes off it."""
    for change in row.to_apply:
        if change.field == "agencies":
            added, ended = change.value
            yield from (agency.pk for agency in added)
            yield from (part.agency_id for part in ended)
    if row.verdict == Verdict.NEW:
        yield from (lead.agency.pk for lead in row.row.action.leads)
