"""What an agency takes along that takes over from another: what that one said of an action counts as said before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviews.models import ProgressUpdate


def heirs_of(steps: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    """For each agency that was succeeded, all that came after it; ``steps`` are predecessors with their successors."""
    after: dict[int, set[int]] = defaultdict(set)
    for predecessor, successor in steps:
        after[predecessor].add(successor)
    found = {}
    for agency in list(after):
        heirs, fresh = set[int](), {agency}
        while fresh := {one for other in fresh for one in after.get(other, ())} - heirs:
            heirs |= fresh
        found[agency] = frozenset(heirs)
    return found


def said_before(
    agency: int,
    updates: Sequence[ProgressUpdate],
    *,
    heirs: Mapping[int, Collection[int]],
    answering: Collection[int],
) -> list[ProgressUpdate]:
    """Those of ``updates`` by agencies from which ``agency`` took over, and which are not ``answering`` themselves."""
    return [row for row in updates if row.agency_id not in answering and agency in heirs.get(row.agency_id, ())]
