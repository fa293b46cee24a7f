"""How an update that waited for release comes back to its author: by a lead, by themselves, or because nobody decides.

Called by verbs that have judged who may.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from agencies import audit
from agencies.actors import System, person
from agencies.models import Membership, User
from agencies.permissions import holds
from agencies.roles import Permission, RoleCode
from reviews.drafts import hand, heir_of
from reviews.models import Assignment, Draft, StagedFile, Submission

if TYPE_CHECKING:
    from django.db.models import QuerySet


def as_draft(row: Submission, kind: str, note: str = "") -> Draft:
    """A draft of its author's with its words and files, in a form of its own; ``note`` says why it came back."""
    token = uuid.uuid4()
    StagedFile.objects.filter(owner=row.author, action=row.action, token=row.token).update(token=token)
    return Draft.objects.create(
        action=row.action, agency=row.agency, author=row.author, kind=kind, token=token,
        answers=row.answers, note=note, saved_at=timezone.now(),
    )  # fmt: skip


def give_back(waiting: QuerySet[Submission], *, note: str, by: User | System) -> int:
    """Give each of ``waiting`` back to its author, with ``note``; how many. They read it, though they may not send it.

    Whose author has left the agency goes to somebody who may send it, as drafts are handed over.
    """
    rows = list(waiting.filter(outcome=Submission.Outcome.WAITING).select_related("action__review", "agency", "author"))
    for row in rows:
        draft = as_draft(row, Draft.Kind.RETURNED, note)
        if not holds(row.author, Permission.UPDATE_ACTION, row.agency) and (heir := heir_of(row.action, row.agency)):
            hand(draft, heir)
        decided = {"outcome": Submission.Outcome.RETURNED, "decided_at": timezone.now(), "decided_by": person(by)}
        Submission.objects.filter(pk=row.pk).update(**decided)
        audit.record(
            "submission.returned", by=by, about=row.action, partnership=row.action.review.partnership_id,
            submission=row.pk,
        )  # fmt: skip
    return len(rows)


@transaction.atomic
def give_back_stranded(*, by: System) -> int:
    """Once a day: give back what nobody can decide; how many.

    The agency has no part in the action any more; or it has no lead, and whoever wrote it has left too.
    """
    part = Assignment.objects.current().filter(action=OuterRef("action"), agency=OuterRef("agency"))
    number = give_back(Submission.objects.exclude(Exists(part)), note="The agency’s part in this action ended.", by=by)
    live = Membership.objects.filter(agency=OuterRef("agency"), until__isnull=True, user__is_active=True)
    lead, own = live.filter(role=RoleCode.AGENCY_LEAD), live.filter(user=OuterRef("author"))
    left = Submission.objects.exclude(Exists(lead)).exclude(Exists(own))
    return number + give_back(left, note="The agency has no lead who could release this.", by=by)
