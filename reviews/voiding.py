"""Taking back what was recorded by mistake: the row stays in the history, struck out, with the reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import System
from agencies.models import User
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews.following import follow, lock_heirs
from reviews.interest import why_not_alone
from reviews.kinds import PlanStage
from reviews.models import Assignment, Milestone, SignOff, TargetDate
from reviews.policies import checked_reason
from reviews.projection import lock_for, original, project
from reviews.statuses import CLOSED, OPEN

#: What it takes to take back which row, and what the audit calls it.
RIGHTS: dict[type[TargetDate | SignOff | Milestone], tuple[Permission, str]] = {
    TargetDate: (Permission.EDIT_PLAN, "target_date.voided"),
    SignOff: (Permission.RECORD_DECISION, "decision.voided"),
    Milestone: (Permission.EDIT_PLAN, "milestone.voided"),
}


@transaction.atomic
def void(*, row: TargetDate | SignOff | Milestone, by: User | System, reason: str) -> None:
    """Take back a change of the target date, a decision or a milestone.

    The original target date of an agreed plan is kept for ever; a decision is taken back from the last one backwards,
    and by nobody who has an interest in it.
    """
    permission, event = RIGHTS[type(row)]
    lock_heirs(row.action)
    action = lock_for(by, permission, row.action)
    reason = checked_reason(reason, missing="Say why this is taken back.")
    if why_not := _why_not(row) or (why_not_alone(action, by) if isinstance(row, SignOff) else ""):
        raise Refused(why_not)
    if not type(row).objects.filter(pk=row.pk).void(by=by, reason=reason):
        raise Refused("This was already taken back.")
    project([action])
    if action.status in OPEN:
        follow(action, by=by, on=timezone.localdate())
    audit.record(event, by=by, about=action, partnership=action.review.partnership_id, row=row.pk)


def _why_not(row: TargetDate | SignOff | Milestone) -> str:
    if isinstance(row, TargetDate):
        dates = list(TargetDate.objects.in_force().filter(action=row.action_id))
        is_original = bool(dates) and original(dates).pk == row.pk
        if is_original and row.action.review.stage != PlanStage.WRITING:
            return "The original date of an agreed plan is kept. Change the target date instead, and say why."
    later = SignOff.objects.in_force().filter(action=row.action_id, on__gte=row.on, recorded_at__gt=row.recorded_at)
    if isinstance(row, SignOff) and later.exists():
        return "A later decision follows this one. Take that one back first."
    return _why_not_close(row) if isinstance(row, SignOff) else ""


def _why_not_close(row: SignOff) -> str:
    """Why an action would be closed with no decision: who answers for it now began where this one had left it."""
    leads = Assignment.objects.current().leading().filter(action=row.action_id, action__status__in=CLOSED)
    if leads.filter(recorded_at__lte=row.recorded_at).exists() or not (part := leads.select_related("agency").first()):
        return ""
    return f"{part.agency} took this action over after it was closed. Reopen the action instead, and say why."
