"""What was reported and decided about one action, newest first. What was taken back stays, struck out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from agencies.holdings import ask_for
from agencies.lookups import among
from agencies.prepared import Blank, Keys, ask
from reviews.models import Action, Claim, ProgressUpdate, SignOff
from reviews.reading.naming import named, shown_name
from reviews.statuses import Decision

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User

#: How a decision heads its entry; {} is the partnership's name for its Strategic Group.
HEADINGS: dict[Decision, str] = {
    Decision.SIGNED_OFF: "Signed off by the {}",
    Decision.CARRIED_OVER: "Complete as reported in the plan, not checked here",
    Decision.RETURNED: "Returned by the {}",
    Decision.REOPENED: "Reopened by the {}",
    Decision.NOT_PURSUED: "Not pursued: decided by the {}",
}

#: How many entries a page shows before it asks whether one wants the rest.
FIRST = 20


@dataclass(frozen=True)
class Entry:
    """One update, claim or decision. ``by`` names people, and is empty for readers who may not read who they are."""

    heading: str
    on: dt.date
    recorded_at: dt.datetime
    by: str
    update: ProgressUpdate | None = None
    claim: Claim | None = None
    decision: SignOff | None = None
    shows_discussion: bool = False
    may_take_back: bool = False
    pieces: tuple[Any, ...] = ()

    @property
    def recorded_later(self) -> dt.date | None:
        """The day on which it was entered, when that is not the day it speaks for."""
        day = timezone.localtime(self.recorded_at).date()
        return day if day > self.on else None

    @property
    def changes_status(self) -> bool:
        """Whether it is a decision or a claim, which the eye looks for first."""
        return self.decision is not None or self.claim is not None

    @property
    def taken_back(self) -> str:
        """Why it was taken back; empty while it stands."""
        row = self.update or self.decision
        return (row.void_reason or "Taken back") if row and row.voided_at else ""


def updates_of(action: Action, user: User, *, also: Iterable[int] = (), whole: bool = False) -> list[Any]:
    """The newest updates on ``action``, and those with the keys ``also``, as ``user`` sees their agencies."""
    return ask_for(user, _updates_of, whole, action=action.pk, also=also)


def _updates_of(user: User, whole: bool) -> QuerySet[Any]:
    rows = ProgressUpdate.everything.filter(action=Blank("action"))
    if not whole:
        newest = rows.order_by("-on", "-recorded_at", "-pk").values("pk")[: FIRST + 1]
        rows = rows.filter(Q(pk__in=newest) | among("pk", Keys("also")))
    seen = named(rows, user).select_related("agency", "recorded_by", "released_by", "claim")
    return seen.order_by("-on", "-recorded_at", "-pk")


def decisions_on(action: Action, *, whole: bool = False) -> list[SignOff]:
    """The newest decisions on ``action``."""
    return ask(_decisions_on, whole, action=action.pk)


def _decisions_on(whole: bool) -> QuerySet[SignOff]:
    rows = SignOff.everything.filter(action=Blank("action")).select_related("recorded_by").order_by("-on", "-pk")
    return rows if whole else rows[: FIRST + 1]


def history(
    action: Action,
    updates: Iterable[Any],
    decisions: Iterable[SignOff],
    *,
    oversees: bool,
    may_take_back: Callable[[Any], bool],
    pieces: Mapping[int | None, list[Any]],
    whole: bool = False,
) -> tuple[list[Entry], bool]:
    """The entries of ``updates`` and ``decisions``, newest first, and whether there are more.

    Who ``oversees`` reads where decisions were taken. ``pieces`` is the evidence by the update with which it came.
    """
    entries = [
        replace(_of_update(row), may_take_back=may_take_back(row), pieces=tuple(pieces.get(row.pk, ())))
        for row in updates
    ]
    group = action.review.partnership.group_name
    entries += [_of_decision(row, group, oversees=oversees) for row in decisions]
    entries.sort(key=lambda entry: (entry.on, entry.recorded_at), reverse=True)
    return (entries, False) if whole else (entries[:FIRST], len(entries) > FIRST)


def _of_update(row: Any) -> Entry:
    agency, claim = shown_name(row), getattr(row, "claim", None)
    heading = f"{agency} says that it is complete" if claim else f"{agency} reported progress"
    if row.source == ProgressUpdate.Source.IMPORTED:
        heading = f"Brought in with the plan, for {agency}"
    return Entry(heading, row.on, row.recorded_at, _people_of(row) if row.inside else "", update=row, claim=claim)


def _people_of(row: ProgressUpdate) -> str:
    recorded_by = str(row.recorded_by or "")
    if row.source == ProgressUpdate.Source.RECORDED_FOR:
        told = f"reported by {row.given_by}" if row.given_by else ""
        return ", ".join(filter(None, (told, recorded_by and f"recorded by {recorded_by}")))
    if row.released_by:
        return f"{recorded_by}, released by {row.released_by}"
    return recorded_by


def _of_decision(row: SignOff, group: str, *, oversees: bool) -> Entry:
    recorded = f"recorded by {row.recorded_by}" if oversees and row.recorded_by else ""
    heading = HEADINGS[Decision(row.decision)].format(group)
    return Entry(heading, row.on, row.recorded_at, recorded, decision=row, shows_discussion=oversees)
