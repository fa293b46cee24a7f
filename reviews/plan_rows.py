"""Turns the lines of a plan into rows, in bulk: some twelve statements however long the plan is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from agencies.models import User
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    Claim,
    Dated,
    Milestone,
    ProgressUpdate,
    Recommendation,
    RecommendationWording,
    Review,
    SignOff,
    TargetDate,
    Theme,
)
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine
from reviews.statuses import Decision, Status


def natural(reference: str) -> str:
    """A key by which references sort as people count: 2 before 10, 2a after 2, 15.2 before 15.10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(8), reference.casefold())[:120]


@dataclass
class PlanRows:
    """The rows of one batch of lines: built in memory, saved by ``save`` in bulk."""

    review: Review
    by: User | None
    on: dt.date
    next_order: int
    next_action_order: int
    source: ProgressUpdate.Source
    now: dt.datetime = field(default_factory=timezone.now)
    recommendations: list[Recommendation] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    themes: list[tuple[Recommendation, str]] = field(default_factory=list)
    dated: dict[type[Any], list[Any]] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)

    def build(self, lines: Sequence[RecommendationLine]) -> None:
        """Make the rows of all ``lines``, in plan order."""
        for line in lines:
            recommendation = Recommendation(
                review=self.review,
                order=self.next_order + len(self.recommendations),
                reference=line.reference,
                text=line.text,
                addressee=line.addressee,
                scope=line.scope,
            )
            self.recommendations.append(recommendation)
            self.themes += [(recommendation, theme) for theme in line.themes]
            self._add(RecommendationWording, recommendation=recommendation, text=line.text)
            for action_line in line.actions:
                self._build_action(recommendation, action_line)

    def save(self) -> None:
        """Write all rows, parents before children."""
        Recommendation.objects.bulk_create(self.recommendations, batch_size=500)
        Action.objects.bulk_create(self.actions, batch_size=500)
        Assignment.objects.bulk_create(self.assignments, batch_size=500)
        for model, rows in self.dated.items():
            model.objects.bulk_create(rows, batch_size=500)
        self._save_themes()

    def _build_action(self, recommendation: Recommendation, line: ActionLine) -> None:
        order = self.next_action_order + len(self.actions)
        action = Action(
            review=self.review,
            recommendation=recommendation,
            order=order,
            reference=line.reference,
            sort_key=natural(line.reference or recommendation.reference or str(order)),
            text=line.text,
            change_expected=line.change_expected,
            agency_response=line.agency_response,
        )
        self.actions.append(action)
        self._add(ActionWording, action=action, text=line.text)
        self._build_dates(action, line)
        for place, milestone in enumerate(line.milestones, start=1):
            self._add(Milestone, action=action, order=place, **vars(milestone))
        for place, lead in enumerate(line.leads, start=1):
            self._build_lead(action, line, lead, place)
        if any(lead.status == Status.COMPLETE for lead in line.leads):
            # The plan's own "Complete" speaks for the day it gives, but not for a day after the plan itself.
            day = min(line.report.completed_on or self.on, self.on)
            self._add(SignOff, action=action, decision=Decision.CARRIED_OVER, on=day)

    def _build_dates(self, action: Action, line: ActionLine) -> None:
        if line.target_date or line.target_as_written:
            self._add(TargetDate, action=action, date=line.target_date, as_written=line.target_as_written)
        if line.revised_date or line.revised_as_written:
            self._add(
                TargetDate,
                action=action,
                date=line.revised_date,
                as_written=line.revised_as_written,
                reason="As revised in the plan brought in.",
            )

    def _build_lead(self, action: Action, line: ActionLine, lead: LeadLine, place: int) -> None:
        carried_over = lead.status == Status.COMPLETE
        initial = Status.NOT_RECORDED if carried_over else lead.status
        self.assignments.append(
            Assignment(
                action=action,
                agency=lead.agency,
                part=lead.part,
                order=place,
                on=self.on,
                recorded_at=self.now,
                initial_status=initial,
                status=initial,
                owner_as_worded=lead.owner_as_worded,
            )
        )
        if line.report or lead.status == Status.AWAITING:
            update = self._add(
                ProgressUpdate,
                action=action,
                agency=lead.agency,
                source=self.source,
                progress=line.report.progress or line.report.outcome,
                next_steps=line.report.next_steps,
                obstacles=line.report.obstacles,
                next_review_on=line.report.next_review_on,
                status_as_written=line.report.status_as_written,
                status="" if carried_over or initial == Status.NOT_RECORDED else lead.status,
            )
            if lead.status == Status.AWAITING:
                day = min(line.report.completed_on or self.on, self.on)
                claim = Claim(update=update, completed_on=day, what_changed=line.report.outcome)
                self.dated.setdefault(Claim, []).append(claim)

    def _add(self, model: type[Dated], **values: Any) -> Any:
        values = {"on": self.on, "recorded_at": self.now, "recorded_by": self.by} | values
        row = model(**values)
        self.dated.setdefault(model, []).append(row)
        return row

    def _save_themes(self) -> None:
        names = {name for _, name in self.themes}
        partnership = self.review.partnership_id
        Theme.objects.bulk_create(
            [Theme(partnership_id=partnership, name=name) for name in sorted(names)], ignore_conflicts=True
        )
        known = {theme.name: theme for theme in Theme.objects.filter(partnership=partnership, name__in=names)}
        through = Recommendation.themes.through
        through.objects.bulk_create(
            [through(recommendation_id=row.pk, theme_id=known[name].pk) for row, name in self.themes], batch_size=500
        )
