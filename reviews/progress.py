"""How an update travels: what an agency submits, claims of completion among it, and taking it back."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.models import Agency, User
from agencies.permissions import holds, require
from agencies.prepared import Blank, ask
from agencies.refusals import Refused
from agencies.releasing import may_release
from agencies.roles import Permission
from agencies.succession import lineage
from reviews import policies
from reviews.following import follow, lock_heirs
from reviews.models import Action, Assignment, Claim, Draft, ProgressUpdate
from reviews.projection import lock_one, project
from reviews.statuses import OPEN, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Report:
    """The words of an update as an agency gives them."""

    progress: str = ""
    next_steps: str = ""
    status: str = ""
    next_review_on: dt.date | None = None
    obstacles: str = ""
    help_wanted: str = ""


@dataclass(frozen=True)
class Completion:
    """What a claim of completion says besides the report."""

    completed_on: dt.date
    what_changed: str
    no_evidence_reason: str = ""


def assignment_of(action: Action, agency: Agency) -> Assignment:
    """The agency's current part in the action; Refused when it has none."""
    rows: list[Assignment] = ask(_assignment_of, action=action.pk, agency=agency.pk)
    if not rows:
        raise Refused(f"{agency} does not answer for this action any more.")
    return rows[0]


def _assignment_of() -> QuerySet[Assignment]:
    return Assignment.everything.current().order_by().filter(action=Blank("action"), agency=Blank("agency"))


def check_report(
    *,
    action: Action,
    agency: Agency,
    by: User | System,
    report: Report,
    on: dt.date,
    completion: Completion | None = None,
    given_by: str = "",
) -> None:
    """Raise what ``submit`` would raise for this report as things stand; write nothing."""
    _check_who(action, agency, by, given_by, claiming=completion is not None)
    _check_when(action, assignment_of(action, agency), report, on, completion)


@transaction.atomic
def submit(
    *,
    action: Action,
    agency: Agency,
    by: User | System,
    report: Report,
    on: dt.date,
    completion: Completion | None = None,
    given_by: str = "",
    token: uuid.UUID | None = None,
    author: User | None = None,
) -> ProgressUpdate:
    """Record one update of ``agency`` on ``action``, speaking for ``on``. With ``completion`` it is a claim.

    A person of the agency reports; a coordinator records for the agency and says in ``given_by`` who gave it. ``token``
    is that of the form it was written in: each makes one update. Where the agency's leads release what is said, one of
    them submits; ``author`` is then who wrote it.
    """
    return submit_locked(
        action=lock_one(action), agency=agency, by=by, report=report, on=on, completion=completion,
        given_by=given_by, token=token, author=author,
    )  # fmt: skip


def submit_locked(
    *,
    action: Action,
    agency: Agency,
    by: User | System,
    report: Report,
    on: dt.date,
    completion: Completion | None = None,
    given_by: str = "",
    token: uuid.UUID | None = None,
    author: User | None = None,
) -> ProgressUpdate:
    """``submit``, for a verb that has opened a transaction and locked ``action`` in it."""
    recorded_for = _check_who(action, agency, by, given_by, claiming=completion is not None)
    if waits_for_release(agency, by, given_by=given_by):
        raise Refused(f"A lead of {agency} releases each update. Hand it in, and it waits for them.")
    assignment = assignment_of(action, agency)
    _check_when(action, assignment, report, on, completion)
    update = ProgressUpdate.objects.create(
        action=action,
        agency=agency,
        on=on,
        recorded_by=author or person(by),
        released_by=person(by) if author and author != person(by) else None,
        source=ProgressUpdate.Source.RECORDED_FOR if recorded_for else ProgressUpdate.Source.REPORTED,
        given_by=given_by,
        token=token,
        **(vars(report) | ({"status": Status.AWAITING} if completion else {})),
    )
    if completion:
        Claim.objects.create(update=update, **vars(completion))
    if token:
        Draft.objects.filter(action=action, agency=agency, author=author or person(by), token=token).delete()
    project([action])
    audit.record(
        "action.claimed" if completion else "action.updated",
        by=by,
        about=action,
        partnership=action.review.partnership_id,
        update=update.pk,
        agency=agency.pk,
    )
    return update


def waits_for_release(agency: Agency, by: User | System, *, given_by: str = "") -> bool:
    """Whether what ``by`` writes for ``agency`` waits until one of its leads releases it."""
    if given_by or isinstance(by, System) or not ask(_releasing, agency=agency.pk):
        return False
    return not may_release(by, agency)


def _releasing() -> QuerySet[Agency, Any]:
    return Agency.objects.order_by().filter(pk=Blank("agency"), releases_updates=True).values_list("pk")


@transaction.atomic
def void(*, update: ProgressUpdate, by: User | System, reason: str) -> None:
    """Take back an update that was a mistake. It stays in the history, struck out, with the reason.

    Who sent it may, while the action is open; a coordinator may.
    """
    lock_heirs(update.action)
    action = lock_one(update.action)
    if not holds(by, Permission.RECORD_FOR_AGENCY, action):
        _check_may_void(update, by)
        update.agency.refresh_from_db(fields=["releases_updates"])
        releases = may_release(by, update.agency)
        policies.check(policies.why_not_take_back(action, update.agency, releases=releases))
    reason = policies.checked_reason(reason, missing="Say why this update is taken back.")
    if not ProgressUpdate.objects.filter(pk=update.pk).void(by=by, reason=reason):
        raise Refused("This update was already taken back.")
    project([action])
    if action.status in OPEN:
        follow(action, by=by, on=timezone.localdate())
    audit.record("update.voided", by=by, about=action, partnership=action.review.partnership_id, update=update.pk)


def may_void(update: ProgressUpdate, by: User) -> bool:
    """Whether taking this update back is theirs at all, be it open to them now or not."""
    try:
        if not holds(by, Permission.RECORD_FOR_AGENCY, update.action):
            _check_may_void(update, by)
    except PermissionDenied:
        return False
    return True


def _check_may_void(update: ProgressUpdate, by: User | System) -> None:
    """Who sent it, while they report for its agency, or for one that took over from it and with which they went."""
    if update.recorded_by != person(by):
        raise PermissionDenied("only who sent an update, or a coordinator, takes it back")
    require(by, Permission.UPDATE_ACTION, update.action)
    if not any(holds(by, Permission.UPDATE_ACTION, agency) for agency in lineage(update.agency)):
        raise PermissionDenied("reports neither for its agency nor for one that took over")


def _check_who(action: Action, agency: Agency, by: User | System, given_by: str, *, claiming: bool) -> bool:
    """Whether ``by`` records for the agency; raises unless they may do that, or report as one of its people."""
    if given_by:
        require(by, Permission.RECORD_FOR_AGENCY, action)
        return True
    for permission in (Permission.UPDATE_ACTION, Permission.CLAIM_COMPLETION)[: 1 + claiming]:
        require(by, permission, action)
        require(by, permission, agency)
    return False


def _check_when(
    action: Action, assignment: Assignment, report: Report, on: dt.date, completion: Completion | None
) -> None:
    policies.check_action_day(action, on)
    if completion:
        policies.check(policies.why_not_claim(action, assignment))
        _check_completion(report, completion, on)
        return
    policies.check(policies.why_not_update(action))
    policies.check(policies.why_not_status(report.status, assignment), field="status")
    if not report.progress.strip() and not report.next_steps.strip():
        raise Refused("Enter what has been done, or what happens next.", field="progress")
    if report.status == Status.ONGOING and report.next_review_on is None:
        raise Refused("An ongoing action needs the date when it is next reviewed.", field="next_review_on")
    if report.next_review_on:
        policies.check(policies.why_not_next_review(report.next_review_on, on=on), field="next_review_on")


def _check_completion(report: Report, completion: Completion, on: dt.date) -> None:
    if not report.progress.strip():
        raise Refused("Enter what was done.", field="progress")
    if not completion.what_changed.strip():
        raise Refused("Enter what changed because of it.", field="what_changed")
    policies.check(policies.why_not_day(completion.completed_on, today=on), field="completed_on")
