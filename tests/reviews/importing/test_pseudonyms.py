"""“School” means one body in one review and another in the next: an import that names it shows nobody anything."""

import pytest

from agencies.models import Agency, User
from agencies.permissions import objects_for
from agencies.roles import Permission, RoleCode
from reviews.importing import staging
from reviews.importing.staged import CREATE, answers_for, rows_of
from reviews.models import Action, PlanImport, PublishedName, Review
from tests.factories import TODAY, a_member
from tests.reviews.importing import plans
from tests.world import World

pytestmark = pytest.mark.django_db
GENERIC = (
    "School",
    "Solicitor",
    "University A",
    "GP practice",
    "Infant School",
    "Adult A’s employer",
    "Health Trust (B)",
)


def brought(world: World, reference: str) -> PlanImport:
    """A plan of one row for each general name."""
    rows = [(str(number), f"{reference}: act on it.", name, "Ongoing") for number, name in enumerate(GENERIC)]
    by = world.here.people.coordinator
    plan = staging.stage(partnership=world.here.partnership, name="plan.xlsx", data=plans.a_plan(*rows), by=by)
    facts = {"title": reference, "reference": reference, "speaks_for": TODAY, "is_restricted": False}
    return staging.settle(plan_import=plan, by=by, **facts)


def made(world: World, reference: str) -> Review:
    """The same plan with an agency made for each of its names."""
    by = world.here.people.coordinator
    plan = staging.settle(plan_import=brought(world, reference), by=by, agencies=dict.fromkeys(GENERIC, CREATE))
    return staging.confirm(plan_import=plan, by=by, on=TODAY)


def seen(person: User) -> set[str]:
    return set(objects_for(person, Permission.READ_ACTION, Action).values_list("review__reference", flat=True))


def test_nobody_at_a_school_of_one_review_sees_the_plan_of_another_that_says_school(world: World):
    first = made(world, "DHR-Y")
    names = PublishedName.objects.filter(review=first)
    people = {row.name: a_member(RoleCode.AGENCY_LEAD, row.agency) for row in names.select_related("agency")}
    assert set(people) == set(GENERIC)
    before = {name: seen(person) for name, person in people.items()}
    assert before == {name: {"DHR-Y"} for name in GENERIC}
    agencies = set(Agency.objects.values_list("pk", flat=True))

    again = brought(world, "DHR-Z")
    answers = answers_for(again, rows_of(again), world.here.people.coordinator)
    assert (answers.found, set(answers.open)) == ({}, set(GENERIC))
    second = made(world, "DHR-X")

    assert {name: seen(person) for name, person in people.items()} == before
    assert not Action.objects.filter(
        review=second, assignments__agency__in=agencies
    ).exists()  # each is a body of its own
