"""What shows that an action was done: files, links, and notes of where the agency holds it."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.models import Agency, User
from agencies.permissions import holds, require
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import policies
from reviews.models import Action, Evidence, ProgressUpdate
from reviews.progress import assignment_of
from reviews.uploads import checked


@transaction.atomic
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
    update: ProgressUpdate | None = None,
) -> Evidence:
    """Attach one piece of evidence to ``action`` for ``agency``: a ``file``, a ``link``, or ``where_held``."""
    if not holds(by, Permission.RECORD_FOR_AGENCY, action):
        require(by, Permission.UPDATE_ACTION, action)
        require(by, Permission.UPDATE_ACTION, agency)
    assignment_of(action, agency)
    if update is None:  # what comes with an update was already judged with it
        policies.check(policies.why_not_update(action))
    row = Evidence(action=action, agency=agency, update=update, on=on, recorded_by=person(by))
    if file is not None:
        _put_file(row, file)
    elif link:
        row.kind, row.link = Evidence.Kind.LINK, link
    elif where_held.strip():
        row.kind, row.where_held = Evidence.Kind.HELD, where_held
    else:
        raise Refused("Choose a file, give a link, or say where the evidence is held.", field="file")
    row.title = (title or row.file_name or link or where_held)[:200]
    row.save()
    audit.record("evidence.attached", by=by, about=action, partnership=action.review.partnership_id, evidence=row.pk)
    return row


@transaction.atomic
def withdraw(*, evidence: Evidence, by: User | System, reason: str) -> None:
    """Take back evidence that was given by mistake; that it was given, and why it went, stays."""
    action = evidence.action
    if not holds(by, Permission.RECORD_FOR_AGENCY, action):
        require(by, Permission.UPDATE_ACTION, evidence.agency)
        require(by, Permission.READ_EVIDENCE, evidence)
    if not reason.strip():
        raise Refused("Say why this evidence is withdrawn.", field="reason")
    standing = Evidence.objects.standing().filter(pk=evidence.pk)
    if not standing.update(voided_at=timezone.now(), voided_by=person(by), void_reason=reason[:500]):
        raise Refused("This evidence was already withdrawn.")
    audit.record(
        "evidence.withdrawn", by=by, about=action, partnership=action.review.partnership_id, evidence=evidence.pk
    )


def _put_file(row: Evidence, file: File) -> None:
    upload = checked(file)
    row.kind = Evidence.Kind.FILE
    row.file_name, row.content_type, row.size = upload.name, upload.content_type, upload.size
    file.seek(0)
    row.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    row.file.save(f"{uuid.uuid4().hex}.{upload.extension}", file, save=False)
