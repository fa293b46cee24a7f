"""How our own text files are known again, and how their cells are kept from being run as formulas.

Nothing here imports Django: the reader of strangers' files uses it too.
"""

from __future__ import annotations

from enum import StrEnum

#: The heading of the last column of our exports: a file that has it was written by ``portal.papers.csv``.
EXPORT_MARK = "As at (from Review actions)"

#: What stands below the title of a sheet that we wrote, and below the table of a document.
EXPORT_NOTE = "From Review actions: change what you like in the table and bring it in again."

#: Headings of our sheets that hold what is beside a date, and the day on which what goes on is looked at again.
AS_WRITTEN = {"Target date": "Target date as written", "Revised date": "Revised date as written"}
NEXT_REVIEW = "Next review"

#: What stands in place of an agency where none answers yet.
NOBODY_YET = "Not yet assigned"

#: A cell that begins so may be run as a formula by a spreadsheet, or was guarded already.
DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "'")


def guarded(text: str) -> str:
    """``text`` with one apostrophe more where a spreadsheet might run it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given. Only for files that carry the mark: elsewhere an apostrophe is the writer's own."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text


class Says(StrEnum):
    """What a paragraph of a paper says of an action. A Word document keeps it as the paragraph's style."""

    AGENCY = "organisation"
    RECOMMENDATION = "recommendation"
    SCOPE = "scope"
    ACTION = "action"
    LEAD = "lead"
    PROGRESS = "progress"
    OUTCOME = "outcome"
    OBSTACLES = "obstacles"
    HELP = "help wanted"
    NEXT_STEPS = "next steps"
    STEP = "milestone"
    DATES = "target date"
    REVIEW = "next review"
    STATUS = "status"
    LEAD_STATUS = "status of a lead"
    COMPLETED = "completion"
    NOTE = "note"


#: The words that a paper puts before what it says.
LABELS = {
    Says.OUTCOME: "What changed: ",
    Says.OBSTACLES: "What stands in the way: ",
    Says.HELP: "Help wanted from the group: ",
    Says.DATES: "Target date: ",
    Says.REVIEW: "Next review: ",
    Says.COMPLETED: "Completed on ",
    Says.PROGRESS: "Progress: ",
}

#: How the styles of a Word document are named that say what a paragraph says, and the one between joint leads.
STYLE, BETWEEN = "Plan ", "Plan and"
#: How the bookmark is named that says which action of which recommendation stands in a row.
BOOKMARK = "plan_{}_{}"
