"""From rows to a plan: recommendations with their actions, as ``plans.add_many`` takes them. No word is lost."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviews.export_words import said_day
from reviews.importing.understanding.dates import read_date
from reviews.importing.understanding.lists import items
from reviews.kinds import Scope
from reviews.models import Part
from reviews.plan_lines import ActionLine, LeadLine, MilestoneLine, RecommendationLine, ReportLine
from reviews.statuses import Status

if TYPE_CHECKING:
    from agencies.models import Agency
    from reviews.importing.resources import OfLead, PlanRow


_SCOPES = frozenset(Scope.values)


def to_lines(rows: Sequence[PlanRow]) -> list[RecommendationLine]:
    """The plan in its order: rows that follow one another under one recommendation are its actions."""
    grouped = itertools.groupby(enumerate(rows), key=_recommended)
    return [_recommendation([row for _, row in group]) for _, group in grouped]


def _recommended(numbered: tuple[int, PlanRow]) -> tuple[object, ...]:
    number, row = numbered
    return (row.reference, row.recommendation, row.theme, row.scope, None if row.recommendation else number)


def _recommendation(rows: list[PlanRow]) -> RecommendationLine:
    first = rows[0]
    return RecommendationLine(
        # A plan without recommendations of its own: what will be done is what is recommended.
        text=first.recommendation or first.action,
        reference=first.reference,
        addressee="; ".join(dict.fromkeys(row.addressee for row in rows if row.addressee))[:500],
        scope=first.scope if first.scope in _SCOPES else "",
        themes=tuple(filter(None, first.theme.split("\n"))),
        actions=tuple(_action(row, row.action if first.recommendation else "") for row in rows),
    )


def _action(row: PlanRow, text: str) -> ActionLine:
    part = Part.LEAD if len(row.agencies) == 1 else Part.JOINT
    return ActionLine(
        text=text,
        reference=row.action_reference,
        leads=tuple(_lead(row, agency, part) for agency in row.agencies),
        target_date=row.target_date,
        target_as_written=row.target_date_as_written,
        revised_date=row.revised_date,
        revised_as_written=row.revised_date_as_written,
        milestones=row.steps or _milestones(row),
        agency_response=row.agency_response,
        report=_report(row, row),
    )


def _lead(row: PlanRow, agency: Agency, part: Part) -> LeadLine:
    own = row.by_lead.get(agency.pk)
    status, report = (own.status, _report(own, row)) if own else (row.status, None)
    return LeadLine(agency=agency, part=part, status=status, owner_as_worded=row.owner, report=report)


def _report(said: PlanRow | OfLead, row: PlanRow) -> ReportLine:
    return ReportLine(
        progress=said.progress,
        next_steps=said.next_steps,
        obstacles=said.barriers,
        status_as_written=row.status_as_written,
        next_review_on=row.next_review_on,
        completed_on=said.completed_on,
        outcome=_outcome(said),
        evidence=said.evidence,
    )


def _outcome(said: PlanRow | OfLead) -> str:
    """What changed; with the day before it where the plan gives one for what it does not call complete."""
    day = said.completed_on if said.status not in (Status.COMPLETE, Status.AWAITING) else None
    return " ".join(filter(None, (said_day(day) if day else "", said.outcome)))


def _milestones(row: PlanRow) -> tuple[MilestoneLine, ...]:
    """Each step; with a date of its own where the plan gives as many dates as steps."""
    steps = items(row.milestones) or [line for line in row.milestones.split("\n") if line]
    dates = items(row.target_date_as_written) or row.target_date_as_written.split("\n")
    dated = dates if len(dates) == len(steps) > 1 else [""] * len(steps)
    return tuple(
        MilestoneLine(text=re.sub(r"^[•*-]\s*", "", step), due_on=read_date(date).date, due_as_written=date)
        for step, date in zip(steps, dated, strict=True)
    )
