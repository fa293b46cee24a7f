"""A long file is kept first and read by a worker, whoever is killed meanwhile; the page says how far it is."""

import datetime as dt
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.refusals import Refused
from reviews import bringing_in, tasks
from reviews.importing import confirming, leases, receiving, staging, work
from reviews.models import PlanImport
from tests.factories import TODAY
from tests.reviews.importing import plans
from tests.reviews.importing.files import a_file, a_row

pytestmark = pytest.mark.django_db

State = PlanImport.State
ROW = ("1", "Listen to families.", "Borough Police", "In progress")


class Killed(BaseException):
    """As a worker is killed."""


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """What workers were asked to do; every file is a long one."""
    found: list[int] = []
    monkeypatch.setattr(bringing_in, "SHORT_FILE", 0)
    monkeypatch.setattr(bringing_in, "SHORT_PLAN", 0)
    monkeypatch.setattr(bringing_in.transaction, "on_commit", lambda call: call())
    monkeypatch.setattr(tasks.go_on_with_import, "delay", found.append)
    return found


def received(world, data: bytes | None = None, name: str = "plan.csv") -> PlanImport:
    data = plans.a_plan(ROW) if data is None else data
    by = world.here.people.coordinator
    return bringing_in.take_in(partnership=world.here.partnership, name=name, data=data, by=by)


def run_out(plan: PlanImport) -> None:
    PlanImport.objects.filter(pk=plan.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def test_it_is_kept_at_once_and_read_by_a_worker(world, asked):
    plan = received(world, name="plan.xlsx")
    assert (plan.state, plan.reading, asked) == (State.READING, {}, [plan.pk])
    with pytest.raises(Refused, match="still being read"):
        staging.settle(plan_import=plan, by=world.here.people.coordinator, title="x")
    tasks.go_on_with_import(plan.pk)
    plan.refresh_from_db()
    assert (plan.state, len(plan.reading["rows"]), plan.lease_until) == (State.STAGED, 1, None)
    assert plan.reference


def test_a_short_one_is_read_while_the_person_waits(world, asked, monkeypatch):
    monkeypatch.setattr(bringing_in, "SHORT_FILE", 300_000)
    assert received(world, name="plan.xlsx").state == State.STAGED
    assert asked == []


def test_what_cannot_be_read_says_so_on_its_page_and_can_be_discarded(world, asked, client):
    plan = received(world, data=b"PK\x03\x04 and no more", name="plan.xlsx")
    work.go_on(plan.pk)
    plan.refresh_from_db()
    assert plan.state == State.UNREADABLE
    assert plan.problem
    client.force_login(world.here.people.coordinator)
    page, discard = (reverse(f"admin:reviews_planimport_{name}", args=[plan.pk]) for name in ("change", "discard"))
    said = client.get(page).content.decode()
    assert plan.problem in said.replace("&#x27;", "'")
    assert discard in said
    client.post(discard)
    plan.refresh_from_db()
    assert plan.state == State.DISCARDED


def test_a_worker_killed_while_reading_leaves_it_to_the_next(world, asked):
    plan = received(world, name="plan.xlsx")
    with mock.patch.object(receiving, "read_file", side_effect=Killed), pytest.raises(Killed):
        work.go_on(plan.pk)
    assert work.go_on(plan.pk) is None
    plan.refresh_from_db()
    assert plan.state == State.READING, "its lease had not run out"
    run_out(plan)
    tasks.sweep()
    assert asked == [plan.pk, plan.pk]
    work.go_on(plan.pk)
    plan.refresh_from_db()
    assert plan.state == State.STAGED


def test_a_file_that_ends_its_workers_again_and_again_is_given_up(world, asked):
    plan = received(world, name="plan.xlsx")
    with mock.patch.object(receiving, "read_file", side_effect=Killed):
        for _ in range(leases.MOST_ATTEMPTS):
            with pytest.raises(Killed):
                work.go_on(plan.pk)
            run_out(plan)
    work.go_on(plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.problem) == (State.UNREADABLE, receiving.GAVE_UP)


def test_who_reads_too_slowly_overwrites_nothing(world, asked):
    plan = received(world, name="plan.xlsx")
    slow = leases.take(plan.pk)
    run_out(plan)
    work.go_on(plan.pk)
    with pytest.raises(leases.Lost):
        receiving.read(slow)


def test_of_a_file_that_cannot_be_kept_nothing_is_left(world, asked):
    folder = default_storage.listdir("imports")[1] if default_storage.exists("imports") else []
    with mock.patch.object(receiving.audit, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        received(world)
    assert (default_storage.listdir("imports")[1] if default_storage.exists("imports") else []) == folder
    assert not PlanImport.objects.filter(state=State.READING).exists()


def test_the_page_says_how_far_it_is_to_anybody_with_the_right_and_looks_again_without_javascript(world, client):
    plan = a_file(world, [a_row(recommendation=f"Listen {n}.") for n in range(8)])
    confirming.begin(plan_import=plan, by=world.superuser, on=TODAY)
    PlanImport.objects.filter(pk=plan.pk).update(done=3)
    client.force_login(world.here.people.coordinator)
    page = client.get(reverse("admin:reviews_planimport_change", args=[plan.pk]))
    said = page.content.decode()
    assert "3 of 8 rows are done" in said
    assert '<progress id="import-done" max="8" value="3">' in said
    assert '<noscript><meta http-equiv="refresh"' in said
    client.force_login(world.there.people.coordinator)
    assert client.get(page.request["PATH_INFO"]).status_code == 404


def test_pressed_on_the_page_a_long_plan_leads_to_where_its_progress_stands(world, client, asked):
    client.force_login(world.here.people.coordinator)
    file = SimpleUploadedFile("plan.xlsx", plans.a_plan(ROW))
    added = client.post(
        reverse("admin:reviews_planimport_add"), {"partnership": world.here.partnership.pk, "file": file}
    )
    assert "being read" in client.get(added.url).content.decode()
    assert asked == [PlanImport.objects.latest("pk").pk]


def test_the_list_asks_the_same_number_of_questions_however_many_there_are(
    world, client, django_assert_max_num_queries
):
    client.force_login(world.here.people.coordinator)
    for number in range(6):
        plan = a_file(world, [a_row(recommendation=f"Listen {number}.")])
        if number % 2:
            staging.confirm(plan_import=plan, by=world.here.people.coordinator, on=TODAY)
    with django_assert_max_num_queries(15):
        said = client.get(reverse("admin:reviews_planimport_changelist")).content.decode()
    assert "1 recommendation, 1 action" in said
    assert plan.sha256[:8] in said
