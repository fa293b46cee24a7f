"""What is read of a tidy plan, in each format, and what is said of it."""

import datetime as dt

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from reviews.export_mark import EXPORT_MARK, guarded
from reviews.importing.readers import read
from reviews.importing.understanding.plan import Plan, read_plan
from reviews.importing.understanding.tables import Unreadable
from tests.reviews.importing import plans


def read_bytes(data: bytes, name: str = "plan.xlsx") -> Plan:
    return read_plan(read(data, name))


def codes(row: dict) -> set[str]:
    return {problem["code"] for problem in row["problems"]}


REPORTS = [
    ("plan.xlsx", plans.the_report_as_xlsx()),
    ("plan.ods", plans.the_report_as_ods()),
    ("plan.csv", plans.the_report_as_csv()),
]


@pytest.mark.parametrize(("name", "data"), REPORTS, ids=["xlsx", "ods", "csv"])
def test_an_update_report_reads_the_same_in_each_format(name, data):
    rows = read_bytes(data, name).rows
    assert [row["agencies"] for row in rows] == [
        ["VAWG Delivery Group"],
        ["Advice on Alcohol (AOA)"],
        ["Advice on Alcohol (AOA)"],
        ["Hillside Hospital Trust"],
        ["School"],
        ["School"],
        ["Hillside Clinical Commissioning Group", "Riverbank Clinical Commissioning Group"],
    ]
    assert [row["recommendation"] for row in rows] == [row[1] for row in plans.REPORT]
    assert [row["progress"] for row in rows] == [row[2] for row in plans.REPORT]
    assert [row["next_steps"] for row in rows] == [row[3] for row in plans.REPORT]
    assert [row["status_as_written"] for row in rows] == [row[4] for row in plans.REPORT]
    assert [row["status"] for row in rows] == [
        "complete", "complete", "ongoing", "complete", "complete", None, "in_progress",
    ]  # fmt: skip


def test_an_update_report_says_what_needs_a_look_and_where():
    plan = read_bytes(plans.the_report_as_xlsx())
    assert [codes(row) for row in plan.rows] == [
        set(),
        set(),
        {"possible_personal_name"},
        {"complete_without_progress"},
        {"complete_without_progress"},
        {"blank_status"},
        set(),
    ]
    [name] = plan.rows[2]["problems"]
    assert (name["place"], name["column"], name["level"]) == ("Adult Q!C6", "progress", "warning")
    assert "Corin Vale" in name["message"]
    assert plan.rows[5]["place"] == "Adult Q!A9"


def test_a_report_says_what_it_is():
    plan = read_bytes(plans.the_report_as_xlsx())
    assert (plan.review_title, plan.kind, plan.speaks_for) == ("Riverbank DHR (Adult Q)", "dhr", "2019-03-31")
    assert list(plan.columns.values()) == ["agency", "recommendation", "progress", "next_steps", "status"]


def test_an_agency_carried_down_without_merging_is_said():
    rows = read_bytes(plans.the_report_as_csv(), "plan.csv").rows
    assert "agency_from_above" in codes(rows[2])
    merged = read_bytes(plans.the_report_as_xlsx()).rows
    assert "agency_from_above" not in codes(merged[2])


def test_a_blank_agency_beside_a_recommendation_of_its_own_is_unknown():
    rows = read_bytes(plans.a_plan(("1", "Listen.", "Hillside Police", ""), ("2", "Learn.", "", ""))).rows
    assert rows[1]["agencies"] == []
    assert "unknown_agency" in codes(rows[1])


def test_a_second_action_goes_on_with_the_recommendation_and_agency_above():
    headings = ("Ref", "Recommendation", "Action", "Lead agency")
    rows = read_bytes(
        plans.a_plan(("1", "Listen.", "Hold a day.", "Hillside Police"), ("", "", "Print it.", ""), headings=headings)
    ).rows
    assert [(row["reference"], row["recommendation"], row["action"]) for row in rows] == [
        ("1", "Listen.", "Hold a day."),
        ("1", "Listen.", "Print it."),
    ]
    assert rows[1]["agencies"] == ["Hillside Police"]


def test_banners_are_themes_and_lines_below_the_plan_are_not_rows():
    plan = read_bytes(
        plans.a_plan(
            ("Theme 1 – Listening", "", "", ""),
            ("1", "Listen.", "Hillside Police", "Complete"),
            ("", "", "", ""),
            ("Total actions", 1, "", ""),
            ("Prepared by the office", "", "", ""),
        )
    )
    assert [(row["theme"], row["reference"]) for row in plan.rows] == [("Theme 1 – Listening", "1")]
    assert [problem.place for problem in plan.problems] == ["Plan!A5", "Plan!A6"]


def test_a_heading_that_repeats_and_a_row_of_prompts_are_not_rows():
    headings = ("Ref", "Recommendation", "Lead agency", "Status")
    prompts = ("Which?", "What is the over-arching recommendation?", "Who?", "How far?")
    rows = read_bytes(
        plans.a_plan(prompts, ("1", "Listen.", "Hillside Police", "Complete"), headings, ("2", "Learn.", "Police", ""))
    ).rows
    assert [row["reference"] for row in rows] == ["1", "2"]


def test_real_dates_keep_what_the_cell_shows():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recommendation", "Lead agency", "Target date"])
    for shown in ("dd/mm/yyyy", "mmm-yy"):
        sheet.append(["Listen.", "Hillside Police", dt.datetime(2021, 3, 4)])  # noqa: DTZ001 -- as Excel keeps it
        sheet.cell(sheet.max_row, 3).number_format = shown
    day, month = read_bytes(plans.saved(book)).rows
    assert (day["target_date"], day["target_date_as_written"]) == ("2021-03-04", "04/03/2021")
    assert (month["target_date"], month["target_date_as_written"]) == ("2021-03-31", "Mar-21")


def test_colours_mean_what_the_documents_own_key_says_and_nothing_without_one():
    def book(*, with_key: bool) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["Ref", "Recommendation", "Lead agency", "RAG"])
        sheet.append(["1", "Listen.", "Hillside Police", None])
        sheet["D2"].fill = PatternFill("solid", fgColor="FF92D050")
        sheet.append(["2", "Learn.", "Hillside Police", "Amber"])
        if with_key:
            key = book.create_sheet("Key")
            for row in (("Green", "On track"), ("Amber", "Not yet started")):
                key.append(row)
            key["A1"].fill = PatternFill("solid", fgColor="FF92D050")
        return plans.saved(book)

    assert [row["status"] for row in read_bytes(book(with_key=True)).rows] == ["in_progress", "not_started"]
    without = read_bytes(book(with_key=False)).rows
    assert [(row["status"], row["status_as_written"]) for row in without] == [(None, "Green"), (None, "Amber")]
    assert all("ambiguous_status_colour" in codes(row) for row in without)


def test_numbered_lists_that_pair_become_rows_and_those_that_differ_stay_whole():
    headings = ("Recommendation", "Actions", "Lead agency", "Progress")
    pairs = ("Listen.", "1. Write.\n2. Send.", "Hillside Police", "1. Written.\n2. Sent.")
    differ = ("Learn.", "1. Write.\n2. Send.", "Hillside Police", "1. a\n2. b\n3. c")
    first, second, whole = read_bytes(plans.a_plan(pairs, differ, headings=headings)).rows
    assert [(row["action"], row["progress"]) for row in (first, second)] == [("Write.", "Written."), ("Send.", "Sent.")]
    assert whole["action"] == "1. Write.\n2. Send."
    assert "list_counts_differ" in codes(whole)


def test_ticks_under_two_headings_are_a_status_and_both_conflict():
    headings = ("Recommendation", "Service", "Achieved (tick)", "On target to achieve (tick)")
    rows = read_bytes(
        plans.a_plan(
            ("Listen.", "Hillside Police", "✓", ""),
            ("Learn.", "Hillside Police", "", "✓"),
            ("Act.", "Hillside Police", "✓", "✓"),
            headings=headings,
        )
    ).rows
    assert [row["status"] for row in rows] == ["complete", "in_progress", None]
    assert "conflicting_status" in codes(rows[2])


def test_hidden_rows_come_in_and_are_said_and_hidden_columns_do_not():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recommendation", "Lead agency", "Progress"])
    sheet.append(["Listen.", "Hillside Police", "a private note"])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    plan = read_bytes(plans.saved(book))
    assert codes(plan.rows[0]) == {"hidden_row"}
    assert plan.rows[0]["progress"] == ""
    assert [problem.code for problem in plan.problems] == ["column_not_read"]


def test_a_formula_without_a_kept_value_is_left_blank_and_said_and_text_like_one_is_text():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recommendation", "Lead agency", "Progress"])
    sheet.append(["@ weekends, listen.", "Hillside Police", "=B2&B2"])
    [row] = read_bytes(plans.saved(book)).rows
    assert row["recommendation"] == "@ weekends, listen."
    assert row["progress"] == ""
    assert codes(row) == {"formula_without_value"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_whatever_its_separator_and_encoding(separator, encoding):
    headings = ["Recommendation", "Lead agency", "Progress"]
    row = ["Ask “what happened?”", "Hillside Police", f"Yes{separator}\nand no – £4"]
    text = separator.join(headings) + "\r\n" + separator.join(f'"{cell}"' for cell in row)
    [read_row] = read_bytes(text.encode(encoding), "plan.csv").rows
    assert read_row["recommendation"] == "Ask “what happened?”"
    assert read_row["progress"] == f"Yes{separator}\nand no – £4".replace("\t", "")


def test_an_apostrophe_that_guards_a_cell_is_taken_off_in_our_own_exports_only():
    row = ["@ weekends, listen.", "Hillside Police", "'quoted"]
    for mark, expected in ((EXPORT_MARK, row), ("Cost", [guarded(cell) for cell in row])):
        text = f"Recommendation,Lead agency,Progress,{mark}\n"
        text += ",".join(f'"{guarded(cell)}"' for cell in row) + ",28/02/2016\n"
        plan = read_bytes(text.encode(), "plan.csv")
        assert [plan.rows[0][name] for name in ("recommendation", "progress")] == [expected[0], expected[2]]
        assert plan.speaks_for == ("2016-02-28" if mark == EXPORT_MARK else None)
        assert ("column_not_read" in [problem.code for problem in plan.problems]) is (mark == "Cost")


def test_lead_is_an_agency_or_a_person_by_what_stands_beside_it_and_is_said():
    bodies = read_bytes(plans.a_plan(("Listen.", "Hillside Police"), headings=("Recommendation", "Lead")))
    people = read_bytes(plans.a_plan(("Listen.", "Head of Service"), headings=("Recommendation", "Lead")))
    assert (bodies.columns["Lead"], people.columns["Lead"]) == ("agency", "owner")
    assert [problem.code for problem in bodies.problems] == ["lead_column"]


def test_a_file_without_a_plan_is_refused_with_what_it_needs():
    with pytest.raises(Unreadable, match="Recommendation"):
        read_bytes(plans.a_workbook([("Name", "Telephone"), ("Hillside", "020")]))
    with pytest.raises(Unreadable, match="no row below"):
        read_bytes(plans.a_plan())
