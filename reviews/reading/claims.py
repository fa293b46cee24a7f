"""The claims of completion on one action that wait for the group: what each agency says, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q

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
    #: What was reported since, oldest first: by the agency, or by the one that took the claim over from it.
    since: tuple[ProgressUpdate, ...] = ()

    @property
    def last(self) -> ProgressUpdate:
        """The update that says what stands in the way and what help is wanted now."""
        return self.since[-1] if self.since else self.update

    @property
    def is_all_withdrawn(self) -> bool:
        """Whether something was given, and nothing of it stands."""
        return bool(self.pieces) and all(piece.row.voided_at for piece in self.pieces)


def claims_on(action: Action, user: User) -> list[ClaimShown]:
    """The newest claim of each agency that says that ``action`` is complete, as ``user`` reads them; four queries.

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
    later = list(_later(action, leads, found, user)[:MOST]) if found else []
    return [replace(claim, pieces=tuple(given[key]), since=_since(claim, later, found)) for key, claim in found.items()]


def _since(claim: ClaimShown, rows: list[Any], found: dict[int, ClaimShown]) -> tuple[Any, ...]:
    """Which of ``rows``, newest first, add to ``claim``: those after it, of its agency or of who took it over."""
    of, own = attrgetter("on", "recorded_at", "pk"), claim.update.agency_id
    taken_over = getattr(claim.update, "taken_over", False)
    return tuple(
        row
        for row in reversed(rows)
        if of(row) > of(claim.update) and (row.agency_id == own or (taken_over and row.agency_id not in found))
    )


def _later(action: Action, leads: QuerySet[Assignment], found: dict[int, ClaimShown], user: User) -> QuerySet[Any]:
    """What those who claim, and those who took a claim over, have reported; newest first."""
    theirs = Q(agency__in=list(found)) | Q(Among("agency", leads.order_by().values("agency")))
    rows = ProgressUpdate.everything.in_force().filter(theirs, action=action)
    return named(rows, user).select_related("agency", "recorded_by").order_by("-on", "-recorded_at", "-pk")


def _claiming(action: Action, leads: QuerySet[Assignment], user: User) -> QuerySet[Any]:
    """The updates with a claim: of leads that wait for a decision, and of those that have no part any more."""
    rows = ProgressUpdate.everything.in_force().filter(action=action, status=Status.AWAITING, claim__isnull=False)
    parts = Assignment.everything.current().filter(action=action, agency=OuterRef("agency"))
    own = Among("agency", leads.order_by().values("agency"))
    unclaimed = leads.exclude(Exists(rows.filter(agency=OuterRef("agency"))))
    taken_over = ~Exists(parts) & Exists(unclaimed)
    seen = named(rows.filter(Q(own) | Q(taken_over)), user).annotate(
        taken_over=ExpressionWrapper(Q(taken_over), output_field=BooleanField())
    )
    return seen.select_related("agency", "claim", "recorded_by").order_by("-on", "-recorded_at", "-pk")


def _evidence(action: Action, agencies: dict[int, Any], user: User) -> QuerySet[Any]:
    rows = named(Evidence.everything.filter(action=action, agency__in=list(agencies)), user).annotate(
        may_open=Exists(objects_for(user, Permission.READ_EVIDENCE, Evidence).filter(pk=OuterRef("pk")))
    )
    return rows.order_by(F("voided_at").desc(nulls_first=True), "-on", "-recorded_at", "-pk")
