"""The cells of the layouts: each says one thing about one action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from portal.papers.paper import Cell, Look, Paragraph, day
from reviews.as_at_model import ActionAsAt, AgencyPart, RecommendationAsAt
from reviews.models import ProgressUpdate
from reviews.statuses import Decision, Lateness, Status

OPEN_OR_AWAITING = frozenset(Status) - {Status.COMPLETE, Status.NOT_PURSUED}


def what_is_asked(recommendation: RecommendationAsAt, action: ActionAsAt | None, *, said_above: bool) -> Cell:
    """The recommendation, unless the row above has said it, and the action where it has words of its own."""
    paragraphs = []
    if not said_above or not (action and action.text):
        label = f"Recommendation {recommendation.reference}: " if recommendation.reference else ""
        paragraphs.append(Paragraph(f"{label}{recommendation.text}"))
    if action and action.text:
        label = f"Action {action.reference}: " if action.reference else ""
        paragraphs.append(Paragraph(f"{label}{action.text}"))
    return tuple(paragraphs)


def progress(action: ActionAsAt) -> Cell:
    """What each lead last reported, then what supporting agencies did and what the group answered."""
    paragraphs = list(_by_lead(action, _reported))
    for part in action.supporting:
        if part.progress:
            paragraphs.append(Paragraph(f"{part.name} (supporting)", Look.STRONG))
            paragraphs += _reported(part)
    last = action.last_decision
    if last and last.reason and last.decision in (Decision.RETURNED, Decision.REOPENED, Decision.NOT_PURSUED):
        paragraphs.append(Paragraph(f"{last.decision.label} on {day(last.on)}: {last.reason}", Look.SMALL))
    return tuple(paragraphs)


def next_steps(action: ActionAsAt) -> Cell:
    """What each lead will do next, and by when the action is due."""
    words = tuple(_by_lead(action, lambda lead: iter([Paragraph(lead.next_steps)] if lead.next_steps else [])))
    return words + tuple(
        Paragraph(f"{label}: {words}", Look.SMALL)
        for label, words in dates(action)
        if action.status in OPEN_OR_AWAITING
    )


def status(action: ActionAsAt) -> Cell:
    """The status, in each lead's own where they differ; lateness below it, and the sign-off."""
    paragraphs = [Paragraph(action.status.label)]
    if len({lead.status for lead in action.leads}) > 1:
        paragraphs += [Paragraph(f"{lead.name}: {lead.status.label}", Look.SMALL) for lead in action.leads]
    if action.timing.lateness in (Lateness.OVERDUE, Lateness.DUE_SOON):
        paragraphs.append(Paragraph(action.timing.words, Look.SMALL))
    last = action.last_decision
    if last and last.decision == Decision.SIGNED_OFF:
        paragraphs.append(Paragraph(f"Signed off on {day(last.on)}", Look.SMALL))
    return tuple(paragraphs)


def milestones(action: ActionAsAt) -> Cell:
    """The steps, each with its dates; for what has no steps, the progress reported."""
    steps = []
    for step in action.milestones:
        facts = [f"due {day(step.due_on)}" if step.due_on else step.due_as_written]
        facts.append(f"achieved {day(step.achieved_on)}" if step.achieved_on else "")
        known = "; ".join(filter(None, facts))
        steps.append(Paragraph(f"{step.text} ({known})" if known else step.text))
    return tuple(steps) or tuple(_by_lead(action, lambda lead: _reported(replace(lead, what_changed=""))))


def date_lines(action: ActionAsAt) -> Cell:
    """By when: the date in force, the original beside it, and lateness."""
    lines = [Paragraph(words if label == "Target date" else f"{label}: {words}") for label, words in dates(action)]
    if action.timing.lateness == Lateness.OVERDUE:
        lines.append(Paragraph(action.timing.words, Look.SMALL))
    return tuple(lines)


def completion(action: ActionAsAt) -> Cell:
    """Its status; when it was done, and what changed: for each lead where they differ."""
    each = [(lead.name, completed(action, lead)) for lead in action.leads]
    if len({said for _, said in each}) == 1:
        each = [("", each[0][1])]
    paragraphs = [Paragraph(action.status.label)]
    for name, (on, changed) in each:
        own = f"{name}: " if name and (on or changed) else ""
        paragraphs += [Paragraph(f"{own}{day(on)}")] if on else []
        paragraphs += [Paragraph(changed if on else f"{own}{changed}")] if changed else []
    return tuple(paragraphs)


def completed(action: ActionAsAt, lead: AgencyPart) -> tuple[dt.date | None, str]:
    """When ``lead`` was done with it, where that is known, and what changed."""
    return lead.completed_on or carried_over_on(action), lead.what_changed


def carried_over_on(action: ActionAsAt) -> dt.date | None:
    """The day of completion that the plan brought in gave; it stands for one only if it is before the plan's own."""
    last = action.last_decision
    known = action.is_carried_over and last and all(last.on < lead.since for lead in action.leads)
    return last.on if last and known else None


def dates(action: ActionAsAt) -> Iterator[tuple[str, str]]:
    """The dates of an action, each with its label, in the words of a paper."""
    target = action.target
    if target.date or target.as_written:
        words = day(target.date) if target.date else target.as_written
        if target.was_changed and (target.original or target.original_as_written):
            words += f" (originally {day(target.original) if target.original else target.original_as_written})"
        yield "Target date", words
    if action.next_review_on:
        yield "Next review", day(action.next_review_on)


def _by_lead(action: ActionAsAt, words: Callable[[AgencyPart], Iterator[Paragraph]]) -> Iterator[Paragraph]:
    """What ``words`` says of each lead; under its name where there are several, but once if all say the same."""
    said = [(lead.name, tuple(words(lead))) for lead in action.leads]
    if len(said) > 1 and len({paragraphs for _, paragraphs in said}) == 1:
        said = said[:1]
    for name, paragraphs in said:
        if paragraphs and len(said) > 1:
            yield Paragraph(name, Look.STRONG)
        yield from paragraphs


def _reported(part: AgencyPart) -> Iterator[Paragraph]:
    if part.progress:
        yield Paragraph(part.progress)
    if part.what_changed:
        yield Paragraph(f"What changed: {part.what_changed}")
    if part.obstacles:
        yield Paragraph(f"What stands in the way: {part.obstacles}")
    if part.source == ProgressUpdate.Source.REPORTED and part.updated_on:
        yield Paragraph(f"Reported on {day(part.updated_on)}", Look.SMALL)
    elif part.source == ProgressUpdate.Source.RECORDED_FOR and part.updated_on:
        # Without the names where the reader may not have them.
        giver = f" by {part.given_by}" if part.given_by else ""
        by = f"; recorded by {part.recorded_by}" if part.recorded_by else ""
        yield Paragraph(f"Reported{giver} on {day(part.updated_on)}{by}", Look.SMALL)
