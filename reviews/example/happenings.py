"""What can happen in the example: each by its verb, by one of its people, so many days before loading."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.core.files.base import ContentFile

from agencies.actors import EXAMPLE
from agencies.models import Agency, User
from reviews import drafts, evidence, plans, progress, sign_off
from reviews.models import Action, Review
from reviews.progress import Completion, Report
from reviews.statuses import Decision


@dataclass
class Stage:
    """Where things happen: a review, its actions by reference, the agencies and people by key, the day of loading."""

    review: Review
    agencies: dict[str, Agency]
    people: dict[str, User]
    today: dt.date
    actions: dict[str, Action] = field(init=False)

    def __post_init__(self) -> None:
        """Find the actions."""
        self.actions = {action.reference: action for action in self.review.actions.all()}

    def ago(self, days: int) -> dt.date:
        """The day so many days before loading."""
        return self.today - dt.timedelta(days=days)


@dataclass(frozen=True)
class Happening:
    """Something that ``person`` did about the action ``reference``.

    Their agency is what stands before the dot in their mailbox, unless ``agency`` says otherwise.
    """

    days_ago: int
    person: str
    reference: str

    def happen(self, stage: Stage) -> None:
        """Do it, by its verb."""
        raise NotImplementedError


@dataclass(frozen=True)
class ByAgency(Happening):
    """Something done for an agency."""

    agency: str = field(default="", kw_only=True)

    def where(self, stage: Stage) -> dict[str, Action | Agency | User | dt.date]:
        """Action, agency, person and day, as the verbs take them."""
        return {
            "action": stage.actions[self.reference],
            "agency": stage.agencies[self.agency or self.person.split(".", maxsplit=1)[0]],
            "by": stage.people[self.person],
            "on": stage.ago(self.days_ago),
        }


@dataclass(frozen=True)
class Reported(ByAgency):
    """A progress update; ``review_in`` days after loading an ongoing practice is next reviewed."""

    status: str
    done: str
    next_steps: str = ""
    obstacles: str = ""
    help_wanted: str = ""
    review_in: int | None = None
    given_by: str = ""
    draft: bool = False

    def happen(self, stage: Stage) -> None:
        """Submit it, or keep it as a draft."""
        where = self.where(stage)
        report = Report(
            progress=self.done,
            next_steps=self.next_steps,
            status=self.status,
            next_review_on=None if self.review_in is None else stage.ago(-self.review_in),
            obstacles=self.obstacles,
            help_wanted=self.help_wanted,
        )
        if self.draft:
            where.pop("on")
            words = {name: said for name, said in vars(report).items() if isinstance(said, str) and said}
            drafts.save_draft(answers=words, token=uuid.uuid4(), **where)  # type: ignore[arg-type]
        else:
            progress.submit(report=report, given_by=self.given_by, **where)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Claimed(ByAgency):
    """A claim of completion, complete since two days before."""

    done: str
    changed: str
    why_no_evidence: str = ""

    def happen(self, stage: Stage) -> None:
        """Submit it."""
        completion = Completion(stage.ago(self.days_ago + 2), self.changed, self.why_no_evidence)
        progress.submit(report=Report(progress=self.done), completion=completion, **self.where(stage))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Showed(ByAgency):
    """A piece of evidence: a file with these ``words``, a link, or where it is held."""

    title: str
    words: str = ""
    link: str = ""
    where_held: str = ""

    def happen(self, stage: Stage) -> None:
        """Attach it."""
        file = ContentFile(self.words.encode(), name=f"{self.title}.txt") if self.words else None
        evidence.attach(
            title=self.title,
            file=file,
            link=self.link,
            where_held=self.where_held,
            **self.where(stage),  # type: ignore[arg-type]
        )


@dataclass(frozen=True)
class Decided(Happening):
    """A decision of the group."""

    decision: Decision
    reason: str = ""

    def happen(self, stage: Stage) -> None:
        """Record it."""
        facts = {
            "action": stage.actions[self.reference],
            "by": stage.people[self.person],
            "on": stage.ago(self.days_ago),
            "decided_at": "Strategic Group meeting",
        }
        if self.decision == Decision.SIGNED_OFF:
            sign_off.sign_off(**facts)  # type: ignore[arg-type]
        else:
            verb = {Decision.RETURNED: sign_off.send_back, Decision.NOT_PURSUED: sign_off.not_pursue}[self.decision]
            verb(reason=self.reason, **facts)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Postponed(Happening):
    """A later target date, so many days after loading, that the group agreed to."""

    due_in: int
    reason: str

    def happen(self, stage: Stage) -> None:
        """Record it."""
        plans.change_target_date(
            action=stage.actions[self.reference],
            date=stage.ago(-self.due_in),
            by=EXAMPLE,
            on=stage.ago(self.days_ago),
            reason=self.reason,
            asked_by=stage.agencies[self.person.split(".", maxsplit=1)[0]],
            agreed_by="Strategic Group meeting",
        )
