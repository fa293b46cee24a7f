"""The claims of completion on one action that wait for the group: what each agency says, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q

from agencies.lookups import Among
from agencies.permissions import objects_for
from agencies.roles import Permission
from reviews.models import Action, Assignment, Claim, Evidence, ProgressUpdate
from reviews.reading.naming import named, shown_name
from reviews.reading.one_action import EvidenceShown
from reviews.statuses import Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User

#: How many claims, and how many pieces of evidence, a form shows; the action's page in the portal has them all.
MOST = 50


@dataclass(frozen=True)
class ClaimShown:
    """What one agency claims: the update by which it did, and the evidence that it has given for the action.

    What was withdrawn stands among it, struck out: the group reads that there was something, and why it went.
    """

    agency: str
    update: ProgressUpdate
    claim: Claim
    pieces: tuple[EvidenceShown, ...] = ()

    @property
    def is_all_withdrawn(self) -> bool:
        """Whether something was given, and nothing of it stands."""
        return bool(self.pieces) and all(piece.row.voided_at for piece in self.pieces)


def claims_on(action: Action, user: User) -> list[ClaimShown]:
    """The newest claim of each agency that says that ``action`` is complete, as ``user`` reads them; three queries.

    Where an agency took the claim over from the one before it, the claim is still that of the one before.
    """
    leads = Assignment.everything.current().leading().filter(action=action, status=Status.AWAITING)
    found: dict[int, ClaimShown] = {}
    for row in _claiming(action, leads, user)[:MOST]:
        found.setdefault(row.agency_id, ClaimShown(shown_name(row), row, row.claim))
    given: dict[int, list[EvidenceShown]] = {key: [] for key in found}
    for piece in _evidence(action, given, user)[:MOST] if found else ():
        shown = EvidenceShown(
            piece, shown_name(piece), may_open=piece.may_open and not piece.voided_at, may_withdraw=False
        )
        given[piece.agency_id].append(shown)
    return [replace(claim, pieces=tuple(given[key])) for key, claim in found.items()]


def _claiming(action: Action, leads: QuerySet[Assignment], user: User) -> QuerySet[Any]:
    """The updates with a claim: of leads that wait for a decision, and of those that have no part any more."""
    rows = ProgressUpdate.everything.in_force().filter(action=action, status=Status.AWAITING, claim__isnull=False)
    parts = Assignment.everything.current().filter(action=action, agency=OuterRef("agency"))
    own = Among("agency", leads.order_by().values("agency"))
    unclaimed = leads.exclude(Exists(rows.filter(agency=OuterRef("agency"))))
    taken_over = ~Exists(parts) & Exists(unclaimed)
    seen = named(rows.filter(Q(own) | Q(taken_over)), user)
    return seen.select_related("agency", "claim", "recorded_by").order_by("-on", "-recorded_at", "-pk")


def _evidence(action: Action, agencies: dict[int, Any], user: User) -> QuerySet[Any]:
    rows = named(Evidence.everything.filter(action=action, agency__in=list(agencies)), user).annotate(
        may_open=Exists(objects_for(user, Permission.READ_EVIDENCE, Evidence).filter(pk=OuterRef("pk")))
    )
    return rows.order_by(F("voided_at").desc(nulls_first=True), "-on", "-recorded_at", "-pk")
