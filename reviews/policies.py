"""Whether now: each rule once, as a sentence that says what to do. Site administrators are bound by them too.

``why_not_…`` answers with the sentence, or with nothing when the thing may be done: pages ask it to show or hide a
button, verbs raise it through ``check``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from agencies.refusals import Refused
from reviews.statuses import DECIDABLE, REPORTABLE, Decision, Status

if TYPE_CHECKING:
    from agencies.models import Agency
    from reviews.models import Action, Assignment, Review

#: Before this year no plan of this sort existed; an earlier date is a slip of the keyboard.
EARLIEST = dt.date(2000, 1, 1)
#: No practice goes unreviewed for longer; a later date is such a slip too.
FURTHEST_YEARS = 10


def check(why_not: str, *, field: str | None = None) -> None:
    """Raise Refused with ``why_not``, unless it is empty."""
    if why_not:
        raise Refused(why_not, field=field)


def why_not_update(action: Action) -> str:
    """Why nobody may report on this action now."""
    if action.status in (Status.COMPLETE, Status.NOT_PURSUED):
        return (
            f"This action is closed ({Status(action.status).label}), so it takes no more updates. "
            "Ask the coordinator to reopen it."
        )
    return ""


def why_not_claim(action: Action, assignment: Assignment) -> str:
    """Why this agency may not say now that the action is complete."""
    if not assignment.is_leading:
        return "A supporting agency reports progress; only a lead agency says that an action is complete."
    if assignment.status == Status.AWAITING:
        return "Your agency has already said that this action is complete. It waits for the Strategic Group."
    return why_not_update(action)


def why_not_decide(action: Action, decision: Decision) -> str:
    """Why the group cannot decide this of the action now."""
    if action.status in DECIDABLE[decision]:
        return ""
    if decision in (Decision.SIGNED_OFF, Decision.RETURNED):
        return "This action is not waiting for a decision: not every lead agency has said that it is complete."
    if decision == Decision.REOPENED:
        return "Only an action that is complete or not pursued can be reopened."
    return f"This action is already closed ({Status(action.status).label})."


def why_not_status(status: str, assignment: Assignment) -> str:
    """Why this status cannot be reported by this agency."""
    if not assignment.is_leading:
        return "A supporting agency's update carries no status." if status else ""
    if status not in REPORTABLE:
        return "Choose where the action stands: " + ", ".join(choice.label for choice in REPORTABLE) + "."
    return ""


def why_not_day(on: dt.date, *, today: dt.date) -> str:
    """Why a report or a decision cannot speak for this day."""
    if on > today:
        return f"This date is in the future. Enter a date up to today, {today.day} {today:%B %Y}."
    if on < EARLIEST:
        return f"Enter a date after {EARLIEST.year - 1}."
    return ""


def why_not_next_review(next_review_on: dt.date, *, on: dt.date) -> str:
    """Why an ongoing action cannot be reviewed next on this day, when it is reported on for the day ``on``."""
    if next_review_on <= on:
        return f"The next review lies after the day of this report. Enter a date after {on.day} {on:%B %Y}."
    if next_review_on.year > on.year + FURTHEST_YEARS:
        return f"Enter a date within the next {FURTHEST_YEARS} years."
    return ""


def why_not_name(review: Review, agency: Agency) -> str:
    """Why this review's papers cannot speak of this agency. One that no longer exists is still spoken of."""
    return "" if agency.partnership_id == review.partnership_id else "That agency belongs to another partnership."


def why_not_assign(review: Review, agency: Agency) -> str:
    """Why this agency cannot take an action of this review."""
    if foreign := why_not_name(review, agency):
        return foreign
    if agency.closed_on:
        return f"{agency} no longer exists. Choose the agency that took over from it."
    return ""
