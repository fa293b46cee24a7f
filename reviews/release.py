"""Where an agency wants its leads to release what its people write: handing in, releasing, returning.

Until it is released nobody outside the agency reads a word of it, and it counts for nothing: no status, no date, no end
of a silence. Others read that it is with the agency, and since when.
"""

from __future__ import annotations

import uuid
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import audit, post
from agencies.memberships import leads_of
from agencies.models import Agency, User
from agencies.permissions import holds, require
from agencies.post import AccountMail
from agencies.refusals import Refused
from agencies.releasing import may_release
from agencies.roles import Permission
from reviews import drafts, waiting_files
from reviews.evidence import Piece, attach_all, nothing_left_behind
from reviews.models import Assignment, Draft, Evidence, ProgressUpdate, StagedFile, Submission
from reviews.policies import checked_reason
from reviews.progress import Completion, Report, submit
from reviews.projection import lock_for, lock_one
from reviews.reading.own_words import reads_own
from reviews.reporting import Overtaken, Sending, came_since, check_can_send
from reviews.returning import as_draft
from reviews.statuses import Status

if TYPE_CHECKING:
    from django.db.models import QuerySet


@transaction.atomic
def hand_in(
    sending: Sending, *, answers: dict[str, Any], has_evidence: bool, seen: int | None, token: uuid.UUID
) -> Submission:
    """Hand a report in for release. ``answers`` is the form as typed; the files of ``token`` wait with it.

    Refused, and overtaken, as if it were sent; handed in twice, it waits once.
    """
    by, agency = sending.by, sending.agency
    action = lock_for(by, Permission.READ_ACTION, sending.action)
    if there := drafts.handed_in_from(action, by, token):
        return there
    if since := came_since(action, agency, seen):
        raise Overtaken(since)
    check_can_send(sending, has_evidence=has_evidence)
    claimed = vars(sending.completion) if sending.completion else {}
    row = Submission.objects.create(
        action=action, agency=agency, author=by, token=token, submitted_at=timezone.now(), on=sending.on,
        answers=answers, **vars(sending.report), **claimed,
    )  # fmt: skip
    own = Draft.objects.filter(action=action, agency=agency, author=by, token=token)
    own.exclude(kind=Draft.Kind.HANDED).delete()
    for lead in _leads_of(agency, but=by):
        _mail(AccountMail.UPDATE_WAITS, row, to=lead, about=row.pk)
    _record("submission.handed_in", by, row)
    return row


def newer_than(submission: Submission) -> list[ProgressUpdate]:
    """What the agency reported on the action since ``submission`` was handed in, the newest first."""
    newer = came_since(submission.action, submission.agency, 0)
    return [update for update in newer if update.recorded_at > submission.submitted_at]


def release(*, submission: Submission, by: User, seen: int | None = None) -> ProgressUpdate:
    """Let it out: it becomes the update that its author wrote, recorded now, released by ``by``.

    ``seen`` is the key of the newest update that ``by`` read beside it, 0 for none: when another came since it was
    handed in, Overtaken lets them decide. Released twice, by whomever, it goes out once and both have that update.
    """
    kept: list[Evidence] = []
    with nothing_left_behind(kept), transaction.atomic():
        lock_one(submission.action)
        row = _to_decide(submission, by)
        if row.outcome == Submission.Outcome.RELEASED and row.update and not row.update.voided_at:
            return row.update
        _check_waits(row)
        if seen is not None and (since := [update for update in newer_than(row) if update.pk > seen]):
            raise Overtaken(since)
        files = StagedFile.objects.filter(owner=row.author, action=row.action, token=row.token)
        files.update(owner=by)
        update = submit(
            action=row.action,
            agency=row.agency,
            by=by,
            report=Report(**{name: getattr(row, name) for name in Report.__dataclass_fields__}),
            on=row.on,
            completion=completion_of(row),
            token=row.token,
            author=row.author,
        )
        pieces = pieces_of(row, waiting_files.of_form(action=row.action, by=by, token=row.token))
        kept += attach_all(action=row.action, agency=row.agency, by=by, on=update.on, pieces=pieces, update=update)
        _decide(row, Submission.Outcome.RELEASED, by, update=update)
        _record("submission.released", by, row)
    return update


@transaction.atomic
def send_back(*, submission: Submission, by: User, reason: str) -> Draft:
    """Return it to its author, as a draft with ``reason``; to a colleague who may send it, when the author has left."""
    lock_one(submission.action)
    row = _to_decide(submission, by)
    _check_waits(row)
    reason = checked_reason(reason, missing="Say what is still wanted.")
    draft = as_draft(row, Draft.Kind.RETURNED, reason)
    if drafts.may_write(row.author, row.action, row.agency):
        _mail(AccountMail.UPDATE_RETURNED, row, to=row.author, about=draft.pk)
    else:
        drafts.hand(draft, by)
    _decide(row, Submission.Outcome.RETURNED, by)
    _record("submission.returned", by, row)
    return draft


@transaction.atomic
def take_back(*, submission: Submission, by: User) -> Draft:
    """Let its author have it back as a draft, while it waits and they may still report."""
    lock_one(submission.action)
    row = Submission.objects.select_related("action__review", "agency", "author").get(pk=submission.pk)
    if row.author != by:
        raise PermissionDenied("only its author takes back what waits")
    require(by, Permission.UPDATE_ACTION, row.action)
    require(by, Permission.UPDATE_ACTION, row.agency)
    _check_waits(row)
    draft = as_draft(row, Draft.Kind.ASIDE)
    _decide(row, Submission.Outcome.RETURNED, by)
    _record("submission.taken_back", by, row)
    return draft


def completion_of(row: Submission) -> Completion | None:
    """What it claims besides, if it is a claim."""
    return Completion(row.completed_on, row.what_changed, row.no_evidence_reason) if row.completed_on else None


def takes_back_claim(row: Submission) -> bool:
    """Whether releasing it takes back what its agency claimed: that the action is complete."""
    leads = Assignment.everything.current().leading().filter(action=row.action_id, agency=row.agency_id)
    return bool(row.status) and leads.filter(status=Status.AWAITING).exists()


def pieces_of(row: Submission, files: list[StagedFile]) -> list[Piece]:
    """The evidence that goes with it."""
    said = {name: str(row.answers.get(name, "")) for name in ("title", "link", "where_held")}
    alone = len(files) == 1 and not said["link"] and not said["where_held"]
    pieces = [Piece(title=said["title"] if alone else "", staged=file) for file in files]
    if said["link"]:
        pieces.append(Piece(title=said["title"], link=said["link"]))
    if said["where_held"]:
        pieces.append(Piece(title=said["title"], where_held=said["where_held"]))
    return pieces


def may_read(user: User, submission: Submission) -> bool:
    """Whether ``user`` reads its words: who wrote it, and the leads who release it, while they read the action.

    Its author reads it too when the agency answers for the action no more, unless the review is restricted.
    """
    if not holds(user, Permission.READ_ACTION, submission.action):
        return submission.author == user and reads_own(user, submission)
    return submission.author == user or may_release(user, submission.agency)


def open_file(*, submission: Submission, file: StagedFile, by: User) -> IO[bytes]:
    """A file that waits with it, opened by somebody who reads it; that they opened it is kept in the audit."""
    if not may_read(by, submission) or (file.owner, file.token) != (submission.author, submission.token):
        raise PermissionDenied("reads no such file")
    try:
        opened: IO[bytes] = file.file.open("rb")
    except FileNotFoundError as error:
        raise Refused("This file cannot be found any more. Ask its author to give it again.") from error
    _record("submission.file_opened", by, submission)
    return opened


def _to_decide(submission: Submission, by: User) -> Submission:
    row = Submission.objects.select_related("action__review", "agency", "author", "update").get(pk=submission.pk)
    if not may_release(by, row.agency):
        raise PermissionDenied("only the agency's leads release what its people write")
    require(by, Permission.READ_ACTION, row.action)
    return row


def _check_waits(row: Submission) -> None:
    if row.outcome != Submission.Outcome.WAITING:
        raise Refused(f"This was already {row.get_outcome_display().lower()}.")


def _decide(row: Submission, outcome: str, by: User, update: ProgressUpdate | None = None) -> None:
    row.outcome, row.decided_at, row.decided_by, row.update = outcome, timezone.now(), by, update
    row.save(update_fields=["outcome", "decided_at", "decided_by", "update"])


def _leads_of(agency: Agency, *, but: User) -> QuerySet[User]:
    """Who releases what its people write. Who may not read the review is dropped when the mail is built."""
    return leads_of(agency).exclude(pk=but.pk).order_by("pk")


def _mail(kind: AccountMail, row: Submission, *, to: User, about: int) -> None:
    # Of no partnership: its coordinator reads the send log, and hears of nothing that waits inside an agency.
    post.queue(kind=kind, person=to, about=about, key=f"{kind.value}:{row.pk}:{to.pk}")


def _record(event: str, by: User, row: Submission) -> None:
    audit.record(event, by=by, about=row.action, partnership=row.action.review.partnership_id, submission=row.pk)
