"""What a person has written and not sent, wherever it stands: one's own words stay readable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agencies.lookups import among
from agencies.models import Agency
from agencies.permissions import held_in, objects_for
from agencies.roles import Container, Permission
from agencies.succession import lineage
from reviews.models import Action, Draft

if TYPE_CHECKING:
    from agencies.models import User
    from reviews.models import Submission


@dataclass(frozen=True)
class Unsent:
    """A draft. ``reads_action``: its author may open the action; ``reads_words``: at least what they wrote."""

    draft: Draft
    reads_action: bool
    reads_words: bool


def unsent_of(user: User) -> list[Unsent]:
    """The drafts of ``user``, the newest first."""
    rows = Draft.objects.filter(author=user.pk).order_by("-saved_at", "-pk")
    rows = rows.select_related("action__review", "action__recommendation", "agency", "written_by")
    actions = objects_for(user, Permission.READ_ACTION, Action).filter(drafts__author=user.pk)
    open_to_them = set(actions.order_by().values_list("pk", flat=True))
    return [
        Unsent(row, row.action_id in open_to_them, row.action_id in open_to_them or reads_own(user, row))
        for row in rows
    ]


def reads_own(user: User, written: Submission | Draft) -> bool:
    """Whether ``user``, who may not read the action any more, still reads what they wrote about it for an agency.

    Not about a restricted review, and only while they belong to that agency, or to one that it took over from.
    """
    if written.action.review.is_restricted:
        return False
    own = Agency.objects.filter(among("pk", held_in(user, Permission.UPDATE_ACTION, Container.AGENCY)))
    return any(written.agency in lineage(agency) for agency in own)
