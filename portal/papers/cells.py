"""The cells of the layouts: each says one thing about one action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from portal.papers.paper import Cell, Look, Paragraph, day
from reviews.as_at_model import ActionAsAt, AgencyPart, RecommendationAsAt, Step
from reviews.export_mark import LABELS, Says
from reviews.export_words import Step as SaidStep
from reviews.export_words import labelled, said_date, said_dates, said_outcome, said_step
from reviews.models import ProgressUpdate
from reviews.statuses import CLOSED, Decision, Lateness, Status

#: Whose words these are, where an agency that took over has not reported yet; as the action's page says it.
BEFORE = "by the agency from which it took over"
OPEN_OR_AWAITING = frozenset(Status) - frozenset(CLOSED)


def the_recommendation(row: RecommendationAsAt) -> Cell:
    """The recommendation with its reference."""
    return (Paragraph(labelled("Recommendation", row.reference, row.text), says=Says.RECOMMENDATION),)


def the_action(action: ActionAsAt | None) -> Cell:
    """The action with its reference, where it has one or the other of its own."""
    words = labelled("Action", action.reference, action.text) if action else ""
    return (Paragraph(words, says=Says.ACTION),) if words else ()


def what_is_asked(recommendation: RecommendationAsAt, action: ActionAsAt | None, *, said_above: bool) -> Cell:
    """The recommendation, unless the row above has said it, and the action where it has words of its own."""
    said = said_above and bool(action and action.text)
    return (() if said else the_recommendation(recommendation)) + the_action(action)


def progress(action: ActionAsAt) -> Cell:
    """What each lead last reported, then what supporting agencies did and what the group answered."""
    paragraphs = list(_by_lead(action, lambda lead: _reported(lead, completed(action, lead)[0])))
    for part in action.supporting:
        if part.progress:
            paragraphs.append(Paragraph(f"{part.name} (supporting)", Look.STRONG))
            paragraphs += [Paragraph(one.words, one.look) for one in _reported(part, None)]
    last = action.last_decision
    if last and last.reason and last.decision in (Decision.RETURNED, Decision.REOPENED, Decision.NOT_PURSUED):
        paragraphs.append(Paragraph(f"{last.decision.label} on {day(last.on)}: {last.reason}", Look.SMALL))
    return tuple(paragraphs)


def next_steps(action: ActionAsAt) -> Cell:
    """What each lead will do next, and by when the action is due."""
    words = tuple(_by_lead(action, _next))
    return words + tuple(
        Paragraph(f"{LABELS[says]}{words}", Look.SMALL, says)
        for says, words in dates(action)
        if action.status in OPEN_OR_AWAITING
    )


def status(action: ActionAsAt) -> Cell:
    """The status, in each lead's own where they differ; lateness below it, and the sign-off."""
    paragraphs = [Paragraph(action.status.label, says=Says.STATUS)]
    if differ(action):
        each = (f"{lead.name}: {lead.status.label}" for lead in action.leads)
        paragraphs += [Paragraph(words, Look.SMALL, Says.LEAD_STATUS) for words in each]
    if action.timing.lateness in (Lateness.OVERDUE, Lateness.DUE_SOON):
        paragraphs.append(Paragraph(action.timing.words, Look.SMALL))
    last = action.last_decision
    if last and last.decision == Decision.SIGNED_OFF:
        paragraphs.append(Paragraph(f"Signed off on {day(last.on)}", Look.SMALL))
    return tuple(paragraphs)


def differ(action: ActionAsAt) -> bool:
    """Whether the leads stand in different places."""
    return len({lead.status for lead in action.leads}) > 1


def steps(action: ActionAsAt) -> list[str]:
    """The steps, each with its dates."""
    return [said_step(_step(step)) for step in action.milestones]


def _step(step: Step) -> SaidStep:
    return SaidStep(step.text, said_date(step.due_on, step.due_as_written), step.achieved_on)


def milestones(action: ActionAsAt) -> Cell:
    """The steps, each with its dates; for what has no steps, the progress reported."""
    said = tuple(Paragraph(words, says=Says.STEP) for words in steps(action))
    return said or tuple(_by_lead(action, _progressed))


def date_lines(action: ActionAsAt) -> Cell:
    """By when: the date in force, the original beside it, and lateness."""
    lines = [
        Paragraph(words if says == Says.DATES else f"{LABELS[says]}{words}", says=says) for says, words in dates(action)
    ]
    if action.timing.lateness == Lateness.OVERDUE:
        lines.append(Paragraph(action.timing.words, Look.SMALL))
    return tuple(lines)


def completion(action: ActionAsAt) -> Cell:
    """Its status; when it was done, and what changed: for each lead where they differ."""
    each = [(lead, completed(action, lead)) for lead in action.leads]
    paragraphs = [Paragraph(action.status.label, says=Says.STATUS)]
    if len({(said, lead.status) for lead, said in each}) <= 1:
        return (*paragraphs, *(_completed(action, *each[0][1]) if each else ()))
    for lead, said in each:
        paragraphs.append(Paragraph(lead.name, Look.STRONG, Says.LEAD))
        if differ(action):
            paragraphs.append(Paragraph(lead.status.label, says=Says.STATUS))
        paragraphs += _completed(action, *said)
    return tuple(paragraphs)


def _completed(action: ActionAsAt, on: dt.date | None, changed: str) -> Iterator[Paragraph]:
    if on:
        yield Paragraph(day(on), says=Says.COMPLETED)
    if changed:
        others = [*(one.label for one in Status), *(lead.name for lead in action.leads)]
        yield Paragraph(said_outcome(changed, others), says=Says.OUTCOME)


def completed(action: ActionAsAt, lead: AgencyPart) -> tuple[dt.date | None, str]:
    """When ``lead`` was done with it, where that is known, and what changed."""
    return lead.completed_on or carried_over_on(action), lead.what_changed


def carried_over_on(action: ActionAsAt) -> dt.date | None:
    """The day of completion that the plan brought in gave; it stands for one only if it is before the plan's own."""
    last = action.last_decision
    known = action.is_carried_over and last and all(last.on < lead.since for lead in action.leads)
    return last.on if last and known else None


def dates(action: ActionAsAt) -> Iterator[tuple[Says, str]]:
    """The dates of an action, each with what it is, in the words of a paper."""
    target = action.target
    if target.date or target.as_written:
        first = said_date(target.original, target.original_as_written)
        yield Says.DATES, said_dates(said_date(target.date, target.as_written), first)
    if action.next_review_on:
        yield Says.REVIEW, day(action.next_review_on)


def _by_lead(action: ActionAsAt, words: Callable[[AgencyPart], Iterator[Paragraph]]) -> Iterator[Paragraph]:
    """What ``words`` says of each lead; under its name where there are several, but once if all say the same."""
    said = [(lead.name, tuple(words(lead))) for lead in action.leads]
    if len(said) > 1 and len({paragraphs for _, paragraphs in said}) == 1:
        said = said[:1]
    for name, paragraphs in said:
        if paragraphs and len(said) > 1:
            yield Paragraph(name, Look.STRONG, Says.LEAD)
        yield from paragraphs


def _next(lead: AgencyPart) -> Iterator[Paragraph]:
    if lead.next_steps:
        yield Paragraph(lead.next_steps, says=Says.NEXT_STEPS)


def _progressed(part: AgencyPart) -> Iterator[Paragraph]:
    if part.progress:
        yield Paragraph(f"{LABELS[Says.PROGRESS]}{part.progress}", says=Says.PROGRESS)


def _reported(part: AgencyPart, completed_on: dt.date | None) -> Iterator[Paragraph]:
    if part.progress:
        yield Paragraph(part.progress, says=Says.PROGRESS)
    if part.what_changed:
        yield Paragraph(f"{LABELS[Says.OUTCOME]}{part.what_changed}", says=Says.OUTCOME)
    if completed_on:
        yield Paragraph(f"{LABELS[Says.COMPLETED]}{day(completed_on)}", Look.SMALL, Says.COMPLETED)
    if part.obstacles:
        yield Paragraph(f"{LABELS[Says.OBSTACLES]}{part.obstacles}", says=Says.OBSTACLES)
    if part.help_wanted:
        yield Paragraph(f"{LABELS[Says.HELP]}{part.help_wanted}", says=Says.HELP)
    yield from _told(part)


def _told(part: AgencyPart) -> Iterator[Paragraph]:
    """When it was reported, and by whom where the reader may know."""
    before = f", {BEFORE}" if part.is_carried else ""
    if part.source == ProgressUpdate.Source.REPORTED and part.updated_on:
        yield Paragraph(f"Reported on {day(part.updated_on)}{before}", Look.SMALL)
    elif part.source == ProgressUpdate.Source.RECORDED_FOR and part.updated_on:
        giver = f" by {part.given_by}" if part.given_by else ""
        by = f"; recorded by {part.recorded_by}" if part.recorded_by else ""
        yield Paragraph(f"Reported{giver} on {day(part.updated_on)}{by}{before}", Look.SMALL)
    elif part.is_carried and part.updated_on:
        yield Paragraph(f"As the plan said on {day(part.updated_on)}{before}", Look.SMALL)
