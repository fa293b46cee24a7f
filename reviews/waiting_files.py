"""Files that were chosen in a form that is not sent yet: they wait beside the evidence, and are their owner's alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from agencies.models import User
from agencies.permissions import held
from agencies.prepared import Blank, ask
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews.models import Action, Draft, StagedFile, Submission
from reviews.scanning import check_clean
from reviews.uploads import Upload, checked

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: How many wait in one form; how many, and how many bytes, of one person in all their forms.
MOST_FILES = 20
MOST_WAITING = 60
MOST_BYTES = 500 * 1024 * 1024
#: For how long a file waits for a form of which nothing else is kept.
STAGED_FOR = dt.timedelta(days=1)


def stage(*, action: Action, by: User, token: uuid.UUID, file: File) -> StagedFile:
    """Keep one file of the form ``token`` until it is sent. The same file again is the same one."""
    if not held(by, (Permission.RECORD_FOR_AGENCY, Permission.UPDATE_ACTION), action):
        raise PermissionDenied("may not report on this action")
    upload = checked(file)
    check_clean(file, name=upload.name)
    return _keep(action, by, token, file, upload)


@transaction.atomic
def _keep(action: Action, by: User, token: uuid.UUID, file: File, upload: Upload) -> StagedFile:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    waiting = of_form(action=action, by=by, token=token)
    if same := next((each for each in waiting if each.sha256 == digest), None):
        return same
    if len(waiting) >= MOST_FILES:
        raise Refused(f"Send these {MOST_FILES} files first. You can add more afterwards.", field="file")
    _check_room(by, upload.size)
    row = StagedFile(
        owner=by, action=action, token=token, file_name=upload.name, content_type=upload.content_type,
        size=upload.size, sha256=digest, staged_at=timezone.now(),
    )  # fmt: skip
    row.file.save(f"{uuid.uuid4().hex}.{upload.extension}", file, save=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the same file came by another request at this moment
        row.file.delete(save=False)
        return StagedFile.objects.get(owner=by, token=token, sha256=digest)
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


def _check_room(by: User, size: int) -> None:
    """Refuse a file beyond what one person may have waiting, in whatever forms."""
    held = StagedFile.objects.filter(owner=by).aggregate(number=Count("pk"), size=Sum("size"))
    if held["number"] >= MOST_WAITING or (held["size"] or 0) + size > MOST_BYTES:
        raise Refused(
            f"There is no room for another file: you have {held['number']} waiting in updates that are not sent. "
            "Send those updates first, or throw their drafts away.",
            field="file",
        )


def of_form(*, action: Action, by: User, token: uuid.UUID) -> list[StagedFile]:
    """The files of the form ``token`` that wait to be sent, in the order in which they came."""
    return ask(_of_form, owner=by.pk, action=action.pk, token=token)


def _of_form() -> QuerySet[StagedFile]:
    token = Blank("token", StagedFile._meta.get_field("token"))
    return StagedFile.objects.filter(owner=Blank("owner"), action=Blank("action"), token=token)


@transaction.atomic
def unstage(*, pk: int, by: User, token: uuid.UUID) -> None:
    """Take a file out of the form ``token`` again; nothing happens when it is not there."""
    for file in StagedFile.objects.filter(pk=pk, owner=by, token=token):
        throw_away(file)


def sweep(*, now: dt.datetime) -> None:
    """Throw away files that nothing else is kept of: no draft, and nothing that waits for release."""
    waiting = Submission.objects.filter(outcome=Submission.Outcome.WAITING).values("token")
    files = StagedFile.objects.filter(staged_at__lt=now - STAGED_FOR).exclude(token__in=waiting)
    for file in files.exclude(token__in=Draft.objects.values("token")):
        throw_away(file)


def throw_away(row: StagedFile) -> None:
    """Delete a file that waits, and its bytes once the transaction stands."""
    store, name = row.file.storage, str(row.file.name)
    row.delete()
    transaction.on_commit(lambda: store.delete(name))
