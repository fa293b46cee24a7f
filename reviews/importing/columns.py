"""Which field a heading means: the headings seen in real plans, and what is like them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz, process


class Column(StrEnum):
    """The fields of a plan's row, by the names that the JSON output uses."""

    REFERENCE = "reference"
    ACTION_REFERENCE = "action_reference"
    THEME = "theme"
    RECOMMENDATION = "recommendation"
    SCOPE = "scope"
    ACTION = "action"
    AGENCY = "agency"
    OWNER = "owner"
    MILESTONES = "milestones"
    TARGET_DATE = "target_date"
    REVISED_DATE = "revised_date"
    STATUS = "status"
    PROGRESS = "progress"
    NEXT_STEPS = "next_steps"
    EVIDENCE = "evidence"
    AGENCY_RESPONSE = "agency_response"
    BARRIERS = "barriers"
    COMPLETED_AND_OUTCOME = "completed_and_outcome"
    AGENCY_AND_RECOMMENDATION = "agency_and_recommendation"
    IGNORE = "ignore"


#: What a page calls each column.
LABELS: dict[str, str] = {
    **{column: column.replace("_", " ").capitalize() for column in Column},
    Column.ACTION_REFERENCE: "Reference of the action",
    Column.SCOPE: "Scope: local, regional or national",
    Column.AGENCY: "Lead agency",
    Column.OWNER: "Person or post responsible",
    Column.REVISED_DATE: "Revised target date",
    Column.AGENCY_RESPONSE: "Agency’s response",
    Column.BARRIERS: "What is in the way",
    Column.COMPLETED_AND_OUTCOME: "Date of completion and outcome",
    Column.AGENCY_AND_RECOMMENDATION: "Agency and recommendation in one",
    Column.IGNORE: "Not read",
}

#: Headings as they are written, in small letters without punctuation. domain words, section 4.1.
HEADINGS: dict[Column, tuple[str, ...]] = {
    Column.REFERENCE: ("no", "ref", "number", "reference", "rec no", "rec number", "rec", "recommendation no",
                       "recommendation number", "action no", "action ref", "item", "item no", "id"),
    Column.ACTION_REFERENCE: ("action reference", "reference of the action"),
    Column.THEME: ("theme", "themes", "learning theme"),
    Column.RECOMMENDATION: ("recommendation", "recommendations", "issues identified", "issue identified",
                            "report recommendation", "review recommendation", "overarching recommendation"),
    Column.SCOPE: ("scope", "scope of recommendation", "level", "scope of recommendation ie local or regional"),
    Column.ACTION: ("action", "actions", "action to take", "action to be taken", "actions to be taken",
                    "actions required", "action required", "management action agreed", "agreed action",
                    "what we will do"),
    Column.AGENCY: ("agency", "lead agency", "agencies", "lead agencies", "service", "addressed to", "organisation",
                    "lead organisation", "responsible agency", "partner", "agency lead", "owner agency"),
    Column.OWNER: ("owner", "identified lead", "lead ownership", "person responsible", "responsible officer",
                   "lead officer", "lead officer role", "lead person", "responsible person", "named lead",
                   "action owner", "lead professional"),
    Column.MILESTONES: ("milestones", "key milestones", "key milestones to enact recommendation",
                        "key milestones achieved in enacting recommendation", "key milestones achieved"),
    Column.TARGET_DATE: ("target date", "target completion date", "original agreed implementation date", "timescale",
                         "timescales", "by when", "deadline", "due date", "date due", "target date original",
                         "original target date", "original date", "completion due", "target", "timeframe"),
    Column.REVISED_DATE: ("revised date", "revised implementation date", "new achievement date",
                          "target date revised", "revised target date", "extended to"),
    Column.STATUS: ("status", "progress indicator", "rag status", "rag", "brag", "rag rating", "brag rating",
                    "current status", "action status", "achieved", "on target to achieve", "achieved tick",
                    "on target to achieve tick", "status of action"),
    Column.PROGRESS: ("progress", "progress to date", "progress against recommendations", "update on progress",
                      "progress against recommendation", "progress update", "update", "updates", "current position",
                      "latest update", "comments on progress", "action taken"),
    Column.NEXT_STEPS: ("next steps", "further action", "further actions", "outstanding actions", "next step"),
    Column.EVIDENCE: ("evidence", "evidence and assurance", "evidence to be probed", "evidence of completion",
                      "assurance"),
    Column.AGENCY_RESPONSE: ("agency response to recommendations", "agency response", "accepted", "response",
                             "response to recommendation"),
    Column.BARRIERS: ("barriers", "issues arising", "what is in the way", "barriers to progress", "obstacles", "risks"),
    Column.COMPLETED_AND_OUTCOME: ("date of completion and outcome", "completion and outcome", "date completed",
                                   "completion date", "date of completion", "what difference has it made", "outcome",
                                   "outcomes", "impact", "actual completion date", "completed on"),
    Column.AGENCY_AND_RECOMMENDATION: ("organisation and recommendation", "agency and recommendation",
                                       "organisation recommendation"),
    Column.IGNORE: ("days left", "days overdue", "days to target", "as at from review actions"),
}  # fmt: skip

#: A heading that means an agency in one plan and a person in the next.
EITHER = ("lead", "leads", "responsible", "who", "responsibility", "by whom")
LIKE = 88  # least likeness, of 100, at which a heading that is not in the list is read as one that is

_BY_HEADING = {heading: column for column, headings in HEADINGS.items() for heading in headings}
_LONG = [heading for heading in _BY_HEADING if len(heading) >= 6]


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """A heading in small letters, without punctuation."""
    return re.sub(r"\s+", " ", re.sub(r"[^a-z0-9 ]", "", re.sub(r"[/\n&-]", " ", heading.lower()))).strip()


@lru_cache(maxsize=4096)
def column_for(heading: str) -> Column | None:
    """The field that this heading means; None when it is like none of those known.

    Of a heading of several lines the whole counts, else its last line, else its first.
    """
    first, _, last = heading.partition("\n")
    return _column_for(heading) or (_column_for(last.rsplit("\n", 1)[-1]) or _column_for(first) if last else None)


def _column_for(heading: str) -> Column | None:
    words = plain(heading)
    if not words or len(words) > 120:
        return None
    if words in _BY_HEADING:
        return _BY_HEADING[words]
    # A heading with an explanation after it: "Scope of recommendation (i.e. local or regional)".
    begun = [known for known in _LONG if " " in known and words.startswith(f"{known} ")]
    if begun:
        return _BY_HEADING[max(begun, key=len)]
    found = process.extractOne(words, _LONG, scorer=fuzz.ratio, score_cutoff=LIKE) if len(words) >= 5 else None
    return _BY_HEADING[found[0]] if found else None


def is_either(heading: str) -> bool:
    """Whether this heading is one that may mean an agency or a person."""
    return plain(heading) in EITHER


def as_shown(heading: str) -> str:
    """A heading as a page shows it: in one line."""
    return " ".join(heading.split())


@dataclass(frozen=True)
class Headings:
    """What headings mean: as a person said, who saw them; else by our own lights.

    ``said`` holds columns by headings as they are shown, in small letters; ``IGNORE`` leaves a column out.
    """

    said: Mapping[str, Column] = field(default_factory=dict)

    @classmethod
    def corrected(cls, said: Mapping[str, str]) -> Headings:
        """By what was said of headings as they are shown. Raises ValueError for a column that there is not."""
        return cls({as_shown(heading).casefold(): Column(column) for heading, column in said.items()})

    def was_said(self, heading: str) -> Column | None:
        """The column that a person chose for this heading."""
        return self.said.get(as_shown(heading).casefold()) if self.said else None

    def column(self, heading: str) -> Column | None:
        """The column that this heading means; None when it is like none of those known."""
        return self.was_said(heading) or column_for(heading)

    def is_either(self, heading: str) -> bool:
        """Whether this heading may mean an agency or a person, and nobody said which."""
        return not self.was_said(heading) and is_either(heading)

    def meaning(self, heading: str) -> Column | None:
        """As ``column``, with what may be an agency or a person taken for an agency."""
        return Column.AGENCY if self.is_either(heading) else self.column(heading)


OUR_OWN = Headings()
