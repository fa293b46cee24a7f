"""Today's projection: an action's status, dates and silence, worked out from its dated rows.

Lists and counts read the projected fields, so that an index serves them; the rows are the truth. Every verb locks the
action, writes its rows and projects, in that order. ``check_portal`` projects everything anew and must find no change.

Whoever locks more than one thing locks from the top down, so that no two wait for each other: agencies by their keys,
then memberships and their people by theirs, then the review, then recommendations, then actions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet

from agencies.actors import System
from agencies.holdings import forget
from agencies.lookups import among
from agencies.models import Agency, Partnership, User
from agencies.permissions import require
from agencies.prepared import Keys, ask
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    PlanImport,
    ProgressUpdate,
    Recommendation,
    RecommendationWording,
    Review,
    SignOff,
    TargetDate,
)
from reviews.statuses import AFTER_DECISION, CLOSED, Decision, Mark, Status, latest, together

#: What verbs lock: one row and not what belongs to it.
Row = TypeVar("Row", Partnership, PlanImport, Review, Recommendation, Action)

ACTION_FIELDS = (
    "status",
    "target_date",
    "target_as_written",
    "original_target_date",
    "next_review_on",
    "claimed_on",
    "silent_since",
)
ASSIGNMENT_FIELDS = ("status", "claimed_on", "last_update_on")


def lock(actions: Iterable[Action | int]) -> list[Action]:
    """Lock these actions until the transaction ends, in primary-key order, and read them anew.

    What people hold is asked anew, too: it may have changed while the lock was waited for.
    """
    keys = {action.pk if isinstance(action, Action) else action for action in actions}
    locked = ask(_locked, actions=keys)
    forget()
    return locked


def _locked() -> QuerySet[Action]:
    rows = Action.objects.select_for_update(of=("self",)).filter(among("pk", Keys("actions"))).order_by("pk")
    return rows.select_related("review", "recommendation")


def lock_recommendations(recommendations: Iterable[Recommendation | int]) -> list[Recommendation]:
    """Lock these recommendations until the transaction ends, in primary-key order, and read them anew.

    Before their actions, and after their review: a wording or a number that somebody else is writing is waited for.
    """
    keys = {row.pk if isinstance(row, Recommendation) else row for row in recommendations}
    locked = list(_rows_of(Recommendation).filter(pk__in=keys).order_by("pk"))
    forget()
    return locked


def lock_one(row: Row) -> Row:
    """Lock one row until the transaction ends, and read it anew. Refused when its plan was undone meanwhile."""
    locked: list[Any]
    if isinstance(row, Action):
        locked = lock([row])
    elif isinstance(row, Recommendation):
        locked = lock_recommendations([row])
    else:
        locked = list(_rows_of(type(row)).filter(pk=row.pk))
        forget()
    if not locked:
        what = row._meta.verbose_name
        raise Refused(f"This {what} is no longer there: bringing in the plan that it came with was undone.")
    found: Row = locked[0]
    return found


def lock_for(by: User | System, permission: Permission, row: Row) -> Row:
    """Lock one row, then ask whether ``by`` may: a right that ended while the lock was waited for grants nothing."""
    locked = lock_one(row)
    require(by, permission, locked)
    return locked


def _rows_of(model: type[Any]) -> QuerySet[Any]:
    """Rows to be locked. Others may go on to add what only names them, as every dated row names its action."""
    rows = model.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("review") if model is Recommendation else rows


def project(actions: Sequence[Action]) -> int:
    """Write the projected fields of ``actions`` from their rows; how many rows of actions and assignments changed."""
    keys = [action.pk for action in actions]
    assignments, updates, sign_offs, dates = (_by_action(ask(rows, actions=keys)) for rows in _ROWS)
    changed: list[Action | Assignment] = []
    for action in actions:
        key = action.pk
        changed += work_out(action, assignments[key], updates[key], sign_offs[key], dates[key])
    _write(Assignment, [row for row in changed if isinstance(row, Assignment)], ASSIGNMENT_FIELDS)
    _write(Action, [row for row in changed if isinstance(row, Action)], ACTION_FIELDS)
    return len(changed)


def _write(model: type[Action | Assignment], rows: Sequence[Any], fields: Sequence[str]) -> None:
    """Write these fields of the rows. Mostly there is one, for which the statement that many share costs too much."""
    if len(rows) == 1:
        rows[0].save(update_fields=fields)
    else:
        model.everything.bulk_update(rows, fields, batch_size=500)


def project_words(rows: Sequence[Recommendation] | Sequence[Action]) -> int:
    """Write what recommendations, or actions, say from the last of their wordings; how many rows changed.

    Of actions also where they sort, which follows from their numbers and those of their recommendations.
    """
    if not rows:
        return 0
    model: type[Any] = type(rows[0])
    wordings, owner = (ActionWording, "action") if model is Action else (RecommendationWording, "recommendation")
    in_force = wordings.everything.in_force().filter(**{f"{owner}__in": rows})
    said = dict(in_force.order_by(*_IN_ORDER).values_list(owner, "text"))
    changed = []
    for row in rows:
        values = {"text": said.get(row.pk, row.text)}  # one that was never worded says what it says
        if isinstance(row, Action):
            values["sort_key"] = row.sort_by()
        if _set(row, values):
            changed.append(row)
    model.everything.bulk_update(changed, list(values), batch_size=500)
    return len(changed)


_IN_ORDER = ("on", "recorded_at", "pk")
#: The rows from which actions are projected.
_ROWS: tuple[Callable[[], QuerySet[Any]], ...] = (
    lambda: _of_these(Assignment.everything.current()).order_by("order", "pk"),
    lambda: _of_these(ProgressUpdate.everything.in_force().select_related("claim")).order_by(*_IN_ORDER),
    lambda: _of_these(SignOff.everything.in_force()),
    lambda: _of_these(TargetDate.everything.in_force()).order_by(*_IN_ORDER),
)


def _of_these(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(among("action", Keys("actions")))


def work_out(
    action: Action,
    assignments: Sequence[Assignment],
    updates: Sequence[ProgressUpdate],
    sign_offs: Sequence[SignOff],
    dates: Sequence[TargetDate],
) -> list[Action | Assignment]:
    """Set the projected fields of an action and of its current parts from their rows, each the earliest first.

    Returns those that changed. Nothing is read or written, so that rows may be worked out before they are saved.
    """
    changed: list[Action | Assignment] = []
    for assignment in assignments:
        theirs = [row for row in updates if row.agency_id == assignment.agency_id]
        if _set(assignment, assignment_now(assignment, theirs, sign_offs)):
            changed.append(assignment)
    if _set(action, action_now(assignments, updates, dates)):
        changed.append(action)
    return changed


def marks(updates: Iterable[ProgressUpdate], sign_offs: Iterable[SignOff]) -> list[Mark]:
    """The rows that set a lead's status: what agencies reported, then what the group decided."""
    reported = [Mark(row.on, row.recorded_at, Status(row.status)) for row in updates if row.status]
    decided = [Mark(row.on, row.recorded_at, AFTER_DECISION[Decision(row.decision)]) for row in sign_offs]
    return reported + decided


def beginning(action: Action, agency: Agency) -> Status:
    """Where an agency stands that is put on ``action`` now: not started, unless it comes back or all is done.

    Who is put on a closed action does not open it; who had a part before stands where its own reports and the
    decisions since leave it.
    """
    if action.status in CLOSED:
        return Status(action.status)
    own = list(ProgressUpdate.objects.in_force().filter(action=action, agency=agency))
    return latest(Status.NOT_STARTED, marks(own, SignOff.objects.in_force().filter(action=action)) if own else ())


def assignment_now(
    assignment: Assignment, updates: Sequence[ProgressUpdate], sign_offs: Sequence[SignOff]
) -> dict[str, Any]:
    """Where an agency stands, from its ``updates`` with their claims and the decisions on the action, earliest first.

    ``initial_status`` says where it stood by all that was on record when its part was: a decision on the agency before
    it, or an old report of its own, does not count again. What is recorded later does, whatever day it speaks for.
    So does ``initial_claimed_on`` say when it was complete by then, if it was claimed: by the agency before it, too.
    """
    reported = [row for row in updates if row.recorded_at >= assignment.recorded_at]
    decided = [row for row in sign_offs if row.recorded_at >= assignment.recorded_at or _came_with(assignment, row)]
    status = latest(Status(assignment.initial_status), marks(reported, decided))
    own = [row.on for row in updates if row.source != ProgressUpdate.Source.IMPORTED]
    earlier = [row.claim.completed_on for row in updates if getattr(row, "claim", None)]
    since = [row.claim.completed_on for row in reported if getattr(row, "claim", None)]
    first = [assignment.initial_claimed_on] if assignment.initial_claimed_on else []
    claimed = since or first or earlier
    return {
        "status": status if assignment.is_leading else assignment.initial_status,
        "claimed_on": claimed[-1] if claimed and status == Status.AWAITING else None,
        "last_update_on": max(own, default=None),
    }


def _came_with(assignment: Assignment, row: SignOff) -> bool:
    """Whether a plan that was brought in says by ``row`` that what ``assignment`` is about is complete."""
    return row.decision == Decision.CARRIED_OVER and assignment.initial_status == Status.NOT_RECORDED


def action_now(
    assignments: Sequence[Assignment], updates: Sequence[ProgressUpdate], dates: Sequence[TargetDate]
) -> dict[str, Any]:
    """Where an action stands, from its parts (each already as ``assignment_now`` says) and its rows, earliest first."""
    leads = [row for row in assignments if row.is_leading]
    status = together(Status(row.status) for row in leads)
    reviews_on = [row.next_review_on for row in updates if row.next_review_on]
    return {
        "status": status,
        "original_target_date": original(dates).date if dates else None,
        "target_date": dates[-1].date if dates else None,
        "target_as_written": dates[-1].as_written if dates else "",
        "next_review_on": reviews_on[-1] if reviews_on and status == Status.ONGOING else None,
        # With several leads the last to have finished says when the action was complete.
        "claimed_on": max((row.claimed_on for row in leads if row.claimed_on), default=None)
        if status == Status.AWAITING
        else None,
        "silent_since": min((max(filter(None, (row.last_update_on, row.on))) for row in leads), default=None),
    }


def original(dates: Sequence[TargetDate]) -> TargetDate:
    """The first date on record, of ``dates`` with the earliest first: no row that comes later takes its place."""
    return min(dates, key=lambda row: row.recorded_at)


def _set(row: Action | Assignment | Recommendation, values: dict[str, Any]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _by_action(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.action_id].append(row)
    return grouped
