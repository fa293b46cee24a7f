"""The same file again, in every format and as the portal itself gives plans out, changes nothing."""

import io
import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from reviews.models import Action, PlanImport
from tests.factories import TODAY
from tests.reviews.importing import documents, plans

pytestmark = pytest.mark.django_db

HEADINGS = ("Ref", "Recommendation", "Action", "Lead agency", "Target date", "Progress", "Next steps", "Status")
ROWS = (
    (
        "1",
        "Listen to families.",
        "Hold a day\neach spring.",
        "Borough Police",
        "31/03/2026",
        "It was held.",
        "",
        "In progress",
    ),
    (
        "1",
        "Listen to families.",
        "Print a guide.",
        "Borough Police",
        "Summer 2026",
        "",
        "Ask a printer.",
        "Not started",
    ),
    ("2", "Share what is known.", "Sign it.", "BP / Riverside Health Trust", "June 2026", "Signed.", "", "Complete"),
    ("3", "Learn from it.", "", "Adult Services", "", "", "", ""),
)
FORMATS = {
    "plan.xlsx": lambda rows: plans.a_plan(*rows, headings=HEADINGS),
    "plan.csv": lambda rows: plans.as_csv([HEADINGS, *rows]),
    "plan.docx": lambda rows: documents.a_document("Adult Z: action plan", [HEADINGS, *rows]),
}


def everything_but_imports():
    """How many rows every table holds, the audit and the imports left aside."""
    skipped = {"agencies.AuditEntry", "reviews.PlanImport"}
    models = [model for model in apps.get_models() if model._meta.label not in skipped]
    return {model._meta.label: model._base_manager.count() for model in models}


@pytest.fixture
def run(tmp_path, world):
    """Bring a file in by the command; what it prints."""

    def run(name, data, *options):
        (tmp_path / name).write_bytes(data)
        out = io.StringIO()
        given = ("--partnership", world.here.partnership.code, "--speaks-for", TODAY.isoformat(), *options)
        call_command("import_plan", str(tmp_path / name), *given, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def reference(run):
    """The review that the workbook has made."""
    run("plan.xlsx", FORMATS["plan.xlsx"](ROWS), "--reference", "DHR-Z", "--title", "Adult Z")
    return "DHR-Z"


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_in_any_format_change_nothing(run, reference, name):
    before = everything_but_imports()
    told = json.loads(run(name, FORMATS[name](ROWS), "--review", reference, "--format", "json"))["compared"]
    assert told["counts"] == {"new": 0, "changed": 0, "unchanged": 4, "unsure": 0, "missing": 0}, told
    assert everything_but_imports() == before


def test_a_corrected_file_says_what_it_changes_and_then_changes_it(run, reference):
    rows = [(*ROWS[0][:5], "It was held in May.", "", "Ongoing"), *ROWS[1:3]]
    data, before = FORMATS["plan.csv"](rows), everything_but_imports()
    imports = PlanImport.objects.count()

    said = run("new.csv", data, "--review", reference, "--dry-run")
    assert "0 new, 1 changed, 2 unchanged, 0 unsure, 1 missing from this file (they stay)" in said
    assert "progress: 'It was held.' → 'It was held in May.'" in said
    assert (everything_but_imports(), PlanImport.objects.count()) == (before, imports)

    told = json.loads(run("new.csv", data, "--review", reference, "--format", "json"))["compared"]
    fields = [change["field"] for row in told["rows"] for change in row["changes"]]
    assert sorted(fields) == ["progress", "status"]
    assert [one["words"] for one in told["missing"]] == ["Learn from it."]
    action = Action.objects.get(review__reference=reference, text__startswith="Hold a day")
    assert (action.status, action.updates.latest().progress) == ("ongoing", "It was held in May.")


def test_a_row_that_may_be_one_action_or_another_stops_the_command_unless_it_is_told(run, reference):
    rows = [*ROWS[:2], ("", "Share what is known with all.", "Agree how to share.", "Borough Police", "", "", "", "")]
    data = FORMATS["plan.csv"](rows)
    assert "may be 2, or new" in run("new.csv", data, "--review", reference, "--dry-run")
    with pytest.raises(CommandError, match="which action it is"):
        run("new.csv", data, "--review", reference)
    run("new.csv", data, "--review", reference, "--unsure", "likest")
    assert Action.objects.get(review__reference=reference, recommendation__reference="2").text == "Agree how to share."


def test_lead_agencies_change_only_when_the_command_is_told(run, reference):
    rows = [(*ROWS[0][:3], "Adult Services", *ROWS[0][4:]), *ROWS[1:]]
    for options, expected in (((), "Borough Police"), (("--with-leads",), "Adult Services")):
        run("new.csv", FORMATS["plan.csv"](rows), "--review", reference, *options)
        action = Action.objects.get(review__reference=reference, text__startswith="Hold a day")
        assert [part.agency.name for part in action.assignments.current()] == [expected]
