"""A paper that is sent round and comes back: as it went out, or with what people have written into it."""

import io

import openpyxl
import pytest
from docx import Document

from agencies.actors import EXAMPLE
from agencies.models import Agency
from portal.papers.formats import export
from portal.papers.layouts import LAYOUTS
from reviews.as_at import plan_as_at
from reviews.importing import staging
from reviews.importing.again.comparing import Comparison, compare
from reviews.importing.running import read_file
from reviews.importing.staged import answers_for, rows_of
from reviews.models import Review
from tests.factories import TODAY

pytestmark = pytest.mark.either

EXTENSIONS = ("docx", "xlsx", "ods", "csv")


def compared(review: Review, name: str, data: bytes) -> Comparison:
    """A file beside the review from which it came."""
    staged = staging.stage(partnership=review.partnership, name=name, data=data, by=EXAMPLE, review=review)
    rows = rows_of(staged)
    school = Agency.objects.get(name="Hillside School")  # whom the papers of the review call School
    found = {**answers_for(staged, rows, EXAMPLE).found, "School": school}
    comparison = compare(staged, rows, found, TODAY)
    assert comparison is not None
    return comparison


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_paper_that_comes_back_as_it_went_changes_nothing(review, layout, extension):
    file = export(plan_as_at(review, TODAY), extension, layout)

    found = compared(review, file.name, file.data)

    assert found.counts == {"new": 0, "changed": 0, "unchanged": 7, "unsure": 0, "missing": 0}


def test_what_people_write_into_the_word_report_is_read_where_it_stands(review, plan):
    document = Document(io.BytesIO(export(plan, "docx").data))
    row = document.tables[0].rows[1]
    row.cells[1].paragraphs[0].runs[0].text = "Four teams\nwere briefed."
    row.cells[2].add_paragraph("1. Brief the last one.")
    row.cells[2].add_paragraph("Then rest.", style="Plan target date")  # as Word goes on below a date
    row.cells[3].paragraphs[0].runs[0].text = "Ongoing"
    stream = io.BytesIO()
    document.save(stream)

    first = read_file(stream.getvalue(), "report.docx").rows[0]
    assert (first["progress"], first["status"]) == ("Four teams\nwere briefed.", "ongoing")
    assert first["next_steps"] == "+1 more team\n1. Brief the last one.\nThen rest."
    assert (first["target_date"], first["revised_date"]) == ("2026-02-18", "2026-02-25")

    changed = [one for one in compared(review, "report.docx", stream.getvalue()).rows if one.changes]
    assert [sorted(change.field for change in one.changes) for one in changed] == [["next_steps", "progress", "status"]]


def test_what_people_write_into_a_sheet_is_read_as_in_any_plan(plan):
    book = openpyxl.load_workbook(io.BytesIO(export(plan, "xlsx").data))
    page = book["Plan"]
    column = {cell.value: cell.column for cell in page[3]}
    page.cell(4, column["Target date"]).value = "31 September 2026"
    page.cell(4, column["Status"]).value = "On target"
    page.cell(5, column["Organisation"]).value = ""
    page.append(["Borough Police", "9", "Learn."])
    stream = io.BytesIO()
    book.save(stream)

    rows = read_file(stream.getvalue(), "plan.xlsx").rows

    assert (rows[0]["target_date"], rows[0]["status"], rows[0]["status_as_written"]) == (
        None,
        "in_progress",
        "On target",
    )
    assert "impossible_date" in [problem["code"] for problem in rows[0]["problems"]]
    assert "unknown_agency" in [problem["code"] for problem in rows[1]["problems"]]
    assert (rows[-1]["reference"], rows[-1]["recommendation"], rows[-1]["agencies"]) == (
        "9",
        "Learn.",
        ["Borough Police"],
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_paper_that_has_lost_its_mark_is_read_like_anybodys(plan, layout, extension, monkeypatch):
    for module in ("portal.papers.sheet", "portal.papers.csv"):
        for name in ("EXPORT_NOTE", "EXPORT_MARK"):
            monkeypatch.setattr(f"{module}.{name}", "Notes", raising=False)
    monkeypatch.setattr("portal.papers.docx.STYLE", "Cell ")
    file = export(plan, extension, layout)

    rows = read_file(file.data, file.name, ["Borough Police", "Riverside Trust"]).rows

    assert sorted(row["agencies"] for row in rows) == sorted([lead.name for lead in one.leads] for one in plan.actions)
    assert any("Train everybody." in row["recommendation"] for row in rows)
