"""The audit and the access log answer who did what to whom: by names, and narrowed to a person or a deed."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import audit, memberships
from agencies.log_lists import KINDS, MOST_PAGES
from agencies.models import AuditEntry, Opened, User
from agencies.roles import RoleCode
from reviews import editing, panel, progress, readers, sign_off
from tests.factories import TODAY, a_person
from tests.world import MARKER, Side, World

pytestmark = [pytest.mark.django_db, pytest.mark.either]

ROOT = Path(__file__).parents[2]
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
    ("url", "table"), [(AUDIT, AuditEntry._meta.db_table), (OPENED, Opened._meta.db_table)], ids=["audit", "opened"]
)
def test_no_page_of_a_log_counts_it_or_goes_through_it(here: Side, client: Client, url: str, table: str) -> None:
    lead = here.people.lead
    for number in range(120):
        audit.record("review.exported", by=lead, about=here.plans.published, partnership=here.partnership.pk)
        day = TODAY - dt.timedelta(days=number + 30)
        Opened.objects.create(
            person_id=lead.pk, on=day, about_kind="x", about_id=number, partnership_id=here.partnership.pk
        )
    seen: list[int] = []
    for asked in ({}, {"p": 2}, {"p": 3}, {"person": lead.pk}):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url, asked)
        reading = [query["sql"] for query in queries if f'FROM "{table}"' in query["sql"]]
        assert reading
        assert all(" LIMIT " in sql for sql in reading), reading
        assert not any(word in sql for sql in reading for word in ("COUNT(", "MIN(", "MAX(", "DISTINCT"))
        if "person" not in asked:
            seen += [row.pk for row in answer.context["cl"].result_list]
        assert (">Older<" in answer.content.decode()) == (asked.get("p") != 3)
        assert (">Newer<" in answer.content.decode()) == ("p" in asked)
    assert len(seen) == len(set(seen)) > 120
    assert "e=1" in client.get(url, {"p": MOST_PAGES + 1}).headers["Location"]


def test_a_log_is_turned_to_a_year_a_month_and_a_day(here: Side, client: Client) -> None:
    lead = here.people.lead.pk
    for day in (dt.date(2024, 5, 3), dt.date(2026, 1, 5)):
        Opened.objects.create(person_id=lead, on=day, about_kind="x", about_id=1, partnership_id=here.partnership.pk)

    def steps(**asked: int) -> list[str]:
        answer = client.get(OPENED, {f"on__{part}": number for part, number in asked.items()})
        return [step.title for step in answer.context["cl"].calendar()]

    with time_machine.travel(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC), tick=False):
        assert steps() == ["2024", "2025", "2026"]
        assert steps(year=2026) == ["All dates", "January", "February", "March"]
        assert len(steps(year=2024)) == 13
        assert steps(year=2026, month=3) == ["All dates", "2026", "1", "2"]
        assert len(steps(year=2024, month=2)) == 31
        assert steps(year=2024, month=5, day=3) == ["All dates", "2024", "May", "3"]
        page = client.get(OPENED, {"on__year": 2024, "on__month": 5, "person": lead})
        assert [row.on for row in page.context["cl"].result_list] == [dt.date(2024, 5, 3)]
        back = [step.link for step in page.context["cl"].calendar()]
        assert set(back[1].strip("?").split("&")) == {f"person={lead}", "on__year=2024"}
        assert back[0] == f"?person={lead}"
        for wrong in ({"on__year": 2024, "on__month": 13}, {"on__month": 20}, {"on__year": 2023, "on__day": "²"}):
            assert client.get(OPENED, wrong).status_code in (200, 302)


def test_the_audit_is_narrowed_to_a_kind_of_deed_that_the_code_knows(here: Side, client: Client) -> None:
    for event in ("review.exported", "review.created", "plan.added"):
        audit.record(event, by=here.people.lead, about=here.plans.published, partnership=here.partnership.pk)
    assert counted(client, AUDIT, event="review.") == 2
    assert "Remove" in shown(client, AUDIT, event="review.exported")
    assert counted(client, AUDIT, event="nothing of ours") == 0


def test_every_kind_of_event_is_offered_as_a_filter() -> None:
    recorded = set()
    for path in (file for app in ("agencies", "reviews", "portal") for file in (ROOT / app).rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            named = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if named.strip("_") in {"record", "audit"}:
                recorded |= {arg.value for arg in call.args if isinstance(arg, ast.Constant)}
    kinds = {event.partition(".")[0] for event in recorded if isinstance(event, str) and "." in event}
    assert len(kinds) > 15
    assert not kinds - set(KINDS)


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
