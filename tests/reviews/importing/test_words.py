"""Statuses, headings, agencies, people and recommendations as plans write them."""

import datetime as dt

import pytest

from reviews.importing.understanding import marks
from reviews.importing.understanding.columns import Column, column_for
from reviews.importing.understanding.marks import Key, read_mark
from reviews.importing.understanding.names import read_addressees
from reviews.importing.understanding.people import names_a_person, owner_names_a_person
from reviews.importing.understanding.several import holds_several
from reviews.statuses import Status

STATUSES = {
    "Complete": "complete",
    "completed.": "complete",
    "Achieved": "complete",
    "In progress": "in_progress",
    "On target": "in_progress",
    "work in progress": "in_progress",
    "In progress - significant delays": "in_progress",
    "Lagging": "in_progress",
    "Ongoing": "ongoing",
    "On going": "ongoing",
    "On-going": "ongoing",
    "Not commenced": "not_started",
    "future work": "not_started",
    "Superseded by 1.3": "not_pursued",
    "not accepted": "not_pursued",
    "No longer applicable": "not_pursued",
    "Amber – in progress": "in_progress",
}


@pytest.mark.parametrize(("written", "status"), STATUSES.items())
def test_a_status_is_read(written, status):
    assert (read_mark(written, Key()).status, read_mark(written, Key()).code) == (status, "")


@pytest.mark.parametrize(
    ("written", "code"),
    {
        "Red": "ambiguous_status_colour",
        "A": "ambiguous_status_colour",
        "See minute 14": "unknown_status",
        "Complete procurement of the service": "unknown_status",
    }.items(),
)
def test_what_is_no_status_is_said_and_never_guessed(written, code):
    assert (read_mark(written, Key()).status, read_mark(written, Key()).code) == ("", code)


def test_complete_with_a_date_keeps_the_date_and_with_a_second_half_says_so():
    assert read_mark("Completed: 31 May 2017", Key()).completed_on == dt.date(2017, 5, 31)
    both = read_mark("Complete and ongoing: 31 October 2017", Key())
    assert (both.status, both.code, both.completed_on) == ("complete", "conflicting_status", dt.date(2017, 10, 31))


def test_the_statuses_of_a_reading_are_those_of_the_portal():
    names = (marks.COMPLETE, marks.AWAITING, marks.IN_PROGRESS, marks.ONGOING, marks.NOT_STARTED, marks.NOT_PURSUED)
    assert set(names) == set(Status) - {Status.NOT_RECORDED}


BELOW = (
    "",
    "\nOverdue by 12 days",
    "\nDue today",
    "\nSigned off on 3 May 2026",
    "\nBorough Police: Ongoing\nA B: Complete",
)


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("status", Status)
def test_every_status_that_our_own_papers_print_reads_back_as_itself(status, below):
    found = read_mark(status.label + below, Key())
    blank = status == Status.NOT_RECORDED
    assert (found.status or Status.NOT_RECORDED, found.code) == (status, "blank_status" if blank else "")


def test_what_stands_below_a_status_in_another_paper_is_not_ours_to_leave_out():
    assert read_mark("Complete\nNo: the lead disagrees", Key()).code == "unknown_status"


@pytest.mark.parametrize(
    ("heading", "column"),
    {
        "Rec no": Column.REFERENCE,
        "Recommendation": Column.RECOMMENDATION,
        "Recomendations": Column.RECOMMENDATION,
        "Organisation and recommendation": Column.AGENCY_AND_RECOMMENDATION,
        "Scope of recommendation (i.e. local or regional)": Column.SCOPE,
        "Action to be taken:": Column.ACTION,
        "LEAD AGENCY": Column.AGENCY,
        "Lead/Ownership": Column.OWNER,
        "Key milestones achieved in enacting recommendation": Column.MILESTONES,
        "Target Date": Column.TARGET_DATE,
        "Original Agreed Implementation Date": Column.TARGET_DATE,
        "Revised Implementation Date": Column.REVISED_DATE,
        "Progress against recommendations": Column.PROGRESS,
        "Next\nSteps": Column.NEXT_STEPS,
        "RAG status": Column.STATUS,
        "Date of completion and outcome": Column.COMPLETED_AND_OUTCOME,
        "Internal note": None,
        "Cost": None,
    }.items(),
)
def test_a_heading_means_its_field(heading, column):
    assert column_for(heading) == column


@pytest.mark.parametrize(
    ("printed", "agencies"),
    {
        "Drug and Alcohol Action Team": ["Drug and Alcohol Action Team"],
        "Norfolk and Suffolk NHS Foundation Trust": ["Norfolk and Suffolk NHS Foundation Trust"],
        "Office of the Police and Crime Commissioner": ["Office of the Police and Crime Commissioner"],
        "Hillside Fire and Rescue Service": ["Hillside Fire and Rescue Service"],
        "Health and Wellbeing Board": ["Health and Wellbeing Board"],
        "Children & Families Service": ["Children & Families Service"],
        "Hillside Police and Children and Families Service": ["Hillside Police", "Children and Families Service"],
        "Hillside Council / Hillside Police": ["Hillside Council", "Hillside Police"],
        "Care Board (ICB)/NHS England": ["Care Board (ICB)", "NHS England"],
        "Hillside Council|Lantern Homes": ["Hillside Council", "Lantern Homes"],
        "Hillside Council\nLantern Homes": ["Hillside Council", "Lantern Homes"],
        "Hillside Council, Lantern Homes and Hillside Police": ["Hillside Council", "Lantern Homes", "Hillside Police"],
        "Advisory Group (HAGA)*": ["Advisory Group (HAGA)"],
        "Police, Health and CSC": ["Police", "Health", "CSC"],
        "Hillside Police, Someone Trust and CSC": ["Hillside Police", "Someone Trust", "CSC"],
        "Police, Health, CSC": ["Police", "Health", "CSC"],
        "NHS, Police and Probation": ["NHS", "Police", "Probation"],
        "MPS and ICB": ["MPS", "ICB"],
        "Health and Housing": ["Health and Housing"],
        "CSC/Police/": ["CSC", "Police"],
        "Police, Fire and Crime Commissioner": ["Police, Fire and Crime Commissioner"],
        "Adults, Health and Housing Directorate": ["Adults, Health and Housing Directorate"],
        "Office for Children, Schools and Families": ["Office for Children, Schools and Families"],
        "Hillside, Marsham and Eastbury ICB": ["Hillside, Marsham and Eastbury ICB"],
    }.items(),
)
def test_joint_leads_are_told_apart_and_one_name_stays_one(printed, agencies):
    assert list(read_addressees(printed).agencies) == agencies


def test_names_that_are_known_are_told_apart():
    assert read_addressees("Solace and Refuge").agencies == ("Solace and Refuge",)
    assert read_addressees("Solace and Refuge", {"solace", "refuge"}).agencies == ("Solace", "Refuge")


def test_a_list_of_names_of_which_one_is_known_is_told_apart():
    known = {"hillside police"}
    printed = "Hillside Police, Lantern Aware and Solace"
    assert read_addressees(printed).agencies == (printed,)
    assert read_addressees(printed, known).agencies == ("Hillside Police", "Lantern Aware", "Solace")


ALL = (
    "All agencies", "All agencies involved in the review", "Each agency", "All IMR agencies and the CSP",
    "All partners", "Every partner", "All the statutory agencies", "All", "all organisations",
    "All relevant services", "All schools",
)  # fmt: skip


@pytest.mark.parametrize("printed", ALL)
def test_all_agencies_is_said_however_it_is_worded(printed):
    assert read_addressees(printed).code == "all_agencies"


@pytest.mark.parametrize(
    "printed", ["All Saints", "All Saints Primary School", "All Hallows Services", "Alliance Homes"]
)
def test_a_body_whose_name_begins_with_all_is_not_all_agencies(printed):
    assert (read_addressees(printed).agencies, read_addressees(printed).code) == ((printed,), "")


@pytest.mark.parametrize("printed", ["", "TBC", "To be confirmed", "Hub Manager"])
def test_a_blank_or_a_post_alone_is_no_agency(printed):
    assert read_addressees(printed).agencies == ()
    assert read_addressees(printed).code == "unknown_agency"


def test_a_post_beside_an_agency_is_its_owner_and_all_agencies_is_said():
    found = read_addressees("Hillside Council\nHead of Housing")
    assert (found.agencies, found.owner) == (("Hillside Council",), "Head of Housing")
    assert read_addressees("All agencies").code == "all_agencies"


@pytest.mark.parametrize(
    ("text", "name"),
    {
        "Training, led by Rosalind Marsh.": "Rosalind Marsh",
        "Referrals go by the team leader (Corin Vale) each day": "Corin Vale",
        "a direct point of contact (Mina) who visits": "Mina",
        "The manager Hester Lane leads on evaluation": "Hester Lane",
        "Workshops facilitated by Standing Together.": "",
        "Shared with Children Services (Early Help).": "",
        "Discussed at the Strategic Group in March": "",
        "Please contact Corin Vale on 020 7946 0000.": "Corin Vale",
        "Dr A Lind presented": "Dr A Lind",
        "Corin Vale to report back in May": "Corin Vale",
        "The slides are with corin.vale@example.org": "corin.vale",
        "Corin Vale (IDVA) holds a surgery": "Corin Vale",
        "Write to domestic.abuse@example.org": "",
        "Victim Support to report back": "",
        "Routine Enquiry has begun": "",
        "Operation Lantern leads to fewer calls": "",
    }.items(),
)
def test_what_may_be_the_name_of_a_person_is_seen(text, name):
    assert names_a_person(text) == name


def test_a_person_before_a_post_is_seen():
    assert owner_names_a_person("Dawn Marsh, Patient Safety Lead") == "Dawn Marsh"
    assert owner_names_a_person("Chief Inspector, Partnerships") == ""


@pytest.mark.parametrize(
    ("text", "several"),
    {
        "To review the list.\nTo see that letters are read.": True,
        "To train all staff on abuse To review the letters it sends": True,
        "Information is to be seen in the practice The Panel would wish it to adopt the guidance.": True,
        "Staff should ask. The trust should record the answer.": True,
        "Should plan a campaign. This should focus on young people.": False,
        "To improve assessment. This will require training.": False,
        "The school may be commended. The school should go on.": False,
    }.items(),
)
def test_a_cell_that_holds_several_recommendations_is_seen(text, several):
    assert holds_several(text) is several
