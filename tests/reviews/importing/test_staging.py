"""A plan is staged, settled, mended and confirmed: once, whole or not at all, and by those who may."""

import datetime as dt
import hashlib
import time
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage

from agencies.actors import COMMAND
from agencies.models import Agency, AgencyName, AuditEntry
from agencies.refusals import Refused
from reviews import plans as plan_verbs
from reviews.importing import mending, staging
from reviews.importing.staged import CREATE, answers_for, row_of, rows_of
from reviews.models import Action, Assignment, Notice, PlanImport, PublishedName, Review, SignOff
from reviews.statuses import Decision, Status
from tests.factories import TODAY, a_review
from tests.reviews.importing import plans
from tests.reviews.test_concurrency import at_once
from tests.world import MARKER, World, make_world

pytestmark = pytest.mark.django_db

HEADINGS = ("Ref", "Recommendation", "Action", "Lead agency", "Target date", "Progress", "Status")
ROWS = (
    ("1", "Listen to families.", "Hold a day.", "Borough Police", "31/03/2026", "A day was held.", "In progress"),
    ("", "", "Print a guide.", "", "31 September 2026", "", "Not started"),
    ("2", "Share what is known.", "Sign it.", "BP / Riverside Health Trust", "June 2026", "Signed.", "Complete"),
)


def staged(world: World, data: bytes | None = None, **facts) -> PlanImport:
    data = data or plans.a_plan(*ROWS, headings=HEADINGS)
    plan = staging.stage(
        partnership=world.here.partnership, name="plan.xlsx", data=data, by=world.here.people.coordinator
    )
    facts = {"title": "Adult Z", "reference": "DHR-Z", "speaks_for": TODAY} | facts
    return staging.settle(plan_import=plan, by=world.here.people.coordinator, **facts)


def confirm(plan: PlanImport, world: World, by=None) -> Review:
    return staging.confirm(plan_import=plan, by=by or world.here.people.coordinator, on=TODAY)


def test_the_plan_is_there_as_it_was_written(world):
    review = confirm(staged(world), world)
    first, second, third = review.actions.order_by("order")
    assert (review.reference, review.title, review.is_restricted) == ("DHR-Z", "Adult Z", True)
    assert (first.recommendation, first.text) == (second.recommendation, "Hold a day.")
    assert (first.status, first.target_date) == (Status.IN_PROGRESS, dt.date(2026, 3, 31))
    assert first.updates.get().progress == "A day was held."
    assert (second.status, second.target_date, second.target_as_written) == (
        Status.NOT_STARTED, None, "31 September 2026",
    )  # fmt: skip
    assert set(third.assignments.values_list("agency__name", flat=True)) == {
        "Borough Police",
        "Riverside Health Trust",
    }


def test_complete_in_the_plan_is_complete_as_carried_over_and_nobody_is_mailed(world):
    review = confirm(staged(world), world)
    assert review.actions.get(text="Sign it.").status == Status.COMPLETE
    assert [row.decision for row in SignOff.objects.filter(action__review=review)] == [Decision.CARRIED_OVER]
    assert not Notice.objects.filter(lines__action__review=review).exists()
    assert review.chasing_from is None


def test_a_blank_status_is_not_recorded(world):
    data = plans.a_plan(("1", "Listen.", "Borough Police", ""))
    assert confirm(staged(world, data), world).actions.get().status == Status.NOT_RECORDED


def test_a_plan_can_be_added_to_a_review_that_exists(world):
    review = a_review(world.here.partnership)
    assert confirm(staged(world, review=review), world) == review
    assert review.actions.count() == 3


def test_a_second_press_gives_the_same_review_and_adds_nothing(world):
    plan = staged(world)
    assert confirm(plan, world) == confirm(plan, world)
    assert Action.objects.filter(review__reference="DHR-Z").count() == 3


def test_nothing_is_half_saved_when_the_verb_fails(world):
    plan, agencies = staged(world), Agency.objects.count()
    broken = mock.patch.object(plan_verbs.audit, "record", side_effect=RuntimeError("the disk is full"))
    with broken, pytest.raises(RuntimeError, match="disk"):
        confirm(plan, world)
    assert not Review.objects.filter(reference="DHR-Z").exists()
    assert Agency.objects.count() == agencies
    plan.refresh_from_db()
    assert plan.state == PlanImport.State.STAGED
    confirm(plan, world)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"title": " "}, "reference and a title"),
        ({"speaks_for": None}, "date that the document speaks for"),
        ({"speaks_for": TODAY + dt.timedelta(days=1)}, "until today"),
        ({"reference": "DHR1"}, "already a review"),
    ],
)
def test_what_is_missing_is_refused_with_what_to_do(world, facts, sentence):
    with pytest.raises(Refused, match=sentence):
        confirm(staged(world, **facts), world)
    assert PlanImport.objects.latest("pk").state == PlanImport.State.STAGED


def test_the_audit_says_who_and_how_many_and_no_word_of_the_plan(world):
    confirm(staged(world), world)
    entries = AuditEntry.objects.filter(event__startswith="import.")
    assert {entry.event for entry in entries} == {"import.staged", "import.settled", "import.confirmed"}
    assert all(entry.actor == f"user:{world.here.people.coordinator.pk}" for entry in entries)
    assert not any("Listen" in str(entry.detail) for entry in entries)


def test_an_unknown_name_waits_for_a_choice(world):
    plan = staged(world, plans.a_plan(("1", "Listen.", "Harbour Trust", "")))
    assert answers_for(plan, rows_of(plan), world.here.people.coordinator).open == ("Harbour Trust",)
    with pytest.raises(Refused, match="Harbour Trust"):
        confirm(plan, world)
    assert not Agency.objects.filter(name="Harbour Trust").exists()


def test_it_is_made_when_asked_for_or_taken_to_be_one_that_exists(world):
    data = plans.a_plan(("1", "Listen.", "Harbour Trust", ""), ("2", "Learn.", "Quay Team", ""))
    choices = {"Harbour Trust": CREATE, "Quay Team": str(world.here.agencies.health.pk)}
    review = confirm(staged(world, data, agencies=choices), world)
    names = Assignment.objects.filter(action__review=review).values_list("agency__name", flat=True)
    assert sorted(names) == ["Harbour Trust", "Riverside Health Trust"]


def test_what_a_name_was_chosen_to_mean_is_remembered_but_never_of_a_pseudonym_or_a_name_that_is_known(world):
    health, coordinator = str(world.here.agencies.health.pk), world.here.people.coordinator
    names = ("Quay Team", "School", "Solicitor", "University A", "BP")
    data = plans.a_plan(*((str(number), "Learn.", name, "") for number, name in enumerate(names)))
    confirm(staged(world, data, agencies=dict.fromkeys(names, health)), world)

    again = staged(world, data, reference="DHR-Y")

    assert [row.name for row in world.here.agencies.health.names.all()] == ["Quay Team"]
    assert set(answers_for(again, rows_of(again), coordinator).found) == {"Quay Team", "BP"}
    assert not AgencyName.objects.filter(agency__partnership=world.there.partnership, name="Quay Team").exists()
    assert AuditEntry.objects.filter(event="agency.also_named").count() == 1


def test_one_body_printed_two_ways_is_made_once(world):
    data = plans.a_plan(
        ("1", "Listen.", "Harbour Integrated Care Board (HICB)", ""),
        ("2", "Learn.", "HICB", ""),
        ("3", "Ask.", "Harbour Integrated Care Board", ""),
    )
    names = ("Harbour Integrated Care Board (HICB)", "HICB", "Harbour Integrated Care Board")
    before = Agency.objects.count()
    confirm(staged(world, data, agencies=dict.fromkeys(names, CREATE)), world)
    assert Agency.objects.count() == before + 1


def test_a_pseudonym_is_told_apart_by_its_review_and_keeps_its_name_in_the_papers(world):
    for reference in ("DHR-Y", "DHR-Z"):
        data = plans.a_plan(("1", "Ask pupils.", "School", ""))
        confirm(staged(world, data, reference=reference, agencies={"School": CREATE}), world)
    rows = PublishedName.objects.filter(name="School", review__reference__in=("DHR-Y", "DHR-Z")).values_list(
        "agency__name", flat=True
    )
    assert sorted(rows) == ["School (DHR-Y)", "School (DHR-Z)"]


def test_an_agency_of_another_partnership_cannot_be_chosen(world):
    plan = staged(world, plans.a_plan(("1", "Listen.", "Harbour Trust", "")))
    twin = {"Harbour Trust": str(world.there.agencies.police.pk)}
    with pytest.raises(Refused, match="of this partnership"):
        staging.settle(plan_import=plan, by=world.here.people.coordinator, agencies=twin)
    plan.refresh_from_db()
    assert plan.choices.get("agencies", {}) == {}


def mend(world, plan, number, *, left_out=False, **fields):
    coordinator = world.here.people.coordinator
    return mending.mend(plan_import=plan, number=number, by=coordinator, fields=fields, left_out=left_out)


def test_what_was_mended_is_brought_in_and_what_was_read_is_kept(world):
    plan = staged(world)
    row = mend(world, plan, 2, target_date="2026-09-30", status="in_progress")
    assert not row.problems
    action = confirm(plan, world).actions.get(text="Print a guide.")
    assert (action.target_date, action.status) == (dt.date(2026, 9, 30), Status.IN_PROGRESS)
    plan.refresh_from_db()
    assert plan.reading["rows"][1]["target_date"] is None


def test_a_row_without_an_agency_blocks_until_it_is_mended_or_left_out(world):
    data = plans.a_plan(("1", "Listen.", "All agencies", ""), ("2", "Learn.", "", ""), ("3", "Act.", "BP", ""))
    plan = staged(world, data)
    with pytest.raises(Refused, match="Plan!A2, Plan!A3"):
        confirm(plan, world)
    mend(world, plan, 1, agencies=["Borough Police", "Adult Services"])
    mend(world, plan, 2, left_out=True)
    review = confirm(plan, world)
    assert [row.text for row in review.recommendations.order_by("order")] == ["Listen.", "Act."]
    assert review.actions.first().assignments.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"target_date": "2026-13-45"}, "not a day"),
        ({"status": "done"}, "one of the statuses"),
        ({"reference": "x" * 41}, "longer than 40"),
        ({"agencies": []}, "lead agency"),
        ({"recommendation": "", "action": ""}, "recommendation or the action"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(world, fields, sentence):
    plan = staged(world)
    with pytest.raises(Refused, match=sentence):
        mend(world, plan, 1, **fields)
    plan.refresh_from_db()
    assert row_of(plan, 1).mended == frozenset()


def test_a_plan_that_was_confirmed_or_discarded_is_mended_no_more(world):
    plan, other = staged(world), staged(world)
    confirm(plan, world)
    staging.discard(plan_import=other, by=world.here.people.coordinator)
    for one in (plan, other):
        with pytest.raises(Refused):
            mend(world, one, 1, status="ongoing")
    with pytest.raises(Refused, match="discarded"):
        confirm(other, world)


@pytest.mark.parametrize("who", ["lead", "member_of_group", "chair", "partnership_observer", "panel_reader"])
def test_only_who_may_edit_the_plan_brings_one_in(world, who):
    person = getattr(world.here.people, who)
    plan = staged(world)
    attempts = [
        lambda: staging.stage(partnership=world.here.partnership, name="p.csv", data=b"", by=person),
        lambda: staging.settle(plan_import=plan, by=person, title="x"),
        lambda: mending.mend(plan_import=plan, number=1, by=person, fields={}),
        lambda: staging.discard(plan_import=plan, by=person),
        lambda: confirm(plan, world, by=person),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()


def test_the_twins_coordinator_can_neither_confirm_nor_add_to_a_review_here(world):
    twin = world.there.people.coordinator
    with pytest.raises(PermissionDenied):
        confirm(staged(world), world, by=twin)
    with pytest.raises(PermissionDenied):
        staging.settle(plan_import=staged(world), by=world.here.people.coordinator, review=world.there.plans.published)


def test_agencies_of_the_twin_are_not_matched(world):
    data = plans.a_plan(("1", "Listen.", f"{MARKER} Borough Police", ""))
    plan = staged(world, data)
    assert answers_for(plan, rows_of(plan), world.here.people.coordinator).open == (f"{MARKER} Borough Police",)
    assert not answers_for(plan, rows_of(plan), COMMAND).found


def test_a_file_that_cannot_be_read_leaves_no_row_and_no_file(world):
    rows = PlanImport.objects.count()
    before = set(default_storage.listdir("imports")[1]) if default_storage.exists("imports") else set()
    with pytest.raises(Refused, match="damaged"):
        staged(world, plans.the_report_as_xlsx()[:900])
    assert PlanImport.objects.count() == rows
    after = set(default_storage.listdir("imports")[1]) if default_storage.exists("imports") else set()
    assert after == before


def test_the_stored_name_says_nothing_of_the_file(world):
    plan = staged(world)
    assert plan.file_name == "plan.xlsx"
    assert "plan" not in str(plan.file.name).rsplit("/", 1)[-1]
    with plan.file.open() as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == plan.sha256


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_confirm_at_once_bring_it_in_once():
    world = make_world()
    plan = staged(world)
    reviews: list[Review] = []
    errors = at_once(*(lambda: reviews.append(confirm(plan, world)) for _ in range(2)))
    assert errors == []
    assert len({review.pk for review in reviews}) == 1
    assert Action.objects.filter(review=reviews[0]).count() == 3


@pytest.mark.slow
def test_ten_thousand_rows_are_brought_in_in_seconds_with_one_statement_for_five_rows_at_most(
    world, django_assert_max_num_queries, monkeypatch
):
    row = ("Hold a day.", "Borough Police", "31/03/2026", "A day was held.", "In progress")
    rows = [(str(number), f"Listen to family {number}.", *row) for number in range(10_000)]
    monkeypatch.setattr("reviews.importing.running.SECONDS", 60)  # other tests may hold the processor meanwhile
    plan = staged(world, plans.a_plan(*rows, headings=HEADINGS))
    started = time.process_time()
    with django_assert_max_num_queries(2_000):
        review = confirm(plan, world)
    assert time.process_time() - started < 15
    assert review.actions.count() == 10_000
