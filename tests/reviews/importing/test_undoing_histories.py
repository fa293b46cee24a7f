"""Laws of undoing a corrected file, over random files and whatever people do to the plan meanwhile."""

import datetime as dt
import random
from unittest import mock

import pytest

from agencies.actors import COMMAND
from reviews import as_at, editing, plans
from reviews.importing import undoing
from reviews.importing.again import taking_back
from reviews.models import Action, PlanImport, Recommendation
from reviews.projection import lock, project, project_words
from tests.factories import TODAY
from tests.reviews.importing.files import a_row, brought_in
from tests.reviews.importing.test_undoing import EARLIER, facts, undo

pytestmark = pytest.mark.django_db

SEEDS = range(6)
WORDS = ("families", "friends", "staff", "the police", "housing", "schools")


def rows_of_a_plan() -> list[dict]:
    """Three recommendations, one of which has two actions; some have numbers."""
    return [
        a_row(reference="1", recommendation="Listen to families.", action="Hold a day for families each spring."),
        a_row(reference="1", recommendation="Listen to families.", action="Print a guide in four languages."),
        a_row(recommendation="Share what is known.", action="Sign the protocol of all bodies.", status="in_progress"),
        a_row(reference="3", recommendation="Learn from it.", action="Train the staff.", action_reference="3.1"),
    ]


def corrected(rows: list[dict], dice: random.Random) -> list[dict]:
    """The same rows, in which some of the cells say something else; a recommendation says the same in all its rows."""
    above = {row["recommendation"]: _cells_above(dice) for row in rows}
    return [{**row, **_cells(dice), **above[row["recommendation"]](row)} for row in rows]


def _cells_above(dice: random.Random):
    says = {}
    if dice.random() < 0.5:
        says["scope"] = dice.choice(["local", "regional"])
    if dice.random() < 0.5:
        says["reference"] = str(dice.randint(4, 40))
    more = f" And to {dice.choice(WORDS)}." if dice.random() < 0.5 else ""
    return lambda row: {**says, "recommendation": row["recommendation"] + more}


def _cells(dice: random.Random) -> dict:
    cells = {
        "agency_response": "Accepted.",
        "target_date": f"2026-{dice.randint(4, 12):02}-28",
        "progress": f"They met {dice.choice(WORDS)}.",
        "owner": f"Head of {dice.choice(WORDS)}",
        "action_reference": f"{dice.randint(1, 9)}.{dice.randint(1, 9)}",
    }
    return {name: value for name, value in cells.items() if dice.random() < 0.4}


@pytest.fixture
def review(world):
    return brought_in(world, rows_of_a_plan(), on=EARLIER)


def sound(review) -> None:
    """Whatever is worked out from other rows says what they say."""
    actions = lock(list(review.actions.all()))
    assert (project(actions), project_words(actions), project_words(list(review.recommendations.all()))) == (0, 0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_file_that_is_undone_leaves_the_plan_as_it_was(world, review, seed):
    dice, plan = random.Random(seed), PlanImport.objects.latest("pk")
    before, paper = facts(plan), as_at.plan_as_at(review, TODAY)
    for _ in range(2):
        brought_in(world, corrected(rows_of_a_plan(), dice), review=review)
    while (last := review.imports.filter(state=PlanImport.State.CONFIRMED).latest("pk")) != plan:
        undo(last)
        sound(review)
    assert facts(plan) == before
    assert as_at.plan_as_at(review, TODAY).recommendations == paper.recommendations


def a_change(review, dice: random.Random) -> tuple[Recommendation | Action, dict]:
    """Something that somebody changes in the plan; where, and what it says from then on."""
    action = dice.choice(list(review.actions.all()))
    above, word = action.recommendation, dice.choice(WORDS)
    kind = dice.randrange(5)
    if kind == 0:
        plans.reword(recommendation=above, text=f"Hear {word}.", by=COMMAND, on=TODAY, reason="Clearer")
        return above, {"text": f"Hear {word}."}
    if kind == 1:
        says = {"reference": str(dice.randint(50, 99)), "scope": "national"}
        editing.describe_recommendation(recommendation=above, by=COMMAND, **says)
        return above, says
    if kind == 2:
        editing.reword_action(action=action, text=f"Meet {word}.", by=COMMAND, on=TODAY, reason="Clearer")
        return action, {"text": f"Meet {word}."}
    if kind == 3:
        says = {"reference": f"{dice.randint(50, 99)}a", "agency_response": f"As {word} ask."}
        editing.describe_action(action=action, by=COMMAND, **says)
        return action, says
    day = TODAY + dt.timedelta(days=dice.randint(1, 300))
    plans.change_target_date(action=action, date=day, by=COMMAND, on=TODAY, reason="Later")
    return action, {"target_date": day}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_people_say_while_a_file_is_taken_back_stands_whatever_the_file_said(world, review, seed, monkeypatch):
    dice = random.Random(seed)
    brought_in(world, corrected(rows_of_a_plan(), dice), review=review)
    last = PlanImport.objects.latest("pk")
    said: dict[tuple, dict] = {}
    take_back = taking_back._take_back

    def somebody_writes() -> None:
        if dice.random() < 0.6:
            row, says = a_change(review, dice)
            said.setdefault((type(row), row.pk), {}).update(says)

    def between(*given) -> None:
        somebody_writes()
        take_back(*given)
        somebody_writes()

    monkeypatch.setattr(taking_back, "SIZE", dice.randint(1, 4))
    monkeypatch.setattr(taking_back, "_take_back", between)
    with mock.patch.object(undoing, "in_the_way", return_value=[]):
        undo(last)
    assert said
    for (model, key), says in said.items():
        row = model.objects.get(pk=key)
        assert {name: getattr(row, name) for name in says} == says
    sound(review)
