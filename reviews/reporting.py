"""One report as an agency sends it: the update with its evidence, both or neither, once however often it is pressed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from agencies.models import Agency, User
from agencies.permissions import require
from agencies.prepared import Blank, ask
from agencies.roles import Permission
from reviews.drafts import sent_from
from reviews.evidence import Piece, attach_all, nothing_left_behind
from reviews.models import Action, Evidence, ProgressUpdate, Submission
from reviews.policies import check
from reviews.progress import Completion, Report, check_report, submit_locked
from reviews.projection import lock_for
from reviews.statuses import Status

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Overtaken(Exception):
    """The agency has reported since the author last looked. ``since`` is what came, the newest first."""

    def __init__(self, since: Sequence[ProgressUpdate]) -> None:
        """Keep what came."""
        super().__init__(f"{len(since)} newer")
        self.since = since


@dataclass(frozen=True)
class Sending:
    """One report on its way: whose, about what, and everything that it says."""

    action: Action
    agency: Agency
    by: User
    report: Report
    on: dt.date
    completion: Completion | None = None
    given_by: str = ""


def check_can_send(sending: Sending, *, has_evidence: bool) -> None:
    """Raise what ``send`` would raise as things stand, without sending anything."""
    require(sending.by, Permission.READ_ACTION, sending.action)
    check_report(**vars(sending))
    check(_why_no_evidence(sending, has_evidence=has_evidence), field="no_evidence_reason")


def send(
    sending: Sending, *, pieces: Sequence[Piece] = (), seen: int | None = None, token: uuid.UUID | None = None
) -> ProgressUpdate:
    """Submit a report with ``pieces`` of evidence.

    ``seen`` is the key of the agency's last update that the author read, 0 for none. When another came since, Overtaken
    lets the author decide. ``token`` is that of the form: sent twice, it leads to the same update.
    """
    by, action, agency = sending.by, sending.action, sending.agency
    kept: list[Evidence] = []
    with nothing_left_behind(kept), transaction.atomic():
        action = lock_for(by, Permission.READ_ACTION, action)
        if token and (sent := sent_from(action, by, token)):
            return sent
        if since := came_since(action, agency, seen):
            raise Overtaken(since)
        check(_why_no_evidence(sending, has_evidence=bool(pieces)), field="no_evidence_reason")
        update = submit_locked(**vars(sending) | {"action": action}, token=token)
        kept += attach_all(action=action, agency=agency, by=by, on=sending.on, pieces=pieces, update=update)
    return update


def is_this_report(row: ProgressUpdate | Submission, sending: Sending) -> bool:
    """Whether ``row``, which this person sent or handed in, is what is being sent: the same words for the same day."""
    completion = sending.completion
    words: dict[str, Any] = vars(sending.report) | {"on": sending.on}
    if isinstance(row, Submission):
        said = vars(completion) if completion else {"completed_on": None}
        return all(getattr(row, name) == value for name, value in (words | said).items())
    words |= {"given_by": sending.given_by} | ({"status": Status.AWAITING} if completion else {})
    claim = getattr(row, "claim", None)
    claimed = {name: getattr(claim, name) for name in vars(completion)} if completion and claim else None
    same_claim = claimed == vars(completion) if completion else claim is None
    return same_claim and all(getattr(row, name) == value for name, value in words.items())


def came_since(action: Action, agency: Agency, seen: int | None) -> list[ProgressUpdate]:
    """The agency's updates on ``action`` after the one with the key ``seen``, the newest first."""
    if seen is None:
        return []
    return ask(_came_since, action=action.pk, agency=agency.pk, seen=seen)


def _came_since() -> QuerySet[ProgressUpdate]:
    rows = ProgressUpdate.everything.in_force().filter(
        action=Blank("action"), agency=Blank("agency"), pk__gt=Blank("seen")
    )
    return rows.select_related("claim", "recorded_by").order_by("-pk")


def _why_no_evidence(sending: Sending, *, has_evidence: bool) -> str:
    """A claim comes with evidence, or with the reason why there is none."""
    if sending.completion is None or has_evidence or sending.completion.no_evidence_reason.strip():
        return ""
    if Evidence.everything.in_force().filter(action=sending.action, agency=sending.agency).exists():
        return ""
    return "Add evidence that it was done, or say here why there is none."
