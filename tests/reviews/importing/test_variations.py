"""Plans that chance makes up come back whole, in whatever form chance has them written.

A failure names the kind of file and the seed: ``check("docx", 17)`` writes and reads that plan again.
"""

import random

import pytest

from reviews.importing.readers import read
from reviews.importing.understanding.plan import read_plan
from tests.examples import examples
from tests.reviews.importing import variations, writers

KINDS = tuple(writers.WRITERS)


def wanted(model: variations.Model) -> list[dict]:
    """What is to be read of each row: the words as they were written, and the date that they mean."""
    rows = []
    for told in model.rows:
        row = {name: value for name, value in told.items() if name != "agency"}
        for name in {"target_date", "revised_date"} & set(row):
            row[f"{name}_as_written"], date = told[name]
            row[name] = date or None
        rows.append(row)
    return rows


def check(kind: str, seed: int) -> None:
    chance = random.Random(f"{kind}{seed}")
    model = variations.a_plan(chance)
    written = writers.write(model, chance, kind)
    plan = read_plan(read(written.data, written.name))
    where = (kind, seed, written.how, plan.columns)
    found = [{name: row.get(name) for name in want} for row, want in zip(plan.rows, wanted(model), strict=False)]
    assert (len(plan.rows), found) == (len(model.rows), wanted(model)), where
    assert all(row["place"] for row in plan.rows), where


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_comes_back_however_it_is_written(kind):
    for seed in range(15):
        check(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_more_plans_come_back(kind):
    for seed in range(1_000, 1_000 + examples(60)):
        check(kind, seed)
