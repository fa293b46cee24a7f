"""In what a row says otherwise where an action stands: its status, and what was reported of it.

What an agency said, or the group decided, for a later day than the file's own stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from reviews import policies
from reviews.importing.again.change import Change
from reviews.importing.again.change import words_of_day as _day
from reviews.importing.again.incoming import Incoming, bare
from reviews.importing.again.present import Present
from reviews.models import Assignment, ProgressUpdate
from reviews.statuses import Decision, Status


def status(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    """Where the action stands."""
    said, now = row.says.status, Status(present.action.status)
    if said == Status.NOT_RECORDED or not present.leads:
        return
    wanted = _stands(row, present)
    if not wanted:
        yield from _completion(row, present, on)
        return
    later = [one.on for one in (*present.updates, *present.sign_offs) if one.on > on]
    if later and present.status_on(on) == said:
        return
    why = why_closed(present)
    if later:
        why = f"It was reported or decided for {_day(max(later))}, after the file’s own day."
    elif now == Status.AWAITING and said == Status.COMPLETE:
        why = "The agency says that it is complete; the group decides that here."
    yield Change("status", now.label, said.label, why, value=wanted)


def _stands(row: Incoming, present: Present) -> dict[int, Status]:
    """Where the file says that each lead stands, of those who stand elsewhere, by the key of the part.

    A file that says it once says it of the action: that is where the least advanced of its leads stands.
    """
    said = {lead.agency.pk: lead.status for lead in row.action.leads}
    if len(set(said.values())) < 2:
        if row.says.status == present.action.status:
            return {}
        said = {}
    each = {part: said.get(part.agency_id, row.says.status) for part in present.leads}
    return {part.pk: status for part, status in each.items() if status not in (part.status, Status.NOT_RECORDED)}


def why_closed(present: Present) -> str:
    """Why nothing is reported of this action any more. What a plan said to be complete, a later one may correct."""
    by_decision = present.decided is not None and not present.is_carried_over
    return policies.why_not_update(present.action) if by_decision else ""


def _completion(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    day = row.says.completed_on
    if day is None or row.says.status not in (Status.COMPLETE, Status.AWAITING):
        return
    day = min(day, on)
    claimed = [update.claim.completed_on for update in present.updates if getattr(update, "claim", None)]
    decided = [one.on for one in present.sign_offs if one.decision == Decision.CARRIED_OVER]
    known = {*claimed, *decided}
    began = {part.on for part in present.leads}  # a plan that gave a day after its own spoke for its own
    if {day, row.says.completed_on} & known or any(one in began and one < day for one in known):
        return
    shown = (claimed if row.says.status == Status.AWAITING else decided or claimed)[-1:]
    last = max((one.on for one in (*present.updates, *present.sign_offs)), default=None)
    why = why_closed(present)
    if not why and row.says.status == Status.COMPLETE and last and day < last:
        why = "What was recorded later stands. Take that decision back on the page of the action first."
    yield Change("completed_on", _day(shown[0]) if shown else "", _day(day), why, value=day)


def next_review(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    """When what goes on is looked at again."""
    day, now = row.action.report.next_review_on, present.action.next_review_on
    said = row.says.status if row.says.status != Status.NOT_RECORDED else present.action.status
    if day is None or day == now or said != Status.ONGOING or not present.leads:
        return
    then = [update.next_review_on for update in present.updates if update.next_review_on and update.on <= on]
    if day not in then[-1:]:
        later = [update for update in present.updates if update.next_review_on and update.on > on]
        why = _why_later(later) if later else policies.why_not_next_review(day, on=on)
        yield Change("next_review", _day(now), _day(day), why, value=day)


_REPORTED: tuple[tuple[str, str], ...] = (
    ("progress", "progress"),
    ("next_steps", "next_steps"),
    ("barriers", "obstacles"),
    ("outcome", "outcome"),
)


def reports(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    """What each lead has done, will do, and finds in the way."""
    for field, name in _REPORTED:
        words, each = getattr(row.action.report, name), _of_each(row, name, present)
        if words or any(each.values()):
            yield from _reported(field, name, words, each, present, on)


def _of_each(row: Incoming, name: str, present: Present) -> dict[Assignment, str]:
    """What the file says for each lead: as our own papers tell it apart, or under its name in the cell."""
    own = {lead.agency.pk: getattr(lead.report, name) for lead in row.action.leads if lead.report}
    if own:
        return {part: own[part.agency_id] for part in present.leads if own.get(part.agency_id)}
    words = getattr(row.action.report, name)
    return by_lead(words, present) if words else {}


def evidence(row: Incoming, present: Present, on: dt.date) -> Iterator[Change]:
    """What the file says shows it: words of its own, beside whatever agencies have given here."""
    said = row.action.report.evidence
    held = [one.where_held for one in present.evidence]
    if said and present.leads and bare(said) not in {*map(bare, held), bare("\n".join(held))}:
        yield Change("evidence", "\n".join(dict.fromkeys(held)), said, value=said)


def _reported(
    field: str, name: str, words: str, each: Mapping[Assignment, str], present: Present, on: dt.date
) -> Iterator[Change]:
    """One change for the leads whose words it is not, and whose own are not later than the file."""
    wanted, later = {}, []
    for part, said in each.items():
        last = present.last_of(part)
        now, then = present.said_by(part, name), present.said_by(part, name, on)
        if bare(said) in {bare(now), bare(then)}:
            continue
        wanted[part.pk] = said
        if last is not None and last.on > on:
            later.append(last)
            del wanted[part.pk]
    if not wanted and not later:
        return
    why = why_closed(present) if wanted else _why_later(later)
    yield Change(field, _words_of(present, name), words, why, value=wanted)


def _why_later(later: list[ProgressUpdate]) -> str:
    return f"The agency’s report of {_day(max(row.on for row in later))} is later than the file’s own day."


def _words_of(present: Present, name: str) -> str:
    """What each lead says; under its name where they differ."""
    said = [(part, present.said_by(part, name)) for part in present.leads]
    if len({words for _, words in said}) == 1:
        return said[0][1]
    return "\n".join(f"{present.name_of(part)}\n{words}" for part, words in said if words)


def by_lead(words: str, present: Present) -> dict[Assignment, str]:
    """Words of each lead: those under its name, where the cell names the leads; else the same of all."""
    names = {bare(name): part for part in present.leads for name in (part.agency.name, present.name_of(part))}
    sections: dict[Assignment | None, list[str]] = {}
    speaker: Assignment | None = None
    for line in words.split("\n"):
        before, colon, after = line.partition(": ")
        if len(present.leads) > 1 and (named := names.get(bare(before).rstrip("*:"))):
            speaker = named
            sections.setdefault(speaker, []).extend([after] if colon else [])
        else:
            sections.setdefault(speaker, []).append(line)
    if None in sections or len(present.leads) == 1:
        return dict.fromkeys(present.leads, words)
    return {part: "\n".join(lines) for part, lines in sections.items() if part is not None}
