"""``manage.py import_plan``: what it prints, what it changes, and how it ends."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from reviews.models import Action, PlanImport, Review
from tests.factories import TODAY
from tests.reviews.importing import plans

KNOWN = plans.a_plan(("1", "Listen.", "Borough Police", "Complete"), ("2", "Learn.", "BP and Adult Services", ""))


pytestmark = pytest.mark.django_db


@pytest.fixture
def a_file(tmp_path):
    """Write a file and give its path."""

    def write(data: bytes, name: str = "plan.xlsx") -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return write


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_plan", *arguments, stdout=out)
    return out.getvalue()


def test_a_dry_run_prints_each_row_as_json_and_needs_no_partnership(a_file):
    plan = json.loads(run(a_file(plans.the_report_as_xlsx()), "--dry-run", "--format", "json"))
    assert len(plan["rows"]) == len(plans.REPORT)
    assert plan["rows"][6]["agencies"][1] == "Riverbank Clinical Commissioning Group"
    problem = plan["rows"][5]["problems"][0]
    assert set(problem) == {"level", "column", "code", "message", "place"}
    assert (problem["code"], problem["place"]) == ("blank_status", "Adult Q!E9")


def test_a_dry_run_says_problems_with_place_and_cure(a_file):
    said = run(a_file(plans.the_report_as_xlsx()), "--dry-run")
    assert "Riverbank DHR (Adult Q): 7 rows" in said
    assert "Adult Q!C6" in said
    assert "Choose the status" in said or "unless you choose one" in said


@pytest.mark.parametrize(
    ("data", "name"), [(b"", "plan.xlsx"), (b"%PDF", "plan.xlsx"), (b"Name,Telephone\n1,2", "plan.csv")]
)
def test_a_file_that_cannot_be_read_ends_with_2_and_a_sentence(a_file, data, name):
    with pytest.raises(CommandError) as raised:
        run(a_file(data, name), "--dry-run")
    assert raised.value.returncode == 2
    assert str(raised.value).endswith(".")


def test_a_file_that_is_not_there_ends_with_2(tmp_path):
    with pytest.raises(CommandError, match="cannot be opened") as raised:
        run(str(tmp_path / "none.xlsx"), "--dry-run")
    assert raised.value.returncode == 2


def test_without_a_review_a_new_one_is_made(world, a_file):
    said = run(
        a_file(KNOWN), "--partnership", "haringey", "--speaks-for", "2026-01-31", "--title", "Adult Z",
        "--by", world.here.people.coordinator.email,
    )  # fmt: skip
    review = Review.objects.get(title="Adult Z")
    assert review.reference in said
    assert review.actions.count() == 2
    assert review.actions.first().assignments.get().on.isoformat() == "2026-01-31"
    assert PlanImport.objects.latest("pk").confirmed_by == world.here.people.coordinator


def test_with_a_review_its_plan_grows(world, a_file):
    before = world.here.plans.published.actions.count()
    run(a_file(KNOWN), "--partnership", "haringey", "--review", "DHR1", "--speaks-for", str(TODAY))
    assert world.here.plans.published.actions.count() == before + 2


def test_unknown_agencies_are_refused_with_the_list_unless_they_are_to_be_made(world, a_file):
    file = a_file(plans.the_report_as_xlsx())
    before = Action.objects.count()
    with pytest.raises(CommandError, match="VAWG Delivery Group") as raised:
        run(file, "--partnership", "haringey")
    assert raised.value.returncode == 1
    assert "School" in str(raised.value)
    assert Action.objects.count() == before
    run(file, "--partnership", "haringey", "--create-agencies")
    assert Action.objects.count() == before + len(plans.REPORT)


def test_a_refusal_leaves_nothing_waiting(world, a_file):
    with pytest.raises(CommandError):
        run(a_file(plans.the_report_as_xlsx()), "--partnership", "haringey")
    assert PlanImport.objects.latest("pk").state == PlanImport.State.DISCARDED


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "--partnership CODE"),
        (("--partnership", "nowhere"), "no partnership with the code nowhere"),
        (("--partnership", "haringey", "--review", "DHR99"), "no review with the reference DHR99"),
        (("--partnership", "haringey", "--by", "nobody@example.org"), "Nobody with the address"),
        (("--partnership", "haringey", "--by", "lead@haringey.example"), "may not bring in"),
        (("--partnership", "haringey", "--by", "coordinator@quillfeather.example"), "may not bring in"),
    ],
)
def test_what_is_missing_or_forbidden_is_said(world, a_file, arguments, sentence):
    before = PlanImport.objects.count()
    with pytest.raises(CommandError, match=sentence) as raised:
        run(a_file(KNOWN), *arguments)
    assert raised.value.returncode == 1
    assert PlanImport.objects.count() == before
