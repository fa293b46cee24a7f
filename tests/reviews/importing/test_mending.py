"""Rows of a staged plan are mended, left out, put back, split and joined; what was read is kept."""

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews.importing import mending, staging
from reviews.importing.again import deciding
from reviews.importing.staged import row_of, rows_of
from reviews.models import PlanImport
from tests.factories import TODAY
from tests.reviews.importing import plans
from tests.world import World

pytestmark = pytest.mark.django_db

TWO = "To listen to families. To share what is known."
THREE = f"{TWO} To keep records."
HEADINGS = ("Ref", "Recommendation", "Action", "Lead agency", "Target date", "Progress", "Status")


@pytest.fixture
def plan(world: World) -> PlanImport:
    """A plan of two rows, of which the first holds three recommendations in one cell."""
    rows = (
        ("1", THREE, "Hold a day.\nPrint a guide.", "Borough Police", "31/03/2026", "Held.", "In progress"),
        ("2", "Act.", "", "Borough Police", "", "", "Ongoing"),
    )
    data = plans.a_plan(*rows, headings=HEADINGS)
    return staging.stage(
        partnership=world.here.partnership, name="plan.xlsx", data=data, by=world.here.people.coordinator
    )


@pytest.fixture
def do(world: World, plan: PlanImport):
    """Call a verb on the plan as its coordinator, and see the plan as it stands then."""

    def do(verb, number, **facts):
        done = verb(plan_import=plan, number=number, by=world.here.people.coordinator, **facts)
        plan.refresh_from_db()
        return done

    return do


def recommended(plan: PlanImport) -> list[str]:
    return [row.fields["recommendation"] for row in rows_of(plan)]


def test_a_row_is_split_in_two_and_all_else_stands_in_both(plan, do):
    do(mending.mend, 1, fields={"status": "complete"})
    second = do(mending.split, 1, column="recommendation", at=THREE.index("To share"))
    first = row_of(plan, 1)
    assert (first.fields["recommendation"], second.fields["recommendation"]) == (
        "To listen to families.",
        "To share what is known. To keep records.",
    )
    assert (first.called, second.called) == ("row 1, part 1", "row 1, part 2")
    for name in ("action", "agencies", "target_date", "status", "progress", "place"):
        assert first.fields[name] == second.fields[name]
    assert second.fields["status"] == "complete"
    assert plan.reading["rows"][0]["recommendation"] == THREE
    assert [row.number for row in rows_of(plan)] == [1, 3, 2]


def test_the_parts_stand_in_the_order_of_their_words_whichever_is_cut_first(plan, do):
    do(mending.split, 1, column="recommendation", at=THREE.index("To keep"))
    do(mending.split, 1, column="recommendation", at=THREE.index("To share"))
    assert recommended(plan) == ["To listen to families.", "To share what is known.", "To keep records.", "Act."]
    assert [row.part for row in rows_of(plan)] == [1, 2, 3, 1]


def test_a_split_is_taken_back_with_all_that_followed_from_it(plan, do):
    second = do(mending.split, 1, column="recommendation", at=THREE.index("To share")).number
    third = do(mending.split, second, column="recommendation", at=len("To share what is known. ")).number
    do(mending.join, third)
    assert recommended(plan) == ["To listen to families.", THREE[len("To listen to families. ") :], "Act."]
    do(mending.split, second, column="recommendation", at=len("To share what is known. "))
    do(mending.join, second)
    assert recommended(plan) == [THREE, "Act."]
    assert row_of(plan, 1).mended == frozenset()
    assert plan.choices["splits"] == {}


def test_what_was_said_of_a_part_goes_with_it(plan, do, world):
    second = do(mending.split, 1, column="recommendation", at=THREE.index("To share")).number
    said = {"same": {second: "new"}, "left": {1: True, second: True}}
    deciding.decide(plan_import=plan, by=world.here.people.coordinator, **said)
    do(mending.join, second)
    assert (plan.choices["same"], plan.choices["left"]) == ({}, [1])


def test_both_parts_come_in(plan, do, world):
    do(mending.split, 1, column="action", at=len("Hold a day.\n"))
    by = world.here.people.coordinator
    staging.settle(plan_import=plan, by=by, title="Adult Z", reference="DHR-Z", speaks_for=TODAY)
    review = staging.confirm(plan_import=plan, by=by, on=TODAY)
    assert [action.text for action in review.actions.order_by("order")] == ["Hold a day.", "Print a guide.", ""]
    assert review.recommendations.count() == 2


@pytest.mark.parametrize(("column", "at"), [("recommendation", 5), ("progress", 0), ("action", 0), ("action", 999)])
def test_words_are_cut_only_where_something_begins(plan, do, column, at):
    with pytest.raises(Refused, match="cannot be cut there"):
        do(mending.split, 1, column=column, at=at)
    plan.refresh_from_db()
    assert plan.choices == {}


def test_a_cell_is_offered_to_be_cut_at_each_sentence_line_and_item(plan):
    row = row_of(plan, 1)
    assert [THREE[at:] for at in mending.cuts(row, "recommendation")] == [
        "To share what is known. To keep records.",
        "To keep records.",
    ]
    assert mending.cuts(row, "action") == [len("Hold a day.\n")]
    assert mending.cuts(row_of(plan, 2), "recommendation") == []


def test_only_what_was_split_is_joined(do):
    with pytest.raises(Refused, match="was not split"):
        do(mending.join, 1)


def test_one_field_is_mended_and_the_others_stay_as_they_were_mended(do, plan):
    do(mending.mend, 1, fields={"progress": "Held twice."})
    do(mending.mend, 1, fields={"target_date": "2026-04-30"})
    do(mending.mend, 1, fields={}, left_out=True)
    row = row_of(plan, 1)
    assert (row.fields["progress"], row.fields["target_date"], row.left_out) == ("Held twice.", "2026-04-30", True)
    do(mending.mend, 1, fields={}, left_out=False)
    assert row_of(plan, 1).mended == {"progress", "target_date"}


def test_the_audit_names_rows_and_no_word_of_them(do):
    second = do(mending.split, 1, column="recommendation", at=THREE.index("To share")).number
    do(mending.join, second)
    entries = AuditEntry.objects.filter(event__in=("import.split", "import.joined")).order_by("pk")
    assert [entry.detail for entry in entries] == [{"row": 1, "made": 3}, {"row": 1}]


@pytest.mark.parametrize("who", ["lead", "chair", "panel_reader"])
def test_only_who_may_edit_the_plan_splits_and_joins(world, plan, who):
    person = getattr(world.here.people, who)
    for verb, facts in ((mending.split, {"column": "action", "at": 12}), (mending.join, {})):
        with pytest.raises(PermissionDenied):
            verb(plan_import=plan, number=1, by=person, **facts)
