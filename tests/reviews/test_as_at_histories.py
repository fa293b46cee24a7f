"""Whatever happens to an action, its plan as at today is today's projection, and as at any earlier knowledge the
projection of that moment.
"""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agencies.models import Agency, Succession
from reviews.as_at import plan_as_at
from reviews.models import (
    LEADING,
    Action,
    Assignment,
    Claim,
    Milestone,
    Part,
    ProgressUpdate,
    RecommendationWording,
    SignOff,
    TargetDate,
)
from reviews.projection import project
from reviews.statuses import REPORTABLE, Decision, Status
from tests.examples import examples
from tests.factories import TODAY, a_partnership, a_recommendation, a_review, an_action, an_agency

BEGINNING = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)
DAYS = st.integers(0, 30).map(lambda ago: TODAY - dt.timedelta(days=ago))
AGENCIES = st.integers(0, 2)

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("update"), AGENCIES, DAYS, st.sampled_from(("", *REPORTABLE)), st.none() | DAYS),
        st.tuples(st.just("claim"), AGENCIES, DAYS, DAYS),
        st.tuples(st.just("decide"), DAYS, st.sampled_from(Decision)),
        st.tuples(st.just("date"), DAYS, st.none() | DAYS),
        st.tuples(st.just("assign"), AGENCIES, DAYS, st.sampled_from(Part), st.sampled_from(Status)),
        st.tuples(st.just("end"), AGENCIES, DAYS),
        st.tuples(st.just("move"), AGENCIES, AGENCIES, DAYS),
        st.tuples(st.just("step"), DAYS),
        st.tuples(st.just("achieve"), st.integers(0, 50), DAYS),
        st.tuples(st.just("void"), st.integers(0, 50)),
    ),
    min_size=1,
    max_size=12,
)
#: A decision that the predecessor has since reported beyond: it must not set the successor back.
DECIDED_BEFORE_THE_SUCCESSION = [
    ("assign", 0, TODAY - dt.timedelta(days=30), Part.LEAD, Status.NOT_STARTED),
    ("decide", TODAY - dt.timedelta(days=20), Decision.RETURNED),
    ("update", 0, TODAY - dt.timedelta(days=10), Status.ONGOING, TODAY),
    ("move", 0, 1, TODAY - dt.timedelta(days=25)),
    ("decide", TODAY - dt.timedelta(days=28), Decision.NOT_PURSUED),
]
#: Words that are added to a claim, which stays.
ADDED_TO_A_CLAIM = [
    ("assign", 0, TODAY - dt.timedelta(days=30), Part.LEAD, Status.NOT_STARTED),
    ("claim", 0, TODAY - dt.timedelta(days=20), TODAY - dt.timedelta(days=25)),
    ("update", 0, TODAY - dt.timedelta(days=10), "", None),
]
#: A step that is said to be achieved on an earlier day, and is then taken back.
ACHIEVED_LATER = [
    ("step", TODAY - dt.timedelta(days=30)),
    ("step", TODAY - dt.timedelta(days=29)),
    ("achieve", 0, TODAY - dt.timedelta(days=20)),
    ("achieve", 1, TODAY - dt.timedelta(days=10)),
    ("void", 0),
]


class History:
    """One action to which things happen, one an hour, each recorded when it happens."""

    def __init__(self, action: Action, agencies: list[Agency]) -> None:
        self.action, self.agencies = action, agencies
        self.now = BEGINNING
        self.dated: list = []
        self.stays: tuple[int, tuple] | None = None  # whom and what the last event must not have changed

    def add(self, model, on: dt.date, **facts):
        row = model.objects.create(action=self.action, on=on, recorded_at=self.now, **facts)
        self.dated.append(row)
        return row

    def update(self, agency, on, status, review_on):
        """Words without a status leave their agency where it stands, also where that is a claim."""
        parts = self.action.assignments.current().filter(agency=self.agencies[agency])
        if not status and (part := parts.first()):
            self.stays = (part.agency_id, (part.status, part.claimed_on))
        self.add(ProgressUpdate, on, agency=self.agencies[agency], status=status, next_review_on=review_on)

    def claim(self, agency, on, completed_on):
        row = self.add(ProgressUpdate, on, agency=self.agencies[agency], status=Status.AWAITING)
        Claim.objects.create(update=row, completed_on=completed_on, what_changed="Much")

    def decide(self, on, decision):
        self.add(SignOff, on, decision=decision)

    def date(self, on, date):
        self.add(TargetDate, on, date=date, as_written="" if date else "When we can")

    def step(self, on):
        self.add(Milestone, on, text=f"Step {len(self.dated)}", order=len(self.dated))

    def achieve(self, number, on):
        waiting = list(self.action.milestones.filter(voided_at=None, achieved_on=None))
        if waiting:
            row = next(one for one in self.dated if one == waiting[number % len(waiting)])
            row.achieved_on, row.achieved_recorded_at = on, self.now
            row.save()

    def assign(self, agency, on, part, initial, claimed=None):
        who = self.agencies[agency]
        if not self.action.assignments.current().filter(agency=who).exists():
            Assignment.objects.create(
                action=self.action, agency=who, part=part, initial_status=initial, on=on, recorded_at=self.now,
                initial_claimed_on=claimed,
            )  # fmt: skip

    def end(self, agency, on):
        rows = self.action.assignments.current().filter(agency=self.agencies[agency])
        for row in rows:
            row.until, row.ended_at = max(on, row.on), self.now
            row.save()

    def move(self, predecessor, successor, on):
        """What succession does: the successor begins where the predecessor stands."""
        current = self.action.assignments.current()
        row = current.filter(agency=self.agencies[predecessor]).first()
        if row and not current.filter(agency=self.agencies[successor]).exists():
            self.end(predecessor, on)
            self.assign(successor, on, row.part, row.status, row.claimed_on)
            self.stays = (self.agencies[successor].pk, (row.status, row.claimed_on))
            self.succeed(predecessor, successor, on)

    def succeed(self, predecessor, successor, on):
        """What the papers of a plan then know, too."""
        pair = {"predecessor": self.agencies[predecessor], "successor": self.agencies[successor]}
        Succession.objects.get_or_create(**pair, defaults={"on": on, "recorded_at": self.now})

    def void(self, number):
        standing = [row for row in self.dated if row.voided_at is None]
        if standing:
            row = standing[number % len(standing)]
            row.voided_at = self.now
            row.save()


def as_projected(action: Action) -> dict:
    action.refresh_from_db()
    return {
        "status": action.status,
        "target": (action.target_date, action.target_as_written, action.original_target_date),
        "next_review_on": action.next_review_on,
        "claimed_on": action.claimed_on,
        "silent_since": action.silent_since,
        "steps": [(row.text, row.achieved_on) for row in action.milestones.filter(voided_at=None).order_by("order")],
        "leads": {
            row.agency_id: (row.status, row.claimed_on) for row in action.assignments.current().filter(part__in=LEADING)
        },
    }


def as_rendered(plan) -> dict:
    (action,) = plan.actions
    return {
        "status": action.status,
        "target": (action.target.date, action.target.as_written, action.target.original),
        "next_review_on": action.next_review_on,
        "claimed_on": action.claimed_on,
        "silent_since": action.silent_since,
        "steps": [(step.text, step.achieved_on) for step in action.milestones],
        "leads": {
            lead.agency_id: (lead.status, lead.completed_on if lead.status == Status.AWAITING else None)
            for lead in action.leads
        },
    }


def steps_later(action: Action, moment: dt.datetime) -> dict[tuple[str, bool], int]:
    """How often a paper of ``moment`` lists what was recorded of steps since: added, achieved, taken back."""
    counts = {("Milestone", False): 0, ("Milestone achieved", False): 0, ("Milestone", True): 0}
    for row in action.milestones.all():
        if row.recorded_at > moment:
            counts["Milestone", False] += row.voided_at is None
        elif row.voided_at:
            counts["Milestone", True] += row.voided_at > moment
        elif row.achieved_on:
            counts["Milestone achieved", False] += row.achieved_recorded_at > moment
    return counts


@pytest.mark.django_db
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=EVENTS)
@example(events=DECIDED_BEFORE_THE_SUCCESSION)
@example(events=ADDED_TO_A_CLAIM)
@example(events=ACHIEVED_LATER)
def test_as_at_agrees_with_the_projection_of_every_moment(events):
    with transaction.atomic():
        partnership = a_partnership()
        agencies = [an_agency(partnership) for _ in range(3)]
        review = a_review(partnership)
        recommendation = a_recommendation(review)
        RecommendationWording.objects.create(
            recommendation=recommendation, text="R", on=TODAY - dt.timedelta(days=99), recorded_at=BEGINNING
        )
        history = History(an_action(recommendation), agencies)
        moments = []
        for what, *facts in events:
            history.now += dt.timedelta(hours=1)
            history.stays = None
            getattr(history, what)(*facts)
            project([history.action])
            if history.stays:
                agency, status = history.stays
                part = history.action.assignments.current().get(agency=agency)
                assert (part.status, part.claimed_on) == status
            moments.append((history.now, as_projected(history.action)))

        assert as_rendered(plan_as_at(review, TODAY)) == moments[-1][1]
        for moment, projected in moments:
            known = plan_as_at(review, TODAY, known_at=moment)
            assert as_rendered(known) == projected
            said = [(row.what, row.taken_back) for row in known.recorded_later]
            for what, count in steps_later(history.action, moment).items():
                assert said.count(what) == count, "what changed an old paper's steps since is listed there"
        transaction.set_rollback(True)
