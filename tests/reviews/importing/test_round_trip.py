"""A plan in delivery, given out and brought into its own review again, changes nothing; changed, it changes that."""

import io
import json

import openpyxl
import pytest
from django.core.management import call_command

from agencies.actors import EXAMPLE
from agencies.models import Agency
from reviews import plans, progress, sign_off, succeeding
from reviews.importing.running import read_file
from reviews.models import Action, Review
from reviews.progress import Report
from tests.factories import TODAY, an_agency
from tests.reviews.importing.test_again import everything_but_imports
from tests.world import World, days

pytestmark = [pytest.mark.django_db, pytest.mark.either]

FORMATS = ("docx", "xlsx", "ods", "csv")
LAYOUTS = ("update-report", "statutory")


@pytest.fixture
def review(world: World) -> Review:
    """A plan of which every sort of thing is said: joint leads apart, dates changed, claims, decisions, a successor."""
    here = world.here
    by, lead = here.people.coordinator, here.people.lead
    plans.change_target_date(action=here.plans.of_police, date=days(90), by=by, on=TODAY, reason="The printer moved.")
    report = Report(
        progress="A draft is\nwith the printer.", next_steps="Check it.", status="in_progress", obstacles="Cost"
    )
    progress.submit(action=here.plans.of_police, agency=here.agencies.police, by=lead, report=report, on=TODAY)
    report = Report(progress="Read by all.", status="ongoing", next_review_on=days(60))
    progress.submit(action=here.plans.joint, agency=here.agencies.police, by=lead, report=report, on=TODAY)
    sign_off.send_back(
        action=here.plans.awaiting, by=by, on=TODAY, reason="Say who it is.", decided_at="The group in March"
    )
    return here.plans.published


def given_out(review, path, layout):
    where = ("--partnership", review.partnership.code, "--as-at", TODAY.isoformat(), "--output", str(path))
    call_command(
        "export_plan", review.reference, "--format", path.suffix[1:], "--layout", layout, *where, stdout=io.StringIO()
    )


def brought_in(review, path):
    out = io.StringIO()
    where = ("--partnership", review.partnership.code, "--review", review.reference)
    call_command("import_plan", str(path), *where, "--format", "json", stdout=out)
    return json.loads(out.getvalue())["compared"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", FORMATS)
def test_a_plan_that_goes_out_and_comes_in_again_changes_nothing(review, tmp_path, form, layout):
    path = tmp_path / f"plan.{form}"
    given_out(review, path, layout)
    before = everything_but_imports()
    assert read_file(path.read_bytes(), path.name).about["speaks_for"] == TODAY.isoformat()
    told = brought_in(review, path)
    number = Action.objects.filter(review=review).count()
    assert told["counts"] == {"new": 0, "changed": 0, "unchanged": number, "unsure": 0, "missing": 0}, told
    assert everything_but_imports() == before


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", ["docx", "csv"])
def test_so_does_one_whose_agency_was_succeeded_and_has_the_words_of_the_one_before(review, tmp_path, form, layout):
    police, new = Agency.objects.get(name="Borough Police"), an_agency(review.partnership, name="Capital Police")
    succeeding.succeed(predecessor=police, successor=new, by=EXAMPLE, on=TODAY)
    path = tmp_path / f"plan.{form}"
    given_out(review, path, layout)
    told = brought_in(review, path)
    number = Action.objects.filter(review=review).count()
    assert told["counts"] == {"new": 0, "changed": 0, "unchanged": number, "unsure": 0, "missing": 0}, told


def test_one_cell_that_somebody_changed_in_it_is_one_field_changed(review, tmp_path):
    path = tmp_path / "plan.xlsx"
    given_out(review, path, "update-report")
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    cell = next(one for one in cells if "with the printer" in str(one.value))
    cell.value = cell.value.replace("with the printer", "printed")
    book.save(path)
    told = brought_in(review, path)
    assert [change["field"] for row in told["rows"] for change in row["changes"]] == ["progress"]
    assert told["counts"]["changed"] == 1
