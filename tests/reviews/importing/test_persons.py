"""A person never becomes an agency unseen: who stands in a lead's cell is the owner, and somebody is asked to look."""

import pytest

from reviews.importing.readers import read
from reviews.importing.understanding.names import read_addressees
from reviews.importing.understanding.people import owner_names_a_person
from reviews.importing.understanding.plan import read_plan
from tests.reviews.importing import plans

PEOPLE = ("Dr John Smith", "Jane Smith", "Sgt Brown", "Susan O’Neill", "Dr A Lind", "DI Jane Smith", "Emma Lane-Marsh")


@pytest.mark.parametrize("printed", PEOPLE)
def test_a_person_alone_is_the_owner_and_no_agency(printed):
    found = read_addressees(printed)
    assert (found.agencies, found.owner, found.code) == ((), printed, "unknown_agency")


@pytest.mark.parametrize(
    "printed", ["Hillside Police, Jane Smith", "Jane Smith, Hillside Police", "Hillside Police\nJane Smith"]
)
def test_a_person_beside_a_body_is_its_owner(printed):
    found = read_addressees(printed)
    assert (found.agencies, found.owner, found.code) == (("Hillside Police",), "Jane Smith", "")


@pytest.mark.parametrize(
    "printed",
    [
        "Standing Together",
        "Haven Tilney",
        "John Smith House",
        "Dr Smith and Partners",
        "Jane Marsh Trust",
        "MS Society",
    ],
)
def test_a_body_that_is_called_by_two_words_stays_one(printed):
    assert read_addressees(printed).agencies == (printed,)


def test_a_body_that_is_known_is_one_though_it_sounds_like_a_person():
    assert read_addressees("Elizabeth Fry", {"elizabeth fry"}).agencies == ("Elizabeth Fry",)


@pytest.mark.parametrize(
    ("owner", "name"),
    {
        "DI Jane Smith": "DI Jane Smith",
        "Head of Safeguarding Jane Smith": "Jane Smith",
        "Head of Housing, Jane Smith": "Jane Smith",
        "Detective Inspector Jane Smith": "Jane Smith",
        "Head of Safeguarding": "",
        "Detective Superintendent, Public Protection": "",
        "DI Public Protection": "",
        "Named GP for Safeguarding": "",
    }.items(),
)
def test_a_person_after_a_post_is_seen(owner, name):
    assert owner_names_a_person(owner) == name


def test_a_plan_led_by_a_person_says_so():
    row = read_plan(read(plans.a_plan(("1", "To train staff.", "Dr John Smith", "Ongoing")), "plan.xlsx")).rows[0]
    assert (row["agencies"], row["owner"]) == ([], "Dr John Smith")
    problems = {found["code"]: found for found in row["problems"]}
    assert {"unknown_agency", "possible_personal_name"} <= set(problems)
    assert problems["possible_personal_name"]["place"]


@pytest.mark.parametrize("heading", ["Who’s responsible", "Who's responsible?", "Who is leading?", "Lead"])
@pytest.mark.parametrize(
    ("leads", "field"),
    [(("Hillside Police", "Lantern Homes"), "agencies"), (("Head of Housing", "DI Jane Smith"), "owner")],
)
def test_who_is_responsible_is_an_agency_or_a_person_by_what_stands_there(heading, leads, field):
    rows = [("Recommendation", heading, "Status"), *(("To train staff.", lead, "Ongoing") for lead in leads)]
    plan = read_plan(read(plans.a_workbook(rows), "plan.xlsx"))
    wanted = [[lead] for lead in leads] if field == "agencies" else list(leads)
    assert [row[field] for row in plan.rows] == wanted
    assert [found.code for found in plan.problems] == ["lead_column"]
