"""What a report starts from: for whom one may report, and what was said last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery

from agencies.holdings import ask_for
from agencies.models import Agency
from agencies.permissions import held
from agencies.prepared import Blank, ask
from agencies.roles import Permission
from agencies.succession import taken_over_by
from reviews.drafts import drafts_of
from reviews.models import Action, Assignment, Draft, Evidence, ProgressUpdate
from reviews.progress import Report
from reviews.reading.naming import holds_at, named, shown_name
from reviews.statuses import OPEN

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User


@dataclass(frozen=True)
class Acting:
    """An agency for which a person may report. ``is_own``: as one of its people; else they record what it told them."""

    part: Assignment
    is_own: bool

    @property
    def agency(self) -> Agency:
        """The agency."""
        return self.part.agency


def acting_for(action: Action, user: User) -> list[Acting]:
    """The agencies for which ``user`` may report on ``action``: their own, and for a coordinator every other."""
    may = held(user, (Permission.UPDATE_ACTION, Permission.RECORD_FOR_AGENCY), action)
    may_report, may_record = Permission.UPDATE_ACTION in may, Permission.RECORD_FOR_AGENCY in may
    return [
        Acting(row, is_own=row.is_own and may_report)
        for row in ask_for(user, _current_parts, action=action.pk)
        if (row.is_own and may_report) or may_record
    ]


def others_to_claim(acting: Acting, user: User) -> list[str]:
    """The other lead agencies that have yet to say that the action is complete, by the names that ``user`` reads."""
    of = {"action": acting.part.action_id, "agency": acting.part.agency_id}
    return [shown_name(row) for row in ask_for(user, _others_to_claim, **of)]


def _others_to_claim(user: User) -> QuerySet[Any]:
    rows = Assignment.everything.current().leading().filter(action=Blank("action"), status__in=OPEN)
    return named(rows.exclude(agency=Blank("agency")), user).order_by("order", "pk")


def given_before(acting: Acting) -> list[Evidence]:
    """The evidence that stands of this agency on the action, the oldest first."""
    return ask(_given_before, action=acting.part.action_id, agency=acting.part.agency_id)


def _given_before() -> QuerySet[Evidence]:
    rows = Evidence.everything.in_force().filter(action=Blank("action"), agency=Blank("agency"))
    return rows.order_by("on", "pk")


def _current_parts(user: User) -> QuerySet[Any]:
    rows = Assignment.everything.current().filter(action=Blank("action")).select_related("agency")
    return rows.annotate(is_own=holds_at(user, Permission.UPDATE_ACTION, "agency")).order_by("order", "pk")


@dataclass(frozen=True)
class Start:
    """What a form starts with: what was said last, carried forward, and what the author had already written."""

    carried: Report
    last: ProgressUpdate | None
    drafts: list[Draft]

    @property
    def seen(self) -> int:
        """The key of the agency's newest update that the author now reads; 0 when there is none."""
        return self.last.pk if self.last else 0

    def draft(self, pk: str = "") -> Draft | None:
        """The draft with the key ``pk``; else what came too late, where it is the newer, or the author's own."""
        if pk:
            return next((draft for draft in self.drafts if str(draft.pk) == pk), None)
        own = [draft for draft in self.drafts if draft.kind != Draft.Kind.HANDED]
        return max(own, key=lambda draft: draft.saved_at, default=None)


def start_of(action: Action, agency: Agency, user: User) -> Start:
    """What ``user`` starts from when they report for ``agency``."""
    of = {"action": action.pk, "agency": agency.pk}
    found = ask(_last_and_latest, **of)
    last = max(found, key=lambda row: row.pk, default=None)
    latest = max(found, key=lambda row: (row.on, row.recorded_at, row.pk), default=None)
    if last is None:
        last = latest = next(iter(ask(_before, **of)), None)
    return Start(_carried(latest) if latest else Report(), last, drafts_of(action, agency, user))


def _last_and_latest() -> QuerySet[ProgressUpdate]:
    """The update recorded last, and the one that speaks for the latest day: mostly the same."""
    rows = ProgressUpdate.everything.in_force().filter(action=Blank("action"), agency=Blank("agency"))
    recorded, latest = rows.order_by("-pk"), rows.order_by("-on", "-recorded_at", "-pk")
    either = Q(pk=Subquery(recorded.values("pk")[:1])) | Q(pk=Subquery(latest.values("pk")[:1]))
    return ProgressUpdate.everything.filter(either).select_related("recorded_by").order_by("pk")


def _before() -> QuerySet[ProgressUpdate]:
    """What was said last by an agency that this one took over from, and whose part in the action it now has."""
    rows = ProgressUpdate.everything.in_force().filter(taken_over_by(Blank("agency")), action=Blank("action"))
    still = Assignment.everything.current().filter(action=Blank("action"), agency=OuterRef("agency"))
    latest = rows.exclude(Exists(still)).order_by("-on", "-recorded_at", "-pk")
    return latest.select_related("recorded_by")[:1]


def _carried(last: ProgressUpdate) -> Report:
    """What was said last; what stood in the way then is asked anew."""
    return Report(
        progress=last.progress, next_steps=last.next_steps, status=last.status, next_review_on=last.next_review_on
    )
