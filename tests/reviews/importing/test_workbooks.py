"""What is read of workbooks as boards keep them: a sheet an agency, headings in two rows, any date, any fill."""

import datetime as dt

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color

from reviews.importing.readers import read
from reviews.importing.understanding.plan import Plan, read_plan
from tests.reviews.importing import plans

DAY = dt.datetime(2027, 3, 4)  # noqa: DTZ001 -- as Excel keeps it


def read_book(data: bytes, known: tuple[str, ...] = ()) -> Plan:
    return read_plan(read(data, "plan.xlsx"), known)


def codes(row: dict) -> set[str]:
    return {problem["code"] for problem in row["problems"]}


def a_book_of(sheets: dict[str, plans.Rows]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return plans.saved(book)


HEADINGS = ("Ref", "Recommendation", "Progress", "Status")


def test_a_sheet_for_each_agency_gives_its_rows_their_agency_and_says_so():
    sheets = {name: [HEADINGS, ("1", f"Ask {name}.", "Asked.", "Ongoing")] for name in ("Hillside Police", "ASC")}
    plan = read_book(a_book_of(sheets))
    assert [row["agencies"] for row in plan.rows] == [["Hillside Police"], ["ASC"]]
    assert [(problem.code, problem.place) for problem in plan.problems] == [
        ("agency_from_sheet", "Hillside Police"),
        ("agency_from_sheet", "ASC"),
    ]


@pytest.mark.parametrize("above", [["Lead agency: Lantern Homes"], ["Agency:", "Lantern Homes"]])
def test_an_agency_above_the_heading_is_the_agency_of_the_sheet(above):
    plan = read_book(a_book_of({"Sheet1": [above, HEADINGS, ("1", "Listen.", "Done so.", "Ongoing")]}))
    assert plan.rows[0]["agencies"] == ["Lantern Homes"]


@pytest.mark.parametrize("name", ["Sheet1", "Action plan", "Open actions", "2027"])
def test_a_sheet_with_a_general_name_names_no_agency(name):
    row = ("1", "Listen.", "Done so.", "Ongoing")
    plan = read_book(a_book_of({name: [HEADINGS, row], "Completed": [HEADINGS, row]}))
    assert [row["agencies"] for row in plan.rows] == [[], []]
    assert all("unknown_agency" in codes(row) for row in plan.rows)


def test_the_name_of_a_sheet_says_nothing_where_a_column_names_the_agency():
    rows = [("Recommendation", "Lead agency", "Status"), ("Listen.", "", "Ongoing")]
    assert read_book(a_book_of({"Hillside Police": rows})).rows[0]["agencies"] == []


def test_a_heading_in_two_rows_that_merges_nothing_down_is_one_heading():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Ref", "Recommendation", "Lead agency", "Target date"])
    sheet.append([None, None, None, "Original", "Revised"])
    sheet.append(["1", "Listen.", "Hillside Police", "31/03/2027", "30/06/2027"])
    sheet.merge_cells("D1:E1")
    plan = read_book(plans.saved(book))
    assert [(row["target_date"], row["revised_date"]) for row in plan.rows] == [("2027-03-31", "2027-06-30")]
    assert plan.columns["Target date Revised"] == "revised_date"


def test_a_row_of_groups_above_the_heading_helps_to_read_it():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["What was asked", None, None, "Target date", None, "Reporting"])
    sheet.append(["Ref", "Recommendation", "Lead agency", "Original", "Revised", "Status"])
    sheet.append(["1", "Listen.", "Hillside Police", "31/03/2027", "30/06/2027", "Ongoing"])
    for area in ("A1:C1", "D1:E1"):
        sheet.merge_cells(area)
    [row] = read_book(plans.saved(book)).rows
    assert (row["target_date"], row["revised_date"], row["status"]) == ("2027-03-31", "2027-06-30", "ongoing")


@pytest.mark.parametrize(
    ("style", "shown", "date"),
    [
        ("dd/mm/yyyy", "04/03/2027", "2027-03-04"),
        ("mm-dd-yy", "04/03/2027", "2027-03-04"),
        ("d mmm yy", "4 Mar 27", "2027-03-04"),
        ("[$-809]dddd, d mmmm yyyy;@", "Thursday, 4 March 2027", "2027-03-04"),
        ("yyyy-mm-dd hh:mm", "2027-03-04", "2027-03-04"),
        ('d"th of "mmmm yyyy', "4th of March 2027", "2027-03-04"),
        ("mmmm yyyy", "March 2027", "2027-03-31"),
        ("mmm-yy", "Mar-27", "2027-03-31"),
        ("m/yyyy", "3/2027", "2027-03-31"),
    ],
)
def test_a_real_date_is_read_whatever_its_format_and_kept_as_it_shows(style, shown, date):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recommendation", "Lead agency", "Target date"])
    sheet.append(["Listen.", "Hillside Police", DAY])
    sheet["C2"].number_format = style
    [row] = read_book(plans.saved(book)).rows
    assert (row["target_date_as_written"], row["target_date"], codes(row)) == (shown, date, set())


def test_a_cell_that_shows_only_its_year_gives_no_date():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recommendation", "Lead agency", "Target date"])
    sheet.append(["Listen.", "Hillside Police", DAY])
    sheet["C2"].number_format = "yyyy"
    [row] = read_book(plans.saved(book)).rows
    assert (row["target_date"], row["target_date_as_written"], codes(row)) == (None, "2027", {"ambiguous_date"})


def test_a_number_in_a_column_of_dates_is_the_day_it_counts_to_and_is_said():
    rows = [("Recommendation", "Lead agency", "Target date"), ("Listen.", "Hillside Police", 46450)]
    [row] = read_book(plans.a_workbook(rows)).rows
    assert (row["target_date"], row["target_date_as_written"]) == ("2027-03-04", "46450")
    assert codes(row) == {"date_among_words"}


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        (Color(rgb="FF00B050"), "Green"),
        (Color(indexed=10), "Red"),
        (Color(theme=4), "Blue"),
        (Color(theme=4, tint=0.4), "Blue"),
        (Color(theme=0), ""),
    ],
    ids=["plain", "of the old palette", "of the theme", "of the theme, lighter", "white"],
)
def test_a_fill_is_known_however_the_workbook_names_it(colour, name):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recommendation", "Lead agency", "RAG"])
    sheet.append(["Listen.", "Hillside Police", None])
    sheet["C2"].fill = PatternFill("solid", fgColor=colour)
    [row] = read_book(plans.saved(book)).rows
    assert (row["status"], row["status_as_written"]) == (None, name)


def test_a_key_may_show_the_colour_itself_beside_its_meaning():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recommendation", "Lead agency", "RAG"])
    sheet.append(["Listen.", "Hillside Police", None])
    key = book.create_sheet("Key")
    for number, (fill, meaning) in enumerate((("FF00B050", "Completed"), ("FFFFC000", "In progress")), start=1):
        key.cell(number, 1).fill = PatternFill("solid", fgColor=fill)
        key.cell(number, 2).value = meaning
    sheet["C2"].fill = PatternFill("solid", fgColor="FFFFC000")
    [row] = read_book(plans.saved(book)).rows
    assert (row["status"], row["status_as_written"]) == ("in_progress", "Amber")
