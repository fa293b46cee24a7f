"""Fetches what was on record of a plan for a day: the rows that count, and those that were recorded too late."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from agencies.models import Agency, AgencyName, Succession
from reviews.carried import heirs_of
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    Dated,
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

#: Rows of one kind, by the id of the action or recommendation that they belong to; the earliest first.
Grouped = dict[int, list[Any]]


class Rows:
    """What was on record for the day ``on`` at the moment ``known_at`` (now, when None), in a fixed number of queries.

    ``later`` and ``later_wordings`` hold the rows that speak for a day up to ``on`` but were recorded, taken back or
    ended after ``known_at``: by action, and by recommendation.
    """

    def __init__(self, review: Review, on: dt.date, known_at: dt.datetime | None) -> None:
        """Fetch everything."""
        self.review, self.on, self.known_at = review, on, known_at
        self.later: Grouped = defaultdict(list)
        self.later_wordings: Grouped = defaultdict(list)
        self._owners: dict[type[Dated], set[int]] = defaultdict(set)
        self.wordings = self._dated(
            RecommendationWording.objects.filter(recommendation__review=review),
            "recommendation_id",
            self.later_wordings,
        )
        self.recommendations: list[Recommendation] = self._in_plan(Recommendation, RecommendationWording, self.wordings)
        self.themes = self._themes()
        self.action_wordings = self._dated(self._of(ActionWording))
        self.actions = _grouped(self._in_plan(Action, ActionWording, self.action_wordings), "recommendation_id")
        self.milestones = self._dated(self._of(Milestone), order="order")
        self._find_achieved_later()
        self.dates = self._dated(self._of(TargetDate))
        self.sign_offs = self._dated(self._of(SignOff))
        self.updates = self._dated(self._updates())
        self.assignments = self._current_assignments()
        self.published = dict(PublishedName.objects.filter(review=review).values_list("agency_id", "name"))
        successions = self._successions()
        self.successions = {row.predecessor_id: row for row in successions}
        self.heirs = heirs_of((row.predecessor_id, row.successor_id) for row in successions)
        self.former_names = self._former_names()
        parts = (part for found in self.assignments.values() for part in found)
        self._since: dict[int, dt.date] = {}
        for part in parts:
            self._since[part.agency_id] = min(part.on, self._since.get(part.agency_id, part.on))

    def name_of(self, agency: Agency) -> str:
        """What the papers of this review call an agency: its name when it came into the plan, if no other is agreed."""
        return self.published.get(agency.pk) or self._called(agency, self._since.get(agency.pk, self.on))

    def now_called(self, agency: Agency) -> str:
        """What the agency was called by the day, or the last that had taken its place; empty when that was no other.

        Empty too where the papers hide who the agency is and the new name would tell.
        """
        last, seen = agency, {agency.pk}
        while (row := self.successions.get(last.pk)) and row.successor_id not in seen:
            last = row.successor
            seen.add(last.pk)
        if agency.pk in self.published and (last == agency or last.pk not in self.published):
            return ""
        now = self.published.get(last.pk) or self._called(last, self.on)
        return "" if last == agency and now == self.name_of(agency) else now

    def _called(self, agency: Agency, on: dt.date) -> str:
        """The name of the agency on the day ``on``, as far as was known."""
        for row in self.former_names.get(agency.pk, ()):
            lasted = not self.was_known(row.recorded_at) or on < row.until
            if lasted and (row.since is None or row.since <= on):
                return str(row.name)
        return agency.name

    def was_known(self, moment: dt.datetime | None) -> bool:
        """Whether what was recorded at ``moment`` was on record in time."""
        return self.known_at is None or (moment is not None and moment <= self.known_at)

    def _updates(self) -> QuerySet[Any]:
        """Each with the evidence that a plan brought in names beside it; evidence that was given is in no paper."""
        rows = self._of(ProgressUpdate).select_related("claim", "recorded_by", "agency")
        named = Evidence.objects.filter(self._standing(), update=OuterRef("pk"), kind=Evidence.Kind.HELD)
        named = named.filter(update__source=ProgressUpdate.Source.IMPORTED).order_by("pk")
        return rows.annotate(evidence_named=Subquery(named.values("where_held")[:1]))

    def _standing(self) -> Q:
        standing = Q(voided_at__isnull=True)
        return standing | Q(voided_at__gt=self.known_at) if self.known_at else standing

    def _of(self, model: type[Any]) -> QuerySet[Any]:
        return model.objects.filter(action__review=self.review)

    def _dated(
        self, rows: QuerySet[Any], owner: str = "action_id", later: Grouped | None = None, order: str = "on"
    ) -> Grouped:
        """The rows that count, by ``owner``; those that were not known in time go to ``later``."""
        later = self.later if later is None else later
        found: Grouped = defaultdict(list)
        for row in rows.filter(self._standing()).order_by(order, "recorded_at", "pk"):
            key = getattr(row, owner)
            self._owners[rows.model].add(key)
            if row.on > self.on:
                continue
            known = self.was_known(row.recorded_at)
            if known:
                found[key].append(row)
            if known == bool(row.voided_at):  # recorded too late; or known in time, and taken back since
                later[key].append(row)
        return found

    def was_achieved(self, row: Milestone) -> bool:
        """Whether by all that is on record a milestone was achieved by the day."""
        return row.achieved_on is not None and row.achieved_on <= self.on

    def _find_achieved_later(self) -> None:
        """That a step was achieved may be recorded after ``known_at``, though the step itself was known."""
        for key, found in self.milestones.items():
            for row in found:
                if self.was_achieved(row) and not self.was_known(row.achieved_recorded_at) and not row.voided_at:
                    self.later[key].append(row)

    def _in_plan(self, model: type[Model], wording: type[Dated], wordings: Grouped) -> list[Any]:
        """What the plan had by the day: that of which some wording was in force.

        A wording is written with everything that is added to a plan; a row that has none at all was always there.
        """
        rows = model._default_manager.filter(review=self.review).order_by("order", "pk")
        return [row for row in rows if row.pk in wordings or row.pk not in self._owners[wording]]

    def _themes(self) -> Grouped:
        through = Recommendation.themes.through.objects.filter(recommendation__review=self.review)
        found: Grouped = defaultdict(list)
        for pk, name in through.order_by("theme__name").values_list("recommendation_id", "theme__name"):
            found[pk].append(name)
        return found

    def _current_assignments(self) -> Grouped:
        """Who answered on the day; an end that was recorded after ``known_at`` was not known to be one."""
        current = Q(until__isnull=True) | Q(until__gt=self.on)
        if self.known_at:
            current |= Q(ended_at__gt=self.known_at)
        rows = Assignment.objects.filter(current, action__review=self.review, on__lte=self.on)
        found: Grouped = defaultdict(list)
        for row in rows.select_related("agency").order_by("order", "pk"):
            known, over = self.was_known(row.recorded_at), row.until is not None and row.until <= self.on
            if known:
                found[row.action_id].append(row)
            if known == over:  # begun too late to be known; or over by the day, and nobody knew
                self.later[row.action_id].append(row)
        return found

    def _former_names(self) -> Grouped:
        """The names that agencies bore until some day; the earliest first."""
        rows = AgencyName.objects.filter(agency__partnership=self.review.partnership_id, until__isnull=False)
        return _grouped(rows.order_by("until", "pk"), "agency_id")

    def _successions(self) -> list[Succession]:
        """Those that had come by the day; the earliest first."""
        rows = Succession.objects.filter(predecessor__partnership=self.review.partnership_id, on__lte=self.on)
        rows = rows.select_related("successor").order_by("on", "pk")
        return [row for row in rows if self.was_known(row.recorded_at)]


def _grouped(rows: Iterable[Any], key: str) -> Grouped:
    found: Grouped = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found
