"""The statuses of an action, how they follow from its dated rows, and what lateness is: tables and pure functions.

Status and lateness are two facts. Status is what somebody reported or decided; lateness is worked out from dates and is
never stored. Nothing here reads the clock or the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices


class Status(TextChoices):
    """Where an action stands, least advanced first; Not pursued stands apart."""

    NOT_RECORDED = "not_recorded", "Not recorded"
    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    ONGOING = "ongoing", "Ongoing"
    AWAITING = "awaiting", "Complete, awaiting sign-off"
    COMPLETE = "complete", "Complete"
    NOT_PURSUED = "not_pursued", "Not pursued"


MEANINGS: dict[Status, str] = {
    Status.NOT_RECORDED: "The plan that was brought in gave no status, or no agency leads the action yet.",
    Status.NOT_STARTED: "Work has not begun.",
    Status.IN_PROGRESS: "Work towards the action is under way.",
    Status.ONGOING: "A practice that goes on; it has a date of next review instead of an end.",
    Status.AWAITING: "The agency says it is complete; the Strategic Group has not yet decided.",
    Status.COMPLETE: "The Strategic Group has agreed that it is done, or the plan brought in said so.",
    Status.NOT_PURSUED: "It will not be done, for a reason that is recorded.",
}

RANK: dict[Status, int] = {status: rank for rank, status in enumerate(Status)}

#: What an agency may report in an update. A claim of completion makes AWAITING; only a decision makes COMPLETE.
REPORTABLE = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.ONGOING)
#: Nobody need do anything more.
CLOSED = (Status.COMPLETE, Status.NOT_PURSUED)
#: The agency still has work to do; these are late and are chased.
OPEN = (Status.NOT_RECORDED, Status.NOT_STARTED, Status.IN_PROGRESS, Status.ONGOING)


class Turn(TextChoices):
    """Whose turn it is."""

    AGENCY = "agency", "The agency"
    GROUP = "group", "The Strategic Group"
    NOBODY = "nobody", "Nobody"


WHOSE_TURN: dict[Status, Turn] = {
    Status.NOT_RECORDED: Turn.AGENCY,
    Status.NOT_STARTED: Turn.AGENCY,
    Status.IN_PROGRESS: Turn.AGENCY,
    Status.ONGOING: Turn.AGENCY,
    Status.AWAITING: Turn.GROUP,
    Status.COMPLETE: Turn.NOBODY,
    Status.NOT_PURSUED: Turn.NOBODY,
}


class Decision(TextChoices):
    """What the group decides of a whole action."""

    SIGNED_OFF = "signed_off", "Signed off"
    CARRIED_OVER = "carried_over", "Complete as reported in the plan, not checked here"
    RETURNED = "returned", "Returned to the agency"
    REOPENED = "reopened", "Reopened"
    NOT_PURSUED = "not_pursued", "Not pursued"


#: The status that each lead of the action has after a decision.
AFTER_DECISION: dict[Decision, Status] = {
    Decision.SIGNED_OFF: Status.COMPLETE,
    Decision.CARRIED_OVER: Status.COMPLETE,
    Decision.RETURNED: Status.IN_PROGRESS,
    Decision.REOPENED: Status.IN_PROGRESS,
    Decision.NOT_PURSUED: Status.NOT_PURSUED,
}

#: From which statuses of the action each decision may be taken.
DECIDABLE: dict[Decision, tuple[Status, ...]] = {
    Decision.SIGNED_OFF: (Status.AWAITING,),
    Decision.CARRIED_OVER: OPEN,
    Decision.RETURNED: (Status.AWAITING,),
    Decision.REOPENED: CLOSED,
    Decision.NOT_PURSUED: (*OPEN, Status.AWAITING),
}


@dataclass(frozen=True)
class Mark:
    """One dated row that sets a status: an update of one agency, or a decision on the whole action."""

    on: dt.date
    recorded_at: dt.datetime
    status: Status


def latest(initial: Status, marks: Iterable[Mark]) -> Status:
    """The status after all ``marks``; of two that speak for one day, the one recorded later counts.

    Of two recorded at one moment the one given last counts: a decision is given after the updates it decides on.
    """
    in_order = sorted(marks, key=lambda mark: (mark.on, mark.recorded_at))
    return in_order[-1].status if in_order else initial


def together(statuses: Iterable[Status]) -> Status:
    """An action's status from those of its leads: the least advanced. Not pursued drops out unless all are."""
    of_leads = list(statuses)
    pursued = [status for status in of_leads if status != Status.NOT_PURSUED]
    if not of_leads:
        return Status.NOT_RECORDED
    return min(pursued, key=RANK.__getitem__) if pursued else Status.NOT_PURSUED


class Lateness(TextChoices):
    """How an action stands to its target date."""

    NO_DATE = "no_date", "No date"
    ON_TIME = "on_time", "On time"
    DUE_SOON = "due_soon", "Due soon"
    OVERDUE = "overdue", "Overdue"
    CLOSED = "closed", "Closed"


DUE_SOON_DAYS = 28
#: An agency that has work to do and has not reported for so long is called silent.
SILENT_DAYS = 90


@dataclass(frozen=True)
class Timing:
    """Lateness with the days behind it: ``days`` until the date, negative when it has passed, None without one."""

    lateness: Lateness
    days: int | None = None

    @property
    def words(self) -> str:
        """What a page says: "Overdue by 12 days", "Due in 3 days", "No date"."""
        if self.days is None or self.lateness in (Lateness.NO_DATE, Lateness.CLOSED):
            return self.lateness.label
        count = f"{abs(self.days)} day{'' if abs(self.days) == 1 else 's'}"
        if self.lateness == Lateness.OVERDUE:
            return f"Overdue by {count}"
        if self.lateness == Lateness.DUE_SOON:
            return "Due today" if self.days == 0 else f"Due in {count}"
        return self.lateness.label


def timing(
    status: Status,
    *,
    target: dt.date | None,
    review: dt.date | None,
    claimed_on: dt.date | None,
    on: dt.date,
) -> Timing:
    """How late an action is on the day ``on``.

    Ongoing is judged by its date of next review. A claimed action is judged by the completion date claimed: waiting for
    a decision counts against the group, not the agency.
    """
    if status in CLOSED:
        return Timing(Lateness.CLOSED)
    due = review if status == Status.ONGOING else target
    if due is None:
        return Timing(Lateness.NO_DATE)
    days = (due - (claimed_on if status == Status.AWAITING and claimed_on else on)).days
    if days < 0:
        return Timing(Lateness.OVERDUE, days)
    if status == Status.AWAITING:
        return Timing(Lateness.ON_TIME, days)
    return Timing(Lateness.DUE_SOON if days <= DUE_SOON_DAYS else Lateness.ON_TIME, days)
