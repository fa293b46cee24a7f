"""A plan on its way in: what ``plans.add_many`` takes, as plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from agencies.models import Agency
from reviews.models import Part
from reviews.statuses import Status


@dataclass(frozen=True)
class MilestoneLine:
    """A step with its date: as a day, as written, or both."""

    text: str
    due_on: dt.date | None = None
    due_as_written: str = ""
    achieved_on: dt.date | None = None

    def facts(self, recorded_at: dt.datetime) -> dict[str, Any]:
        """What its row says, recorded at that moment."""
        return vars(self) | {"achieved_recorded_at": recorded_at if self.achieved_on else None}


@dataclass(frozen=True)
class ReportLine:
    """What a plan that is brought in already says of an action. It is kept once for each lead, as imported.

    ``outcome`` is what changed; ``evidence`` what the plan says shows it.
    """

    progress: str = ""
    next_steps: str = ""
    obstacles: str = ""
    status_as_written: str = ""
    next_review_on: dt.date | None = None
    completed_on: dt.date | None = None
    outcome: str = ""
    evidence: str = ""

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return any(vars(self).values())


@dataclass(frozen=True)
class LeadLine:
    """An agency on an action, and where it stands with it when the plan comes in.

    ``report`` is what the plan says for this lead alone, where that is not what it says of the action.
    """

    agency: Agency
    part: Part = Part.LEAD
    status: Status = Status.NOT_STARTED
    owner_as_worded: str = ""
    report: ReportLine | None = None


@dataclass(frozen=True)
class ActionLine:
    """One action; ``text`` may be empty where the recommendation is the action.

    A lead whose status is COMPLETE makes the action complete as carried over: the plan said so, nobody here checked.
    One whose status is AWAITING says so by a claim, of the day of completion or of the plan's own.
    """

    text: str = ""
    reference: str = ""
    leads: tuple[LeadLine, ...] = ()
    target_date: dt.date | None = None
    target_as_written: str = ""
    revised_date: dt.date | None = None
    revised_as_written: str = ""
    milestones: tuple[MilestoneLine, ...] = ()
    change_expected: str = ""
    agency_response: str = ""
    report: ReportLine = ReportLine()


@dataclass(frozen=True)
class RecommendationLine:
    """One recommendation with its actions, in plan order."""

    text: str
    reference: str = ""
    addressee: str = ""
    scope: str = ""
    themes: tuple[str, ...] = ()
    actions: tuple[ActionLine, ...] = (ActionLine(),)
