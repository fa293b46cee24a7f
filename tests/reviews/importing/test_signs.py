"""Small signs in a plan's cells that change what its rows are: numbered lists, totals, ticks, the plan's own key."""

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from reviews.importing.readers import read
from reviews.importing.understanding.lists import items
from reviews.importing.understanding.names import read_addressees
from reviews.importing.understanding.plan import Plan, read_plan
from tests.reviews.importing import plans

HEADINGS = ("Ref", "Recommendation", "Action", "Lead agency", "Target date", "Status")


def read_sheet(*rows) -> Plan:
    return read_plan(read(plans.a_workbook(rows), "plan.xlsx"))


def told(plan: Plan, *names: str) -> list[tuple]:
    return [tuple(row[name] for name in names) for row in plan.rows]


def codes(plan: Plan) -> list[str]:
    return [problem["code"] for row in plan.rows for problem in row["problems"]]


LISTS = [
    ("1. {}\n2. {}", "1) {}\n2) {}"),
    ("a) {}\nb) {}", "(a) {}\n(b) {}"),
    ("i. {}\nii. {}", "A) {}\nB) {}"),
]


@pytest.mark.parametrize(("listed", "beside"), LISTS)
def test_numbered_leads_and_dates_go_with_the_actions_of_their_numbers(listed, beside):
    row = ("1", "Listen.", listed.format("Hold a day.", "Print it."))
    lead = beside.format("Hillside Police", "Lantern Homes")
    plan = read_sheet(HEADINGS, (*row, lead, beside.format("May 2027", "June 2027"), "Ongoing"))
    assert told(plan, "action", "agencies", "target_date") == [
        ("Hold a day.", ["Hillside Police"], "2027-05-31"),
        ("Print it.", ["Lantern Homes"], "2027-06-30"),
    ]
    assert codes(plan) == []


def test_numbered_leads_of_another_number_leave_the_row_whole_and_that_is_said():
    lead = "1. Hillside Police\n2. Lantern Homes\n3. School"
    plan = read_sheet(HEADINGS, ("1", "Listen.", "1. Hold a day.\n2. Print it.", lead, "May 2027", "Ongoing"))
    assert (len(plan.rows), codes(plan)) == (1, ["list_counts_differ"])
    assert told(plan, "agencies") == [(["Hillside Police", "Lantern Homes", "School"],)]


def test_a_list_within_an_item_is_part_of_the_item():
    assert items("1. Ask:\na) one\nb) two\n2. Tell.") == ["Ask:\na) one\nb) two", "Tell."]
    assert items("a) Ask.\nc) Tell.") == []
    assert items("A. Vale\nB. Moor") == []
    assert items("Ask:\na) one\nb) two") == []


def test_the_letters_before_names_are_no_part_of_them():
    assert read_addressees("a) Hillside Police\nb) Lantern Homes").agencies == ("Hillside Police", "Lantern Homes")
    assert read_addressees("i. Hillside Police\nii. Lantern Homes").agencies == ("Hillside Police", "Lantern Homes")


TOTALS = [
    ("Total", "–", "1", "2", "–", "3"),
    ("Grand total:", "12", "4", "33%", "5", "0"),
    ("Sub-total", "", "4"),
    ("", "Totals", "4", "7", "1,200", "n/a"),
]


@pytest.mark.parametrize("total", TOTALS)
def test_a_row_of_totals_is_no_action_however_many_numbers_it_has(total):
    row = ("1", "Listen.", "Hold a day.", "School", "May 2027", "Ongoing")
    plan = read_sheet(HEADINGS, row, total, ("2", *row[1:]))
    assert told(plan, "reference") == [("1",), ("2",)]
    assert [problem.code for problem in plan.problems] == ["line_not_read"]


def test_words_that_begin_with_total_beside_words_are_a_row():
    row = ("Total", "Total ban on blank records.", "Hold a day.", "School", "May 2027", "Ongoing")
    assert told(read_sheet(HEADINGS, row), "recommendation") == [("Total ban on blank records.",)]


@pytest.mark.parametrize(
    ("headings", "statuses"),
    [
        (("Not started", "In progress", "Complete"), ["complete", "in_progress", "not_started", None]),
        (("Planned", "On track", "Delivered?"), ["complete", "in_progress", "not_started", None]),
    ],
)
def test_columns_of_ticks_under_statuses_share_the_status_between_them(headings, statuses):
    rows = [("✓", 2), ("x", 1), ("1", 0), ("", 0)]
    ticks = [tuple(sign if column == at else "" for column in range(3)) for sign, at in rows]
    before = ("Listen.", "Hold a day.", "School")
    plan = read_sheet(("Recommendation", "Action", "Lead agency", *headings), *((*before, *tick) for tick in ticks))
    assert [row["status"] for row in plan.rows] == statuses
    assert [row["status_as_written"] for row in plan.rows] == [*(name.strip("?") for name in headings[::-1]), ""]
    assert plan.problems == []


def test_columns_of_ticks_may_stand_under_one_heading():
    above = ("Recommendation", "Action", "Lead agency", "Status", "", "")
    below = ("", "", "", "Not started", "In progress", "Complete")
    row = ("Listen.", "Hold a day.", "School")
    book = plans.a_workbook([above, below, (*row, "", "✓", ""), (*row, "", "", "✓")], ["D1:F1"])
    plan = read_plan(read(book, "plan.xlsx"))
    assert told(plan, "status_as_written", "status") == [("In progress", "in_progress"), ("Complete", "complete")]


def test_ticks_under_colours_mean_what_the_key_says():
    key = ("Key:", "Green = completed", "Red = not started")
    headings = ("Recommendation", "Lead agency", "Red", "Green")
    plan = read_sheet(key, headings, ("Listen.", "School", "", "✓"), ("Learn.", "School", "✓", ""))
    assert told(plan, "status") == [("complete",), ("not_started",)]


def test_two_ticks_in_one_row_say_two_things():
    headings = ("Recommendation", "Lead agency", "In progress", "Complete")
    plan = read_sheet(headings, ("Listen.", "School", "✓", "✓"), ("Learn.", "School", "", "✓"))
    assert told(plan, "status") == [(None,), ("complete",)]
    assert "conflicting_status" in codes(plan)


def test_a_tick_under_a_heading_that_is_no_status_is_kept_as_it_is():
    plan = read_sheet(HEADINGS, ("1", "Listen.", "Hold a day.", "School", "May 2027", "✓"))
    assert told(plan, "status", "status_as_written") == [(None, "✓")]
    assert codes(plan) == ["unknown_status"]


def test_whether_an_action_was_delivered_is_its_status():
    rows = [("Listen.", "School", one) for one in ("Yes", "Partly", "No")]
    plan = read_sheet(("Recommendation", "Lead agency", "Delivered?"), *rows)
    assert told(plan, "status") == [("complete",), ("in_progress",), (None,)]
    assert [problem["code"] for problem in plan.rows[2]["problems"]] == ["unknown_status"]


KEYS = [
    "Key: Red – not started; Amber – in progress; Green – completed",
    "RAG key: R = not started; A = overdue; G = completed",
    "Key to colours: Red (not yet started), Amber (at risk of delay), Green (complete)",
    "Red: not commenced. Amber: late. Green: achieved.",
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("written", [("Red", "Amber", "Green"), ("R", "A", "G")])
def test_a_key_in_one_line_is_read_whole(key, written):
    rows = [("1", "Listen.", "Hold a day.", "School", "May 2027", one) for one in written]
    for plan in (read_sheet((key,), (), HEADINGS, *rows), read_sheet(HEADINGS, *rows, (), (key,))):
        assert told(plan, "status") == [("not_started",), ("in_progress",), ("complete",)]


def test_a_fill_beside_its_meaning_is_the_key_to_the_fills_of_statuses():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(("", "Overdue"))
    sheet.append(("", "Completed"))
    sheet.append(("", "Escalated to the chair"))
    sheet.append(HEADINGS)
    fills = ("FF0000", "00B050", "FFC000")
    for number, fill in enumerate(fills, start=1):
        sheet.append((str(number), "Listen.", "Hold a day.", "School", "May 2027"))
        for place in (f"A{number}", f"F{number + 4}"):
            sheet[place].fill = PatternFill("solid", fgColor=fill)
    plan = read_plan(read(plans.saved(book), "plan.xlsx"))
    assert told(plan, "status") == [("in_progress",), ("complete",), (None,)]
    assert "ambiguous_status_colour" in codes(plan)


def test_a_colour_that_no_key_explains_is_asked_about_whether_or_not_there_is_a_key():
    row = ("1", "Listen.", "Hold a day.", "School", "May 2027", "Purple")
    assert codes(read_sheet((KEYS[0],), (), HEADINGS, row)) == ["ambiguous_status_colour"]
    assert codes(read_sheet(HEADINGS, row)) == ["ambiguous_status_colour"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Closed 12/06/2018", "2018-06-12"),
        ("Delivered on 3rd May 2019", "2019-05-03"),
        ("Signed off – June 2019", "2019-06-30"),
        ("Done 12-06-2018", "2018-06-12"),
    ],
)
def test_what_was_closed_or_delivered_on_a_day_is_complete_since_then(written, day):
    row = ("1", "Listen.", "Hold a day.", "School", "May 2027")
    plan = read_sheet(HEADINGS, (*row, written), (*row, "Delivered 3 of 5 sessions"))
    assert told(plan, "status", "completed_on") == [("complete", day), (None, None)]


@pytest.mark.parametrize("heading", ["Status", "Date completed"])
def test_a_day_of_completion_that_cannot_be_is_said_and_its_words_are_kept(heading):
    headings = ("Recommendation", "Lead agency", "Progress", heading)
    good, bad = "Completed 30/06/2018", "Completed 31/13/2018"
    plan = read_sheet(headings, ("Listen.", "School", "Heard.", good), ("Learn.", "School", "Read.", bad))
    assert told(plan, "status", "completed_on") == [("complete", "2018-06-30"), ("complete", None)]
    assert codes(plan) == ["impossible_date"]
    assert bad in (plan.rows[1]["status_as_written"], plan.rows[1]["completed_as_written"])
