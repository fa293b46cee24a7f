"""The plans that stand beside the repository, scored by the tool that stands with them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reviews.importing.running import read_file

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
