"""The words of a message. Pure: what is needed comes in, a subject and a text go out.

Mail travels in the open and is read on telephones: it gives plan references, dates, counts and links, and names no
person, no agency and no case. Everything else is behind the sign-in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from django.template.loader import render_to_string

from agencies.days import in_words
from reviews.models import Stage

#: Where the portal shows them. Links are made from the site's own address, never from a request.
ACTIONS_PATH = "/actions/"

#: How a message calls each stage, in the order in which it lists them. True of the stage on whatever day it is read.
HEADINGS: dict[Stage, str] = {
    Stage.RETURNED: "returned",
    Stage.OVERDUE: "overdue",
    Stage.DUE_1: "due now",
    Stage.DUE_7: "due within a week",
    Stage.DUE_28: "due within four weeks",
}


@dataclass(frozen=True)
class Entry:
    """One action in a message. ``is_review`` says that ``due_on`` is a date of next review, not a target date."""

    action: int
    plan: str
    stage: Stage
    due_on: dt.date | None = None
    is_review: bool = False


@dataclass(frozen=True)
class Group:
    """The entries of one stage, under their heading: "2 actions overdue"."""

    stage: Stage
    lines: list[str]

    @property
    def heading(self) -> str:
        """What stands above the group."""
        count = len(self.lines)
        return f"{count} action{'' if count == 1 else 's'} {HEADINGS[self.stage]}"


@dataclass(frozen=True)
class Words:
    """A message, ready to be addressed."""

    subject: str
    body: str


def compose(entries: Iterable[Entry], *, sender: str, questions_to: str, site: str) -> Words:
    """One message about ``entries``, from the partnership called ``sender``, with links into ``site``."""
    rows = list(entries)
    groups = [
        Group(stage, [_line(row, site) for row in rows if row.stage == stage])
        for stage in HEADINGS
        if any(row.stage == stage for row in rows)
    ]
    counts = ", ".join(f"{len(group.lines)} {HEADINGS[group.stage]}" for group in groups)
    body = render_to_string(
        "reviews/mail/actions.txt",
        {
            "groups": groups,
            "count": len(rows),
            "returned": groups[0].stage == Stage.RETURNED,
            "all_actions": urljoin(site, ACTIONS_PATH),
            "sender": sender,
            "questions_to": questions_to,
        },
    )
    return Words(f"Action plans: {counts}", body.strip() + "\n")


def _line(row: Entry, site: str) -> str:
    what = "next review" if row.is_review else "target date"
    date = f", {what} {in_words(row.due_on)}" if row.due_on else ""
    return f"{row.plan}{date}: {urljoin(site, f'{ACTIONS_PATH}{row.action}/')}"
