"""Rows that were not taken come back as a file in the plan's own layout, which can be mended and brought in again."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from reviews.importing import mending, staging
from reviews.importing.readers import read
from reviews.importing.returned import WHY, as_workbook, not_taken
from reviews.importing.staged import rows_of
from reviews.importing.understanding.plan import read_plan
from reviews.models import PlanImport
from tests.factories import TODAY
from tests.reviews.importing import plans
from tests.world import World

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
PLANS = sorted(path for path in SAMPLES.rglob("*.*") if path.suffix in (".docx", ".xlsx", ".ods", ".csv", ".txt"))
HEADINGS = ("Rec no", "Theme colour", "What should happen", "Recommendation", "By when", "Lead agency", "RAG", "Update")
ROWS = (
    ("1", "blue", "", "To listen.", "31 September 2026", "Borough Police", "Ongoing", "=1+1"),
    ("2", "", "", "To share.", "Q2 2005", "All agencies", "In progress", "@home"),
    ("3", "", "", "To keep records.", "31/03/2026", "Borough Police", "Complete", "-kept"),
    ("4", "", "", "To ask.", "", "", "", "+44"),
)


def stage(world: World, data: bytes, name: str = "plan.xlsx") -> PlanImport:
    by = world.here.people.coordinator
    plan = staging.stage(partnership=world.here.partnership, name=name, data=data, by=by)
    return staging.speak_for(plan_import=plan, day=TODAY.replace(year=2019), by=by, on=TODAY)


@pytest.fixture
def plan(world: World) -> PlanImport:
    """A plan of four rows: the first is left out, the second and fourth name no one agency."""
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADINGS, *ROWS])
    plan = stage(world, stream.getvalue().encode(), "plan.csv")
    by = world.here.people.coordinator
    mending.mend(plan_import=plan, number=1, by=by, fields={"progress": "Mended"}, left_out=True)
    plan.refresh_from_db()
    return plan


def sheet(data: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def cells(plan: PlanImport) -> list[dict[str, object]]:
    rows = sheet(as_workbook(plan, not_taken(plan)))
    return [dict(zip(rows[3], row, strict=True)) for row in rows[4:]]


def test_they_stand_under_the_plans_own_headings_as_they_were_written_with_why(plan):
    rows = cells(plan)
    assert list(rows[0]) == [*HEADINGS, WHY]
    assert [row["Rec no"] for row in rows] == ["1", "2", "4"]
    first = rows[0]
    assert (first["By when"], first["Update"], first["Recommendation"]) == ("31 September 2026", "=1+1", "To listen.")
    assert first["Theme colour"] == "blue", "what was not read is given back all the same"
    assert first[WHY].startswith("It was left out.\n“31 September 2026” is not a day")
    assert "names no one agency" in rows[1][WHY]
    assert "Q2 2005" not in rows[1][WHY], "only what kept it out"


def test_no_cell_is_a_formula_whatever_it_begins_with(plan):
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(plan, not_taken(plan))))
    found = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in found} == {"s"}
    assert {"=1+1", "@home", "+44"} <= {cell.value for cell in found}


def said(row: dict[str, object]) -> dict[str, object]:
    """What a row says, wherever it stands."""
    written = ("target_date", "revised_date", "completed", "agencies")  # a day may stand before the words now
    words = {**row, **{f"{name}_as_written": "" for name in written}}
    unread = {heading: words for heading, words in row.get("unread", {}).items() if words and heading != WHY}
    return {**words, "unread": unread, "place": "", "places": {}, "problems": []}


def test_the_file_is_brought_in_again_and_says_the_same(plan, world):
    again = stage(world, as_workbook(plan, not_taken(plan)))
    assert all(row["unread"][WHY] for row in again.reading["rows"])
    assert [said(row) for row in again.reading["rows"]] == [said(plan.reading["rows"][number]) for number in (0, 1, 3)]
    assert [problem["code"] for problem in again.reading["problems"]] == ["column_not_read"] * 2
    assert (again.title, again.kind) == (plan.title or "plan.csv", plan.kind)


def test_what_stood_in_a_banner_or_with_its_agency_in_one_cell_comes_again(world):
    headings = ("Organisation and recommendation", "Progress against recommendations", "Next Steps", "Status")
    rows = [headings, ("Riverside Health Trust", "", "", ""), ("To share what is known.", "Shared.", "N/A", "")]
    plan = stage(world, plans.a_workbook(rows, merged=["A2:D2"]))
    by = world.here.people.coordinator
    mending.mend(plan_import=plan, number=1, by=by, fields={}, left_out=True)
    plan.refresh_from_db()
    again = stage(world, as_workbook(plan, not_taken(plan)))
    for name in ("agencies", "recommendation", "progress", "next_steps"):
        assert again.reading["rows"][0][name] == plan.reading["rows"][0][name]


def test_a_sheet_of_one_agency_keeps_its_agency(world):
    rows = (("1", "To listen.", "31/03/2026"), ("2", "To share.", ""))
    data = plans.a_workbook([("Ref", "Recommendation", "By when"), *rows], name="Borough Police")
    plan = stage(world, data)
    mending.mend(plan_import=plan, number=1, by=world.here.people.coordinator, fields={}, left_out=True)
    plan.refresh_from_db()
    again = stage(world, as_workbook(plan, not_taken(plan)))
    assert again.reading["rows"][0]["agencies"] == plan.reading["rows"][0]["agencies"] == ["Borough Police"]


def test_the_part_of_a_row_that_was_split_off_comes_back_alone(plan, world):
    by = world.here.people.coordinator
    plan = stage(world, plans.a_plan(("1", "To listen. To learn.", "Borough Police", "Ongoing")))
    second = mending.split(plan_import=plan, number=1, by=by, column="recommendation", at=len("To listen. "))
    mending.mend(plan_import=plan, number=second.number, by=by, fields={}, left_out=True)
    plan.refresh_from_db()
    assert [row["Recommendation"] for row in cells(plan)] == ["To learn."]


def test_colours_ticks_and_days_that_only_the_document_explains_mean_the_same_again(world):
    headings = ("Ref", "Recommendation", "Lead agency", "By when", "RAG", "Identified lead")
    plan_rows = [
        ("Published on 1 February 2019",),
        ("Green = In progress; Blue = Complete",),
        headings,
        ("1", "To listen.", "Borough Police", "Within six months", "Blue", "Head of Learning"),
        ("2", "To learn.", "Borough Police", "June 2019", "Green", ""),
    ]
    plan = stage(world, plans.a_workbook(plan_rows))
    assert [row["status"] for row in plan.reading["rows"]] == ["complete", "in_progress"]
    for number in (1, 2):
        mending.mend(plan_import=plan, number=number, by=world.here.people.coordinator, fields={}, left_out=True)
    plan.refresh_from_db()
    again = stage(world, as_workbook(plan, not_taken(plan)))
    for before, after in zip(plan.reading["rows"], again.reading["rows"], strict=True):
        for name in ("status", "status_as_written", "target_date", "owner", "agencies"):
            assert after[name] == before[name], name


@pytest.mark.parametrize("sample", PLANS or [None], ids=lambda sample: sample and sample.name)
def test_whatever_was_read_of_a_sample_is_read_again_of_what_is_given_back(sample):
    if sample is None:
        pytest.skip("the samples are not beside the repository")
    first = as_read(sample.read_bytes(), sample.name)
    first.choices = {"rows": {str(row.number): {"left_out": True} for row in rows_of(first)}}
    again = as_read(as_workbook(first, not_taken(first)), "again.xlsx")
    assert [said(row) for row in again.reading["rows"]] == [said(row) for row in first.reading["rows"]]


def as_read(data: bytes, name: str) -> PlanImport:
    plan = read_plan(read(data, name))
    return PlanImport(file_name=name, title=plan.review_title, reading={**plan.about(), "rows": plan.rows})


def address(plan: PlanImport) -> str:
    return reverse("admin:reviews_import_not_taken", args=[plan.pk])


def test_it_is_offered_before_and_after_the_plan_came_in(plan, world, client: Client):
    client.force_login(world.here.people.coordinator)
    page = reverse("admin:reviews_planimport_change", args=[plan.pk])
    assert address(plan) in client.get(page).content.decode()
    by = world.here.people.coordinator
    for number in (2, 4):
        mending.mend(plan_import=plan, number=number, by=by, fields={}, left_out=True)
    staging.settle(plan_import=plan, by=by, title="Adult Z", reference="DHR-Z")
    staging.confirm(plan_import=plan, by=by, on=TODAY)
    assert address(plan) in client.get(page).content.decode()
    answer = client.get(address(plan))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan-not-taken.xlsx"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(sheet(b"".join(answer))) == 4 + 3
    assert client.post(address(plan)).status_code == 405


def test_there_is_none_where_every_row_is_taken_and_for_nobody_else(world, client: Client):
    plan = stage(world, plans.a_plan(("1", "To listen.", "Borough Police", "Ongoing")))
    client.force_login(world.here.people.coordinator)
    assert client.get(address(plan)).status_code == 404
    client.force_login(world.there.people.coordinator)
    assert client.get(address(plan)).status_code == 404
    assert [row.number for row in rows_of(plan)] == [1]
