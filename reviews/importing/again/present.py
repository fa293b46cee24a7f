"""What a plan says now, and said on the day for which a file speaks: read once, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from agencies.models import Agency, Succession
from reviews.carried import heirs_of, said_before
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    Evidence,
    Milestone,
    ProgressUpdate,
    PublishedName,
    Recommendation,
    RecommendationWording,
    Review,
    SignOff,
    TargetDate,
)
from reviews.projection import marks, original
from reviews.statuses import Decision, Status, latest, together

_IN_ORDER = ("on", "recorded_at", "pk")


@dataclass
class Present:
    """One action as it stands, with every row that counts; the earliest first."""

    action: Action
    themes: tuple[str, ...] = ()
    parts: list[Assignment] = field(default_factory=list)
    dates: list[TargetDate] = field(default_factory=list)
    wordings: list[ActionWording] = field(default_factory=list)
    rewordings: list[RecommendationWording] = field(default_factory=list)
    updates: list[ProgressUpdate] = field(default_factory=list)
    sign_offs: list[SignOff] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    names: Mapping[int, str] = field(default_factory=dict)
    heirs: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def recommendation(self) -> Recommendation:
        """The recommendation that it is an action of."""
        return self.action.recommendation

    @cached_property
    def leads(self) -> list[Assignment]:
        """Who answers for it."""
        return [part for part in self.parts if part.is_leading]

    @property
    def agencies(self) -> str:
        """Who answers for it, by name."""
        return "; ".join(self.name_of(part) for part in self.leads)

    def stands_for(self, part: Assignment) -> frozenset[int]:
        """The agency of a part, and those that took over from it: a name that it had means them now."""
        return self.heirs.get(part.agency_id, frozenset()) | {part.agency_id}

    def name_of(self, part: Assignment) -> str:
        """What the papers of the review call the agency of a part."""
        return self.names.get(part.agency_id, part.agency.name)

    def last_of(self, part: Assignment, on: dt.date | None = None) -> ProgressUpdate | None:
        """What the agency of ``part`` said last, or last up to the day ``on``."""
        theirs, before = self._said(part, on)
        return next(iter((theirs or before)[-1:]), None)

    def said_by(self, part: Assignment, name: str, on: dt.date | None = None) -> str:
        """``name`` of what the agency of ``part`` said last, or last up to the day ``on``; of a claim, what changed."""
        last = self.last_of(part, on)
        if name == "outcome" and part.status in (Status.AWAITING, Status.COMPLETE):
            for rows in self._said(part, on):
                if claims := [row.claim for row in rows if getattr(row, "claim", None)]:
                    return str(claims[-1].what_changed)
        return str(getattr(last, name)) if last else ""

    def _said(self, part: Assignment, on: dt.date | None) -> tuple[list[ProgressUpdate], list[ProgressUpdate]]:
        """What the agency of ``part`` said, and what those before it did, as the plan's papers have it."""
        known = [row for row in self.updates if on is None or row.on <= on]
        answering = {one.agency_id for one in self.parts}
        before = said_before(part.agency_id, known, heirs=self.heirs, answering=answering)
        return [row for row in known if row.agency_id == part.agency_id], before

    def status_on(self, on: dt.date) -> Status:
        """The status as the rows up to the day ``on`` make it."""
        sign_offs = [row for row in self.sign_offs if row.on <= on]
        statuses = []
        for part in self.leads:
            theirs = [row for row in self.updates if row.agency_id == part.agency_id and row.on <= on]
            statuses.append(latest(Status(part.initial_status), marks(theirs, sign_offs)))
        return together(statuses)

    @property
    def original(self) -> TargetDate | None:
        """The first target date on record."""
        return original(self.dates) if self.dates else None

    @property
    def decided(self) -> SignOff | None:
        """The last decision."""
        return self.sign_offs[-1] if self.sign_offs else None

    @property
    def is_carried_over(self) -> bool:
        """Whether it is complete because a plan that was brought in says so."""
        return bool(self.decided) and self.decided.decision == Decision.CARRIED_OVER  # type: ignore[union-attr]

    @property
    def since(self) -> dt.date | None:
        """The day since which it stands in the plan."""
        return self.wordings[0].on if self.wordings else None


def read_present(review: Review, only: Collection[int] | None = None) -> dict[int, Present]:
    """Each action of ``review``, or those of ``only``, by its key and in plan order."""
    actions = Action.objects.filter(review=review).order_by("order", "pk").select_related("recommendation")
    if only is not None:
        actions = actions.filter(pk__in=only)
    agencies = Agency.objects.in_bulk(
        Assignment.objects.current()
        .filter(action__review=review)
        .order_by()
        .values_list("agency", flat=True)
        .distinct()
    )
    names = dict(PublishedName.objects.filter(review=review).values_list("agency_id", "name"))
    heirs = _heirs(review)
    above = None if only is None else set(actions.values_list("recommendation", flat=True))
    themes, wordings = _themes(review, above), _rewordings(review, above)
    found: dict[int, Present] = {}
    shared: dict[int, Recommendation] = {}
    for action in actions:
        action.review = review
        key = action.recommendation_id
        action.recommendation = shared.setdefault(key, action.recommendation)
        found[action.pk] = Present(
            action, tuple(themes.get(key, ())), rewordings=wordings.get(key, []), names=names, heirs=heirs
        )
    rows: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("parts", Assignment.objects.current().order_by("order", "pk")),
        ("dates", TargetDate.objects.in_force().order_by(*_IN_ORDER)),
        ("wordings", ActionWording.objects.in_force().order_by(*_IN_ORDER)),
        ("updates", ProgressUpdate.objects.in_force().select_related("claim").order_by(*_IN_ORDER)),
        ("sign_offs", SignOff.objects.in_force().order_by(*_IN_ORDER)),
        ("evidence", Evidence.objects.in_force().filter(kind=Evidence.Kind.HELD).order_by(*_IN_ORDER)),
        ("milestones", Milestone.objects.in_force().order_by("order", "recorded_at", "pk")),
    )
    wanted: dict[str, Any] = {"action__review": review} | ({} if only is None else {"action__in": only})
    for name, query in rows:
        for row in query.filter(**wanted):
            if isinstance(row, Assignment):
                row.agency = agencies[row.agency_id]
            if row.action_id in found:
                getattr(found[row.action_id], name).append(row)
    return found


def _heirs(review: Review) -> dict[int, frozenset[int]]:
    """For each agency that was succeeded, all that came after it."""
    rows = Succession.objects.filter(predecessor__partnership=review.partnership_id)
    return heirs_of(rows.values_list("predecessor", "successor"))


def _themes(review: Review, only: Collection[int] | None) -> dict[int, list[str]]:
    through = Recommendation.themes.through.objects.filter(recommendation__review=review)
    through = through if only is None else through.filter(recommendation__in=only)
    found: dict[int, list[str]] = defaultdict(list)
    for pk, name in through.order_by("pk").values_list("recommendation_id", "theme__name"):
        found[pk].append(name)
    return found


def _rewordings(review: Review, only: Collection[int] | None) -> dict[int, list[RecommendationWording]]:
    rows = RecommendationWording.objects.in_force().filter(recommendation__review=review).order_by(*_IN_ORDER)
    rows = rows if only is None else rows.filter(recommendation__in=only)
    found: dict[int, list[RecommendationWording]] = defaultdict(list)
    for row in rows:
        found[row.recommendation_id].append(row)
    return found
