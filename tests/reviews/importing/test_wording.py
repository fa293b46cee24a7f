"""More ways in which plans word a status, a date, a heading, and who answers for a row."""

import datetime as dt

import pytest

from reviews.importing.understanding.columns import Column, column_for, surely
from reviews.importing.understanding.dates import read_date
from reviews.importing.understanding.marks import Key, read_mark
from reviews.importing.understanding.names import read_addressees

KEY = Key({"Blue": "complete", "Green": "in_progress", "Red": "not_started"})


@pytest.mark.parametrize(
    ("written", "status", "code"),
    [
        ("In progress: the draft is written", "in_progress", ""),
        ("Ongoing – review in June 2019", "ongoing", ""),
        ("Not started - awaiting funding", "not_started", ""),
        ("Complete (Green)", "complete", ""),
        ("G - complete", "complete", ""),
        ("COMPLETED ✓", "complete", ""),
        ("3 - in progress", "in_progress", ""),
        ("75% complete", "in_progress", ""),
        ("100%", "complete", ""),
        ("Complete and signed off", "complete", ""),
        ("Complete/ongoing", "complete", "conflicting_status"),
        ("Ongoing, complete", "complete", "conflicting_status"),
        ("Complete, ongoing monitoring", "complete", "conflicting_status"),
        ("Not complete", "", "unknown_status"),
        ("Overdue", "", "unknown_status"),
        ("Red or amber", "", "unknown_status"),
    ],
)
def test_a_status_beside_other_words_is_read_and_what_says_two_things_is_said(written, status, code):
    assert (read_mark(written, Key()).status, read_mark(written, Key()).code) == (status, code)


def test_a_colour_beside_a_status_disagrees_only_by_the_documents_own_key():
    assert read_mark("Complete (Blue)", KEY).code == ""
    assert (read_mark("Complete (Red)", KEY).status, read_mark("Complete (Red)", KEY).code) == (
        "complete", "conflicting_status",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "day", "code"),
    [
        ("Q1 19/20", "2019-06-30", ""),
        ("1st Quarter 2020/21", "2020-06-30", ""),
        ("2016/02/28", "2016-02-28", ""),
        ("Aug20", "2020-08-31", ""),
        ("31 March", None, "ambiguous_date"),
        ("End of March", None, "ambiguous_date"),
        ("End of financial year", None, "ambiguous_date"),
        ("6 months", None, "anchor_missing"),
        ("On publication", None, "anchor_missing"),
    ],
)
def test_more_dates_are_read_or_said_to_be_none(written, day, code):
    found = read_date(written)
    assert (str(found.date) if found.date else None, found.code) == (day, code)


@pytest.mark.parametrize(("written", "day"), [("6 months", (2018, 5, 9)), ("Upon publication", (2017, 11, 9))])
def test_what_counts_from_publication_is_read_once_that_is_known(written, day):
    assert read_date(written, dt.date(2017, 11, 9)).date == dt.date(*day)


@pytest.mark.parametrize(
    ("printed", "agencies", "owner"),
    [
        ("Hillside Police - Head of Public Protection", ["Hillside Police"], "Head of Public Protection"),
        ("Safeguarding Lead – Riverbank ICB", ["Riverbank ICB"], "Safeguarding Lead"),
        ("Hillside Council: Corin Vale", ["Hillside Council"], "Corin Vale"),
        ("Corin Vale (Hillside Council)", ["Hillside Council"], "Corin Vale"),
        ("Corin Vale, Hillside Council", ["Hillside Council"], "Corin Vale"),
        ("Hillside Council (Corin Vale, Head of Housing)", ["Hillside Council"], "Corin Vale, Head of Housing"),
        ("Hillside Council (Housing)", ["Hillside Council (Housing)"], ""),
        ("Hillside Council\n(Housing)", ["Hillside Council (Housing)"], ""),
        ("Standing Together / Hillside Police", ["Standing Together", "Hillside Police"], ""),
        ("1. Hillside Police\n2. Lantern Homes", ["Hillside Police", "Lantern Homes"], ""),
        ("Lead agency: Hillside Police", ["Hillside Police"], ""),
        ("Hillside CCG and Riverbank CCG", ["Hillside CCG", "Riverbank CCG"], ""),
        ("Hillside and Riverbank CCGs", ["Hillside and Riverbank CCGs"], ""),
        ("Drug and\nAlcohol Action Team", ["Drug and Alcohol Action Team"], ""),
        (
            "Office of the Police and Crime Commissioner (OPCC) and Hillside Police",
            ["Office of the Police and Crime Commissioner (OPCC)", "Hillside Police"],
            "",
        ),
    ],
)
def test_a_body_is_told_from_the_people_and_posts_beside_it(printed, agencies, owner):
    found = read_addressees(printed)
    assert (list(found.agencies), found.owner) == (agencies, owner)


@pytest.mark.parametrize(
    ("heading", "column"),
    {
        "#": Column.REFERENCE,
        "Rec. No.": Column.REFERENCE,
        "Agency responsible": Column.AGENCY,
        "Agency response": Column.AGENCY_RESPONSE,
        "Which organisations will lead on this": Column.AGENCY,
        "Progress as of March 2019": Column.PROGRESS,
        "Progress / comments": Column.PROGRESS,
        "To be completed by": Column.TARGET_DATE,
        "Revised target date (if any)": Column.REVISED_DATE,
        "Timescale (revised)": Column.REVISED_DATE,
        "Timescale\nRevised": Column.REVISED_DATE,
        "New deadline": Column.REVISED_DATE,
        "By when - extended": Column.REVISED_DATE,
        "Timescale\nOriginal": Column.TARGET_DATE,
        "Timescale (original and revised)": Column.TARGET_DATE,
        "Date action was completed": Column.COMPLETED_AND_OUTCOME,
        "Actions still to be done": Column.NEXT_STEPS,
        "SMART actions": Column.ACTION,
        "Overall RAG": Column.STATUS,
        "Name of officer responsible": Column.OWNER,
        "Evidence seen by the group": Column.EVIDENCE,
        "Nextsteps": Column.NEXT_STEPS,
        "Recomendations": Column.RECOMMENDATION,
        "Budget": None,
        "Riverbank Voluntary Action": None,
    }.items(),
)
def test_a_heading_is_known_by_its_words_their_slips_and_signs(heading, column):
    assert column_for(heading) == column


def test_a_sign_in_a_heading_is_not_enough_to_be_sure():
    assert surely("Progress update") == Column.PROGRESS
    assert surely("Evidence seen by the group") is None
