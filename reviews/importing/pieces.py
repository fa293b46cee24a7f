"""A plan on its way in, cut into pieces: each is written in a short transaction of its own.

What can be written is made of an import's ``reading`` and ``choices`` alone, which do not change while it is brought
in: whoever goes on after a worker that was killed makes the same pieces, and begins after those that were written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agencies.actors import System
from agencies.models import Agency, User
from reviews import plans
from reviews.models import PlanImport, Recommendation, Review
from reviews.plan_lines import RecommendationLine

#: So many actions are written at once. On SQLite nobody else writes meanwhile, so that it must take a moment only.
SIZE = 500

#: What was done to actions that had been there before, as ``PlanImport.made`` keeps it: for each model, by its label,
#: the keys of the rows that were added; under ``was`` what facts were that have no such rows.
Made = Mapping[str, list[Any]]


@dataclass(frozen=True)
class Batch:
    """What is brought in: ``staged`` by ``by`` into ``review``, as of ``on``, each printed name ``found``."""

    staged: PlanImport
    review: Review
    by: User | System
    on: dt.date
    found: Mapping[str, Agency]


@dataclass(frozen=True)
class Piece:
    """So many ``rows`` and what writes them, called inside a transaction that already holds the import.

    ``write`` gives what it did to actions that had been there before; of new ones nothing: they say themselves what
    they came with.
    """

    rows: int
    write: Callable[[], Made]


def new_actions(batch: Batch, lines: Sequence[RecommendationLine], *, size: int = SIZE) -> list[Piece]:
    """The pieces that add ``lines`` to the plan; a recommendation with very many actions goes over several."""
    return [
        Piece(rows, _adding(batch, chunk, continued=continued)) for rows, chunk, continued in in_chunks(lines, size)
    ]


def in_chunks(lines: Sequence[RecommendationLine], size: int) -> Iterator[tuple[int, list[RecommendationLine], bool]]:
    """At most ``size`` actions each: how many, their lines, and whether the first goes on where the last chunk ended.

    A recommendation without actions counts as one.
    """
    chunk: list[RecommendationLine] = []
    rows, continued = 0, False
    for line in lines:
        rest, again = line.actions, False
        while True:
            taken = rest[: size - rows]
            chunk.append(replace(line, actions=taken) if len(taken) < len(line.actions) else line)
            continued = continued if len(chunk) > 1 else again
            rows, rest, again = rows + max(len(taken), 1), rest[len(taken) :], True
            if rows >= size:
                yield rows, chunk, continued
                chunk, rows, continued = [], 0, False
            if not rest:
                break
    if chunk:
        yield rows, chunk, continued


def _adding(batch: Batch, lines: list[RecommendationLine], *, continued: bool) -> Callable[[], Made]:
    def write() -> Made:
        own = Recommendation.everything.filter(came_with=batch.staged)
        plans.add_piece(
            review=batch.review,
            lines=lines,
            by=batch.by,
            on=batch.on,
            came_with=batch.staged,
            into=own.latest("order") if continued else None,
        )
        return {}

    return write
