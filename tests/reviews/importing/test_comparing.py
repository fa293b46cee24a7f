"""A file beside the plan that it is brought into: new, changed field by field, unchanged, missing."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.actors import COMMAND
from reviews.as_at import plan_as_at
from reviews.importing import staging, undoing
from reviews.models import PlanImport
from reviews.projection import project
from tests.examples import examples
from tests.factories import TODAY
from tests.reviews.importing.files import a_file, a_row, beside, brought_in

pytestmark = pytest.mark.django_db

NAMES = ("Borough Police", "Riverside Health Trust", "Adult Services", "Lantern Housing Association")
LETTERS = "abcdefghij  \n\u00a0ABCé–'1"
words = st.text(LETTERS, min_size=12, max_size=60).filter(lambda text: len(text.strip()) > 8)
maybe_words = st.one_of(st.just(""), words)
days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)).map(dt.date.isoformat)


@st.composite
def said(draw):
    """What a row says of an action besides its words."""
    date = draw(st.one_of(st.none(), days))
    statuses = (None, "not_started", "in_progress", "ongoing", "complete", "awaiting")
    return {
        "agencies": draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)),
        "owner": draw(st.one_of(maybe_words, st.just("Head of " + "service " * 80))),
        "milestones": draw(maybe_words),
        "target_date": date,
        "target_date_as_written": date or draw(st.sampled_from(("", "TBC", "Summer 2019"))),
        "status": draw(st.sampled_from(statuses)),
        "completed_on": draw(st.one_of(st.none(), days)),
        **{name: draw(maybe_words) for name in ("progress", "next_steps", "barriers", "outcome", "evidence")},
        "agency_response": draw(maybe_words),
    }


@st.composite
def rows(draw, least=1):
    """A plan of up to four recommendations with up to three actions each, numbered or not."""
    found = []
    numbered = draw(st.booleans())
    for number in range(1, draw(st.integers(least, 4)) + 1):
        shared = {
            "reference": str(number) if numbered else "",
            "recommendation": draw(words),
            "theme": draw(st.sampled_from(("", "Families"))),
            "scope": draw(st.sampled_from(("", "local"))),
        }
        several = draw(st.integers(0, 3))
        for place in range(max(several, 1)):
            own = {
                "action": draw(words) if several else "",
                "action_reference": f"{number}.{place}" if numbered and several else "",
            }
            found.append(a_row(**shared, **own, **draw(said())))
    return found


lightly = settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def verdicts(comparison):
    return {name: number for name, number in comparison.counts.items() if number}


def forget_what_came(review):
    """Let the comparison know only the plan: as if it had been written here."""
    PlanImport.objects.filter(review=review).update(state=PlanImport.State.DISCARDED)


@lightly
@given(plan=rows(), forgets=st.booleans(), on=st.integers(0, 5))
def test_the_same_rows_beside_the_plan_they_made_are_all_unchanged(world, plan, forgets, on):
    review = brought_in(world, plan, on=TODAY - dt.timedelta(days=10))
    if forgets:
        forget_what_came(review)
    other = [{**row, "recommendation": row["recommendation"].replace(" ", " \n ")} for row in plan]
    found = beside(a_file(world, other, review, on=TODAY - dt.timedelta(days=on)))
    assert verdicts(found) == {"unchanged": len(plan)}, [row.changes for row in found.rows]


@lightly
@given(plan=rows(), forgets=st.booleans(), data=st.data())
def test_rows_in_another_order_are_all_unchanged(world, plan, forgets, data):
    review = brought_in(world, plan)
    if forgets:
        forget_what_came(review)
    found = beside(a_file(world, data.draw(st.permutations(plan)), review))
    assert verdicts(found) == {"unchanged": len(plan)}


def a_change(data, row):
    """One field of ``row`` said otherwise: the field, and the row."""
    field = data.draw(st.sampled_from(sorted(OTHERWISE)))
    return field, {**row, **OTHERWISE[field](row)}


def _dated(row):
    day = "2028-02-29" if row["target_date"] != "2028-02-29" else "2028-03-01"
    return {"target_date": day, "target_date_as_written": day}


OTHERWISE = {
    "recommendation": lambda row: {"recommendation": f"{row['recommendation']} 2"},
    "action": lambda row: {"action": f"{row['action']} 2"} if row["action"] else {"action": row["recommendation"] * 2},
    "reference": lambda row: {"reference": "77"},
    "action_reference": lambda row: {"action_reference": "77.1"},
    "theme": lambda row: {"theme": "Housing"},
    "scope": lambda row: {"scope": "national"},
    "agencies": lambda row: {"agencies": ["Advisory Group"]},
    "owner": lambda row: {"owner": "Deputy head"},
    "milestones": lambda row: {"milestones": "A step of its own"},
    "target_date": _dated,
    "status": lambda row: {"status": "ongoing" if row["status"] == "in_progress" else "in_progress"},
    "progress": lambda row: {"progress": f"{row['progress']} More."},
    "next_steps": lambda row: {"next_steps": f"{row['next_steps']} More."},
    "outcome": lambda row: {"outcome": f"{row['outcome']} More."},
    "evidence": lambda row: {"evidence": f"{row['evidence']} More."},
    "barriers": lambda row: {"barriers": f"{row['barriers']} More."},
    "agency_response": lambda row: {"agency_response": f"{row['agency_response']} More."},
}


@lightly
@given(plan=rows(), data=st.data())
def test_one_field_said_otherwise_is_one_row_changed_in_this_field(world, plan, data):
    plan = [{**row, "completed_on": None} for row in plan]  # a day of completion goes with the status
    for number, row in enumerate(plan):  # told apart: what says the same everywhere may be either
        row["action"] = f"{row['action'] or row['recommendation']} {'xyzvw'[number % 5] * (6 + number)}"
    review = brought_in(world, plan)
    if data.draw(st.booleans()):
        forget_what_came(review)
    place = data.draw(st.integers(0, len(plan) - 1))
    field, row = a_change(data, plan[place])
    of_one = [one["recommendation"] == row["recommendation"] for one in plan]
    other = [*plan[:place], row, *plan[place + 1 :]]
    if field in ("reference", "recommendation", "theme", "scope"):  # it is said of all actions of a recommendation
        other = [
            {**one, **OTHERWISE[field](one)} if one["recommendation"] == plan[place]["recommendation"] else one
            for one in plan
        ]
        of_one = [one["recommendation"] == plan[place]["recommendation"] for one in plan]
    else:
        of_one = [number == place for number in range(len(plan))]
    found = beside(a_file(world, other, review))
    said = [[change.field for change in one.changes] for one in found.rows]
    assert said == [[field] if expected else [] for expected in of_one]
    assert not found.missing


@lightly
@given(plan=rows(least=2), data=st.data())
def test_a_row_that_is_gone_is_one_action_missing(world, plan, data):
    review = brought_in(world, plan)
    place = data.draw(st.integers(0, len(plan) - 1))
    found = beside(a_file(world, [*plan[:place], *plan[place + 1 :]], review))
    assert {name: n for name, n in found.counts.items() if n} == {"unchanged": len(plan) - 1, "missing": 1}
    gone = plan[place]["action"] or plan[place]["recommendation"]
    assert (found.missing[0].action.text or found.missing[0].recommendation.text).split() == gone.split()


@lightly
@given(plan=rows(), data=st.data())
def test_what_a_corrected_file_changed_is_unchanged_when_it_comes_again_and_gone_when_it_is_undone(world, plan, data):
    for number, row in enumerate(plan):
        row["action"] = f"{row['action'] or row['recommendation']} {'xyzvw'[number % 5] * (6 + number)}"
    review = brought_in(world, plan, on=TODAY - dt.timedelta(days=10))
    place = data.draw(st.integers(0, len(plan) - 1))
    other = dict(plan[place])
    for field in data.draw(st.lists(st.sampled_from(OF_AN_ACTION), min_size=1, max_size=4, unique=True)):
        other |= OTHERWISE[field](plan[place])
    other |= {"status": data.draw(st.sampled_from(("in_progress", "ongoing", "awaiting", "complete", "not_pursued")))}
    again, was = [*plan[:place], other, *plan[place + 1 :]], plan_as_at(review, TODAY)
    corrected = a_file(world, again, review)
    staging.confirm(plan_import=corrected, by=COMMAND, on=TODAY)
    PlanImport.objects.filter(review=review).exclude(pk=corrected.pk).update(state=PlanImport.State.DISCARDED)
    PlanImport.objects.filter(pk=corrected.pk).update(state=PlanImport.State.DISCARDED)
    found = beside(a_file(world, again, review))
    told = [(change.field, change.was, change.now, change.why_not) for row in found.rows for change in row.changes]
    assert [one for one in told if not one[3] and one[0] != "agencies"] == []
    assert review.actions.count() == len(plan)
    assert project(list(review.actions.all())) == 0
    PlanImport.objects.filter(pk=corrected.pk).update(state=PlanImport.State.CONFIRMED)
    undoing.undo(plan_import=corrected, by=COMMAND)
    assert plan_as_at(review, TODAY) == was
    assert all(action.text == action.wordings.in_force().latest().text for action in review.actions.all())


OF_AN_ACTION = sorted(set(OTHERWISE) - {"reference", "recommendation", "theme", "scope", "agencies"})
