"""In what a row of a file differs from the action that it is: field by field, with what stands in the way of each.

A field that is empty in the file says nothing. What the file says is no change where the plan says it now, or said it
on the day for which the file speaks, or where the file said the same when it was last brought in: what people have
changed here since is theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reviews import policies
from reviews.importing.again.change import COLUMNS, Change
from reviews.importing.again.change import words_of_day as _day
from reviews.importing.again.incoming import Incoming, bare
from reviews.importing.again.present import Present
from reviews.importing.again.reported import evidence, next_review, reports, status
from reviews.models import Action, TargetDate
from reviews.plan_lines import MilestoneLine


def changes(row: Incoming, present: Present, on: dt.date, before: Mapping[str, Any] | None = None) -> list[Change]:
    """In what ``row``, of a file that speaks for ``on``, differs from ``present``.

    ``before`` are the fields of the same row in the file that was brought in last.
    """
    found = [change for look in _LOOKS for change in look(row, present, on)]
    if before is not None:
        found = [change for change in found if not _said_before(row, change.field, before)]
    early = present.since is not None and on < present.since
    if early:
        why = f"The file speaks for a day before the action came into the plan, {_day(present.since)}."
        found = [replace(change, why_not=why) for change in found]
    return found


def _said_before(row: Incoming, field: str, before: Mapping[str, Any]) -> bool:
    columns = COLUMNS.get(field, (field,))
    if field == "recommendation" and not row.says.recommendation:
        columns = ("action",)
    return all(bare(row.row.fields.get(name)) == bare(before.get(name)) for name in columns)


# --- What is asked and who answers ------------------------------------------------------------------


def _words(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    recommendation, action = present.recommendation, present.action
    line = row.recommendation
    alone = not row.says.recommendation and bool(action.text)  # a file of actions, without what they are for
    if line.reference and bare(line.reference) != bare(recommendation.reference):
        yield Change("reference", recommendation.reference, line.reference, _why_long(line.reference))
    if not alone:
        yield from _worded("recommendation", line.text, recommendation.text, present.rewordings, on)
    there = {bare(theme) for theme in present.themes}
    if themes := [theme for theme in line.themes if bare(theme) not in there]:
        yield Change("theme", "; ".join(present.themes), "; ".join(line.themes), value=themes)
    if line.scope and line.scope != recommendation.scope:
        yield Change("scope", recommendation.scope, line.scope)
    if row.action.reference and bare(row.action.reference) != bare(action.reference):
        yield Change("action_reference", action.reference, row.action.reference, _why_long(row.action.reference))
    words = row.says.action if alone else row.action.text
    yield from _worded("action", words, action.text, present.wordings, on)
    if (said := row.action.agency_response) and bare(said) != bare(action.agency_response):
        yield Change("agency_response", action.agency_response, said)


def _why_long(reference: str) -> str:
    most = Action._meta.get_field("reference").max_length or 0
    return f"It is longer than {most} letters." if len(reference) > most else ""


def _worded(field: str, words: str, now: str, wordings: list[Any], on: dt.date) -> Iterator[Change]:
    then = [wording.text for wording in wordings if wording.on <= on][-1:]
    if not words or bare(words) in {bare(now), *map(bare, then)}:
        return
    later = wordings[-1].on if wordings and wordings[-1].on > on else None
    yield Change(field, now, words, f"It was reworded for {_day(later)}, after the file’s own day." if later else "")


def _leads(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    there = {key for part in present.leads for key in present.stands_for(part)}
    said = {agency.pk for agency in row.says.agencies}
    ended = [part for part in present.leads if not said & present.stands_for(part)]
    added = [agency for agency in row.says.agencies if agency.pk not in there]
    if said and (added or ended):
        names = "; ".join(present.names.get(agency.pk, agency.name) for agency in row.says.agencies)
        yield Change("agencies", present.agencies, names, value=(added, ended))
    owners = {bare(part.owner_as_worded): part.owner_as_worded for part in present.leads}
    if row.says.owner and present.leads and set(owners) != {bare(row.says.owner)}:
        yield Change("owner", "; ".join(filter(None, owners.values())), row.says.owner)


def _milestones(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    lines = row.action.milestones
    steps = {bare(form): step for step in present.milestones for form in (step.text, _printed(step))}
    new = [line for line in lines if not _is_step(line, steps.get(bare(line.text)))]
    if new:
        kept = {bare(line.text) for line in lines if line not in new}
        gone = [step for step in present.milestones if not {bare(step.text), bare(_printed(step))} & kept]
        was, now = ("\n".join(str(one.text) for one in steps) for steps in (present.milestones, lines))
        yield Change("milestones", was, now, value=(new, gone))


def _is_step(line: MilestoneLine, step: Any) -> bool:
    """Whether the plan has this step, with the dates that the file gives it."""
    if step is None:
        return False
    given = ((line.due_on, step.due_on), (line.achieved_on, step.achieved_on))
    return all(said is None or said == there for said, there in given)


def _printed(step: Any) -> str:
    """A step as the papers print it, with its dates."""
    facts = [f"due {_day(step.due_on)}" if step.due_on else step.due_as_written]
    facts.append(f"achieved {_day(step.achieved_on)}" if step.achieved_on else "")
    known = "; ".join(filter(None, facts))
    return f"{step.text} ({known})" if known else step.text


# --- By when ----------------------------------------------------------------------------------------


def _dates(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    line, dates = row.action, present.dates
    now = dates[-1] if dates else None
    then = [date for date in dates if date.on <= on][-1:]
    revised = bool(line.revised_date or line.revised_as_written)
    if revised and not _is_one_of([now, *then], line.revised_date, line.revised_as_written):
        yield _dated("revised_date", now, line.revised_date, line.revised_as_written, on)
    if not (line.target_date or line.target_as_written):
        return
    if not revised:
        if not _is_one_of([now, *then], line.target_date, line.target_as_written):
            yield _dated("target_date", now, line.target_date, line.target_as_written, on)
    elif not _is_one_of(dates, line.target_date, line.target_as_written):
        change = _dated("target_date", present.original, line.target_date, line.target_as_written, on)
        yield replace(change, why_not="The first date of an action is kept as it is.") if dates else change


def _is_one_of(rows: Sequence[TargetDate | None], date: dt.date | None, written: str) -> bool:
    return any(
        row is not None and (row.date == date if date else not row.date and bare(row.as_written) == bare(written))
        for row in rows
    )


def _dated(field: str, now: TargetDate | None, date: dt.date | None, written: str, on: dt.date) -> Change:
    was = (_day(now.date) if now.date else now.as_written) if now else ""
    why = policies.why_not_target(date, on=on) if date else ""
    if now and now.on > on:
        why = f"The date was changed on {_day(now.on)}, after the file’s own day."
    return Change(field, was, _day(date) if date else written, why, value=(date, written))


_Look = Callable[[Incoming, Present, dt.date], Iterator[Change]]
_LOOKS: tuple[_Look, ...] = (_words, _leads, _milestones, _dates, status, next_review, reports, evidence)
