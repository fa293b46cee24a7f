"""Which names mean something in one review only, and which name a body of the partnership."""

import pytest

from reviews.importing.matching import keys
from reviews.importing.understanding.pseudonyms import is_anonymous

ANONYMOUS = (
    "University A", "School", "Solicitor", "General Practice", "Care Provider C", "Infant School", "Junior School",
    "Special School", "School (primary)", "Primary School (A)", "GP Practice (A)", "Health Trust (B)", "GP",
    "Adult A’s employer", "Adult A's employer", "Child B’s school", "The victim’s GP", "Victim’s landlord",
    "The perpetrator's solicitors", "Mr B’s landlord", "Ms C GP", "Nursing Home", "Care agency", "Private landlord",
    "Solicitors firm", "Firm of solicitors", "Further Education College", "Sixth Form College", "Academy", "Refuge",
    "Women’s refuge", "Children’s Centre", "Children's Centres", "GP surgery", "GP Practices", "Primary schools",
    "The School", "A local school", "Schools and colleges", "Care home", "Residential care home", "Employer",
    "Hospital", "NHS Trust", "Mental Health Trust", "Housing Association", "Housing provider", "Health centre",
    "Secondary School 2", "Another school", "Neighbouring council", "Nursery", "Pre-school", "Letting agency",
    "Church of England School", "Employer (perpetrator)", "GP (Adult A)", "Employer of the victim",
    "Victim’s mother’s GP",
    "School attended by Child B", "C of E Primary School", "RC School", "Perpetrator GP", "Security company", "Gym",
)  # fmt: skip
BODIES = (
    "Hillside School", "Borough Police", "Lantern Housing Association", "MPS", "Police", "Adult Social Care",
    "Children’s Social Care", "Children’s Services", "Probation Service", "Public Health",
    "Community Safety Partnership",
    "Victim Support", "Women’s Aid", "Family Action", "Child Protection Service", "Marsham Nursing Home",
    "St Mary’s Primary School", "School (Hillside)", "Rowan GP Practice", "GP Practice (Rowan Road)", "NHS England",
    "Marsham Health Trust", "Hillside Refuge", "Victims’ Commissioner", "Adult Services", "Appendix A", "CSC",
    "Hillside Children’s Centre", "Integrated Care Board", "Local Authority", "Refuge for All",
    "Drug and Alcohol Action Team", "Hillside Hospital Trust",
)  # fmt: skip


@pytest.mark.parametrize("name", ANONYMOUS)
def test_a_pseudonym_or_general_word_is_anonymous(name):
    assert is_anonymous(name)
    assert is_anonymous(name.upper())


@pytest.mark.parametrize("name", BODIES)
def test_the_name_of_a_body_is_not_anonymous(name):
    assert not is_anonymous(name)


def test_schools_told_apart_by_a_bracket_share_no_name():
    names = ("School (A)", "School (B)", "School (primary)", "School (DHR-1)", "School", "Practice (A)")
    shared = [key for name in names for key in keys(name)]
    assert len(shared) == len(set(shared))
    assert keys("Hillside Police (HP)") == ["hillside police hp", "hillside police", "hp"]
