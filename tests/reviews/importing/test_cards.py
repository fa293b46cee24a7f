"""A card for each recommendation, in a document or on a sheet, reads as a row each."""

import pytest

from reviews.importing.readers import read
from reviews.importing.understanding.plan import Plan, read_plan
from reviews.importing.understanding.tables import Unreadable
from tests.reviews.importing import plans
from tests.reviews.importing.documents import a_document

FIRST = [
    ("Recommendation 1", "Listen to families."),
    ("Action to take:", "Write a guide."),
    ("Lead agency", "Hillside Police"),
    ("Target date", "31/03/2027"),
    ("Status", "In progress"),
    ("Progress", "The guide is written."),
]
SECOND = [("Recommendation 2", "Learn."), ("Action to take:", "Hold a day."), ("Lead agency", "School"), ("Status", "")]


def read_document(*blocks) -> Plan:
    return read_plan(read(a_document(*blocks), "plan.docx"))


def told(plan: Plan) -> list[tuple]:
    return [(r["reference"], r["recommendation"], r["action"], r["agencies"], r["status"]) for r in plan.rows]


EXPECTED = [
    ("1", "Listen to families.", "Write a guide.", ["Hillside Police"], "in_progress"),
    ("2", "Learn.", "Hold a day.", ["School"], None),
]


@pytest.mark.parametrize("blocks", [(FIRST, "", SECOND), ([*FIRST, *SECOND],)], ids=["a table each", "one table"])
def test_a_card_is_a_row(blocks):
    plan = read_document("Riverbank DHR (Adult Q)", *blocks)
    assert told(plan) == EXPECTED
    assert plan.rows[0]["progress"] == "The guide is written."
    assert plan.rows[0]["target_date"] == "2027-03-31"
    assert plan.problems == []


def test_cards_on_a_sheet_are_rows_and_values_keep_their_cell():
    plan = read_plan(read(plans.a_workbook([*FIRST, (), *SECOND]), "plan.xlsx"))
    assert told(plan) == EXPECTED
    [blank] = plan.rows[1]["problems"]
    assert (blank["code"], blank["place"]) == ("blank_status", "Plan!A11")


def test_a_card_with_two_labels_in_a_line_and_a_number_across_it():
    card = [
        ("Recommendation 7",),
        ("Recommendation", "Listen.", "Lead agency", "School"),
        ("Action", "Write.", "Status", "Ongoing"),
    ]
    assert told(read_document(card)) == [("7", "Listen.", "Write.", ["School"], "ongoing")]


def test_several_actions_of_a_card_are_rows_of_its_recommendation():
    card = [*FIRST[:4], ("Action to take:", "Print it."), ("Lead agency", "School")]
    rows = read_document(card).rows
    assert [(row["reference"], row["action"], row["agencies"]) for row in rows] == [
        ("1", "Write a guide.", ["Hillside Police"]),
        ("1", "Print it.", ["School"]),
    ]


def test_words_beside_no_label_go_on_with_the_value_above():
    card = [*FIRST[:2], ("", "Print it."), *FIRST[2:]]
    assert read_document(card).rows[0]["action"] == "Write a guide.\nPrint it."


def test_a_list_of_terms_is_no_card():
    terms = [("Action", "What will be done"), ("IMR", "A report"), ("MARAC", "A meeting"), ("Agency", "A body")]
    with pytest.raises(Unreadable, match="headings"):
        read_document(terms)


PASTED = """Riverbank DHR (Adult Q)
Action plan, March 2019

Rec 1: Listen to families.
Action: Write a guide,
which anybody can read.
Lead: Hillside Police
Target date: 31/03/2027
Status: In progress
Progress: The draft: it is written.

Rec 2: Learn.
Action: Hold a day.
Lead: School
Status:
"""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (PASTED, "line 4"),
        (PASTED.replace(": ", ":\n"), "line 4"),
        (PASTED.replace("\nRec", "\n- Rec"), "line 4"),
        (PASTED.replace("\n\nRec", "\n\fRec"), "page 2, line 3"),
    ],
    ids=["a line each", "values below", "bullets", "a page each"],
)
def test_pasted_labels_with_their_values_are_cards(text, place):
    plan = read_plan(read(text.encode(), "plan.txt"))
    assert (plan.review_title, plan.speaks_for) == ("Riverbank DHR (Adult Q)", "2019-03-31")
    assert told(plan) == [
        ("1", "Listen to families.", "Write a guide,\nwhich anybody can read.", ["Hillside Police"], "in_progress"),
        ("2", "Learn.", "Hold a day.", ["School"], None),
    ]
    assert (plan.rows[0]["target_date"], plan.rows[0]["place"]) == ("2027-03-31", place)


def test_what_each_page_says_of_its_card_is_no_running_head():
    pages = [
        f"Rec {n}: Learn {word}.\nLead: School\nStatus: Complete" for n, word in enumerate(("first", "next", "last"))
    ]
    plan = read_plan(read("\n\f".join(pages).encode(), "plan.txt"))
    assert [(row["agencies"], row["status"]) for row in plan.rows] == [(["School"], "complete")] * 3


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nLead: the chair.\nWe met.",
        "Action: listen.\nStatus: open.\nLead: who.\n" + "We met again.\n" * 20,
        "Who: what",
    ],
)
def test_text_with_a_label_here_and_there_is_no_plan(text):
    with pytest.raises(Unreadable):
        read_plan(read(text.encode(), "plan.txt"))
