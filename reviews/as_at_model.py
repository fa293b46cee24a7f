"""What a plan as at a day consists of: plain, frozen values, for pages and papers to render."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from reviews.models import Part
from reviews.statuses import Decision, Lateness, Status, Timing


@dataclass(frozen=True)
class AgencyPart:
    """One agency on an action: where it stood, and its last report up to the day.

    ``name`` is what the papers of this review call it; ``now_called`` the name of what took its place by then.
    ``status`` means nothing for a supporting agency. ``completed_on`` and ``what_changed`` come from its last claim;
    without one, a plan that was brought in may say what changed, and in ``evidence`` what shows it. All of it is what
    the agency before it said, where ``is_carried``: it took over and has not reported yet.
    """

    agency_id: int
    name: str
    now_called: str
    part: Part
    since: dt.date
    owner: str
    status: Status
    progress: str = ""
    next_steps: str = ""
    obstacles: str = ""
    help_wanted: str = ""
    updated_on: dt.date | None = None
    source: str = ""
    given_by: str = ""
    recorded_by: str = ""
    completed_on: dt.date | None = None
    what_changed: str = ""
    evidence: str = ""
    is_carried: bool = False


@dataclass(frozen=True)
class Step:
    """A milestone; ``achieved_on`` only where that was on or before the day."""

    text: str
    due_on: dt.date | None
    due_as_written: str
    achieved_on: dt.date | None


@dataclass(frozen=True)
class Decided:
    """A decision of the group."""

    decision: Decision
    on: dt.date
    reason: str
    decided_at: str


@dataclass(frozen=True)
class RecordedLater:
    """A row that speaks for a day up to the paper's, but was recorded after it, or ``taken_back`` after it."""

    what: str
    on: dt.date
    recorded_at: dt.datetime
    taken_back: bool = False


@dataclass(frozen=True)
class TargetAsAt:
    """By when: the date in force and the first one, each with the words as written."""

    date: dt.date | None
    as_written: str
    original: dt.date | None
    original_as_written: str
    changes: int

    @property
    def was_changed(self) -> bool:
        """Whether the date in force is another than the original."""
        return (self.date, self.as_written) != (self.original, self.original_as_written)


@dataclass(frozen=True)
class ActionAsAt:
    """One action as it stood. ``text`` is empty where the recommendation itself is the action."""

    pk: int
    label: str
    reference: str
    text: str
    change_expected: str
    agency_response: str
    status: Status
    timing: Timing
    target: TargetAsAt
    next_review_on: dt.date | None
    claimed_on: dt.date | None
    silent_since: dt.date | None
    leads: tuple[AgencyPart, ...]
    supporting: tuple[AgencyPart, ...]
    milestones: tuple[Step, ...]
    decisions: tuple[Decided, ...]
    recorded_later: tuple[RecordedLater, ...]

    @property
    def last_decision(self) -> Decided | None:
        """The last thing that the group decided of it."""
        return self.decisions[-1] if self.decisions else None

    @property
    def is_carried_over(self) -> bool:
        """Complete because the plan that was brought in says so; nobody here has checked it."""
        last = self.last_decision
        return self.status == Status.COMPLETE and last is not None and last.decision == Decision.CARRIED_OVER


@dataclass(frozen=True)
class RecommendationAsAt:
    """One recommendation in the wording of the day, with its actions."""

    pk: int
    order: int
    reference: str
    text: str
    addressee: str
    scope: str
    themes: tuple[str, ...]
    actions: tuple[ActionAsAt, ...]
    recorded_later: tuple[RecordedLater, ...]


@dataclass(frozen=True)
class Footnote:
    """An agency of the plan that had been renamed or succeeded by the day: "* now the …"."""

    name: str
    now_called: str


@dataclass(frozen=True)
class Counts:
    """How many actions stand where. ``carried_over`` of the complete ones were never checked here."""

    total: int
    by_status: dict[Status, int]
    carried_over: int
    overdue: int


@dataclass(frozen=True)
class PlanAsAt:
    """A review and its plan as at ``on``, by what was on record at ``known_at`` (everything by now, when None)."""

    review_id: int
    reference: str
    title: str
    kind: str
    pseudonym: str
    chair: str
    partnership: str
    group_name: str
    introduction: str
    dates: tuple[tuple[str, dt.date], ...]
    on: dt.date
    known_at: dt.datetime | None
    recommendations: tuple[RecommendationAsAt, ...]
    footnotes: tuple[Footnote, ...]
    added_later: tuple[RecordedLater, ...] = ()

    @property
    def actions(self) -> list[ActionAsAt]:
        """All actions, in plan order."""
        return [action for recommendation in self.recommendations for action in recommendation.actions]

    @property
    def counts(self) -> Counts:
        """The actions counted by status."""
        actions = self.actions
        return Counts(
            total=len(actions),
            by_status=dict(Counter(action.status for action in actions)),
            carried_over=sum(action.is_carried_over for action in actions),
            overdue=sum(action.timing.lateness == Lateness.OVERDUE for action in actions),
        )

    @property
    def recorded_later(self) -> list[RecordedLater]:
        """All that this paper did not know, though it speaks for its time."""
        found = list(self.added_later)
        for recommendation in self.recommendations:
            found += recommendation.recorded_later
            for action in recommendation.actions:
                found += action.recorded_later
        return found
