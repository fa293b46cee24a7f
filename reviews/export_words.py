"""How papers say a fact in words, and how those words are understood when a paper comes back.

Each ``said_…`` has its ``heard_…``, which undoes it. Nothing here imports Django: strangers' files are read with it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MONTHS = tuple(calendar.month_name)[1:]
_DAY = rf"\d{{1,2}} (?:{'|'.join(_MONTHS)}) \d{{4}}"
_A_DAY = re.compile(rf"(?P<day>\d{{1,2}})(?:/(?P<slashed>\d{{2}})/| (?P<month>{'|'.join(_MONTHS)}) )(?P<year>\d{{4}})")
_SLASHED = re.compile(r"\d{2}/\d{2}/\d{4}")
_DATED = re.compile(rf"({_DAY})(?:, written “(.*)”)?", re.DOTALL)
_UNDATED = re.compile(r"no date, written “(.*)”", re.DOTALL)
_CHANGED = re.compile(r"(.*?) \(originally (.*)\)", re.DOTALL)
_STEP = re.compile(
    rf"(.*) \((?:no date|due (?P<due>.+?)(?:; achieved (?P<done>{_DAY}))?|achieved (?P<alone>{_DAY}))\)", re.DOTALL
)
#: What a paper calls where an action stands, as ``reviews.statuses`` has it.
STATUSES = (
    *("Not recorded", "Not started", "In progress", "Ongoing", "Complete, awaiting sign-off", "Complete"),
    "Not pursued",
)
#: What stands below the dates of an action.
_LATENESS = re.compile(r"(?:\n|^)(?:Overdue by \d+ days?|Due (?:today|in \d+ days?))$")
_REVIEW = re.compile(rf"(?:\n|^)Next review: ({_DAY})$")
_REFERENCE = r"[^\n:]{1,40}?"


def said_day(day: dt.date) -> str:
    """``28 February 2016``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def heard_day(words: str) -> dt.date | None:
    """The day that ``said_day`` was given, or that stands as 28/02/2016; None for anything else."""
    found = _A_DAY.fullmatch(words)
    if not found:
        return None
    month = int(found["slashed"]) if found["slashed"] else _MONTHS.index(found["month"]) + 1
    try:
        return dt.date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None


def said_date(day: dt.date | None, written: str) -> str:
    """A date with the words as written, where they say anything beside it: ``30 April 2015, written “April 2015”``."""
    if day is None:
        told_apart = any(letter.isdigit() for letter in written) or _UNDATED.fullmatch(written)
        return f"no date, written “{written}”" if told_apart else written
    if not written:
        return said_day(day)
    same = _SLASHED.fullmatch(written) and heard_day(written) == day
    return written if same else f"{said_day(day)}, written “{written}”"


def heard_date(words: str) -> tuple[dt.date | None, str] | None:
    """The date and the words as written; None where they are not our own, and are to be read like anybody's."""
    if _SLASHED.fullmatch(words) and (day := heard_day(words)):
        return day, words
    if (dated := _DATED.fullmatch(words)) and (day := heard_day(dated[1])):
        return day, dated[2] or ""
    undated = _UNDATED.fullmatch(words)
    return (None, undated[1]) if undated else None


def said_dates(now: str, first: str) -> str:
    """The date in force, and the original where it is another: both as ``said_date`` gives them."""
    return f"{now} (originally {first})" if first and first != now else now


def heard_dates(words: str) -> tuple[str, str]:
    """The original date and the one that took its place; that is empty where there is only one."""
    changed = _CHANGED.fullmatch(words)
    return (changed[2], changed[1]) if changed else (words, "")


def heard_target(words: str) -> tuple[str, str, str]:
    """A cell of dates taken apart: the original, the revised one, the day of next review, each in words."""
    words = _LATENESS.sub("", words)
    review = _REVIEW.search(words)
    words = words[: review.start()] if review else words
    first, revised = heard_dates(words)
    return first, revised, review[1] if review else ""


def labelled(label: str, reference: str, text: str) -> str:
    """``Recommendation 3: Train everybody.``; the bare text where it has no reference and cannot be taken for one."""
    if reference:
        return f"{label} {reference}: {text}" if text else f"{label} {reference}"
    return text if unlabelled(label, text) == ("", text) else f"{label}: {text}"


def unlabelled(label: str, words: str) -> tuple[str, str]:
    """The reference and the text."""
    found = re.fullmatch(rf"{label}(?: ({_REFERENCE}))?: (.*)", words, re.DOTALL)
    if found:
        return found[1] or "", found[2]
    alone = re.fullmatch(rf"{label} ({_REFERENCE})", words)
    return (alone[1], "") if alone else ("", words)


@dataclass(frozen=True)
class Step:
    """A step on the way: what, by when as ``said_date`` gives it, and when it was done."""

    text: str
    due: str = ""
    achieved: dt.date | None = None


def said_step(step: Step) -> str:
    """``Draft (due 11 January 2026; achieved 21 January 2026)``; its further lines are indented."""
    facts = [f"due {step.due}" if step.due else "", f"achieved {said_day(step.achieved)}" if step.achieved else ""]
    known = "; ".join(filter(None, facts)) or ("no date" if _STEP.fullmatch(step.text) else "")
    text = f"Step: {step.text}" if step.text.startswith(("Progress: ", "Step: ")) else step.text
    return (f"{text} ({known})" if known else text).replace("\n", "\n  ")


def heard_steps(words: str) -> list[Step]:
    """The steps of a cell, each on lines of its own."""
    lines: list[str] = []
    for line in words.split("\n"):
        if line.startswith("  ") and lines:
            lines[-1] += f"\n{line[2:]}"
        elif line.strip():
            lines.append(line)
    return [_heard_step(line) for line in lines]


def _heard_step(words: str) -> Step:
    words = words.removeprefix("Step: ")
    found = _STEP.fullmatch(words)
    if not found:
        return Step(words)
    done = found["done"] or found["alone"] or ""
    return Step(found[1], found["due"] or "", heard_day(done) if done else None)


def said_outcome(text: str, others: Iterable[str]) -> str:
    """What changed; with a label where it begins as something else that may stand in its cell."""
    first = text.split("\n", 1)[0]
    taken = first in others or heard_day(first) or text.startswith("Outcome: ")
    return f"Outcome: {text}" if taken else text


def heard_outcome(words: str) -> str:
    """What ``said_outcome`` was given."""
    return words.removeprefix("Outcome: ")


def said_of_each(said: dict[str, str], leads: int) -> str:
    """What several leads say, each under its name; once, where all ``leads`` of them say the same."""
    each = list(said.values())
    if not each:
        return ""
    begins = any(each[0].startswith(f"{name}: ") for name in said)
    if len(set(each)) == 1 and len(each) == leads and not (begins and leads > 1):
        return each[0]
    return "\n".join(f"{name}: {words}" for name, words in said.items())


def heard_of_each(words: str, names: Sequence[str]) -> dict[str, str]:
    """What each of ``names`` says; empty where nothing stands under a name of its own."""
    if len(names) < 2 or not words:
        return {}
    known = sorted(names, key=len, reverse=True)
    if not any(words.startswith(f"{name}: ") for name in known):
        return {}
    said: dict[str, str] = {}
    last = ""
    for line in words.split("\n"):
        name = next((one for one in known if line.startswith(f"{one}: ") and one not in said), "")
        if name:
            said[name], last = line.removeprefix(f"{name}: "), name
        else:
            said[last] += f"\n{line}"
    return said
