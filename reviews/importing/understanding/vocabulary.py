"""The words that boards print over the columns of a plan: headings as they are written, and signs of the rest."""

from __future__ import annotations

import re
from enum import StrEnum


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
    Column.REFERENCE: ("no", "nos", "num", "ref", "number", "reference", "rec no", "rec number", "rec", "rec ref",
                       "recommendation no", "recommendation number", "recommendation ref", "recommendation reference",
                       "action no", "action ref", "action number", "item", "item no", "id", "rec id", "s no", "sr no",
                       "sn", "serial", "serial no", "row", "line", "plan ref", "r no", "ref no", "reference no",
                       "reference number", "action id", "unique ref", "unique reference"),
    Column.ACTION_REFERENCE: ("action reference", "reference of the action"),
    Column.THEME: ("theme", "themes", "learning theme", "key theme", "thematic area", "strand", "workstream", "topic",
                   "category", "section", "area", "heading", "key area", "priority area", "theme area"),
    Column.RECOMMENDATION: ("recommendation", "recommendations", "issues identified", "issue identified",
                            "report recommendation", "review recommendation", "overarching recommendation",
                            "over arching recommendation", "recommendation made", "recommendation from the review",
                            "recommendation from report", "dhr recommendation", "sar recommendation",
                            "panel recommendation", "imr recommendation", "recommendation in full",
                            "recommendation text", "full recommendation", "the recommendation"),
    Column.SCOPE: ("scope", "scope of recommendation", "level", "scope of recommendation ie local or regional",
                   "local or regional", "local regional or national", "local or national", "local regional national",
                   "reach", "geographical scope", "local national"),
    Column.ACTION: ("action", "actions", "action to take", "action to be taken", "actions to be taken",
                    "actions required", "action required", "management action agreed", "agreed action",
                    "agreed actions",
                    "what we will do", "what will be done", "what will we do", "what needs to be done", "what",
                    "actions agreed", "action agreed", "action needed", "actions needed", "proposed action",
                    "proposed actions", "planned action", "planned actions", "key action", "key actions", "task",
                    "tasks", "activity", "activities", "specific action", "what are we going to do", "action plan",
                    "actions to take", "intended action", "single agency action", "action details", "action point",
                    "action points", "how", "how will we do it", "what we are going to do", "action description",
                    "description of action", "details of action", "what action will be taken", "measures to be taken",
                    "specific"),
    Column.AGENCY: ("agency", "lead agency", "agencies", "lead agencies", "service", "addressed to", "organisation",
                    "lead organisation", "responsible agency", "partner", "agency lead", "owner agency", "organization",
                    "organisations", "lead partner", "responsible organisation", "agency responsible", "agency name",
                    "organisation responsible", "agencies responsible", "agencies involved", "lead body", "body",
                    "lead service", "partner agency", "partner agencies", "agency organisation", "lead department",
                    "organisation agency", "department", "named agency", "owning agency", "owning organisation",
                    "accountable agency", "agency to action", "for agency", "directed to", "recommendation for",
                    "recommendation to", "which agency", "delivery agency", "implementing agency", "name of agency",
                    "name of organisation", "lead agency officer", "lead agency and officer", "lead agency person",
                    "agency officer", "agency and lead officer", "agency lead officer", "organisation lead"),
    Column.OWNER: ("owner", "owners", "identified lead", "lead ownership", "person responsible", "responsible officer",
                   "lead officer", "lead officer role", "lead person", "responsible person", "named lead", "ownership",
                   "action owner", "lead professional", "officer responsible", "officer", "named officer", "sro",
                   "action lead", "lead name", "name of lead", "accountable officer", "senior responsible officer",
                   "responsible lead", "lead role", "post holder", "responsible manager", "lead manager", "contact",
                   "named person", "lead contact", "strategic lead", "operational lead", "owner role", "job title"),
    Column.MILESTONES: ("milestones", "key milestones", "key milestones to enact recommendation", "milestone",
                        "key milestones achieved in enacting recommendation", "key milestones achieved", "key steps",
                        "milestones achieved", "steps", "interim milestones", "key stages", "key milestone"),
    Column.TARGET_DATE: ("target date", "target completion date", "original agreed implementation date", "timescale",
                         "timescales", "by when", "deadline", "due date", "date due", "target date original",
                         "original target date", "original date", "completion due", "target", "timeframe", "time frame",
                         "when", "time scale", "timeline", "due", "due by", "target dates", "date for completion",
                         "completion by", "complete by", "to be completed by", "expected completion date", "due on",
                         "expected completion", "planned completion date", "planned date", "proposed completion date",
                         "target for completion", "target completion", "implementation date", "agreed date",
                         "date to be completed", "date to be completed by", "finish date", "end date", "deadlines",
                         "agreed implementation date", "target implementation date", "anticipated completion date",
                         "delivery date", "date for completion of action", "time line", "completion target",
                         "target deadline", "proposed date", "agreed timescale", "for completion by", "time bound",
                         "timebound", "timely", "timed"),
    Column.REVISED_DATE: ("revised date", "revised implementation date", "new achievement date", "new date",
                          "target date revised", "revised target date", "extended to", "revised deadline",
                          "new target date", "revised completion date", "extended date", "revised timescale",
                          "amended date", "updated target date", "extension date", "revised due date"),
    Column.STATUS: ("status", "progress indicator", "rag status", "rag", "brag", "rag rating", "brag rating",
                    "current status", "action status", "achieved", "on target to achieve", "achieved tick",
                    "on target to achieve tick", "status of action", "rag rated", "status rag", "progress status",
                    "overall status", "state", "status update rag", "brag status", "bragg", "rating", "progress rag",
                    "delivery status", "completion status", "implementation status", "blue red amber green",
                    "red amber green", "rag score", "status now"),
    Column.PROGRESS: ("progress", "progress to date", "progress against recommendations", "update on progress",
                      "progress against recommendation", "progress update", "update", "updates", "current position",
                      "latest update", "comments on progress", "action taken", "actions taken", "progress comments",
                      "progress notes", "progress made", "what has been done", "what we have done", "work to date",
                      "work undertaken", "progress so far", "position", "latest position", "commentary", "narrative",
                      "progress report", "agency update", "update from agency", "what have we done", "actions to date",
                      "progress and update", "progress against action", "progress against actions",
                      "progress and comments",
                      "activity to date", "actions completed", "what has happened", "what has been achieved",
                      "actions taken to date", "action taken to date", "current progress", "position statement"),
    Column.NEXT_STEPS: ("next steps", "further action", "further actions", "outstanding actions", "next step",
                        "further action needed", "further action required", "further actions required",
                        "what happens next", "what next", "remaining actions", "outstanding work", "future actions",
                        "what is left to do", "still to do", "still to be done", "next actions", "future plans",
                        "what still needs to be done", "outstanding", "planned next steps", "further work"),
    Column.EVIDENCE: ("evidence", "evidence and assurance", "evidence to be probed", "evidence of completion",
                      "assurance", "evidence of progress", "evidence of impact", "evidence of outcome", "evidence link",
                      "supporting evidence", "evidence provided", "how will we know", "how do we know", "evidenced by",
                      "evidence required", "evidence base", "how evidenced", "assurance evidence", "proof",
                      "how will this be evidenced", "evidence submitted", "evidence assurance", "measurable"),
    Column.AGENCY_RESPONSE: ("agency response to recommendations", "agency response", "accepted", "response",
                             "response to recommendation", "response to recommendations", "management response",
                             "agency comments", "agencys response", "organisation response", "response of the agency",
                             "accepted rejected", "accepted y n", "recommendation accepted", "response from agency"),
    Column.BARRIERS: ("barriers", "issues arising", "what is in the way", "barriers to progress", "obstacles", "risks",
                      "risk", "challenges", "barriers and risks", "issues", "risks and issues", "blockers",
                      "constraints",
                      "what is stopping us", "difficulties", "barriers challenges", "risks barriers", "barrier",
                      "challenges and barriers", "issues and risks", "risks to delivery", "reason for delay",
                      "reasons for delay"),
    Column.COMPLETED_AND_OUTCOME: ("date of completion and outcome", "completion and outcome", "date completed",
                                   "completion date", "date of completion", "what difference has it made", "outcome",
                                   "outcomes", "impact", "actual completion date", "completed on", "completed date",
                                   "outcome and impact", "impact and outcome", "outcome impact", "impact outcome",
                                   "difference made", "what difference has this made", "date achieved", "date closed",
                                   "date of completion outcome", "outcome achieved", "result", "results",
                                   "what difference did it make", "completion date and outcome",
                                   "date action completed",
                                   "date complete", "closed on", "closure date", "outcomes achieved", "impact achieved",
                                   "actual date", "date signed off", "what has changed", "impact so far"),
    Column.AGENCY_AND_RECOMMENDATION: ("organisation and recommendation", "agency and recommendation",
                                       "organisation recommendation", "agency recommendation",
                                       "recommendation and agency", "recommendation and organisation",
                                       "recommendation and lead agency", "lead agency and recommendation",
                                       "service and recommendation", "agency and their recommendation"),
    Column.IGNORE: ("days left", "days overdue", "days to target", "as at from review actions", "why it was not taken",
                    "target date as written", "revised date as written", "next review"),
}  # fmt: skip

#: Headings that mean these among others like them, and anything elsewhere.
WEAK = frozenset((
    "what", "how", "when", "row", "line", "area", "section", "topic", "category", "position", "state", "outstanding",
    "contact", "issues", "results", "result", "risk", "risks", "activity", "activities", "steps", "due", "target",
    "number", "body", "department", "rating", "heading", "item", "proof", "reach", "how will we do it", "job title",
    "specific", "measurable", "timely", "timed",
))  # fmt: skip

#: A heading that means an agency in one plan and a person in the next.
EITHER = (
    "lead", "leads", "responsible", "who", "responsibility", "by whom", "accountable", "accountability", "action by",
    "actioned by", "assigned to", "allocated to", "led by", "lead s", "lead responsible", "responsible lead s",
    "who will do it", "who by", "who is responsible", "who will lead", "responsibility of", "responsible for action",
    "lead for action", "for action by", "to be actioned by", "whos responsible", "who s responsible",
    "whos accountable", "whos leading", "whos the lead", "who is accountable", "who is leading", "who is the lead",
    "who leads", "who is to do it", "whos doing it", "who is doing it",
)  # fmt: skip

#: What gives a heading away that is none of those, in this order: "Progress as of March", "Agencies that will lead".
SIGNS: tuple[tuple[Column, re.Pattern[str]], ...] = tuple(
    (column, re.compile("|".join(signs)))
    for column, *signs in (
        (Column.REFERENCE, r"^(?:rec\w*|item|ref\w*) (?:no|nos|number|ref|reference|id)\b"),
        (Column.ACTION_REFERENCE, r"^action (?:no|number|ref|reference|id)\b"),
        (Column.AGENCY_RESPONSE, r"\b(?:agenc|organi[sz]ation|partner|service|management)\w* response\b",
         r"^response (?:to|from|of)\b"),
        (Column.AGENCY_AND_RECOMMENDATION,
         r"^(?:lead )?(?:agency|organi[sz]ation|service) (?:and |their )*recommendation"),
        (Column.SCOPE, r"\bscope\b", r"\blocal\b.*\bnational\b"),
        (Column.REVISED_DATE,
         r"\b(?:revised|new|extended|amended|updated|rescheduled)\b.*\b(?:date|deadline|timescale|target)s?\b"),
        (Column.COMPLETED_AND_OUTCOME,
         r"\bdate (?:\w+ ){0,2}(?:completed|achieved|closed|implemented|signed off)\b", r"^actual\b.*\bdate\b",
         r"\b(?:outcome|impact|difference)\w*\b.*\b(?:made|achieved|so far|to date|had)\b"),
        (Column.TARGET_DATE,
         r"\b(?:target|due|deadline|planned|expected|anticipated|proposed|agreed|intended)\b.*\bdates?\b",
         r"\bdeadline\b", r"\btime ?(?:scale|frame|line)s?\b", r"\bby when\b", r"\b(?:to be )?complet\w+ by\b",
         r"\bdate (?:for|due|by)\b", r"^when (?:will|by|is|should)\b"),
        (Column.NEXT_STEPS, r"\bnext steps?\b",
         r"\b(?:further|outstanding|remaining|future) (?:actions?|work|steps?)\b",
         r"\b(?:left|still) to (?:do|be done)\b"),
        (Column.EVIDENCE, r"\bevidenced?\b", r"\bassurance\b"),
        (Column.BARRIERS, r"\bbarriers?\b", r"\bobstacles?\b", r"\bin the way\b", r"\bblockers?\b"),
        (Column.STATUS, r"\bb?rag+\b", r"\bstatus\b"),
        (Column.MILESTONES, r"\bmilestones?\b"),
        (Column.PROGRESS, r"\bprogress\b", r"\bupdates?\b", r"\b(?:has|have) (?:been|we) (?:done|achieved)\b",
         r"\bactions? (?:taken|completed)\b"),
        (Column.OWNER,
         r"\b(?:lead|responsible|named|accountable)\b.*\b(?:officers?|person|manager|professional|individual|name)\b",
         r"\b(?:officers?|person|manager|individual)s? (?:responsible|leading|accountable)\b", r"\bowners?\b"),
        (Column.AGENCY, r"^(?:\w+ ){0,3}(?:agency|agencies|organi[sz]ations?)(?: \w+){0,4}$"),
        (Column.RECOMMENDATION, r"\brecommendations?\b"),
        (Column.ACTION, r"^(?:\w+ ){0,2}actions? (?:to|that|which|for|we|required|agreed|needed|being|planned)\b",
         r"^what (?:will|needs|we|are)\b",
         r"^(?:smart|agreed|required|recommended|specific|improvement|multi agency|agency|our|new|proposed) actions?$"),
    )
)  # fmt: skip
