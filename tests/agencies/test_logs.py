"""The audit and the access log answer who did what to whom: by names, and narrowed to a person or a deed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import audit, memberships
from agencies.models import AuditEntry, Opened, User
from agencies.roles import RoleCode
from reviews import editing, panel, progress, readers, sign_off
from tests.factories import TODAY, a_person
from tests.world import MARKER, Side, World

pytestmark = [pytest.mark.django_db, pytest.mark.either]

AUDIT, OPENED = (reverse(f"admin:agencies_{name}_changelist") for name in ("auditentry", "opened"))


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


@pytest.fixture
def granted(here: Side) -> User:
    """Somebody whom the coordinator has just made a lead of health."""
    person = a_person(name="Wren Hollis")
    memberships.grant(
        user=person, role=RoleCode.AGENCY_LEAD, container=here.agencies.health, by=here.people.coordinator
    )
    return person


def shown(client: Client, url: str, **asked: Any) -> str:
    answer = client.get(url, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def counted(client: Client, url: str, **asked: Any) -> int:
    return int(client.get(url, asked).context["cl"].result_count)


def test_an_entry_says_whose_role_where_and_which(here: Side, client: Client, granted: User) -> None:
    page = shown(client, AUDIT)
    assert "Membership granted" in page
    assert f"{granted}: Agency lead (SPOC), Riverside Health Trust" in page
    own = shown(client, reverse("admin:agencies_auditentry_change", args=[AuditEntry.objects.latest("pk").pk]))
    assert "role: Agency lead (SPOC)" in own
    assert "{" not in own.split("field-details")[1].split("</div>")[0], "no raw JSON"


def test_an_entry_names_the_action_by_its_review_and_number_and_what_else_it_speaks_of(
    here: Side, client: Client
) -> None:
    by, plans = here.people.coordinator, here.plans
    progress.void(update=plans.update, by=by, reason="Wrong action")
    number = plans.of_police.label
    assert "action: <a href=" in (page := shown(client, AUDIT)), page
    assert f"DHR1 · {number}: Write the guide" in page
    own = shown(client, reverse("admin:agencies_auditentry_change", args=[AuditEntry.objects.latest("pk").pk]))
    assert f"DHR1 · action {number} · Borough Police" in own
    sign_off.sign_off(action=plans.awaiting, by=by, on=TODAY, decided_at="March meeting")
    own = shown(client, reverse("admin:agencies_auditentry_change", args=[AuditEntry.objects.latest("pk").pk]))
    assert f"Signed off, {TODAY:%-d %B %Y}" in own


def test_an_entry_names_who_was_asked_to_read_a_review_and_who_reads_it(here: Side, client: Client) -> None:
    by, review = here.people.coordinator, here.plans.published
    asked = panel.invite(review=review, email="wren@panel.example", by=by, ends_on=TODAY)
    person = a_person(name="Wren Hollis")
    readers.admit_to_panel(review=review, user=person, by=by, on=TODAY, ends_on=TODAY)
    page = shown(client, AUDIT)
    assert f"invitation: {asked.email}" in page
    for event, said in (("panel.invited", asked.email), ("reader.admitted", f"row: DHR1 · {person}: Panel reader")):
        entry = AuditEntry.objects.get(event=event)
        assert said in shown(client, reverse("admin:agencies_auditentry_change", args=[entry.pk]))
    client.force_login(here.people.chair)
    entry = AuditEntry.objects.get(event="panel.invited")
    own = shown(client, reverse("admin:agencies_auditentry_change", args=[entry.pk]))
    assert asked.email not in own, "addresses are for whoever looks after people"


def test_what_the_reader_may_not_see_keeps_its_number_and_no_name(world: World, here: Side, client: Client) -> None:
    theirs = world.there.plans.of_police
    audit.record("action.reworded", by=here.people.lead, about=theirs, partnership=here.partnership.pk)
    audit.record("second_factor.reset", by=here.people.lead, about=here.people.member, partnership=here.partnership.pk)
    page = shown(client, AUDIT)
    assert f"action {theirs.pk}" in page
    assert MARKER not in page
    assert f"person: {here.people.member}" in page
    assert reverse("admin:agencies_user_change", args=[here.people.member.pk]) not in page


def test_the_audit_is_narrowed_to_a_person_and_a_deed(here: Side, client: Client, granted: User) -> None:
    editing.describe_action(
        action=here.plans.of_police, by=here.people.coordinator, reference="9", change_expected="", agency_response=""
    )
    hers = AuditEntry.objects.filter(actor=f"user:{here.people.coordinator.pk}").count()
    assert counted(client, AUDIT, person=here.people.coordinator.pk) == hers == 2
    audit.record("review.exported", by=here.people.chair, about=here.plans.published, partnership=here.partnership.pk)
    assert counted(client, AUDIT, person=here.people.chair.pk) == 1
    assert counted(client, AUDIT, event="review.exported") == 1
    assert counted(client, AUDIT, event="review.exported", person=here.people.coordinator.pk) == 0
    assert "Action described" in shown(client, AUDIT)
    assert counted(client, AUDIT, q="colm brady") == 1
    assert counted(client, AUDIT, q="review exported") == 1
    assert counted(client, AUDIT, q="nobody of that name") == 0


def test_the_pages_that_were_opened_are_narrowed_to_a_person(world: World, here: Side, client: Client) -> None:
    lead = here.people.lead
    for asked in ({"person": lead.pk}, {"q": "Amara"}, {"q": lead.email}):
        assert counted(client, OPENED, **asked) == Opened.objects.filter(person_id=lead.pk).count() == 1
    assert counted(client, OPENED, person=here.people.chair.pk) == 0
    for foreign in (world.there.people.lead.pk, world.stranger.pk, "x"):
        assert counted(client, OPENED, person=foreign) == 0
    assert MARKER not in shown(client, OPENED, person=world.there.people.lead.pk)


def test_the_audit_asks_as_much_however_long_it_is(here: Side, client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(AUDIT).status_code == 200
        return len(queries)

    def enter() -> None:
        for row in (here.plans.of_police, here.plans.update, here.agencies.police, here.plans.published):
            audit.record("review.exported", by=here.people.lead, about=row, partnership=here.partnership.pk)

    enter()
    asked()
    before = asked()
    for _ in range(9):
        enter()
    assert asked() == before <= 25


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (AuditEntry.objects.all(), "audit_by_moment"),
        (AuditEntry.objects.filter(actor__in=["user:1", "user:2"]), "audit_by_whom"),
        (AuditEntry.objects.filter(partnership_id=1), "audit_by_partnership"),
        (Opened.objects.all(), "opened_by_day"),
        (Opened.objects.filter(person_id__in=[1, 2]), "opened_by_whom"),
        (Opened.objects.filter(partnership_id=1), "opened_by_partnership"),
    ],
)
def test_a_long_log_is_read_by_an_index(rows: Any, index: str) -> None:
    if connection.vendor == "postgresql":  # which reads and sorts a table of no rows rather than open an index
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_incremental_sort = off")
    assert index in rows.explain()
