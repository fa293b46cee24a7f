"""The plans that stand beside the repository: scored by the tool that stands with them, and brought in again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agencies.actors import COMMAND
from reviews.importing import mending, staging
from reviews.importing.running import read_file
from reviews.importing.staged import CREATE, answers_for, rows_of
from reviews.models import PlanImport, Review
from tests.factories import TODAY, a_partnership
from tests.reviews.importing.files import beside

pytestmark = pytest.mark.either

SHARED = Path(__file__).resolve().parents[4] / "shared"
SAMPLES = {
    "haringey-adult-a-2016.xlsx": "haringey-adult-a-2016.xlsx.truth.json",
    "haringey-adult-a-2016.docx": "haringey-adult-a-2016.docx.truth.json",
    "haringey-adult-a-2016.txt": "haringey-adult-a-2016.txt.truth.json",
    "plans/01-wexcombe-dhr-template.docx": "plans/01-wexcombe-dhr-template.truth.json",
    "plans/02-harrowvale-dhr-nine-columns.docx": "plans/02-harrowvale-dhr-nine-columns.truth.json",
    "plans/03-easterby-sar-tracker.xlsx": "plans/03-easterby-sar-tracker.truth.json",
    "plans/04-caldervale-cspr-export.csv": "plans/04-caldervale-cspr-export.truth.json",
    "plans/05-ashmere-dardr-update.txt": "plans/05-ashmere-dardr-update.truth.json",
    "plans/06-ravensmoor-nhs-homicide-plan.ods": "plans/06-ravensmoor-nhs-homicide-plan.truth.json",
}


@pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="the sample plans do not stand beside this repository")
@pytest.mark.parametrize(("sample", "truth"), SAMPLES.items())
def test_a_sample_plan_reads_as_a_careful_person_would_read_it(sample, truth, tmp_path):
    file = SHARED / "samples" / sample
    output = tmp_path / "output.json"
    output.write_text(json.dumps(read_file(file.read_bytes(), file.name).as_json()))
    scorer = [sys.executable, SHARED / "tools" / "score_import.py", SHARED / "samples" / truth, output]
    score = subprocess.run([*scorer, "--cells", "0.99", "--flags", "1.0"], capture_output=True, text=True, check=False)
    assert score.returncode == 0, score.stdout + score.stderr


FOUNDING = [name for name in SAMPLES if "/" not in name]
AGAIN = [(name, name) for name in SAMPLES] + [(FOUNDING[0], other) for other in FOUNDING[1:]]


@pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="the sample plans do not stand beside this repository")
@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), AGAIN)
def test_a_sample_plan_that_comes_again_in_whatever_format_changes_nothing(first, second):
    partnership = a_partnership()
    staged = _staged(first, partnership)
    names = answers_for(staged, rows_of(staged), COMMAND).open
    facts = {"reference": "DHR-S", "title": "A sample", "speaks_for": staged.speaks_for or TODAY}
    staged = staging.settle(plan_import=staged, by=COMMAND, agencies=dict.fromkeys(names, CREATE), **facts)
    review = staging.confirm(plan_import=staged, by=COMMAND, on=TODAY)
    again, expected = _staged(second, partnership, review), {"unchanged": review.actions.count()}
    assert {name: number for name, number in beside(again).counts.items() if number} == expected
    PlanImport.objects.exclude(pk=again.pk).update(state=PlanImport.State.DISCARDED)  # now only the plan is known
    assert {name: number for name, number in beside(again).counts.items() if number} == expected


def _staged(name: str, partnership, review: Review | None = None) -> PlanImport:
    """The sample, waiting, without the rows that cannot come in as they are."""
    file = SHARED / "samples" / name
    staged = staging.stage(partnership=partnership, name=file.name, data=file.read_bytes(), by=COMMAND, review=review)
    for row in rows_of(staged):
        if row.blocks:
            mending.mend(plan_import=staged, number=row.number, by=COMMAND, fields={}, left_out=True)
    staged.refresh_from_db()
    return staged
