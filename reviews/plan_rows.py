"""Turns the lines of a plan into rows, in bulk: some thirteen statements however long the plan is.

What is projected is worked out before the rows are written: to write it into 10,000 of them afterwards would take twice
as long as all the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from agencies.models import User
from reviews.bulk_rows import Maker, nothing_is_garbage, write
from reviews.models import (
    Action,
    ActionWording,
    Assignment,
    Claim,
    Dated,
    Evidence,
    Milestone,
    PlanImport,
    ProgressUpdate,
    Recommendation,
    RecommendationWording,
    Review,
    SignOff,
    TargetDate,
    Theme,
)
from reviews.models.standing import InPlan
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine, ReportLine
from reviews.projection import work_out
from reviews.statuses import Decision, Status

#: So many actions at once, and what PostgreSQL knows of its tables is no longer true.
MANY = 1000
#: What evidence is called that a plan names and nobody has given here.
NAMED_IN_PLAN = "Named in the plan brought in"


@dataclass
class PlanRows:
    """The rows of one batch of lines: built in memory, written in bulk.

    With ``came_with`` they are a piece of a plan that is being brought in, and do not stand before all of it is there.
    """

    review: Review
    by: User | None
    on: dt.date
    next_order: int
    next_action_order: int
    source: ProgressUpdate.Source
    came_with: PlanImport | None = None
    now: dt.datetime = field(default_factory=timezone.now)
    recommendations: list[Recommendation] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    themes: list[tuple[Recommendation, str]] = field(default_factory=list)
    dated: dict[type[Any], list[Any]] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    makers: dict[type[Any], Maker] = field(default_factory=dict)

    def bring_in(self, lines: Sequence[RecommendationLine], *, into: Recommendation | None = None) -> list[Action]:
        """Make and write the rows of all ``lines``; the actions, in plan order.

        The actions of the first line go to ``into``, where that recommendation was written before.
        """
        with nothing_is_garbage():
            if into is not None:
                for line in lines[0].actions:
                    self._build_action(into, line)
            self._build(lines if into is None else lines[1:])
            self._save()
        return self.actions

    def add_to(self, recommendation: Recommendation, line: ActionLine) -> Action:
        """Make and write the rows of one more action of a recommendation that stands in the plan already."""
        return self.add_each([(recommendation, line)])[0]

    def add_each(self, lines: Sequence[tuple[Recommendation, ActionLine]]) -> list[Action]:
        """Make and write the rows of more actions, each of a recommendation that stands in the plan already."""
        for recommendation, line in lines:
            self._build_action(recommendation, line)
        self._save()
        return self.actions

    def _new(self, model: type[Any], **values: Any) -> Any:
        """A row of ``model``, with what all rows of it have in common."""
        if model not in self.makers:
            if issubclass(model, Dated):
                same: dict[str, Any] = {"on": self.on, "recorded_at": self.now, "recorded_by": self.by}
            elif issubclass(model, InPlan):
                same = {"review": self.review, "came_with": self.came_with, "stands": self.came_with is None}
            else:
                same = {"on": self.on, "recorded_at": self.now}
            self.makers[model] = Maker(model, **same)
        return self.makers[model](**values)

    def _build(self, lines: Sequence[RecommendationLine]) -> None:
        for line in lines:
            recommendation = self._new(
                Recommendation,
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

    def _save(self) -> None:
        """Write all rows, parents before children."""
        write(Recommendation, self.recommendations)
        write(Action, self.actions)
        write(Assignment, self.assignments)
        for model, rows in self.dated.items():
            write(model, rows)
        self._save_themes()
        if len(self.actions) >= MANY:
            count_anew()

    def _build_action(self, recommendation: Recommendation, line: ActionLine) -> None:
        order = self.next_action_order + len(self.actions)
        action = self._new(
            Action,
            recommendation=recommendation,
            order=order,
            reference=line.reference,
            text=line.text,
            change_expected=line.change_expected,
            agency_response=line.agency_response,
        )
        action.sort_key = action.sort_by()
        self.actions.append(action)
        self._add(ActionWording, action=action, text=line.text)
        dates = self._build_dates(action, line)
        for place, milestone in enumerate(line.milestones, start=1):
            self._add(Milestone, action=action, order=place, **milestone.facts(self.now))
        parts = [self._build_lead(action, lead, place) for place, lead in enumerate(line.leads, start=1)]
        updates = [row for lead in line.leads if (row := self._build_report(action, lead.report or line.report, lead))]
        sign_offs = []
        if any(lead.status == Status.COMPLETE for lead in line.leads):
            # The plan's own "Complete" speaks for the day it gives, but not for a day after the plan itself.
            day = min(line.report.completed_on or self.on, self.on)
            sign_offs.append(self._add(SignOff, action=action, decision=Decision.CARRIED_OVER, on=day))
        work_out(action, parts, updates, sign_offs, dates)

    def _build_dates(self, action: Action, line: ActionLine) -> list[TargetDate]:
        dates = []
        if line.target_date or line.target_as_written:
            dates.append(self._add(TargetDate, action=action, date=line.target_date, as_written=line.target_as_written))
        if line.revised_date or line.revised_as_written:
            row = self._add(
                TargetDate,
                action=action,
                date=line.revised_date,
                as_written=line.revised_as_written,
                reason="As revised in the plan brought in.",
            )
            dates.append(row)
        return dates

    def _build_lead(self, action: Action, lead: LeadLine, place: int) -> Assignment:
        row: Assignment = self._new(
            Assignment,
            action=action,
            agency=lead.agency,
            part=lead.part,
            order=place,
            initial_status=Status.NOT_RECORDED if lead.status == Status.COMPLETE else lead.status,
            owner_as_worded=lead.owner_as_worded,
        )
        self.assignments.append(row)
        return row

    def _build_report(self, action: Action, said: ReportLine, lead: LeadLine) -> ProgressUpdate | None:
        """What the plan says for this lead. A decision, not a report, says that it is complete."""
        if not said and lead.status != Status.AWAITING:
            return None
        update: ProgressUpdate = self._add(
            ProgressUpdate,
            action=action,
            agency=lead.agency,
            source=self.source,
            progress=said.progress,
            next_steps=said.next_steps,
            obstacles=said.obstacles,
            next_review_on=said.next_review_on,
            status_as_written=said.status_as_written,
            outcome="" if lead.status == Status.AWAITING else said.outcome,  # of a claim, the claim says it
            status="" if lead.status in (Status.COMPLETE, Status.NOT_RECORDED) else lead.status,
        )
        if said.evidence:
            held = {"kind": Evidence.Kind.HELD, "title": NAMED_IN_PLAN, "where_held": said.evidence}
            self._add(Evidence, action=action, agency=lead.agency, update=update, **held)
        if lead.status == Status.AWAITING:
            day = min(said.completed_on or self.on, self.on)
            claim = Claim(update=update, completed_on=day, what_changed=said.outcome)
            self.dated.setdefault(Claim, []).append(claim)
        return update

    def _add(self, model: type[Dated], **values: Any) -> Any:
        row = self._new(model, **values)
        self.dated.setdefault(model, []).append(row)
        return row

    def _save_themes(self) -> None:
        if not self.themes:
            return
        names = {name for _, name in self.themes}
        partnership = self.review.partnership_id
        Theme.everything.bulk_create(
            [Theme(partnership_id=partnership, name=name) for name in sorted(names)], ignore_conflicts=True
        )
        known = {theme.name: theme for theme in Theme.everything.filter(partnership=partnership, name__in=names)}
        through = Recommendation.themes.through
        through.objects.bulk_create(
            [through(recommendation_id=row.pk, theme_id=known[name].pk) for row, name in self.themes], batch_size=500
        )


def count_anew() -> None:
    """Let PostgreSQL look at the tables it has just been filled with: it does so by itself only after a minute.

    Until then it takes them for as small as they were, and has read a list for minutes that takes milliseconds.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(model._meta.db_table for model in (Recommendation, Action, Assignment, ProgressUpdate))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
