"""Looking again, just before a message is sent: what was true when it was planned need not be true any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agencies.permissions import holds
from agencies.roles import Permission
from reviews.chasing.composing import Entry
from reviews.chasing.kinds import StillHolding
from reviews.chasing.recipients import has_address
from reviews.chasing.selection import ReachedOn
from reviews.models import Line, Notice, Stage, Why
from reviews.statuses import OPEN, Status

if TYPE_CHECKING:
    from agencies.models import Partnership


def what_still_holds(notice: Notice) -> StillHolding:
    """Look again at the person, the address, the pause, and each action's state, date, owner and permission."""
    person, partnership = notice.person, notice.partnership
    assert person and partnership  # the database holds that mail about plans has both  # noqa: S101, PT018
    person.refresh_from_db()
    partnership.refresh_from_db()
    if not person.is_active:
        return StillHolding(why_not=Why.LEFT)
    if not has_address(person):
        return StillHolding(why_not=Why.NO_ADDRESS)
    if notice.run and partnership.chasing_paused:
        return StillHolding(why_not=Why.PAUSED)
    lines = notice.lines.filter(state=Line.State.QUEUED).select_related("action__review", "person").order_by("pk")
    rows = list(lines)
    found = _reminders(notice, partnership, rows) if notice.run else _decisions(rows)
    if not found.lines:
        found.why_not = Why.NOTHING_LEFT
    return found


def _reminders(notice: Notice, partnership: Partnership, lines: list[Line]) -> StillHolding:
    """A reminder holds if today's facts would select it for the day of its run."""
    assert notice.run is not None  # the caller has asked  # noqa: S101
    reached = ReachedOn(partnership, notice.run.on, only=[line.action_id for line in lines])
    wanted = {row.key: row for row in reached.reminders}
    barred = {action: why for why, actions in reached.left_out.items() for action in actions}
    found = StillHolding(facts=[])
    for line in lines:
        row = wanted.get((line.person_id, line.action_id, line.stage, line.number, line.anchor))
        if row is None:
            found.dropped[line.pk] = barred.get(line.action_id) or _why_over(line) or Why.MOVED
            continue
        is_review = row.assignment.status == Status.ONGOING
        found.lines.append(line)
        found.facts.append(_entry(line, due_on=row.due_on, is_review=is_review))
    return found


def _decisions(lines: list[Line]) -> StillHolding:
    """A message that a claim was returned holds while the agency has the next move and the person reads the action."""
    found = StillHolding(facts=[])
    for line in lines:
        may_read = holds(line.person, Permission.READ_ACTION, line.action)
        if why := _why_over(line) or ("" if may_read else Why.NO_RIGHT):
            found.dropped[line.pk] = why
            continue
        found.lines.append(line)
        found.facts.append(_entry(line))
    return found


def _why_over(line: Line) -> str:
    """Why nothing is asked about the line's action any more, if so."""
    if line.action.review.chasing_from is None:
        return Why.STOPPED
    return "" if line.action.status in OPEN else Why.CLOSED


def _entry(line: Line, **facts: object) -> Entry:
    return Entry(action=line.action_id, plan=line.action.review.reference, stage=Stage(line.stage), **facts)  # type: ignore[arg-type]
