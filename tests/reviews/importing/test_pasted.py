"""What is read of text that was pasted or saved from a document, with tabs between columns and pages between lines."""

import pytest

from reviews.importing.readers import read
from reviews.importing.understanding.plan import Plan, read_plan
from reviews.importing.understanding.tables import Unreadable
from tests.reviews.importing import plans

HEADING = "Agency and recommendation\tProgress\tNext steps\tStatus"


def read_text(text: str, encoding: str = "utf-8") -> Plan:
    return read_plan(read(text.encode(encoding), "plan.txt"))


def codes(row: dict) -> set[str]:
    return {problem["code"] for problem in row["problems"]}


def test_the_lines_above_the_table_say_what_it_is():
    above = "Riverbank Domestic Homicide Review (Adult Q)\n\nAction plan update March 2019\n\n"
    plan = read_text(f"{above}{HEADING}\nHillside Group* To listen.\tDone so.\tN/A\tComplete\n")
    assert (plan.review_title, plan.kind, plan.speaks_for) == (
        "Riverbank Domestic Homicide Review (Adult Q)", "dhr", "2019-03-31",
    )  # fmt: skip
    assert plan.problems == []
    assert [(row["agencies"], row["recommendation"]) for row in plan.rows] == [(["Hillside Group"], "To listen.")]
    assert plan.rows[0]["place"] == "line 6"


@pytest.mark.parametrize(
    "again",
    [
        f"\f{HEADING}\n",
        "\fAgency and recommendation\t\tNext steps\t\n\n\tProgress\t\tStatus\n",
        "\fAgency and recommendation\t\t\t\n\tProgress\tNext steps\tStatus\n",
        "\n\n",
        "Page 1 of 2\n\f",
        "1\n\f",
    ],
    ids=["repeated", "broken", "broken elsewhere", "blank lines", "numbered page", "number alone"],
)
def test_what_a_page_prints_again_is_no_row(again):
    first, second = "Hillside Group* To listen.\tYes.\t\tComplete\n", "School To learn.\tNo.\t\tOngoing\n"
    plan = read_text(f"{HEADING}\n{first}{again}{second}")
    assert [row["recommendation"] for row in plan.rows] == ["To listen.", "To learn."]
    assert [row["agencies"] for row in plan.rows] == [["Hillside Group"], ["School"]]


def test_a_heading_that_is_broken_the_first_time_is_a_heading():
    broken = "Agency and recommendation\t\tNext steps\t\n\tProgress\t\tStatus\n"
    [row] = read_text(f"{broken}School To learn.\tNo.\tWait.\tOngoing\n").rows
    assert (row["progress"], row["next_steps"], row["status"]) == ("No.", "Wait.", "ongoing")


def test_cells_that_a_page_cut_are_mended():
    cut = "To train all staff, which needs\tThe second day\t\tOngoing\n\fmore than one module\twas held\t\n\t\tin May\n"
    first, second = read_text(f"{HEADING}\nSchool\t\t\t\n{cut}To learn.\t\t\t\n").rows
    assert first["recommendation"] == "To train all staff, which needs more than one module"
    assert (first["progress"], first["next_steps"]) == ("The second day was held", "in May")
    assert (second["recommendation"], second["agencies"]) == ("To learn.", ["School"])
    assert codes(second) == {"blank_status"}


@pytest.mark.parametrize("agency", ["Advice on Alcohol (AOA)", "Hillside Group\t\t\t", "University A", "School\t"])
def test_a_name_alone_in_its_line_is_the_agency_of_the_lines_below(agency):
    rows = read_text(f"{HEADING}\n{agency}\nTo listen.\tYes.\t\tComplete\nThe school should learn.\t\t\t\n").rows
    assert [row["agencies"] for row in rows] == [[agency.strip()]] * 2
    assert [row["recommendation"] for row in rows] == ["To listen.", "The school should learn."]


def test_a_name_in_a_line_ends_the_one_above_and_a_line_without_one_says_whose_it_took():
    lines = (
        HEADING,
        "School\t\t\t",
        "To listen.\t\t\t",
        "Hillside Group To learn.\t\t\tOngoing",
        "To act.\t\t\tOngoing",
    )
    rows = read_text("\n".join(lines)).rows
    assert [row["agencies"] for row in rows] == [["School"], ["Hillside Group"], ["Hillside Group"]]
    assert ["agency_from_above" in codes(row) for row in rows] == [False, False, True]


def test_a_line_that_lost_an_empty_cell_keeps_its_status():
    [row] = read_text(f"{HEADING}\nSchool To learn.\tA note is in use.\tOngoing\n").rows
    assert (row["progress"], row["next_steps"], row["status"]) == ("A note is in use.", "", "ongoing")
    [row] = read_text(f"{HEADING}\nSchool To learn.\tA note is in use.\tPrint it\n").rows
    assert (row["next_steps"], row["status"]) == ("Print it", None)


def test_a_table_of_one_heading_a_column_is_read_like_a_sheet():
    rows = "\n".join("\t".join(row) for row in (plans.REPORT_HEADINGS, *plans.REPORT))
    report = read_plan(read(plans.the_report_as_csv(), "plan.csv")).rows
    assert [row["agencies"] for row in read_text(rows).rows] == [row["agencies"] for row in report]
    assert [row["status"] for row in read_text(rows, "cp1252").rows] == [row["status"] for row in report]


def test_another_table_below_the_plan_is_none_of_it():
    row = "School To learn.\tNo.\tWait.\tOngoing\n"
    below = "Copies sent to\tSent on\nPanel\t18/11/2026\nFamily\t21/11/2026\n"
    plan = read_text(f"{HEADING}\n{row}\n{below}")
    assert [row["recommendation"] for row in plan.rows] == ["To learn."]
    assert "sheet_not_read" in [problem.code for problem in plan.problems]


def test_cells_of_several_lines_copied_from_a_spreadsheet_are_whole():
    [row] = read_text('Recommendation\tLead agency\tStatus\n"Listen.\nAsk ""why""."\tSchool\tOngoing\n').rows
    assert row["recommendation"] == 'Listen.\nAsk "why".'


def test_text_without_tabs_is_read_by_its_separators():
    [row] = read_text("Recommendation;Lead agency;Status\nListen, and ask.;School;Ongoing\n").rows
    assert (row["recommendation"], row["status"]) == ("Listen, and ask.", "ongoing")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_is_read_in_any_common_encoding_by_any_common_sign(encoding, separator):
    words = "Ask “why” – it’s £5 • and say so."
    lines = [("Recommendation", "Lead agency", "Status"), (f'"{words}\nTwice."', "School", "Ongoing")]
    text = "\r\n".join(separator.join(line) for line in lines)
    [row] = read_plan(read(text.encode(encoding), "plan.csv")).rows
    assert (row["recommendation"], row["agencies"], row["status"]) == (f"{words}\nTwice.", ["School"], "ongoing")


def test_a_table_drawn_with_bars_is_read_without_its_lines():
    text = "| Recommendation | Lead agency | Status |\n|---|:---|---|\n| Listen. | School | Ongoing |\n"
    [row] = read_text(text).rows
    assert (row["recommendation"], row["agencies"]) == ("Listen.", ["School"])


def test_text_without_a_table_is_refused_with_what_it_needs():
    with pytest.raises(Unreadable, match="Recommendation"):
        read_text("Dear all,\nplease find the plan below.\n")
    with pytest.raises(Unreadable, match="open"):
        read_text('Recommendation\tStatus\n"' + "x\n" * 100_000)


def test_one_cell_that_runs_two_recommendations_together_is_said():
    [row] = read_text(f"{HEADING}\nSchool To refer to MARAC To review its letters.\t\t\tOngoing\n").rows
    assert "several_recommendations_in_cell" in codes(row)


@pytest.mark.parametrize(
    "running", ["OFFICIAL – SENSITIVE\n", "Riverbank DHR (Adult Q), action plan\n", "Version 3, page {}\n"]
)
def test_what_every_page_prints_at_its_head_is_no_banner(running):
    pages = [
        f"{running.format(number)}{HEADING}\nSchool To act on {number}.\tYes.\t\tOngoing\n" for number in (1, 2, 3)
    ]
    plan = read_text("\f".join(pages))
    assert [row["recommendation"] for row in plan.rows] == ["To act on 1.", "To act on 2.", "To act on 3."]
    assert {(row["theme"], *row["agencies"]) for row in plan.rows} == {("", "School")}


def test_an_agency_that_a_page_names_again_is_its_agency():
    pages = [f"{HEADING}\nHillside Police\nTo act on {number}.\tYes.\t\tOngoing\n" for number in (1, 2)]
    assert [row["agencies"] for row in read_text("\f".join(pages)).rows] == [["Hillside Police"]] * 2


COLUMNS = """\
Recommendation                     Lead agency         Target        Status
                                                       date
To train all staff in domestic     Hillside Police     31/03/2027    Complete
abuse, which needs more than one   and Lantern
multi-                             Homes
agency day.
To listen to families.             School              TBC           In
                                                                     progress
"""


def test_columns_that_stand_under_one_another_by_spaces_are_told_apart():
    plan = read_text(f"Riverbank DHR (Adult Q)\n\n{COLUMNS}")
    first, second = plan.rows
    assert plan.columns == {
        "Recommendation": "recommendation",
        "Lead agency": "agency",
        "Target date": "target_date",
        "Status": "status",
    }
    assert (
        first["recommendation"] == "To train all staff in domestic abuse, which needs more than one multi-agency day."
    )
    assert (first["agencies"], first["target_date"], first["place"]) == (
        ["Hillside Police", "Lantern Homes"], "2027-03-31", "line 5",
    )  # fmt: skip
    assert (second["agencies"], second["status"], second["target_date_as_written"]) == (
        ["School"], "in_progress", "TBC",
    )  # fmt: skip
    assert plan.review_title == "Riverbank DHR (Adult Q)"


def test_rows_in_columns_of_spaces_go_on_over_pages_with_their_heading():
    second = COLUMNS.replace("train", "teach").replace("listen", "attend")
    plan = read_text(f"{COLUMNS}                                   Page 1 of 2\n\f{second}")
    assert [row["recommendation"].split()[1] for row in plan.rows] == ["train", "listen", "teach", "attend"]
    assert plan.rows[2]["place"] == "page 2, line 12"


def test_names_above_rows_in_columns_of_spaces_are_their_agencies_and_a_sentence_below_is_none():
    text = (
        "Agency and recommendation          Progress               Status\n\n"
        "Advice on Alcohol (AOA)\n"
        "To keep records.                   Policy changed.        Complete\n\n"
        "Hillside Clinical Commissioning Group and Riverbank Clinical Commissioning Group\n"
        "To ask practices.                  A pilot began.         In progress\n\n"
        "This plan was agreed by the partnership, which thanks the family for what it said to the panel.\n"
    )
    plan = read_text(text)
    assert [row["agencies"] for row in plan.rows] == [
        ["Advice on Alcohol (AOA)"],
        ["Hillside Clinical Commissioning Group", "Riverbank Clinical Commissioning Group"],
    ]
    assert [problem.code for problem in plan.problems] == ["line_not_read"]
