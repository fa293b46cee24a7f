"""One report as an agency sends it: the update with its evidence, both or neither, once however often it is pressed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from agencies.actors import person
from agencies.models import Agency, User
from agencies.permissions import require
from agencies.roles import Permission
from reviews.evidence import Piece, attach_all, nothing_left_behind
from reviews.models import Action, Evidence, ProgressUpdate
from reviews.policies import check
from reviews.progress import Completion, Report, submit
from reviews.projection import lock_one
from reviews.statuses import Status


class Overtaken(Exception):
    """The agency has reported since the author last looked. ``since`` is what came, the newest first."""

    def __init__(self, since: Sequence[ProgressUpdate]) -> None:
        """Keep what came."""
        super().__init__(f"{len(since)} newer")
        self.since = since


def send(
    *,
    action: Action,
    agency: Agency,
    by: User,
    report: Report,
    on: dt.date,
    completion: Completion | None = None,
    given_by: str = "",
    pieces: Sequence[Piece] = (),
    seen: int | None = None,
) -> ProgressUpdate:
    """Submit ``report`` with ``pieces`` of evidence.

    ``seen`` is the key of the agency's last update that the author read, 0 for none. When another came since, Overtaken
    lets the author decide; when what came is this very report, it was pressed twice, and nothing is stored again.
    """
    require(by, Permission.READ_ACTION, action)
    kept: list[Evidence] = []
    with nothing_left_behind(kept), transaction.atomic():
        action = lock_one(action)
        since = _since(action, agency, seen)
        sent = next((row for row in since if _says(row, by, report, on, completion, given_by)), None)
        if since and sent is None:
            raise Overtaken(since)
        if sent is None:
            check(_why_no_evidence(action, agency, completion, pieces), field="no_evidence_reason")
            sent = submit(
                action=action, agency=agency, by=by, report=report, on=on, completion=completion, given_by=given_by
            )
        new = [piece for piece in pieces if not (since and _is_there(piece, sent))]
        kept += attach_all(action=action, agency=agency, by=by, on=on, pieces=new, update=sent)
    return sent


def _since(action: Action, agency: Agency, seen: int | None) -> list[ProgressUpdate]:
    if seen is None:
        return []
    rows = ProgressUpdate.objects.standing().filter(action=action, agency=agency, pk__gt=seen)
    return list(rows.select_related("claim", "recorded_by").order_by("-pk"))


def _says(
    row: ProgressUpdate, by: User, report: Report, on: dt.date, completion: Completion | None, given_by: str
) -> bool:
    """Whether ``row`` is what ``by`` is sending now."""
    words: dict[str, Any] = vars(report) | ({"status": Status.AWAITING} if completion else {})
    words |= {"on": on, "given_by": given_by, "recorded_by": person(by)}
    claim = getattr(row, "claim", None)
    claimed = {name: getattr(claim, name) for name in vars(completion)} if completion and claim else None
    same_claim = claimed == vars(completion) if completion else claim is None
    return same_claim and all(getattr(row, name) == value for name, value in words.items())


def _is_there(piece: Piece, update: ProgressUpdate) -> bool:
    """Whether this piece already came with the update: pressed twice, it is stored once."""
    own = Evidence.objects.standing().filter(update=update)
    if piece.file is None:
        return own.filter(link=piece.link, where_held=piece.where_held, title=piece.title).exists()
    piece.file.seek(0)
    digest = hashlib.file_digest(piece.file, "sha256").hexdigest()
    piece.file.seek(0)
    return own.filter(sha256=digest).exists()


def _why_no_evidence(action: Action, agency: Agency, completion: Completion | None, pieces: Sequence[Piece]) -> str:
    """A claim comes with evidence, or with the reason why there is none."""
    if completion is None or pieces or completion.no_evidence_reason.strip():
        return ""
    if Evidence.objects.standing().filter(action=action, agency=agency).exists():
        return ""
    return "Add evidence that it was done, or say here why there is none."
