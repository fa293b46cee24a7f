"""Who is to be reminded of what on a day. It reads, takes the day, and writes nothing.

An action is chased at each agency that leads on it and still has work to do, once a coordinator has started the chasing
of its plan.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from agencies.models import Partnership, User
from reviews.chasing.anchors import Anchors, floors
from reviews.chasing.policy import FIRST_NOTICE_DAYS, Reached, position, reached
from reviews.chasing.recipients import Recipients
from reviews.kinds import PlanStage
from reviews.models import Action, Assignment, Line, Why
from reviews.statuses import OPEN, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Reminder:
    """One reason to write to one person: an action at a stage. ``due_on`` is the date that it is about."""

    person: User
    assignment: Assignment
    reached: Reached
    due_on: dt.date

    @property
    def action(self) -> Action:
        """The action it is about."""
        return self.assignment.action

    @property
    def key(self) -> tuple[int, int, str, int, str]:
        """What makes it the same reminder as another: person, action, stage, number and anchor."""
        at = self.reached
        return self.person.pk, self.assignment.action_id, at.stage.value, at.number, at.anchor


@dataclass(frozen=True)
class Digest:
    """Everything that one person is written to about on one day by one partnership, the longest overdue first."""

    person: User
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True)
class Selection:
    """What a day's run would send, and for which actions it would write to nobody, by reason."""

    partnership: Partnership
    on: dt.date
    digests: tuple[Digest, ...] = ()
    left_out: dict[str, list[int]] = field(default_factory=dict)


def due(partnership: Partnership, on: dt.date) -> Selection:
    """What is to be sent on ``on`` and was not sent before: for each action and person the newest stage reached.

    At most the partnership's daily cap of messages; whoever has waited longest comes first.
    """
    if partnership.chasing_paused:
        return Selection(partnership, on)
    found = ReachedOn(partnership, on)
    memory = found.remembered()
    new = [row for row in _one_an_action(found.reminders) if row.reached.position > memory.get(_thread(row), (-1, -1))]
    digests = _digests(new)
    cap = partnership.daily_mail_cap
    left_out = defaultdict(set, found.left_out)
    for digest in digests[cap:]:
        left_out[Why.OVER_CAP.value] |= {row.assignment.action_id for row in digest.reminders}
    return Selection(partnership, on, tuple(digests[:cap]), {why: sorted(ids) for why, ids in left_out.items() if ids})


class ReachedOn:
    """Everything that has reached a stage on a day, whether or not it was sent, and who is to hear of it.

    ``only`` narrows it to some actions. It asks a fixed number of questions of the database, and one for each person.
    """

    def __init__(self, partnership: Partnership, on: dt.date, only: Collection[int] | None = None) -> None:
        """Read what is chased on ``on`` in ``partnership``."""
        self.partnership, self.on = partnership, on
        self.left_out: dict[str, set[int]] = defaultdict(set)
        self.rows = chased(partnership, on)
        if only is not None:
            self.rows = self.rows.filter(action__in=only)
        self.actions = Action.objects.filter(assignments__in=self.rows.order_by().values("pk"))
        self.reminders = list(self._reminders())

    def remembered(self) -> dict[tuple[int, int, str], tuple[int, int]]:
        """The furthest place in each series that a person was, or will be, written to about."""
        lines = Line.objects.exclude(state=Line.State.DROPPED).filter(action__in=self.actions.order_by().values("pk"))
        furthest: dict[tuple[int, int, str], tuple[int, int]] = {}
        grouped = lines.order_by().values_list("person", "action", "anchor", "stage").annotate(number=Max("number"))
        for person, action, anchor, stage, number in grouped:
            thread = (person, action, anchor)
            furthest[thread] = max(position(stage, number), furthest.get(thread, (-1, -1)))
        return furthest

    def _reminders(self) -> Iterable[Reminder]:
        anchors, recipients = Anchors.of(self.actions), Recipients(self.partnership, self.rows)
        for row in self.rows:
            date = anchors.due(row)
            at = reached(self.on, due=date, floors=floors(row)) if date else None
            if at and date:
                people, why_nobody = recipients.of(row)
                if why_nobody:
                    self.left_out[why_nobody.value].add(row.action_id)
                for person in people:
                    yield Reminder(person, row, at, date.on)


def chased(partnership: Partnership, on: dt.date) -> QuerySet[Assignment]:
    """The parts of leading agencies in open actions that may be chased on ``on`` at all."""
    soon = on + dt.timedelta(days=FIRST_NOTICE_DAYS)
    return (
        Assignment.objects.current()
        .leading()
        .filter(
            Q(status=Status.ONGOING) | Q(action__target_date__lte=soon),
            status__in=OPEN,
            action__status__in=OPEN,
            action__review__partnership=partnership,
            action__review__chasing_from__lte=on,
            agency__partnership=partnership,
        )
        .exclude(action__review__stage=PlanStage.CONCLUDED)
        .select_related("action__review", "action__recommendation", "agency", "owner__user")
        .order_by("action", "order", "pk")
    )


def _thread(row: Reminder) -> tuple[int, int, str]:
    return row.person.pk, row.assignment.action_id, row.reached.anchor


def _one_an_action(rows: Iterable[Reminder]) -> list[Reminder]:
    """Each action once a person: somebody who acts for two of its leads hears of the one that is further on."""
    chosen: dict[tuple[int, int], Reminder] = {}
    for row in sorted(rows, key=lambda row: (row.reached.position, -row.reached.since.toordinal())):
        chosen[row.person.pk, row.assignment.action_id] = row
    return list(chosen.values())


def _digests(rows: Iterable[Reminder]) -> list[Digest]:
    people: dict[int, list[Reminder]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.due_on, row.action.review_id, row.action.order, row.action.pk)):
        people[row.person.pk].append(row)
    waited = sorted(people.values(), key=lambda own: (min(row.reached.since for row in own), own[0].person.pk))
    return [Digest(own[0].person, tuple(own)) for own in waited]
