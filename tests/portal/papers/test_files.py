"""The files: the same words in each format, nothing of ours or theirs that should not travel."""

import csv
import datetime as dt
import io
import re
import zipfile
from html import unescape

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from agencies.actors import EXAMPLE
from portal.papers.formats import FORMATS, export
from portal.papers.layouts import LAYOUTS, statutory, update_report
from portal.papers.paper import Paper, printable
from reviews import plans
from reviews.as_at import plan_as_at
from reviews.export_mark import EXPORT_MARK, guarded, unguarded
from reviews.importing.readers.ods import read as ods_read
from reviews.importing.running import read_file
from reviews.plan_lines import ActionLine, RecommendationLine
from reviews.progress import Report
from reviews.statuses import Status
from tests.factories import TODAY
from tests.portal.papers.conftest import NASTY, leads, report
from tests.world import days

pytestmark = pytest.mark.either

XLSX_HEADINGS = 3


def document_of(plan, layout="update-report"):
    return Document(io.BytesIO(export(plan, "docx", layout).data))


def book_of(plan, layout="update-report"):
    return openpyxl.load_workbook(io.BytesIO(export(plan, "xlsx", layout).data))


def csv_of(plan):
    return list(csv.DictReader(io.StringIO(export(plan, "csv").data.decode("utf-8-sig"), newline="")))


def everything_said(paper: Paper) -> list[str]:
    cells = [paragraph.words for group in paper.groups for row in group.rows for cell in row for paragraph in cell]
    notes = [note for group in paper.groups for note in (group.name, *group.footnotes) if note]
    return [
        *cells,
        *notes,
        *paper.introduction,
        paper.title,
        paper.subtitle,
        *(word for pair in paper.key for word in pair),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_word_and_web_page_say_every_word_of_the_layout(plan, layout):
    paper = LAYOUTS[layout](plan)
    page = unescape(export(plan, "html", layout).data.decode()).replace("<br>", "\n")
    document = document_of(plan, layout)
    in_word = [paragraph.text for paragraph in document.paragraphs]
    in_word += [p.text for row in document.tables[0].rows for cell in row.cells for p in cell.paragraphs]

    for said in everything_said(paper):
        assert said in page
        assert any(said in line for line in in_word), said


def test_word_looks_like_the_founding_paper(plan):
    document = document_of(plan)
    (table,) = document.tables
    first = table.rows[1].cells[0].paragraphs

    assert document.sections[0].orientation == WD_ORIENT.LANDSCAPE
    assert [cell.text for cell in table.rows[0].cells] == [heading.words for heading in update_report(plan).headings]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert (first[0].text, first[0].runs[0].bold) == ("Borough Police", True)
    assert (first[1].text, first[1].runs[0].bold) == ("Recommendation 1: Train everybody.", None)
    assert "page" in document.sections[0].footer.paragraphs[0].text


def test_word_names_nobody_but_the_publisher(plan):
    data = export(plan, "docx").data
    facts = Document(io.BytesIO(data)).core_properties

    assert (facts.author, facts.last_modified_by, facts.comments) == ("Borough Partnership", "Borough Partnership", "")
    assert facts.created == dt.datetime(2026, 3, 2, 12, tzinfo=facts.created.tzinfo)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name or "app.xml" in name]
        assert not any(b"python-docx" in archive.read(name) for name in archive.namelist())


def test_a_workbook_has_the_founding_columns_first_and_then_what_is_known(plan):
    page = book_of(plan)["Plan"]
    headings = [cell.value for cell in page[XLSX_HEADINGS]]

    assert page["A1"].value == "Review (Adult A): action plan update report, as at 2 March 2026"
    assert headings == [
        "Organisation", "Reference", "Recommendation", "Action reference", "Action",
        "Progress against recommendations", "Next Steps", "Status", "Target date", "Revised date", "Days overdue",
        "Key milestones", "Barriers", "Scope", "Theme",
    ]  # fmt: skip
    assert page.freeze_panes == "A4"


def test_a_plan_without_more_has_the_founding_five_alone(review, bodies):
    review.actions.exclude(order=7).update(order=99)  # only to have a plan that is not empty
    plan = plan_as_at(review, days(-199))
    bare = [recommendation for recommendation in plan.recommendations if not recommendation.reference]
    plan = type(plan)(**{**vars(plan), "recommendations": tuple(bare)})

    assert [cell.value for cell in book_of(plan)["Plan"][XLSX_HEADINGS]] == [
        "Organisation", "Recommendation", "Progress against recommendations", "Next Steps", "Status",
    ]  # fmt: skip


def test_text_in_a_workbook_is_never_a_formula(plan):
    row = [cell for cell in book_of(plan)["Plan"][XLSX_HEADINGS + 1] if cell.value is not None]

    assert NASTY in [cell.value for cell in row]
    assert {cell.data_type for cell in row if isinstance(cell.value, str)} == {"s"}
    assert {cell.number_format for cell in row if isinstance(cell.value, str)} == {"@"}
    with zipfile.ZipFile(io.BytesIO(export(plan, "xlsx").data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "sheet" in name)


def test_dates_in_a_workbook_are_dates_and_words_stay_words(plan):
    page = book_of(plan)["Plan"]
    headings = [cell.value for cell in page[XLSX_HEADINGS]]
    late, worded = page[XLSX_HEADINGS + 1], page[XLSX_HEADINGS + 2]

    assert late[headings.index("Target date")].value == dt.datetime(2026, 2, 18)  # noqa: DTZ001
    assert late[headings.index("Revised date")].value == dt.datetime(2026, 2, 25)  # noqa: DTZ001
    assert late[headings.index("Days overdue")].value == 5
    assert worded[headings.index("Target date")].value == "When we can"


def test_the_key_is_in_the_workbook_and_no_sheet_is_hidden(plan):
    book = book_of(plan)

    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [("Plan", "visible"), ("Key", "visible")]
    assert {status.label for status in Status} <= {row[0].value for row in book["Key"].iter_rows()}
    assert book.properties.creator == book.properties.lastModifiedBy == "Borough Partnership"


def test_csv_quotes_every_cell_so_that_no_separator_begins_another(plan):
    text = export(plan, "csv").data.decode("utf-8-sig")
    for line in csv.reader(io.StringIO(text, newline="")):
        assert ",".join('"' + cell.replace('"', '""') + '"' for cell in line) in text


def test_csv_guards_what_a_spreadsheet_would_run(plan):
    first = csv_of(plan)[0]

    assert first["Progress against recommendations"] == f"'{NASTY}"
    assert first["Next Steps"] == "'+1 more team"
    assert first["Barriers"] == "'@home"
    assert first["Target date"] == "18/02/2026"
    assert {row[EXPORT_MARK] for row in csv_of(plan)} == {"02/03/2026"}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "'a", "''=1", "a", "", "a=1", "'", "'="])
def test_guarding_is_taken_off_again(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("extension", ["docx", "xlsx", "ods", "csv"])
def test_a_file_of_ours_says_what_it_is_and_nothing_of_it_is_left_unread(plan, extension):
    file = export(plan, extension)

    about = read_file(file.data, file.name).about

    assert (about["speaks_for"], about["problems"]) == ("2026-03-02", [])
    assert about["review_title"] == ("" if extension == "csv" else "Review (Adult A)")  # it has no room for a title


@pytest.mark.parametrize("extension", ["xlsx", "ods", "csv"])
def test_what_goes_out_comes_in_again(plan, extension):
    file = export(plan, extension)

    rows = read_file(file.data, file.name).rows

    assert [row["agencies"] for row in rows] == [[lead.name for lead in action.leads] for action in plan.actions]
    assert [row["action"] for row in rows] == [action.text for action in plan.actions]
    assert [row["recommendation"] for row in rows] == [
        recommendation.text for recommendation in plan.recommendations for _ in recommendation.actions
    ]
    assert [(row["reference"], row["action_reference"]) for row in rows[:3]] == [
        ("1", "1.1"),
        ("1", "1.2"),
        ("1", "1.3"),
    ]
    assert [row["status"] or "not_recorded" for row in rows] == [action.status for action in plan.actions]
    assert rows[0]["progress"] == NASTY
    assert rows[0]["next_steps"] == "+1 more team"
    assert (rows[0]["target_date"], rows[0]["revised_date"]) == ("2026-02-18", "2026-02-25")
    assert rows[1]["target_date_as_written"] == "When we can"


def test_the_statutory_workbook_has_the_statutory_columns(plan):
    page = book_of(plan, "statutory")["Plan"]

    assert [cell.value for cell in page[XLSX_HEADINGS]] == [heading.words for heading in statutory(plan).headings]
    assert page.max_row == XLSX_HEADINGS + len(plan.actions)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("extension", FORMATS)
def test_strange_characters_and_endless_cells_break_no_file(review, bodies, extension, layout):
    line = RecommendationLine("A\x0bB\x01C\u202eD & <b>", actions=(ActionLine(leads=leads(bodies["police"])),))
    (action,) = plans.add(review=review, line=line, by=EXAMPLE, on=days(-1))
    report(action, bodies["police"], days(-1), Report("long " * 8000, "", Status.IN_PROGRESS))

    data = export(plan_as_at(review, TODAY), extension, layout).data

    if extension == "docx":
        assert "A\nBCD & <b>" in [p.text for c in Document(io.BytesIO(data)).tables[0]._cells for p in c.paragraphs]
    elif extension == "xlsx":
        cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(data))["Plan"] for cell in row]
        assert "A\nBCD & <b>" in cells
        assert max(len(str(value or "")) for value in cells) <= 32_767
    elif extension == "ods":
        (plan, _) = ods_read(data)
        assert "A\nBCD & <b>" in [cell.text for row in plan.rows for cell in row.cells]
    elif extension == "csv":
        assert "A\nBCD & <b>" in data.decode()
    else:
        assert "A<br>BCD &amp; &lt;b&gt;" in data.decode()


def test_no_name_of_a_file_tells_of_the_case(plan):
    for extension in FORMATS:
        assert export(plan, extension).name == f"DHR-1-update-report-2026-03-02.{extension}"


def test_a_web_page_stands_by_itself(plan):
    page = export(plan, "html").data.decode()

    assert not re.search(r"(src|href)=|<script|@import|url\(", page)
    assert "=HYPERLINK(&quot;" in page


def test_printable_keeps_words_and_drops_what_cannot_be_seen():
    assert printable("a\r\nb\x0bc\x00\u202ed\u2069é🙂") == "a\nb\ncdé🙂"
