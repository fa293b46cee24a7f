"""Which agency a printed name means: of one partnership only, and never by guessing."""

import pytest

from agencies import succession
from agencies.actors import EXAMPLE
from agencies.models import Agency, AgencyName
from reviews import reviewing
from reviews.importing.matching import Match, Names, Sort, agencies_open_to, known_names
from tests.factories import TODAY, a_review, an_agency
from tests.world import MARKER, World

pytestmark = pytest.mark.django_db


def match(world: World, printed: str, review=None) -> Match:
    here = world.here
    return Names(agencies_open_to(here.people.coordinator, here.partnership), review).match(printed)


@pytest.mark.parametrize(
    "printed",
    ["Borough Police", "borough  police", "The Borough Police", "BP", "Borough Police (BP)", "Borough Polce"],
)
def test_an_agency_is_found_by_its_name_another_name_an_abbreviation_or_a_slip(world, printed):
    assert match(world, printed).agency == world.here.agencies.police


def test_and_is_the_same_word_as_its_sign(world):
    families = an_agency(world.here.partnership, name="Children and Families Service")
    assert match(world, "Children & Families Service").agency == families


@pytest.mark.parametrize(
    ("known", "printed"),
    [
        ("North Hill Hospital Trust", "South Hill Hospital Trust"),
        ("Circle 33 Homes", "Circle 32 Homes"),
        ("Hillside Clinical Commissioning Group", "Riverbank Clinical Commissioning Group"),
    ],
)
def test_a_name_that_is_only_like_another_is_suggested_and_never_taken(world, known, printed):
    other = an_agency(world.here.partnership, name=known)
    found = match(world, printed)
    assert (found.sort, found.agency) == (Sort.NONE, None)
    assert other in found.near


def test_a_name_that_two_agencies_go_by_is_several(world):
    for agency in (world.here.agencies.health, world.here.agencies.housing):
        AgencyName.objects.create(agency=agency, name="The Trust Team")
    found = match(world, "Trust Team")
    assert found.sort == Sort.SEVERAL
    assert set(found.near) == {world.here.agencies.health, world.here.agencies.housing}


def test_agencies_of_another_partnership_are_never_matched_or_suggested(world):
    twin = world.there.agencies.police
    assert match(world, twin.name).agency is None
    assert not any(MARKER in str(agency) for agency in match(world, f"{MARKER} Police").near)
    agencies = agencies_open_to(world.there.people.coordinator, world.here.partnership)
    assert list(agencies) == []
    assert known_names(agencies) == []


def test_a_pseudonym_is_matched_by_this_reviews_own_papers_only(world):
    review, other = (a_review(world.here.partnership) for _ in range(2))
    an_agency(world.here.partnership, name="School")
    assert match(world, "School", review).sort == Sort.NONE
    reviewing.publish_as(review=review, agency=world.here.agencies.school, name="School", by=EXAMPLE)
    assert match(world, "School", review).agency == world.here.agencies.school
    assert match(world, "School", other).sort == Sort.NONE


def test_an_agency_that_no_longer_exists_gives_way_to_its_successor(world):
    old = an_agency(world.here.partnership, name="Hillside Probation Trust")
    new = an_agency(world.here.partnership, name="Probation Service")
    succession.record(predecessor=old, successor=new, by=EXAMPLE, on=TODAY)
    assert match(world, "Hillside Probation Trust").agency == new
    Agency.objects.filter(pk=new.pk).update(closed_on=TODAY)
    assert match(world, "Hillside Probation Trust").agency is None


def test_many_names_are_matched_with_few_queries(world, django_assert_max_num_queries):
    for number in range(30):
        an_agency(world.here.partnership, name=f"Hillside Service {number} Team")
    with django_assert_max_num_queries(4):
        names = Names(agencies_open_to(world.here.people.coordinator, world.here.partnership))
        found = [names.match(f"Hillside Service {number} Team") for number in range(40)]
    assert sum(one.sort == Sort.MATCHED for one in found) == 30
