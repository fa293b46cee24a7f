"""A plan is read again with its headings as a person says; that is remembered, and answers stay where they fit."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews.importing import mending, rereading, staging
from reviews.importing.again import deciding
from reviews.importing.staged import row_of, rows_of
from reviews.models import HeadingMeaning, PlanImport
from tests.reviews.importing import plans
from tests.world import Side

pytestmark = pytest.mark.django_db

HEADINGS = ("Ref", "Recommendation", "Lead agency", "How it goes", "Status")
ROWS = (
    ("1", "To listen. To learn.", "Borough Police", "A day was held.", "Ongoing"),
    ("2", "To share.", "Borough Police", "Not begun.", ""),
    ("3", "To keep records.", "Borough Police", "Kept.", "Complete"),
)
PROGRESS = {"How it goes": "progress"}


def stage(side: Side, data: bytes | None = None, **options) -> PlanImport:
    data = data or plans.a_plan(*ROWS, headings=HEADINGS)
    return staging.stage(
        partnership=side.partnership, name="plan.xlsx", data=data, by=side.people.coordinator, **options
    )


def again(plan: PlanImport, side: Side, headings=PROGRESS) -> list[str]:
    lost = rereading.read_again(plan_import=plan, by=side.people.coordinator, headings=headings)
    plan.refresh_from_db()
    return lost


def mend(plan: PlanImport, side: Side, number: int, **fields) -> None:
    left_out = fields.pop("left_out", None)
    mending.mend(plan_import=plan, number=number, by=side.people.coordinator, fields=fields, left_out=left_out)
    plan.refresh_from_db()


def progress(plan: PlanImport) -> list[str]:
    return [row.fields["progress"] for row in rows_of(plan)]


def test_a_heading_is_put_right_and_the_file_read_again(world):
    plan = stage(world.here)
    assert progress(plan) == ["", "", ""]
    assert again(plan, world.here) == []
    assert progress(plan) == ["A day was held.", "Not begun.", "Kept."]
    assert plan.reading["columns"]["How it goes"] == "progress"


def test_it_is_remembered_for_the_next_plan_of_this_partnership_and_no_other(world):
    again(stage(world.here), world.here)
    again(stage(world.there), world.there, {"How it goes": "next_steps"})
    assert progress(stage(world.here)) == ["A day was held.", "Not begun.", "Kept."]
    there = stage(world.there)
    assert [row.fields["next_steps"] for row in rows_of(there)] == ["A day was held.", "Not begun.", "Kept."]
    assert progress(there) == ["", "", ""]


def test_what_is_said_last_holds_and_can_be_forgotten(world):
    plan = stage(world.here)
    for column in ("progress", "next_steps"):
        again(plan, world.here, {"How it  GOES": column})
    row = HeadingMeaning.objects.get(partnership=world.here.partnership, heading="how it goes")
    assert (row.column, row.recorded_by) == ("next_steps", world.here.people.coordinator)
    rereading.forget(meaning=row, by=world.here.people.coordinator)
    assert [row.fields["next_steps"] for row in rows_of(stage(world.here))] == ["", "", ""]
    events = AuditEntry.objects.filter(event__startswith="heading.").values_list("event", flat=True)
    assert list(events).count("heading.explained") == 2
    assert "heading.forgotten" in events


def test_answers_stay_where_they_fit_and_it_is_said_where_they_do_not(world):
    plan = stage(world.here)
    mend(plan, world.here, 1, status="complete", target_date="2026-03-31")
    mend(plan, world.here, 2, progress="Begun in May.")
    mend(plan, world.here, 3, progress="Kept.", left_out=True)
    settled = {"Borough Police": str(world.here.agencies.health.pk)}
    staging.settle(plan_import=plan, by=world.here.people.coordinator, agencies=settled)
    plan.refresh_from_db()
    assert again(plan, world.here) == ["Plan!A3"]
    assert row_of(plan, 1).fields["status"] == "complete"
    assert row_of(plan, 1).fields["target_date"] == "2026-03-31"
    assert row_of(plan, 2).fields["progress"] == "Not begun."
    assert (row_of(plan, 3).fields["progress"], row_of(plan, 3).left_out) == ("Kept.", True)
    assert plan.choices["agencies"] == settled


def test_a_row_that_was_split_stays_so_unless_its_words_are_others_now(world):
    plan, by = stage(world.here), world.here.people.coordinator
    mending.split(plan_import=plan, number=1, by=by, column="recommendation", at=len("To listen. "))
    plan.refresh_from_db()
    assert again(plan, world.here) == []
    assert [row.fields["recommendation"] for row in rows_of(plan)][:3] == ["To listen.", "To learn.", "To share."]
    assert again(plan, world.here, {"Recommendation": "theme", "How it goes": "recommendation"}) == ["Plan!A2"]
    assert [row.parts for row in rows_of(plan)] == [1, 1, 1]
    assert plan.choices["splits"] == {}


def test_the_parts_of_a_row_move_with_it_when_other_rows_come_or_go(world):
    data = plans.a_plan(
        ("1", "To ask.", "Borough Police", "1. One\n2. Two", "1. Hold it\n2. Print it"),
        ("2", "To listen. To learn.", "Borough Police", "", ""),
        headings=("Ref", "Recommendation", "Lead agency", "How it goes", "Action"),
    )
    plan, by = stage(world.here, data), world.here.people.coordinator
    mending.split(plan_import=plan, number=2, by=by, column="recommendation", at=len("To listen. "))
    deciding.decide(plan_import=plan, by=by, same={2: "new", 3: "new"}, left={2: True})
    plan.refresh_from_db()
    assert again(plan, world.here) == []
    assert [row.fields["recommendation"] for row in rows_of(plan)] == ["To ask.", "To ask.", "To listen.", "To learn."]
    assert [(row.number, row.root) for row in rows_of(plan)][2:] == [(3, 3), (4, 3)]
    assert (plan.choices["same"], plan.choices["left"], plan.choices["leads"]) == ({"3": "new", "4": "new"}, [3], [])


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        ({"Recommendation": "ignore"}, "Nothing was changed"),
        ({"How it goes": "shoe_size"}, "one of the fields of the list"),
    ],
)
def test_what_cannot_be_read_so_changes_nothing_and_is_not_remembered(world, headings, sentence):
    plan = stage(world.here)
    before = plan.reading
    known = HeadingMeaning.objects.count()
    with pytest.raises(Refused, match=sentence):
        again(plan, world.here, headings)
    plan.refresh_from_db()
    assert plan.reading == before
    assert HeadingMeaning.objects.count() == known


def test_a_file_whose_headings_nobody_knows_waits_to_be_told_what_they_mean(world):
    headings = ("Nr", "Was gesagt wurde", "Wer", "Wie es steht")
    data = plans.a_plan(("1", "To listen.", "Borough Police", "Ongoing"), headings=headings)
    with pytest.raises(Refused, match="No table"):
        stage(world.here, data)
    plan = stage(world.here, data, or_ask=True)
    assert rows_of(plan) == []
    meant = dict(zip(headings, ("reference", "recommendation", "agency", "status"), strict=True))
    again(plan, world.here, meant)
    assert [(row.fields["recommendation"], row.fields["status"]) for row in rows_of(plan)] == [
        ("To listen.", "ongoing")
    ]
    assert len(rows_of(stage(world.here, data))) == 1


def test_only_who_may_edit_the_plan_says_what_a_heading_means(world):
    plan = stage(world.here)
    row = HeadingMeaning.objects.get(partnership=world.here.partnership)
    for person in (world.here.people.lead, world.here.people.chair, world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            rereading.read_again(plan_import=plan, by=person, headings=PROGRESS)
        with pytest.raises(PermissionDenied):
            rereading.forget(meaning=row, by=person)
    assert HeadingMeaning.objects.filter(pk=row.pk).exists()


def test_the_list_of_what_was_explained_forgets_one_by_a_press(world, client: Client):
    client.force_login(world.here.people.coordinator)
    row = HeadingMeaning.objects.get(partnership=world.here.partnership)
    assert "Theme" in client.get(reverse("admin:reviews_headingmeaning_changelist")).content.decode()
    page = client.post(reverse("admin:reviews_headingmeaning_forget", args=[row.pk]), follow=True).content.decode()
    assert "Forgotten." in page
    assert not HeadingMeaning.objects.filter(pk=row.pk).exists()
