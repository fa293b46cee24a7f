"""One field in which a row of a file says otherwise than the plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from agencies.days import in_words

#: The fields that are compared, with the word for each.
LABELS = {
    "reference": "Reference",
    "recommendation": "Recommendation",
    "theme": "Theme",
    "scope": "Scope",
    "action_reference": "Reference of the action",
    "action": "Action",
    "agencies": "Lead agency",
    "owner": "Responsible",
    "milestones": "Milestones",
    "target_date": "Target date",
    "revised_date": "Revised date",
    "status": "Status",
    "completed_on": "Completed on",
    "next_review": "Next review",
    "progress": "Progress",
    "next_steps": "Next steps",
    "barriers": "In the way",
    "outcome": "Outcome",
    "evidence": "Evidence",
    "agency_response": "Agency’s response",
}
#: Facts of a recommendation: said of all its actions at once.
OF_RECOMMENDATION = ("reference", "recommendation", "theme", "scope")
#: From which columns of a row each field comes, where that is not the one of its name.
COLUMNS = {
    "target_date": ("target_date", "target_date_as_written"),
    "revised_date": ("revised_date", "revised_date_as_written"),
    "status": ("status", "status_as_written"),
    "next_review": ("next_review_on",),
    "milestones": ("milestones", "steps"),
    "outcome": ("outcome", "completed_on", "status"),
}


@dataclass(frozen=True)
class Change:
    """One field in which a row differs. With ``why_not`` it is shown, and left as it is. ``value`` is what to write."""

    field: str
    was: str
    now: str
    why_not: str = ""
    value: Any = None

    @property
    def label(self) -> str:
        """The word for the field."""
        return LABELS[self.field]


def words_of_day(day: dt.date | None) -> str:
    """A day as a page says it; nothing for none."""
    return in_words(day) if day else ""
