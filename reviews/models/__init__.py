"""The rows of the domain, each noun in a file of its own."""

from reviews.models.action import (
    LEADING,
    Action,
    ActionWording,
    Assignment,
    Milestone,
    Part,
    TargetDate,
)
from reviews.models.dated import Dated
from reviews.models.headings import HeadingMeaning
from reviews.models.heartbeat import Heartbeat
from reviews.models.importing import PlanImport
from reviews.models.notices import Line, Notice, Run, Stage, Why, stage_in_words, words_of
from reviews.models.panel import PanelInvitation
from reviews.models.progress import Claim, Draft, Evidence, ProgressUpdate, StagedFile, Submission
from reviews.models.review import (
    Promise,
    PublishedName,
    Reader,
    Recommendation,
    RecommendationWording,
    Review,
    ReviewUserPermission,
    Theme,
)
from reviews.models.sign_off import SignOff

__all__ = [
    "LEADING",
    "Action",
    "ActionWording",
    "Assignment",
    "Claim",
    "Dated",
    "Draft",
    "Evidence",
    "HeadingMeaning",
    "Heartbeat",
    "Line",
    "Milestone",
    "Notice",
    "PanelInvitation",
    "Part",
    "PlanImport",
    "ProgressUpdate",
    "Promise",
    "PublishedName",
    "Reader",
    "Recommendation",
    "RecommendationWording",
    "Review",
    "ReviewUserPermission",
    "Run",
    "SignOff",
    "Stage",
    "StagedFile",
    "Submission",
    "TargetDate",
    "Theme",
    "Why",
    "stage_in_words",
    "words_of",
]
