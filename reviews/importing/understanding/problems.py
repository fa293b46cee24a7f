"""What is said of a row that needs a look: each problem by its code, with its weight and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Problem:
    """One thing to look at. ``column`` is a field's name, ``place`` the sheet and cell; ``message`` says what to do."""

    level: str
    column: str
    code: str
    message: str
    place: str = ""

    def as_json(self) -> dict[str, str]:
        """As the command prints it."""
        return asdict(self)


#: code → level and sentence. ``{text}`` is what the cell says, cut short.
TABLE: dict[str, tuple[str, str]] = {
    "impossible_date": (
        ERROR,
        "“{text}” is not a day that exists. Its words are kept without a date. Enter the right date.",
    ),
    "ambiguous_date": (
        WARNING,
        "“{text}” could mean several days, so no date was made of it. Enter the date that is meant.",
    ),
    "anchor_missing": (
        WARNING,
        "“{text}” counts from a day that the document does not give. Enter the date it comes to.",
    ),
    "no_date": (WARNING, "“{text}” gives no date, so the action will not be reminded. Enter a date if there is one."),
    "several_dates": (WARNING, "“{text}” holds several dates. The latest was taken; change it if another is meant."),
    "date_among_words": (WARNING, "A date was read out of “{text}”. Check that it is the target date."),
    "ambiguous_status_colour": (
        WARNING,
        "“{text}” is a colour, and no key in the document says which status it means. Choose the status.",
    ),
    "blank_status": (WARNING, "The plan gives no status here. It comes in as “Not recorded” unless you choose one."),
    "unknown_status": (WARNING, "“{text}” is not a status that is known. Choose the status; the words are kept."),
    "conflicting_status": (WARNING, "“{text}” says two things about the status. Check the one that was taken."),
    "complete_without_progress": (
        WARNING,
        "This is marked complete, but nothing says what was done. It comes in as “Complete”, not checked here.",
    ),
    "list_counts_differ": (
        ERROR,
        "The numbered lists of this row differ in length, so it was left as one action. Check what belongs together.",
    ),
    "several_recommendations_in_cell": (
        WARNING,
        "This seems to hold more than one recommendation. It comes in as one; split it in the plan if they are two.",
    ),
    "unknown_agency": (ERROR, "No agency can be made out here. Enter the lead agency, or leave the row out."),
    "all_agencies": (ERROR, "“{text}” names no one agency. Enter the lead agencies, one on each line."),
    "agency_from_above": (
        WARNING,
        "The agency’s cell is blank; “{text}” was taken from the row above. Change it if it is wrong.",
    ),
    "possible_personal_name": (
        WARNING,
        "“{text}” may be the name of a person. Take it out, or put the post in its place, before publication.",
    ),
    "hidden_row": (
        WARNING,
        "This row is hidden in the workbook. It comes in all the same; leave it out if it is not wanted.",
    ),
    "formula_without_value": (
        WARNING,
        "This cell holds a formula and the file keeps no value for it. It was left blank; type the words here.",
    ),
    "no_recommendation": (
        ERROR,
        "There is neither a recommendation nor an action here. Enter one, or leave the row out.",
    ),
    "too_long": (ERROR, "This is longer than {text} letters. Shorten it."),
    # Of the file as a whole
    "column_not_read": (
        WARNING,
        "The column “{text}” was not read. If it matters, name it as in the guide and bring the file in again.",
    ),
    "lead_column": (WARNING, "The column “{text}” can mean an agency or a person. It was read as {meaning}."),
    "column_by_content": (
        WARNING,
        "The column “{text}” was read as {meaning} by what stands in it. Say what it is if that is wrong.",
    ),
    "agency_from_sheet": (
        WARNING,
        "The plan has no column for agencies here. “{text}” was taken as the agency of its rows; change them if not.",
    ),
    "sheet_not_read": (WARNING, "“{text}” holds no plan and was not read."),
    "line_not_read": (WARNING, "“{text}” stands outside the plan and was not read."),
}


def problem(code: str, column: str, place: str = "", text: str = "", **more: str) -> Problem:
    """The problem of this code, in words."""
    level, sentence = TABLE[code]
    shown = text.replace("\n", " / ")
    return Problem(
        level, column, code, sentence.format(text=shown if len(shown) <= 80 else f"{shown[:79]}…", **more), place
    )
