"""What a paper prints is understood as it was meant when the file comes back: for any plan, to the letter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings

from portal.papers.cells import OPEN_OR_AWAITING
from portal.papers.formats import export
from reviews.as_at_model import ActionAsAt, AgencyPart, PlanAsAt, RecommendationAsAt
from reviews.export_words import STATUSES
from reviews.importing.readers import read
from reviews.importing.understanding.plan import read_plan
from reviews.statuses import Status
from tests.examples import examples
from tests.portal.papers.generated import plans

#: What each layout has room for, besides recommendations, actions, their references, leads and status.
FOUR = ("progress", "next_steps", "obstacles", "what_changed", "completed_on")
SEVEN = ("what_changed", "completed_on")
DATA = (*FOUR, "evidence")
TABLES = {
    ("update-report", "docx"): FOUR,
    **{("update-report", extension): DATA for extension in ("xlsx", "ods", "csv")},
    **{("statutory", extension): SEVEN for extension in ("docx", "xlsx", "ods", "csv")},
}
OURS = {"obstacles": "barriers", "what_changed": "outcome"}


def iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def meant(recommendation: RecommendationAsAt, action: ActionAsAt, layout: str, extension: str) -> dict[str, Any]:
    """The row of an action, as far as the layout carries it."""
    target = action.target
    is_data, is_report = TABLES[layout, extension] == DATA, TABLES[layout, extension] == FOUR
    row: dict[str, Any] = {
        "reference": recommendation.reference, "recommendation": recommendation.text,
        "action_reference": action.reference, "action": action.text, "agencies": [lead.name for lead in action.leads],
    }  # fmt: skip
    if not is_report:
        row["scope"] = recommendation.scope.lower()
        row["steps"] = [
            {"text": step.text, "due_on": iso(step.due_on), "due_as_written": step.due_as_written,
             "achieved_on": iso(step.achieved_on)}
            for step in action.milestones
        ]  # fmt: skip
    if is_data:
        row |= {"theme": "\n".join(recommendation.themes), "agency_response": action.agency_response}
    if not is_report or action.status in OPEN_OR_AWAITING:
        revised = (target.date, target.as_written) if target.was_changed else (None, "")
        row |= {
            "target_date": iso(target.original), "target_date_as_written": target.original_as_written,
            "revised_date": iso(revised[0]), "revised_date_as_written": revised[1],
            "next_review_on": iso(action.next_review_on),
        }  # fmt: skip
    return row


def of_lead(lead: AgencyPart, fields: tuple[str, ...]) -> dict[str, Any]:
    said = {OURS.get(name, name): getattr(lead, name) for name in fields}
    return said | {"completed_on": iso(lead.completed_on), "status": lead.status}


def heard_of(row: dict[str, Any], name: str, fields: tuple[str, ...]) -> dict[str, Any]:
    own = row["by_lead"].get(name, row)
    said = {OURS.get(field, field): own[OURS.get(field, field)] for field in fields}
    return said | {"status": Status(own["status"] or "not_recorded")}


@pytest.mark.parametrize(("layout", "extension"), TABLES)
@settings(max_examples=examples(9), deadline=None)
@given(plan=plans())
def test_what_is_printed_is_understood_again(layout: str, extension: str, plan: PlanAsAt) -> None:
    file = export(plan, extension, layout)

    rows = read_plan(read(file.data, file.name)).rows

    lines = [(recommendation, action) for recommendation in plan.recommendations for action in recommendation.actions]
    assert len(rows) == len(lines)
    fields = TABLES[layout, extension]
    for row, (recommendation, action) in zip(rows, lines, strict=True):
        wanted = meant(recommendation, action, layout, extension)
        assert {name: row[name] for name in wanted} == wanted
        own = (*fields, "progress") if fields == SEVEN and not action.milestones else fields
        assert [heard_of(row, lead.name, own) for lead in action.leads] == [of_lead(one, own) for one in action.leads]


def test_papers_call_every_status_as_the_portal_does() -> None:
    assert tuple(status.label for status in Status) == STATUSES
