"""What stands in which cell: the update report in its four columns, and the statutory plan in its seven."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.utils import timezone

from portal.papers.cells import (
    completion,
    date_lines,
    milestones,
    next_steps,
    progress,
    status,
    the_action,
    the_recommendation,
    what_is_asked,
)
from portal.papers.paper import Cell, Group, Heading, Look, Paper, Paragraph, day
from reviews.as_at_model import ActionAsAt, PlanAsAt, RecommendationAsAt
from reviews.export_mark import NOBODY_YET, Says
from reviews.statuses import MEANINGS, Lateness, Status

UPDATE_REPORT, STATUTORY = "update-report", "statutory"

#: The founding paper's columns, word for word.
FOUR_COLUMNS = (
    Heading("Organisation and recommendation", 34),
    Heading("Progress against recommendations", 34),
    Heading("Next Steps", 19),
    Heading("Status", 13),
)
#: The columns of the statutory template, word for word.
SEVEN_COLUMNS = (
    Heading("Recommendation", 18),
    Heading("Scope of recommendation (i.e. local or regional)", 13),
    Heading("Action to take", 18),
    Heading("Lead Agency", 12),
    Heading("Key milestones achieved in enacting recommendation", 15),
    Heading("Target Date", 11),
    Heading("Date of completion and outcome", 13),
)

#: Where it stands in the plan, what is recommended, what is done.
Line = tuple[tuple[int, int], RecommendationAsAt, ActionAsAt | None]


def update_report(plan: PlanAsAt) -> Paper:
    """The report for the Strategic Group: grouped by organisation, in plan order."""
    return _paper(plan, UPDATE_REPORT, "Action plan update report", FOUR_COLUMNS, tuple(_by_organisation(plan)))


def statutory(plan: PlanAsAt) -> Paper:
    """The plan in the columns of the statutory template, in plan order."""
    lines = list(_lines(plan))
    rows = tuple(_statutory_row(recommendation, action, first=place[1] == 0) for place, recommendation, action in lines)
    group = Group("", _footnotes(plan), rows, names=(), places=tuple(place for place, _, _ in lines))
    return _paper(plan, STATUTORY, "Action plan", SEVEN_COLUMNS, (group,))


LAYOUTS: dict[str, Callable[[PlanAsAt], Paper]] = {UPDATE_REPORT: update_report, STATUTORY: statutory}
#: What a page calls each layout.
TITLES: dict[str, str] = {UPDATE_REPORT: "Update report", STATUTORY: "Statutory plan, in seven columns"}


def _paper(plan: PlanAsAt, name: str, subtitle: str, headings: tuple[Heading, ...], groups: tuple[Group, ...]) -> Paper:
    return Paper(
        reference=plan.reference,
        title=plan.title,
        subtitle=f"{subtitle}, as at {day(plan.on)}",
        publisher=plan.partnership,
        on=plan.on,
        introduction=tuple(_introduction(plan)),
        headings=headings,
        groups=groups,
        key=tuple(_key(plan)),
        recorded_later=tuple(
            f"{row.what}, of {day(row.on)}: {'taken back' if row.taken_back else 'recorded'} "
            f"{day(timezone.localtime(row.recorded_at))}"
            for row in plan.recorded_later
        ),
        name=name,
    )


def _lines(plan: PlanAsAt) -> Iterator[Line]:
    """Each action under its recommendation; a recommendation without any once, by itself."""
    for number, recommendation in enumerate(plan.recommendations):
        for place, action in enumerate(recommendation.actions or (None,)):
            yield (number, place), recommendation, action


def _by_organisation(plan: PlanAsAt) -> Iterator[Group]:
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in _lines(plan):
        groups.setdefault(_names(*line[1:]), []).append(line)
    for names, lines in groups.items():
        leads = [lead for _, _, action in lines if action for lead in action.leads if lead.now_called]
        yield Group(
            name=" and ".join(names),
            footnotes=tuple(dict.fromkeys(f"* now the {lead.now_called}" for lead in leads)),
            rows=tuple(_report_rows(lines)),
            names=names,
            places=tuple(place for place, _, _ in lines),
        )


def _names(recommendation: RecommendationAsAt, action: ActionAsAt | None) -> tuple[str, ...]:
    """Who answers, each with a star where a footnote says what it is called now.

    Whom a recommendation addresses answers for no action: one without an agency is nobody's yet.
    """
    if action is None:
        return (recommendation.addressee or NOBODY_YET,)
    return tuple(f"{lead.name}{'*' if lead.now_called else ''}" for lead in action.leads) or (NOBODY_YET,)


def _report_rows(lines: Iterable[Line]) -> Iterator[tuple[Cell, ...]]:
    above: RecommendationAsAt | None = None
    for _, recommendation, action in lines:
        asked = what_is_asked(recommendation, action, said_above=recommendation is above)
        above = recommendation
        if action is None:
            yield asked, (Paragraph("No action has been agreed yet.", Look.SMALL),), (), ()
        else:
            yield asked, progress(action), next_steps(action), status(action)


def _statutory_row(recommendation: RecommendationAsAt, action: ActionAsAt | None, *, first: bool) -> tuple[Cell, ...]:
    asked = the_recommendation(recommendation) if first else ()
    scope: Cell = (Paragraph(recommendation.scope, says=Says.SCOPE),) if first and recommendation.scope else ()
    leads = tuple(Paragraph(name, says=Says.AGENCY) for name in _names(recommendation, action))
    if action is None:
        return asked, scope, (), leads, (), (), ()
    return asked, scope, the_action(action), leads, milestones(action), date_lines(action), completion(action)


def _footnotes(plan: PlanAsAt) -> tuple[str, ...]:
    return tuple(f"* {note.name}: now the {note.now_called}" for note in plan.footnotes)


def _introduction(plan: PlanAsAt) -> Iterator[str]:
    if plan.dates:
        said = [f"{what} on {day(on)}" for what, on in plan.dates]
        yield f"{'; '.join([said[0], *(f'{one[0].lower()}{one[1:]}' for one in said[1:])])}."
    if plan.chair:
        yield f"Independent chair: {plan.chair}."
    yield from (paragraph.strip() for paragraph in plan.introduction.splitlines() if paragraph.strip())
    yield _counted(plan)


def _counted(plan: PlanAsAt) -> str:
    counts = plan.counts
    if not counts.total:
        return f"The plan has nothing for {day(plan.on)}. Choose a later date."
    parts = [f"{counts.by_status[one]} {one.label.lower()}" for one in Status if counts.by_status.get(one)]
    words = f"Of {counts.total} actions: {'; '.join(parts)}."
    if counts.overdue:
        words += f" {counts.overdue} {'is' if counts.overdue == 1 else 'are'} overdue."
    complete = [action for action in plan.actions if action.status == Status.COMPLETE]
    if counts.carried_over:
        words += f" {_of(counts.carried_over, len(complete))} as reported in the plan, not checked here."
    if silent := sum(not progress(action) for action in complete):
        words += f" {_of(silent, len(complete))} without a word of what was done."
    return words


def _of(number: int, complete: int) -> str:
    """How many of the complete ones."""
    if number == complete:
        return "All of those complete are complete" if number > 1 else "The one that is complete is complete"
    return f"{number} of the {complete} complete {'is' if number == 1 else 'are'} complete"


def _key(plan: PlanAsAt) -> Iterator[tuple[str, str]]:
    """Every status, used or not: a reader must know what might have stood there. Lateness only where dates are."""
    for one in Status:
        yield one.label, MEANINGS[one]
    if any(action.timing.lateness not in (Lateness.NO_DATE, Lateness.CLOSED) for action in plan.actions):
        yield (
            "Overdue by …",
            "The target date, or the date of next review, has passed. Status and lateness are two facts.",
        )
        yield "Due in …", "The target date, or the date of next review, is within four weeks."
