"""What is read of Word documents: their tables as boards draw them, and what only Word can do to one."""

import docx
import pytest
from docx.oxml.ns import qn

from reviews.importing.readers import read
from reviews.importing.understanding.plan import Plan, read_plan
from reviews.importing.understanding.tables import Unreadable
from tests.reviews.importing import documents, plans
from tests.reviews.importing.documents import HEADINGS, a_document, raw, saved

POLICE = ("Listen.", "Write a guide.", "Hillside Police", "31/03/2027", "Complete")
TRUST = ("Learn.", "Hold a day.", "Riverbank Hospital Trust", "TBC", "In progress")


def read_document(data: bytes) -> Plan:
    return read_plan(read(data, "plan.docx"))


PLACED = ("place", "places", "problems")


def codes(row: dict) -> set[str]:
    return {problem["code"] for problem in row["problems"]}


def test_a_report_in_word_reads_as_the_same_report_in_excel():
    word, excel = read_document(documents.the_report_as_docx()), read_plan(read(plans.the_report_as_xlsx(), "p.xlsx"))
    unplaced = lambda plan: [{name: row[name] for name in row if name not in PLACED} for row in plan.rows]  # noqa: E731
    assert unplaced(word) == unplaced(excel)
    assert word.rows[0]["places"]["recommendation"] == "Table 1, row 2, column 2"
    assert excel.rows[0]["places"]["recommendation"] == "Adult Q!B4"
    assert [codes(row) for row in word.rows] == [codes(row) for row in excel.rows]
    assert (word.review_title, word.kind, word.speaks_for) == ("Riverbank DHR (Adult Q)", "dhr", "2019-03-31")
    assert word.rows[5]["place"] == "Table 1, row 7, column 1"


def test_a_plan_in_several_tables_is_one_plan_and_other_tables_are_none_of_it():
    glossary = [("Term", "Meaning"), ("IMR", "Individual Management Review")]
    again = [HEADINGS, ("Theme 2 – Courts",), TRUST]
    without_heading = [("Act.", "Print the poster in every language.", "School", "", "Ongoing")]
    plan = read_document(
        a_document(glossary, "Theme 1 – Streets", [HEADINGS, POLICE], "", again, "", without_heading, "End of plan.")
    )
    assert [row["recommendation"] for row in plan.rows] == ["Listen.", "Learn.", "Act."]
    assert [row["theme"] for row in plan.rows] == ["Theme 1 – Streets", "Theme 2 – Courts", "Theme 2 – Courts"]
    assert [row["place"] for row in plan.rows] == [f"Table {n}, row {m}, column 1" for n, m in ((2, 2), (3, 3), (4, 1))]
    assert [problem.code for problem in plan.problems] == ["sheet_not_read"]
    assert "Term | Meaning" in plan.problems[0].message


def test_a_table_of_as_many_columns_that_is_no_plan_is_not_taken_for_its_end():
    sent = [("Copies to", "Number", "Sent on", "By", "How"), ("Panel", "14", "18/11/2026", "post", "first class")]
    assert len(read_document(a_document([HEADINGS, POLICE], "", sent)).rows) == 1


def test_what_is_merged_down_and_across_holds_for_its_rows():
    rows = [HEADINGS, POLICE, ("", "Print it.", "", "", "Ongoing"), ("Theme 2",), TRUST]
    _, printed, learned = read_document(a_document(rows, merged=((1, 0, 2, 0), (1, 2, 2, 2)))).rows
    assert (printed["recommendation"], printed["agencies"]) == ("Listen.", ["Hillside Police"])
    assert learned["theme"] == "Theme 2"


def test_a_row_drawn_on_a_finer_grid_keeps_its_columns():
    document = docx.Document()
    table = documents.add_table(document, [HEADINGS, POLICE, TRUST])
    documents.wide_grid(table, 15)
    for row, widths in enumerate(((3, 3, 3, 3, 3), (3, 3, 3, 3, 3), (4, 3, 2, 4, 2))):
        documents.span(table, row, widths)
    last = read_document(saved(document)).rows[1]
    assert [last["recommendation"], last["action"], last["agencies"]] == ["Learn.", "Hold a day.", [TRUST[2]]]
    assert (last["target_date_as_written"], last["status"]) == ("TBC", "in_progress")


@pytest.mark.parametrize("agency", ["Advice on Alcohol (AOA)", "School", "Hillside Police and Crime Commissioner"])
def test_an_agency_across_the_table_holds_for_the_rows_below_it(agency):
    rows = [
        ("Organisation and recommendation", "Progress", "Status"),
        (agency,),
        ("To listen.", "Done so.", "Complete"),
    ]
    [row] = read_document(a_document(rows)).rows
    assert (row["agencies"], row["recommendation"]) == ([agency], "To listen.")


@pytest.mark.parametrize(
    ("cell", "agencies", "recommendation"),
    [
        ("Hillside Group*\nTo listen.", ["Hillside Group"], "To listen."),
        ("Hillside Hospital Trust To review how it asks.", ["Hillside Hospital Trust"], "To review how it asks."),
        ("University A Should say where help is.", ["University A"], "Should say where help is."),
        ("Lantern: To listen to tenants.", ["Lantern"], "To listen to tenants."),
        ("Lantern Homes: To listen to tenants.", ["Lantern Homes"], "To listen to tenants."),
        ("A Group and B Group The Panel would like both to ask.", ["A Group", "B Group"],
         "The Panel would like both to ask."),
        ("To listen.\nThis will need help.", [], "To listen.\nThis will need help."),
        ("The school should listen.", [], "The school should listen."),
        ("Recommendation 2\nTo listen.", [], "To listen."),
    ],
)  # fmt: skip
def test_an_agency_is_told_from_the_recommendation_in_its_cell(cell, agencies, recommendation):
    [row] = read_document(a_document([("Agency and recommendation", "Status"), (cell, "Ongoing")])).rows
    assert (row["agencies"], row["recommendation"]) == (agencies, recommendation)
    assert ("unknown_agency" in codes(row)) is (not agencies)


def test_a_known_agency_is_told_from_the_words_that_follow_it_longest_first():
    table = [("Agency and recommendation", "Status"), ("Lantern Homes North review each lock change.", "Ongoing")]
    [row] = read_plan(read(a_document(table), "plan.docx"), ["Lantern Homes", "Lantern Homes North"]).rows
    assert row["agencies"] == ["Lantern Homes North"]


def test_a_row_that_a_page_cut_goes_on():
    rows = [
        ("Recommendation", "Lead agency", "Progress", "Status"),
        ("To train all staff, which", "Hillside Police", "The second day was", "Ongoing"),
        ("needs more than one day", "", "held in May.", ""),
        ("", "", "It went well.", ""),
        ("To listen.", "School", "", ""),
    ]
    first, second = read_document(a_document(rows)).rows
    assert first["recommendation"] == "To train all staff, which needs more than one day"
    assert first["progress"] == "The second day was held in May.\nIt went well."
    assert second["recommendation"] == "To listen."


def test_lists_that_word_numbers_are_read_with_their_numbers_and_pair():
    document = docx.Document()
    table = documents.add_table(document, [("No", "Recommendation", "Action", "Lead agency", "Progress"), [""] * 5])
    for column, words in enumerate(("", "Listen.", "", "Hillside Police", "")):
        table.cell(1, column).text = words
    documents.number_lines(table.cell(1, 2), ("Write.", "Send."), 5)
    documents.number_lines(table.cell(1, 4), ("Written.", "Sent."), 6)
    documents.number_lines(table.cell(1, 0), ("",), 1)
    rows = read_document(saved(document)).rows
    assert [(row["action"], row["progress"]) for row in rows] == [("Write.", "Written."), ("Send.", "Sent.")]


@pytest.mark.parametrize("number", [0, 999])
def test_words_of_a_list_that_was_taken_off_or_is_not_there_are_read(number):
    document = docx.Document()
    table = documents.add_table(document, [HEADINGS, POLICE])
    documents.number_lines(table.cell(1, 0), ("Listen to families.",), number)
    (row,) = read_document(saved(document)).rows
    assert row["recommendation"] == "Listen to families."


def test_symbols_boxes_and_content_controls_are_read_as_they_show():
    document = docx.Document()
    headings = ("Recommendation", "Lead agency", "Achieved (tick)", "On target to achieve (tick)", "Progress")
    table = documents.add_table(document, [headings, ("Listen.", "", "", "☐", "☐ Begun ☒ Printed"), ("Learn.",)])
    tick = raw('<w:r NS><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>')
    table.cell(1, 2).paragraphs[0]._p.append(tick)
    control = "<w:sdt NS><w:sdtPr>{}</w:sdtPr><w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>"
    table.cell(1, 1).paragraphs[0]._p.append(raw(control.format("", "Hillside Police")))
    table.cell(1, 1).paragraphs[0]._p.append(raw(control.format("<w:showingPlcHdr/>", "Choose an item.")))
    row = read_document(saved(document)).rows[0]
    assert (row["agencies"], row["status"], row["progress"]) == (["Hillside Police"], "complete", "Printed")


def test_rows_and_cells_inside_content_controls_are_read():
    document = docx.Document()
    table = documents.add_table(document, [HEADINGS, POLICE])
    row = table.rows[1]._tr
    control = raw("<w:sdt NS><w:sdtPr/><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control.find(qn("w:sdtContent")).append(row)
    whole = raw("<w:sdt NS><w:sdtContent/></w:sdt>")
    table._tbl.addprevious(whole)
    whole.find(qn("w:sdtContent")).append(table._tbl)
    [read_row] = read_document(saved(document)).rows
    assert read_row["action"] == "Write a guide."


def test_what_was_deleted_moved_or_hidden_is_not_read_and_what_was_inserted_is():
    document = docx.Document()
    table = documents.add_table(document, [HEADINGS, POLICE, TRUST])
    action = table.cell(1, 1).paragraphs[0]._p
    for xml in (
        '<w:del NS><w:r><w:delText> Gone.</w:delText></w:r></w:del>',
        '<w:moveFrom NS><w:r><w:t> Moved.</w:t></w:r></w:moveFrom>',
        '<w:r NS><w:rPr><w:vanish/></w:rPr><w:t> Hidden.</w:t></w:r>',
        '<w:r NS><w:instrText> MERGEFIELD </w:instrText></w:r>',
        '<w:ins NS><w:r><w:t xml:space="preserve"> Print it.</w:t></w:r></w:ins>',
    ):  # fmt: skip
        action.append(raw(xml))
    table.rows[2]._tr.get_or_add_trPr().append(raw("<w:del NS/>"))
    [row] = read_document(saved(document)).rows
    assert row["action"] == "Write a guide. Print it."


def test_a_table_in_a_frame_is_the_plan_and_one_among_other_cells_is_words_of_its_cell():
    document = docx.Document()
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "Appendix C"
    table = documents.add_table(frame, [HEADINGS, POLICE])
    documents.add_table(table.cell(1, 1), [("Draft", "May"), ("Print", "June")])
    [row] = read_document(saved(document)).rows
    assert row["recommendation"] == "Listen."
    assert row["action"] == "Write a guide.\nDraft – May\nPrint – June"


def test_a_fill_is_the_status_by_the_documents_own_key_only():
    for key, status in (([("Green", "Completed"), ("Amber", "In progress")], "complete"), ([("a", "b")], None)):
        document = docx.Document()
        table = documents.add_table(document, [HEADINGS, (*POLICE[:4], "")])
        documents.shade(table.cell(1, 4), "00B050")
        documents.add_table(document, key)
        [row] = read_document(saved(document)).rows
        assert (row["status"], row["status_as_written"]) == (status, "Green")
        assert ("ambiguous_status_colour" in codes(row)) is (status is None)


def test_the_page_is_said_where_word_kept_where_its_pages_end():
    document = docx.Document()
    table = documents.add_table(document, [HEADINGS, POLICE, TRUST])
    table.cell(1, 4).paragraphs[0]._p.append(raw("<w:r NS><w:lastRenderedPageBreak/></w:r>"))
    assert [row["place"] for row in read_document(saved(document)).rows] == [
        "page 1, table 1, row 2, column 1",
        "page 2, table 1, row 3, column 1",
    ]


def test_people_before_their_posts_are_owners_and_the_bodies_are_the_agencies():
    leads = "Corin Vale\nPatient Safety Lead\nHillside Hospital Trust\nMara Lind\nChief Nurse\nRiverbank Care Board"
    posts = "Named GP for Safeguarding, Riverbank Care Board"
    rows = [HEADINGS, (*POLICE[:2], leads, *POLICE[3:]), (*POLICE[:2], posts, *POLICE[3:])]
    first, second = read_document(a_document(rows)).rows
    assert first["agencies"] == ["Hillside Hospital Trust", "Riverbank Care Board"]
    assert first["owner"] == "Corin Vale, Patient Safety Lead\nMara Lind, Chief Nurse"
    assert "possible_personal_name" in codes(first)
    assert (second["agencies"], second["owner"]) == (["Riverbank Care Board"], "Named GP for Safeguarding")


def test_a_document_without_a_plan_is_refused_with_what_it_needs():
    for blocks in (("Dear all,",), ("", [("Term", "Meaning"), ("IMR", "Review")])):
        with pytest.raises(Unreadable, match="Recommendation"):
            read_document(a_document(*blocks))
