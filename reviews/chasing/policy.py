"""The series of reminders and chasers, as a table, and which of them is reached on a day. No database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reviews.models import Stage, stage_in_words


@dataclass(frozen=True)
class Step:
    """One line of the table: ``days`` after the date (before it, where negative), then every ``every`` days."""

    stage: Stage
    days: int
    every: int = 0


STEPS: tuple[Step, ...] = (
    Step(Stage.DUE_28, days=-28),
    Step(Stage.DUE_7, days=-7),
    Step(Stage.DUE_1, days=-1),
    Step(Stage.OVERDUE, days=1, every=14),
)

#: No action whose date is further away than this is anywhere in the series.
FIRST_NOTICE_DAYS = max(-step.days for step in STEPS)

_ORDER = {step.stage.value: place for place, step in enumerate(STEPS)}


@dataclass(frozen=True)
class Anchor:
    """A day from which a series is counted, and the key of the row that says so."""

    key: str
    on: dt.date


@dataclass(frozen=True)
class Reached:
    """The newest stage reached: ``number`` counts a stage that repeats, ``since`` is the day it was reached."""

    stage: Stage
    number: int
    anchor: str
    since: dt.date

    @property
    def position(self) -> tuple[int, int]:
        """Its place in the series; of two, the greater is the later."""
        return position(self.stage, self.number)

    @property
    def words(self) -> str:
        """How it is called: "7 days before", "overdue, 3rd time"."""
        return stage_in_words(self.stage, self.number)


def position(stage: str, number: int) -> tuple[int, int]:
    """The place of a stage in the series."""
    return _ORDER.get(stage, -1), number


def reached(on: dt.date, *, due: Anchor, floors: Sequence[Anchor]) -> Reached | None:
    """The newest stage that has been reached on the day ``on``; None where it is too early for any.

    ``floors`` are the days before which nobody may be chased: when the plan's chasing began, when the agency took the
    action on. Until the date has passed, stages count back from it. Afterwards they count from the latest of the date
    and the floors, so that somebody who was given an action late is not told off for the years before.
    """
    if any(floor.on > on for floor in floors):
        return None
    ahead = on <= due.on
    base = due if ahead else max((due, *floors), key=lambda anchor: anchor.on)
    for step in reversed(STEPS):
        first = base.on + dt.timedelta(days=step.days)
        if (step.days < 0) == ahead and first <= on:
            number = (on - first).days // step.every if step.every else 0
            return Reached(step.stage, number, base.key, first + dt.timedelta(days=number * step.every))
    return None
