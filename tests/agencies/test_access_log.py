"""Who looked at what: written at the doors once a day, read by coordinator and chair, by name."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import access_log, memberships
from agencies.models import Opened, PartnershipUserPermission, User
from reviews import waiting_files
from reviews.models import PlanImport
from tests.factories import a_submission
from tests.walking import admin_pages, row_of
from tests.world import Side, World

pytestmark = pytest.mark.django_db
LOG = "admin:agencies_opened_changelist"


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def opened_by(person: User) -> list[tuple[str, int]]:
    return list(Opened.objects.filter(person_id=person.pk).order_by("pk").values_list("about_kind", "about_id"))


def test_actions_plans_and_evidence_are_written_once_a_day(here: Side, client: Client, time_machine) -> None:
    chair, action, review = here.people.chair, here.plans.of_police, here.plans.published
    client.force_login(chair)
    pages = (
        reverse("action-detail", args=[action.pk]),
        reverse("review-detail", args=[review.pk]),
        reverse("review-report", args=[review.pk]),
        reverse("evidence-file", args=[here.plans.evidence.pk]),
        reverse("admin:reviews_action_change", args=[action.pk]),
    )
    expected = [
        ("reviews.action", action.pk),
        ("reviews.review", review.pk),
        ("reviews.evidence", here.plans.evidence.pk),
    ]
    for _ in range(2):
        for page in pages:
            client.get(page)
        cache.clear()  # what is forgotten is asked of the database, which keeps one row
    assert opened_by(chair) == expected
    time_machine.shift(dt.timedelta(days=1))
    client.force_login(chair)
    client.get(pages[0])
    assert opened_by(chair) == [*expected, expected[0]]


def test_what_waits_for_release_and_its_files_are_written_too(world: World, here: Side, client: Client) -> None:
    row = a_submission(here.plans.of_police, here.agencies.police, here.people.member)
    file = waiting_files.stage(
        action=row.action, by=row.author, token=row.token, file=ContentFile(b"%PDF-1.7", name="a.pdf")
    )
    page, opened = reverse("submission-detail", args=[row.pk]), reverse("submission-file", args=[row.pk, file.pk])
    for refused in (here.people.health_lead, here.people.named):
        client.force_login(refused)
        assert {client.get(page).status_code, client.get(opened).status_code} == {404}
        assert opened_by(refused) == []
    client.force_login(here.people.lead)
    client.get(page)
    assert opened_by(here.people.lead)[-1] == ("reviews.submission", row.pk)
    b"".join(client.get(opened))
    assert opened_by(here.people.lead)[-1] == ("reviews.stagedfile", file.pk)
    client.force_login(here.people.coordinator)
    log = client.get(reverse(LOG)).content.decode()
    assert f"staged file {file.pk}" not in log, (
        "outside the agency it is told only that something waits, and since when"
    )
    client.force_login(world.superuser)
    assert f"staged file {file.pk}" in client.get(reverse(LOG)).content.decode()


@pytest.mark.parametrize(
    "page",
    [
        *("reviews_planimport_change", "reviews_import_row", "reviews_import_compared", "reviews_import_not_taken"),
        *("reviews_import_file", "reviews_planimport_discard", "reviews_planimport_history"),
    ],
)
def test_whoever_opens_any_page_of_a_plan_brought_in_is_written_down(page: str, here: Side, client: Client) -> None:
    staged = row_of(PlanImport, here)
    address = reverse(f"admin:{page}", args=[staged.pk, *([1] if page.endswith("_row") else [])])
    client.force_login(here.people.chair)
    assert client.get(address).status_code == 404
    assert opened_by(here.people.chair) == []
    client.force_login(here.people.coordinator)
    b"".join(client.get(address))
    assert opened_by(here.people.coordinator) == [("reviews.planimport", staged.pk)]


def test_forms_and_histories_tell_of_the_case_too(here: Side, client: Client) -> None:
    plans = here.plans
    pages = (
        ("reviews_review_describe", plans.restricted),
        ("reviews_recommendation_reword", plans.recommendation),
        ("reviews_action_history", plans.of_police),
        ("reviews_progressupdate_void", plans.update),
        ("reviews_assignment_change", plans.of_police.assignments.get()),
    )
    client.force_login(here.people.coordinator)
    for name, row in pages:
        assert client.get(reverse(f"admin:{name}", args=[row.pk])).status_code == 200
        assert opened_by(here.people.coordinator)[-1] == (row._meta.label_lower, row.pk)
    client.force_login(plans.update.recorded_by)
    client.get(reverse("update-take-back", args=[plans.update.pk]))
    assert ("reviews.progressupdate", plans.update.pk) in opened_by(plans.update.recorded_by)


def test_nothing_is_written_of_a_page_that_was_refused(here: Side, client: Client) -> None:
    client.force_login(here.people.chair)
    assert client.get(reverse("admin:reviews_review_describe", args=[here.plans.restricted.pk])).status_code == 403
    assert opened_by(here.people.chair) == []
    client.force_login(here.people.health_lead)
    assert client.get(reverse("action-detail", args=[here.plans.of_police.pk])).status_code == 404
    assert client.get(reverse("evidence-file", args=[here.plans.evidence.pk])).status_code == 404
    assert opened_by(here.people.health_lead) == []


def test_to_come_back_costs_the_database_nothing(here: Side) -> None:
    with CaptureQueriesContext(connection) as first:
        access_log.opened(here.plans.of_police, by=here.people.lead, partnership=here.partnership.pk)
    with CaptureQueriesContext(connection) as again:
        access_log.opened(here.plans.of_police, by=here.people.lead, partnership=here.partnership.pk)
    assert sum("INSERT" in query["sql"] for query in first) == 1
    assert len(again) == 0


def test_everything_that_tells_of_a_case_knows_its_partnership(world: World, here: Side) -> None:
    for side in (here, world.there):  # no number of theirs is that of another row by luck on either side
        asked = [row_of(model, side) for model, own, _ in admin_pages() if own.tells_of_a_case]
        assert len(asked) >= 8
        assert {access_log.partnership_of(row) for row in asked} == {side.partnership.pk}


def test_the_log_is_read_by_coordinator_and_chair_with_names_and_a_way_there(here: Side, client: Client) -> None:
    action = here.plans.of_police
    for reader in (here.people.coordinator, here.people.chair):
        client.force_login(reader)
        page = client.get(reverse(LOG)).content.decode()
        assert here.people.lead.name in page
        assert reverse("admin:reviews_action_change", args=[action.pk]) in page
        assert "Who opened it" in client.get(reverse("admin:reviews_action_change", args=[action.pk])).content.decode()
    client.force_login(here.people.member_of_group)
    assert client.get(reverse(LOG)).status_code == 403
    assert client.get(reverse("admin:agencies_auditentry_changelist")).status_code == 403
    page = client.get(reverse("admin:reviews_action_change", args=[action.pk])).content.decode()
    assert "Who opened it" not in page


def test_the_log_is_narrowed_to_one_thing(here: Side, client: Client) -> None:
    client.force_login(here.people.coordinator)
    for about, number in ((f"reviews.action-{here.plans.of_police.pk}", 1), ("reviews.action-0", 0), ("x", 0)):
        assert client.get(reverse(LOG), {"about": about}).context["cl"].result_count == number, about


def test_the_logs_ask_as_much_however_long_they_are(here: Side, client: Client) -> None:
    client.force_login(here.people.coordinator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(LOG)).status_code == 200
        return len(queries)

    before = asked()
    for person in (here.people.member, here.people.observer, here.people.health_lead):
        access_log.opened(here.plans.joint, by=person)
    assert asked() == before <= 20


def test_who_ran_a_partnership_before_this_was_kept_reads_it_too(world: World) -> None:
    migration = import_module("agencies.migrations.0006_who_opened_what")
    PartnershipUserPermission.objects.filter(permission__codename__in=migration.NEW).delete()
    assert memberships.shadow_differences() == 8, "two people on either side, two permissions each"
    migration.give_to_those_who_run(apps, None)
    assert memberships.shadow_differences() == 0
