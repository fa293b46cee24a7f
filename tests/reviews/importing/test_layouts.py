"""Layouts that boards draw: what stands above a table, between its rows, below it; headings that say little."""

import pytest

from reviews.importing.readers import read
from reviews.importing.understanding.plan import Plan, read_plan
from tests.reviews.importing import plans
from tests.reviews.importing.documents import a_document

ACTIONS = ("Action", "Lead agency", "Target date", "Status")
HOLD, PRINT = (
    ("Hold a day.", "Hillside Police", "31/03/2027", "Complete"),
    ("Print it.", "Lantern Homes", "", "Ongoing"),
)
REPORT = ("Ref", "Recommendation", "Progress", "Status")
WHOLE = ("Ref", "Recommendation", "Lead agency", "Progress", "Status")


def read_document(*blocks) -> Plan:
    return read_plan(read(a_document(*blocks), "plan.docx"))


def read_sheet(*rows) -> Plan:
    return read_plan(read(plans.a_workbook(rows), "plan.xlsx"))


def told(plan: Plan, *names: str) -> list[tuple]:
    return [tuple(row[name] for name in names) for row in plan.rows]


@pytest.mark.parametrize(
    "blocks",
    [
        ([ACTIONS, ("Recommendation 1: To listen.",), HOLD, PRINT, ("Recommendation 2: To learn.",), HOLD],),
        (
            [("Recommendation 1: To listen.",), ACTIONS, HOLD, PRINT],
            "",
            [("Recommendation 2: To learn.",), ACTIONS, HOLD],
        ),
        ("Recommendation 1: To listen.", [ACTIONS, HOLD, PRINT], "Recommendation 2: To learn.", [ACTIONS, HOLD]),
        ("Recommendation 1", "To listen.", [ACTIONS, HOLD, PRINT], "Recommendation 2", "To learn.", [ACTIONS, HOLD]),
    ],
    ids=["across the table", "a table each", "above its table", "in two paragraphs"],
)
def test_a_recommendation_above_its_actions_holds_for_each(blocks):
    plan = read_document(*blocks)
    assert told(plan, "reference", "recommendation", "action") == [
        ("1", "To listen.", "Hold a day."),
        ("1", "To listen.", "Print it."),
        ("2", "To learn.", "Hold a day."),
    ]
    assert not any(row["theme"] for row in plan.rows)


@pytest.mark.parametrize("names", [("Hillside Police", "Lantern Homes"), ("Refuge", "Barking MARAC")])
def test_a_name_above_each_table_is_the_agency_of_its_rows(names):
    first, second = names
    rows = [REPORT, ("1", "To listen.", "Heard.", "Ongoing")], [REPORT, ("2", "To learn.", "Read.", "Ongoing")]
    assert told(read_document(first, rows[0], second, rows[1]), "agencies") == [([first],), ([second],)]


def test_what_heads_a_table_and_names_nobody_is_no_agency():
    rows = [REPORT, ("1", "To listen.", "Heard.", "Ongoing")]
    plan = read_document("Appendix A", rows, "Single Agency Actions", [*rows[:1], ("2", "To learn.", "x", "Ongoing")])
    assert told(plan, "agencies") == [([],), ([],)]


def test_an_agency_across_a_table_that_has_a_column_for_agencies_is_no_theme():
    row, other = ("1", "To listen.", "", "Heard.", "Ongoing"), ("2", "To learn.", "School", "Read.", "Ongoing")
    plan = read_document([WHOLE, ("Hillside Police",), row, ("Theme 2: Courts",), other])
    assert told(plan, "agencies", "theme") == [(["Hillside Police"], ""), (["School"], "Theme 2: Courts")]


def test_tables_under_one_another_on_a_sheet_are_read_by_their_own_headings():
    second = [("Part 2: single agencies",), ("Agency", "Action", "By when", "RAG"),
              ("Hillside Police", "Hold a day.", "May 2027", "In progress")]  # fmt: skip
    plan = read_sheet(("Part 1",), WHOLE, ("1", "To listen.", "School", "Heard.", "Ongoing"), (), *second)
    assert told(plan, "recommendation", "action", "agencies", "status") == [
        ("To listen.", "", ["School"], "ongoing"),
        ("", "Hold a day.", ["Hillside Police"], "in_progress"),
    ]
    assert [(table["place"], table["rows"]) for table in plan.tables] == [("Plan!A2", 1), ("Plan!A6", 1)]
    assert plan.rows[1]["place"] == "Plan!A7"


def test_headings_that_a_sheet_prints_again_begin_no_other_table():
    rows = [("1", "To listen.", "School", "Heard.", "Ongoing"), WHOLE, ("2", "To learn.", "School", "Read.", "Ongoing")]
    plan = read_sheet(WHOLE, *rows)
    assert (told(plan, "reference"), len(plan.tables)) == ([("1",), ("2",)], 1)


def test_a_column_of_numbers_without_a_heading_is_the_reference():
    row = ("To listen.", "School", "Heard.", "Ongoing")
    plan = read_sheet(("", *WHOLE[1:]), ("1.1", *row), ("1.2", *row))
    assert (told(plan, "reference"), plan.problems) == ([("1.1",), ("1.2",)], [])


def test_words_without_a_heading_are_said_not_to_be_read_and_read_once_somebody_says_what_they_are():
    rows = [("Recommendation", "Lead agency", ""), ("Listen.", "School", "We did."), ("Learn.", "School", "Not yet.")]
    tables = read(plans.a_workbook(rows), "plan.xlsx")
    [unread] = read_plan(tables).problems
    assert (unread.code, unread.place) == ("column_not_read", "Plan!C1")
    assert told(read_plan(tables, (), {"Column C": "progress"}), "progress") == [("We did.",), ("Not yet.",)]


def test_columns_whose_headings_say_nothing_are_read_by_what_stands_in_them_and_that_is_said():
    rows = [("Recommendation", "Zebra", "Yak", "Xylophone"), ("Listen.", "Hillside Police", "31/03/2027", "Complete"),
            ("Learn.", "Lantern Homes", "April 2027", "Ongoing")]  # fmt: skip
    plan = read_sheet(*rows)
    assert told(plan, "agencies", "target_date", "status") == [
        (["Hillside Police"], "2027-03-31", "complete"),
        (["Lantern Homes"], "2027-04-30", "ongoing"),
    ]
    assert [problem.code for problem in plan.problems] == ["column_by_content"] * 3


def test_the_number_of_an_action_is_told_from_that_of_its_recommendation():
    headings = ("Rec no", "Recommendation", "Action no", "Action", "Lead agency")
    plan = read_sheet(headings, ("1", "Listen.", "1.1", "Hold a day.", "School"))
    assert told(plan, "reference", "action_reference") == [("1", "1.1")]


def test_a_key_may_explain_its_colours_in_one_cell_each():
    key = ("Key:", "Green = completed", "Amber = in progress", "Red – not started")
    plan = read_sheet(key, WHOLE, ("1", "Listen.", "School", "Heard.", "Green"), ("2", "Learn.", "School", "", "Red"))
    assert told(plan, "status") == [("complete",), ("not_started",)]


def test_a_key_or_a_count_below_the_plan_is_none_of_its_rows_and_is_said():
    rows = [("1", "Listen.", "School", "Heard.", "Green"), ("2", "Learn.", "School", "Read.", "Red")]
    below = [(), ("Key",), ("Red", "Not started"), ("Green", "Completed"), (), ("Complete", 1)]
    plan = read_sheet(WHOLE, *rows, *below)
    assert told(plan, "reference", "status") == [("1", "complete"), ("2", "not_started")]
    assert [problem.code for problem in plan.problems] == ["line_not_read"] * 4


def test_a_sparse_row_below_an_empty_line_is_a_row_where_fuller_ones_follow():
    row = ("2", "Learn.", "School", "Read.", "Ongoing")
    plan = read_sheet(WHOLE, ("1", "Listen.", "School", "", "Ongoing"), (), ("", "Ask."), row)
    assert told(plan, "recommendation") == [("Listen.",), ("Ask.",), ("Learn.",)]


@pytest.mark.parametrize(
    ("heading", "cells", "field", "values"),
    [
        ("Comments", ("Heard.", ""), "progress", ("Heard.", "")),
        ("Completed", ("31/05/2027", ""), "completed_on", ("2027-05-31", None)),
        ("Completed", ("Yes", ""), "status", ("complete", None)),
        ("Completion date", ("31/05/2027", "June 2027"), "completed_on", ("2027-05-31", "2027-06-30")),
    ],
)
def test_a_heading_is_read_by_what_stands_under_it_where_no_other_column_means_that(heading, cells, field, values):
    plan = read_sheet(("Recommendation", "Lead agency", heading), *((f"Do {one}.", "School", one) for one in cells))
    assert tuple(row[field] for row in plan.rows) == values


def test_a_completion_date_of_what_is_not_complete_is_its_target():
    headings = ("Recommendation", "Lead agency", "Completion date", "Status")
    plan = read_sheet(
        headings, ("Listen.", "School", "31/05/2027", "In progress"), ("Learn.", "School", "", "Complete")
    )
    assert told(plan, "target_date", "completed_on") == [("2027-05-31", None), (None, None)]


def test_who_helps_is_not_who_leads_and_is_said_not_to_be_read():
    headings = ("Recommendation", "Lead agency", "Supporting agencies", "Status")
    plan = read_sheet(headings, ("Listen.", "School", "Hillside Police", "Ongoing"))
    assert told(plan, "agencies") == [(["School"],)]
    assert [problem.code for problem in plan.problems] == ["column_not_read"]


def test_of_statuses_of_several_days_the_latest_counts():
    headings = ("Recommendation", "Lead agency", "RAG June 2019", "RAG March 2019")
    plan = read_sheet(headings, ("Listen.", "School", "Complete", "In progress"))
    assert told(plan, "status", "status_as_written") == [("complete", "Complete")]


def test_a_glossary_below_the_plan_is_none_of_its_rows_however_long_its_words():
    terms = [
        (),
        ("Term", "Meaning"),
        ("IMR", "A report that each agency writes of what it did and of what it has learnt."),
    ]
    plan = read_sheet(WHOLE, ("1", "Listen.", "School", "Heard.", "Ongoing"), *terms)
    assert told(plan, "reference") == [("1",)]


@pytest.mark.parametrize("sign", ["✓", "?", "P", "ü", "1"])
def test_any_sign_in_a_column_of_ticks_is_a_tick(sign):
    headings = ("Recommendation", "Lead agency", "Achieved (tick)", "On target to achieve (tick)")
    plan = read_sheet(headings, ("Listen.", "School", sign, ""), ("Learn.", "School", "", sign))
    assert told(plan, "status_as_written", "status") == [
        ("Achieved", "complete"),
        ("On target to achieve", "in_progress"),
    ]
