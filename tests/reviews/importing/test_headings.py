"""What a person says of headings counts for more than what they look like; and what is told of each table found."""

import pytest

from reviews.importing.readers import read
from reviews.importing.running import read_file
from reviews.importing.understanding.plan import NO_PLAN, Plan, read_plan
from reviews.importing.understanding.tables import Unreadable
from tests.reviews.importing import plans
from tests.reviews.importing.documents import a_document

HEADINGS = ("Ref", "Recommendation", "Lead agency", "Cost code", "Status")
ROW = ("1", "Listen.", "Hillside Police", "Heard.", "Ongoing")
TOLD = [("Topic", "Our answer", "Who for"), ("Listen.", "We did.", "School"), ("Learn.", "Not yet.", "Hillside Police")]


def read_book(*rows, headings=None) -> Plan:
    return read_plan(read(plans.a_workbook(rows), "plan.xlsx"), (), headings)


def meant(plan: Plan) -> dict[str, str]:
    return {heading["printed"]: heading["column"] for table in plan.tables for heading in table["headings"]}


def test_a_column_that_was_not_read_counts_once_its_heading_is_said():
    assert "Heard." not in read_book(HEADINGS, ROW).rows[0].values()
    plan = read_book(HEADINGS, ROW, headings={"cost code": "progress"})
    assert plan.rows[0]["progress"] == "Heard."
    assert plan.problems == []
    assert [heading["said"] for heading in plan.tables[0]["headings"]] == [False, False, False, True, False]


def test_a_column_is_left_out_or_means_something_else_once_that_is_said():
    plan = read_book(HEADINGS, ROW, headings={"Ref": "ignore", "Status": "progress"})
    assert (plan.rows[0]["reference"], plan.rows[0]["progress"], plan.rows[0]["status"]) == ("", "Ongoing", None)
    assert plan.problems[0].code == "column_not_read"  # the code, of which nobody said anything
    assert len(plan.problems) == 1


def test_a_lead_is_whom_a_person_says():
    rows = [("Recommendation", "Lead", "Status"), ("Listen.", "Marlow", "Ongoing")]
    plan = read_book(*rows, headings={"Lead": "owner"})
    assert (plan.rows[0]["owner"], plan.rows[0]["agencies"], plan.problems) == ("Marlow", [], [])


def test_a_heading_over_two_rows_is_said_as_it_is_shown():
    rows = [("Recommendation", "Date", "Date", "Lead agency"), ("", "Planned", "Moved", "")]
    body = ("Listen.", "31/03/2027", "30/06/2027", "Hillside Police")
    data = plans.a_workbook([*rows, body], ["A1:A2", "B1:C1", "D1:D2"])
    tables = read(data, "plan.xlsx")
    shown = list(meant(read_plan(tables)))
    assert shown == ["Recommendation", "Date Planned", "Date Moved", "Lead agency"]
    [row] = read_plan(tables, (), {"Date Planned": "target_date", "Date Moved": "revised_date"}).rows
    assert (row["target_date"], row["revised_date"]) == ("2027-03-31", "2027-06-30")


def test_a_table_that_was_no_plan_becomes_one_once_its_headings_are_said():
    with pytest.raises(Unreadable, match="headings of an action plan") as raised:
        read_file(a_document(TOLD), "plan.docx")
    [table] = raised.value.tables
    assert (table["name"], table["read"], table["rows"], table["lines"]) == ("Table 1", False, 0, 3)
    assert [heading["printed"] for heading in table["headings"]] == list(TOLD[0])
    assert table["first_words"].startswith("Topic | Our answer | Who for | Listen.")
    said = {"Topic": "recommendation", "Our answer": "progress", "Who for": "agency"}
    reading = read_file(a_document(TOLD), "plan.docx", (), said)
    assert [(row["recommendation"], row["agencies"]) for row in reading.rows] == [
        ("Listen.", ["School"]),
        ("Learn.", ["Hillside Police"]),
    ]


def test_a_card_with_labels_of_its_own_is_read_once_they_are_said():
    cards = [("Finding", "Listen."), ("Answer", "Write a guide."), ("Body", "School"), ("Finding", "Learn.")]
    with pytest.raises(Unreadable):
        read_book(*cards)
    plan = read_book(*cards, headings={"Finding": "recommendation", "Answer": "action", "Body": "agency"})
    assert [(row["recommendation"], row["action"]) for row in plan.rows] == [
        ("Listen.", "Write a guide."),
        ("Learn.", ""),
    ]


def test_every_table_is_told_of_with_its_headings_and_its_rows():
    glossary = [("Term", "Meaning"), ("IMR", "Individual Management Review")]
    data = a_document(glossary, "", [HEADINGS, ROW, ROW])
    terms, plan = read_file(data, "plan.docx").about["tables"]
    assert (terms["name"], terms["read"], terms["first_words"][:14]) == ("Table 1", False, "Term | Meaning")
    assert (plan["name"], plan["place"], plan["read"], plan["rows"]) == ("Table 2", "Table 2, row 1, column 1", True, 2)
    assert [(heading["printed"], heading["column"]) for heading in plan["headings"]] == list(
        zip(HEADINGS, ("reference", "recommendation", "agency", "ignore", "status"), strict=True)
    )


def test_a_file_without_a_table_tells_of_none():
    with pytest.raises(Unreadable) as raised:
        read_plan(read(a_document("Dear all,"), "plan.docx"))
    assert (str(raised.value), raised.value.tables) == (NO_PLAN, [])


def test_a_column_that_there_is_not_cannot_be_said():
    with pytest.raises(ValueError, match="shoe size"):
        read_file(b"Recommendation,Status", "plan.csv", (), {"Status": "shoe size"})


SMART = ("Ref", "Specific", "Measurable", "Achievable", "Realistic", "Time-bound", "Lead agency", "Status")


def test_what_makes_an_action_smart_is_read_as_the_action_its_date_and_its_evidence():
    row = ("1", "Write a guide.", "It is in every ward.", "Yes", "Yes", "31/03/2027", "Hillside Police", "Ongoing")
    [read_row] = read_book(SMART, row).rows
    assert (read_row["action"], read_row["target_date"]) == ("Write a guide.", "2027-03-31")
    assert read_row["evidence"] == "It is in every ward."


@pytest.mark.parametrize("word", ["Specific", "Measurable", "Timely"])
def test_one_of_the_smart_words_alone_is_not_read(word):
    assert meant(read_book((*HEADINGS, word), (*ROW, "Yes")))[word] == "ignore"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Recommendation 1: The review panel should meet", "Riverbank DHR action plan"], "Riverbank DHR"),
        (["Trust action plan: independent investigation 5"], "Trust action plan: independent investigation 5"),
        (["Riverbank DHR: multi-agency action plan, March 2019"], "Riverbank DHR"),
        (["Riverbank action plan"], "Riverbank"),
    ],
)
def test_the_title_is_the_line_that_names_the_review(lines, title):
    assert read_plan(read(a_document(*lines, [HEADINGS, ROW]), "plan.docx")).review_title == title


GROUPED = (
    ",,,,Timescale,,Status",
    "Ref,Recommendation,Action,Lead agency,Original,Revised,",
    "1,To listen.,Hold a day.,Hillside Police,31/03/2027,30/06/2027,Ongoing",
    "2,To learn.,Print it.,Hillside Police,31/03/2027,,Complete",
)


def test_a_row_of_groups_that_nothing_merges_gives_its_words_to_the_headings_below():
    plan = read_plan(read("\n".join(GROUPED).encode(), "plan.csv"))
    assert list(plan.columns.items())[-3:] == [
        ("Timescale Original", "target_date"),
        ("Timescale Revised", "revised_date"),
        ("Status", "status"),
    ]
    assert [(row["target_date"], row["revised_date"], row["status"]) for row in plan.rows] == [
        ("2027-03-31", "2027-06-30", "ongoing"),
        ("2027-03-31", None, "complete"),
    ]


@pytest.mark.parametrize("above", [",,,,Timescale,,", "Riverbank DHR action plan,,,,,,", ",,,,,,Riverbank DHR"])
def test_a_line_above_the_headings_gives_nothing_to_a_column_of_something_else(above):
    lines = above, "Ref,Recommendation,Action,Lead agency,Timescale,Cost code,", *GROUPED[2:]
    plan = read_plan(read("\n".join(lines).encode(), "plan.csv"))
    assert plan.columns["Cost code"] == "ignore"
    assert plan.rows[0]["target_date"] == "2027-03-31"
