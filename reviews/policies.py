"""Whether now: each rule once, as a sentence that says what to do. Site administrators are bound by them too.

``why_not_…`` answers with the sentence, or with nothing when the thing may be done: pages ask it to show or hide a
button, verbs raise it through ``check``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from agencies import days
from agencies.days import EARLIEST, in_words
from agencies.prepared import Blank, ask
from agencies.refusals import Refused
from reviews.kinds import PlanStage
from reviews.models import ActionWording, Assignment, Reader, SignOff
from reviews.models.dated import LONGEST_REASON
from reviews.statuses import CLOSED, DECIDABLE, REPORTABLE, Decision, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import Agency, Membership, User
    from reviews.models import Action, Review

#: No practice goes unreviewed, and no action is planned, for longer; a later date is a slip of the keyboard.
FURTHEST_YEARS = 10
#: Who starts reminders for a day later than this has most likely mistyped the year.
CHASED_WITHIN = dt.timedelta(days=366)


def check(why_not: str, *, field: str | None = None) -> None:
    """Raise Refused with ``why_not``, unless it is empty."""
    if why_not:
        raise Refused(why_not, field=field)


def checked_reason(reason: str, *, missing: str) -> str:
    """``reason`` as it is kept. Refused with ``missing`` where there is none, and where it is too long: never cut."""
    kept = reason.strip()
    if len(kept) > LONGEST_REASON:
        missing = f"Shorten this to {LONGEST_REASON} characters or fewer."
    check("" if 0 < len(kept) <= LONGEST_REASON else missing, field="reason")
    return kept


def why_not_update(action: Action) -> str:
    """Why nobody may report on this action now."""
    if action.status in CLOSED:
        return (
            f"This action is closed ({Status(action.status).label}), so it takes no more updates. "
            "Ask the coordinator to reopen it."
        )
    return ""


def why_not_take_back(action: Action, agency: Agency, *, releases: bool) -> str:
    """Why who sent an update for ``agency`` cannot take it back now; ``releases``: they release what is said for it."""
    if action.status in CLOSED:
        return f"This action is closed ({Status(action.status).label}). Ask the coordinator to take the update back."
    if agency.releases_updates and not releases:
        return f"A lead of {agency} released this update. Ask the coordinator to take it back."
    return ""


def signed_off_since() -> Exists:
    """Of evidence: the group has signed the action off since this was given, and has not taken that back."""
    decisions = SignOff.everything.in_force().filter(action=OuterRef("action"), decision=Decision.SIGNED_OFF)
    return Exists(decisions.filter(recorded_at__gte=OuterRef("recorded_at")))


def why_not_withdraw(action: Action, agency: Agency, *, releases: bool, signed_off: bool) -> str:
    """Why ``agency`` cannot withdraw evidence now; ``releases``: see above, ``signed_off``: see ``signed_off_since``.

    What the group has signed off stays its proof, also once the action is open again. While a claim waits, what names
    somebody must be out of sight at once: the group then reads that it was withdrawn, and why.
    """
    if action.status in CLOSED:
        return f"This action is closed ({Status(action.status).label}). Ask the coordinator to withdraw the evidence."
    if signed_off:
        return "This action was signed off on this evidence. Ask the coordinator to withdraw it."
    if agency.releases_updates and not releases:
        return f"A lead of {agency} releases what is given, and withdraws it. Ask one of them."
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
    """Why this status cannot be reported by this agency. Who has claimed need not say one: the claim then stays."""
    if not assignment.is_leading:
        return "A supporting agency's update carries no status." if status else ""
    if not status and assignment.status == Status.AWAITING:
        return ""
    if status not in REPORTABLE:
        return "Choose where the action stands: " + ", ".join(choice.label for choice in REPORTABLE) + "."
    return ""


def why_not_reword(review: Review, reason: str) -> str:
    """Why a wording of this plan cannot be changed so: while the plan is written an edit is an edit, afterwards not."""
    if review.stage != PlanStage.WRITING and not reason.strip():
        return "Say why the wording changes. The reason is kept beside the wording before it."
    return ""


def why_not_day(on: dt.date, *, today: dt.date) -> str:
    """Why a report or a decision cannot speak for this day."""
    return days.why_not_day(on, today=today)


def since_plan(action: Action) -> dict[str, dt.date | None]:
    """The day since which ``action`` stands in its plan: nothing about it was done or decided before."""
    found = ask(_first_wording, action=action.pk)
    return {"The plan that this action is part of": found[0][0] if found else None}


def _first_wording() -> QuerySet[ActionWording, Any]:
    return ActionWording.everything.in_force().filter(action=Blank("action")).order_by("on").values_list("on")[:1]


def check_action_day(action: Action, on: dt.date, *, after: Mapping[str, dt.date | None] | None = None) -> None:
    """Raise Refused when nothing about ``action`` can be recorded as of ``on``; ``after``: see ``agencies.days``."""
    days.check_day(on, after=since_plan(action) | dict(after or {}))


def why_not_target(date: dt.date, *, on: dt.date) -> str:
    """Why an action cannot be due on ``date``, as decided on the day ``on``. A date already past is a date."""
    if date < EARLIEST:
        return f"Enter a date after {EARLIEST.year - 1}."
    if date.year > on.year + FURTHEST_YEARS:
        return f"Enter a date within {FURTHEST_YEARS} years of the decision."
    return ""


def why_not_chase(review: Review, on: dt.date, *, today: dt.date) -> str:
    """Why reminders about this plan cannot start on ``on``: it may be to come, but not far off, nor before the plan."""
    if on > today + CHASED_WITHIN:
        return f"Enter a date within {CHASED_WITHIN.days} days from today."
    # What has no wording of a day was always in the plan.
    days_of_wordings = [day for (day,) in review.recommendations.values_list("wordings__on").distinct()]
    first = None if None in days_of_wordings else min(days_of_wordings, default=None)
    return days.why_not_before(on, after={"The plan": first})


def why_not_next_review(next_review_on: dt.date, *, on: dt.date) -> str:
    """Why an ongoing action cannot be reviewed next on this day, when it is reported on for the day ``on``."""
    if next_review_on <= on:
        return f"The next review lies after the day of this report. Enter a date after {in_words(on)}."
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


def open_to_owner(person: User) -> Q:
    """Of parts of an agency: ``person`` may see to the action, as the review is open or that agency named them for it.

    Whoever was named has still to accept confidentiality before they read it; until then mail goes to the leads.
    """
    named = Reader.objects.filter(
        review=OuterRef("action__review"), agency=OuterRef("agency"), user=person.pk, until__isnull=True
    )
    return Q(action__review__is_restricted=False) | Q(Exists(named))


def why_not_own(assignment: Assignment, owner: Membership) -> str:
    """Why this person cannot be the one who sees to the action at its agency."""
    if owner.agency_id != assignment.agency_id or owner.until:
        return f"That person does not belong to {assignment.agency}."
    if Assignment.everything.filter(open_to_owner(owner.user), pk=assignment.pk).exists():
        return ""
    return (
        f"{owner.user} is not named to read {assignment.action.review.reference}, which is restricted. "
        f"Let {assignment.agency} name them as a reader first."
    )
