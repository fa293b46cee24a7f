"""What shows that an action was done: files, links, and notes of where the agency holds it."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction

from agencies import audit
from agencies.actors import System, person
from agencies.models import Agency, User
from agencies.permissions import holds, require
from agencies.refusals import Refused
from agencies.releasing import may_release
from agencies.roles import Permission
from agencies.succession import lineage
from reviews import policies
from reviews.models import Action, Evidence, ProgressUpdate, StagedFile
from reviews.progress import assignment_of, waits_for_release
from reviews.projection import lock_one
from reviews.scanning import check_clean
from reviews.uploads import checked

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Piece:
    """One piece of evidence on its way in: a file that waits in a form (``staged``), a ``link``, or ``where_held``.

    A file may go by its name.
    """

    title: str = ""
    staged: StagedFile | None = None
    link: str = ""
    where_held: str = ""


def attach_all(
    *,
    action: Action,
    agency: Agency,
    by: User | System,
    on: dt.date,
    pieces: Sequence[Piece],
    update: ProgressUpdate | None = None,
    once: bool = False,
) -> list[Evidence]:
    """Attach several pieces of evidence, or none of them: when one is refused, no row and no file stays.

    ``once``: what the agency has already given for this action is not given again, so that a second press adds nothing.
    """
    kept: list[Evidence] = []
    if not pieces:
        return kept
    with nothing_left_behind(kept), transaction.atomic():
        action = lock_one(action)
        for piece in pieces:
            if once and _is_there(action, agency, piece):
                continue
            row = Evidence(action=action, agency=agency, update=update, on=on, recorded_by=person(by))
            kept.append(row)  # at once: its file goes when this piece, or a later one, is refused
            _attach(row, by, piece)
    return kept


def attach(
    *,
    action: Action,
    agency: Agency,
    by: User | System,
    on: dt.date,
    title: str = "",
    file: File | None = None,
    link: str = "",
    where_held: str = "",
) -> Evidence:
    """Attach one piece of evidence to ``action`` for ``agency``: as ``Piece`` has it, or a file that waited in no form.

    A file is scanned before anything is locked, which may take long: outside of transactions.
    """
    if file is not None:
        check_clean(file, name=checked(file).name)
    row = Evidence(agency=agency, on=on, recorded_by=person(by))
    with nothing_left_behind([row]), transaction.atomic():
        row.action = lock_one(action)
        _attach(row, by, Piece(title=title, link=link, where_held=where_held), file)
    return row


def _attach(row: Evidence, by: User | System, piece: Piece, file: File | None = None) -> None:
    """Fill ``row`` from what is given, and write it; its action is locked, and a file was scanned."""
    _check_may_attach(row, by)
    if file is not None:
        _put_file(row, file)
    elif piece.staged is not None:
        _take_staged(row, piece.staged, by)
    elif piece.link:
        row.kind, row.link = Evidence.Kind.LINK, piece.link
    elif piece.where_held.strip():
        row.kind, row.where_held = Evidence.Kind.HELD, piece.where_held
    else:
        raise Refused("Choose a file, give a link, or say where the evidence is held.", field="file")
    row.title = (piece.title or row.file_name or piece.link or piece.where_held)[:200]
    row.save()
    _record("evidence.attached", by, row)


@contextmanager
def nothing_left_behind(rows: Sequence[Evidence]) -> Iterator[None]:
    """Take the files of ``rows`` away again when what is done inside fails: the database forgets by itself."""
    try:
        yield
    except BaseException:
        for row in rows:
            if row.file and not getattr(row, "is_from_form", False):  # what waited in a form waits on
                row.file.delete(save=False)
        raise


@transaction.atomic
def open_file(*, evidence: Evidence, by: User) -> IO[bytes]:
    """The file, opened for reading by somebody who may; that they opened it is kept in the audit."""
    require(by, Permission.READ_EVIDENCE, evidence)
    if evidence.kind != Evidence.Kind.FILE or evidence.voided_at:
        raise Refused("There is no file to open here.")
    try:
        file: IO[bytes] = evidence.file.open("rb")
    except FileNotFoundError as error:
        log.exception("file of evidence is not in the store", extra={"evidence": evidence.pk})
        raise Refused("This file cannot be found any more. Tell the coordinator, and give it again.") from error
    _record("evidence.opened", by, evidence)
    return file


@transaction.atomic
def withdraw(*, evidence: Evidence, by: User | System, reason: str) -> None:
    """Take back evidence that was given by mistake; that it was given, and why it went, stays.

    Its agency may until the group has signed the action off on it; a coordinator may.
    """
    action = lock_one(evidence.action)
    if not holds(by, Permission.RECORD_FOR_AGENCY, action):
        if not reports_for_it(evidence, by):
            raise PermissionDenied("reports neither for its agency nor, as who gave it, for one that took over")
        require(by, Permission.READ_EVIDENCE, evidence)
        _check_may_withdraw(action, evidence, by)
    reason = policies.checked_reason(reason, missing="Say why this evidence is withdrawn.")
    if not Evidence.objects.filter(pk=evidence.pk).void(by=by, reason=reason):
        raise Refused("This evidence was already withdrawn.")
    _record("evidence.withdrawn", by, evidence)


def reports_for_it(row: Evidence | ProgressUpdate, by: User | System) -> bool:
    """Whether ``by`` reports for the agency that gave this; who gave it themselves, also for one that took over."""
    theirs = lineage(row.agency) if row.recorded_by == person(by) else [row.agency]
    return any(holds(by, Permission.UPDATE_ACTION, agency) for agency in theirs)


def _is_there(action: Action, agency: Agency, piece: Piece) -> bool:
    own = Evidence.objects.in_force().filter(action=action, agency=agency)
    if piece.staged is not None:
        return own.filter(sha256=piece.staged.sha256).exists()
    found = own.filter(link=piece.link, where_held=piece.where_held, title=piece.title)
    return bool(piece.link or piece.where_held) and found.exists()


def _check_may_attach(row: Evidence, by: User | System) -> None:
    if not holds(by, Permission.RECORD_FOR_AGENCY, row.action):
        require(by, Permission.UPDATE_ACTION, row.action)
        require(by, Permission.UPDATE_ACTION, row.agency)
    assignment_of(row.action, row.agency)
    if row.update is None:  # what comes with an update was already judged with it
        policies.check_action_day(row.action, row.on)
        policies.check(policies.why_not_update(row.action))
        if waits_for_release(row.agency, by) and not holds(by, Permission.RECORD_FOR_AGENCY, row.action):
            raise Refused(f"A lead of {row.agency} releases what is given. Give evidence with an update, and it waits.")


def _check_may_withdraw(action: Action, row: Evidence, by: User | System) -> None:
    row.agency.refresh_from_db(fields=["releases_updates"])
    policies.check(
        policies.why_not_withdraw(
            action,
            row.agency,
            releases=may_release(by, row.agency),
            signed_off=Evidence.everything.filter(policies.signed_off_since(), pk=row.pk).exists(),
        )
    )


def _record(event: str, by: User | System, row: Evidence) -> None:
    audit.record(event, by=by, about=row.action, partnership=row.action.review.partnership_id, evidence=row.pk)


def _put_file(row: Evidence, file: File) -> None:
    upload = checked(file)
    row.kind = Evidence.Kind.FILE
    row.file_name, row.content_type, row.size = upload.name, upload.content_type, upload.size
    file.seek(0)
    row.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    row.file.save(f"{uuid.uuid4().hex}.{upload.extension}", file, save=False)


def _take_staged(row: Evidence, staged: StagedFile, by: User | System) -> None:
    """The file stays where it lies and changes hands: row by row, so that a failure at any point loses nothing."""
    if staged.owner != person(by) or staged.action_id != row.action_id:
        raise Refused("Choose this file again.", field="file")
    row.kind = Evidence.Kind.FILE
    row.file_name, row.content_type, row.size = staged.file_name, staged.content_type, staged.size
    row.file.name, row.sha256 = staged.file.name, staged.sha256
    row.is_from_form = True  # type: ignore[attr-defined]
    staged.delete()
