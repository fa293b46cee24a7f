"""One action as one reader sees it: who answers, what was said and decided, what shows it, by when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from agencies.holdings import ask_for
from agencies.permissions import objects_for
from agencies.prepared import Blank
from agencies.releasing import may_release
from agencies.roles import Permission
from agencies.succession import taken_over_by
from reviews import policies
from reviews.evidence import reports_for_it
from reviews.models import (
    Action,
    Assignment,
    Evidence,
    Milestone,
    ProgressUpdate,
    Submission,
    TargetDate,
)
from reviews.reading.histories import Entry, decisions_on, history, updates_of
from reviews.reading.lists import Answering, answering
from reviews.reading.naming import holds_at, named, shown_name
from reviews.reading.rights import Rights, rights_on
from reviews.statuses import WHOSE_TURN, Status, Timing, Turn

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User


@dataclass(frozen=True)
class PartShown:
    """An agency's part in the action: where it stands, who owns it there, and what it said last."""

    agency: Answering
    owner: str
    is_inside: bool
    may_update: bool
    row: Assignment
    last: ProgressUpdate | None

    @property
    def may_name_owner(self) -> bool:
        """Whether the reader, as a lead of this agency, says who there sees to the action."""
        return bool(self.row.releases)  # type: ignore[attr-defined]

    @property
    def gives_freely(self) -> bool:
        """Whether what the reader gives for this agency waits for nobody's release."""
        return not self.row.agency.releases_updates or self.row.releases  # type: ignore[attr-defined]

    @property
    def is_carried(self) -> bool:
        """Whether it was said by an agency that this one took over from."""
        return self.last is not None and self.last.agency_id != self.row.agency_id


@dataclass(frozen=True)
class EvidenceShown:
    """A piece of evidence. Who may not open it reads its title only."""

    row: Evidence
    agency: str
    may_open: bool
    may_withdraw: bool


@dataclass(frozen=True)
class DateShown:
    """One target date, the day from which it stood, and why."""

    row: TargetDate
    asked_by: str


@dataclass(frozen=True)
class WaitingShown:
    """What waits for release within an agency. Who may not read it learns with whom, and since when."""

    row: Submission
    agency: str
    may_read: bool


@dataclass(frozen=True)
class ActionShown:
    """Everything that the page of one action says."""

    action: Action
    timing: Timing
    rights: Rights
    parts: list[PartShown]
    dates: list[DateShown]
    milestones: list[Milestone]
    evidence: list[EvidenceShown]
    history: list[Entry]
    has_more_history: bool
    waiting: list[WaitingShown]

    @property
    def leads(self) -> list[PartShown]:
        """Those who answer for it."""
        return [part for part in self.parts if part.agency.leads]

    @property
    def supporting(self) -> list[PartShown]:
        """Those who help."""
        return [part for part in self.parts if not part.agency.leads]

    @property
    def turn(self) -> Turn:
        """Whose turn it is."""
        return WHOSE_TURN[Status(self.action.status)]

    @property
    def to_act(self) -> list[PartShown]:
        """The leads that still have to act; one that has said that its part is complete waits for the others."""
        return [part for part in self.leads if WHOSE_TURN[part.agency.status] == Turn.AGENCY]

    @property
    def is_my_turn(self) -> bool:
        """Whether the reader's own agency still has to act: a lead that has not claimed."""
        return self.turn == Turn.AGENCY and any(part.agency.is_mine for part in self.to_act)

    @cached_property
    def why_not_update(self) -> str:
        """Why nobody reports on it now; empty when they may."""
        return policies.why_not_update(self.action)

    @property
    def reports_own(self) -> bool:
        """Whether the reader reports on it as one of an agency's people; a coordinator records what agencies say."""
        return self.rights.update and any(part.may_update for part in self.parts)

    @property
    def may_update(self) -> bool:
        """Whether the reader may report on it now."""
        return (self.reports_own or (self.rights.record_for and bool(self.parts))) and not self.why_not_update

    @property
    def may_add_evidence(self) -> bool:
        """Whether evidence may be given by itself; where a lead releases what is given, it comes with an update."""
        own = any(part.may_update and part.gives_freely for part in self.parts)
        return self.may_update and (self.rights.record_for or own)

    @property
    def may_say_reached(self) -> bool:
        """Whether the reader may say now that a milestone was reached: for a lead agency, where nobody releases it."""
        own = self.rights.update and any(part.may_update and part.gives_freely for part in self.leads)
        return (own or self.rights.record_for) and not self.why_not_update

    @property
    def may_claim(self) -> bool:
        """Whether the reader may say now that it is complete."""
        return self.rights.claim and any(
            part.may_update and not policies.why_not_claim(self.action, part.row) for part in self.leads
        )


def read_action(action: Action, user: User, on: dt.date, *, whole_history: bool = False) -> ActionShown:
    """The action as ``user`` sees it on the day ``on``; nine queries, fewer where it has little."""
    rights, (has_evidence, has_decisions, has_milestones, is_waiting) = rights_on(action, user)
    read = partial(ask_for, user, action=action.pk)
    rows = read(_parts)
    updates = updates_of(action, user, also=[row.last_update for row in rows if row.last_update], whole=whole_history)
    last = {update.pk: update for update in updates}
    undoing = _Undoing(action, user, rights, rows)
    evidence = [undoing.piece(row) for row in (read(_evidence) if has_evidence else ())]
    pieces: dict[int | None, list[EvidenceShown]] = defaultdict(list)
    for piece in evidence:
        pieces[piece.row.update_id].append(piece)
    decisions = decisions_on(action, whole=whole_history) if has_decisions else []
    entries, has_more = history(
        action,
        updates,
        decisions,
        oversees=rights.oversee,
        may_take_back=undoing.may_take_back,
        pieces=pieces,
        whole=whole_history,
    )
    return ActionShown(
        action=action,
        timing=action.timing(on),
        rights=rights,
        parts=[_part(row, last.get(row.last_update)) for row in rows],
        dates=[DateShown(row, shown_name(row, "asked_by")) for row in read(_dates)],
        milestones=read(_milestones) if has_milestones else [],
        evidence=evidence,
        history=entries,
        has_more_history=has_more,
        waiting=[
            WaitingShown(row, shown_name(row), may_read=row.releases or row.author_id == user.pk)
            for row in (read(_waiting) if is_waiting else ())
        ],
    )


class _Undoing:
    """What of that which was said or shown the reader may take back.

    Only of what they gave themselves for an agency that they act for here no more is it asked who took over from it.
    """

    def __init__(self, action: Action, user: User, rights: Rights, parts: list[Any]) -> None:
        self.action, self.user, self.rights = action, user, rights
        self.parts = {row.agency_id: row for row in parts if row.may_update}
        self.went_along: dict[int, bool] = {}

    def may_take_back(self, row: Any) -> bool:
        """Whether the update is theirs to take back, now."""
        if row.voided_at or self.rights.record_for:
            return not row.voided_at
        part = self.parts.get(row.agency_id)
        if not self.rights.update or row.recorded_by_id != self.user.pk or not (part or self._goes_along(row)):
            return False
        releases = part.releases if part else row.agency.releases_updates and may_release(self.user, row.agency)
        return not policies.why_not_take_back(self.action, row.agency, releases=releases)

    def piece(self, row: Any) -> EvidenceShown:
        """A piece of evidence, with what they may do with it."""
        may_open = row.may_open and row.voided_at is None
        facts = {"releases": row.releases, "signed_off": row.signed_off}
        theirs = may_open and not policies.why_not_withdraw(self.action, row.agency, **facts)
        theirs = theirs and (row.may_act_for or self._goes_along(row))
        return EvidenceShown(row, shown_name(row), may_open, may_open and (self.rights.record_for or theirs))

    def _goes_along(self, row: Any) -> bool:
        if row.recorded_by_id != self.user.pk or self.rights.record_for:
            return False
        if row.agency_id not in self.went_along:
            self.went_along[row.agency_id] = reports_for_it(row, self.user)
        return self.went_along[row.agency_id]


def _parts(user: User) -> QuerySet[Any]:
    current = Assignment.everything.current().filter(action=Blank("action"))
    said = ProgressUpdate.everything.in_force().filter(action=Blank("action"))
    standing = said.order_by("-on", "-recorded_at", "-pk")
    own = standing.filter(agency=OuterRef("agency")).values("pk")[:1]
    before = standing.filter(taken_over_by(OuterRef("agency")), ~Exists(current.filter(agency=OuterRef("agency"))))
    rows = named(current, user).select_related("agency", "owner__user", "owner_contact")
    may_update = holds_at(user, Permission.UPDATE_ACTION, "agency")
    last = Coalesce(Subquery(own), Subquery(before.values("pk")[:1]))
    rows = rows.annotate(may_update=may_update, releases=holds_at(user, Permission.NAME_READERS, "agency"))
    return rows.annotate(last_update=last).order_by("order", "pk")


def _part(row: Any, last: ProgressUpdate | None) -> PartShown:
    owner = _owner(row) if row.inside else ""
    return PartShown(answering(row), owner, row.inside, row.may_update, row, last)


def _owner(row: Assignment) -> str:
    """Who at the agency sees to it; nothing once that person has left."""
    if row.owner:
        return str(row.owner.user) if row.owner.until is None else ""
    if row.owner_contact:
        return str(row.owner_contact) if row.owner_contact.until is None else ""
    return row.owner_as_worded


def _dates(user: User) -> QuerySet[Any]:
    rows = named(TargetDate.everything.in_force().filter(action=Blank("action")), user, agency="asked_by")
    return rows.order_by("on", "recorded_at", "pk")


def _milestones(user: User) -> QuerySet[Milestone]:
    return Milestone.everything.in_force().filter(action=Blank("action"))


def _evidence(user: User) -> QuerySet[Any]:
    rows = named(Evidence.everything.filter(action=Blank("action")), user).annotate(
        may_open=Exists(objects_for(user, Permission.READ_EVIDENCE, Evidence).filter(pk=OuterRef("pk"))),
        may_act_for=holds_at(user, Permission.UPDATE_ACTION, "agency"),
        releases=holds_at(user, Permission.NAME_READERS, "agency"),
        signed_off=policies.signed_off_since(),
    )
    return rows.order_by("-on", "-recorded_at", "-pk")


def _waiting(user: User) -> QuerySet[Any]:
    rows = named(Submission.objects.filter(action=Blank("action"), outcome=Submission.Outcome.WAITING), user)
    rows = rows.annotate(releases=holds_at(user, Permission.NAME_READERS, "agency"))
    return rows.select_related("agency", "author").order_by("submitted_at", "pk")
