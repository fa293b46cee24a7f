"""The first page of oversight: every number is the length of the list to which it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.roles import RoleCode
from reviews.admin import counts
from reviews.admin.overview import Cell, Overview, overview
from reviews.models import Action, Assignment, Claim, Part, Review
from reviews.projection import project
from reviews.statuses import SILENT_DAYS, Status
from tests.clock import NOON
from tests.factories import (
    TODAY,
    a_contact,
    a_member,
    a_recommendation,
    a_review,
    an_action,
    an_agency,
    an_assignment,
    an_update,
)
from tests.world import Side, World, days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is: what is kept for a moment would be an older test's."""
    monkeypatch.setattr(counts, "SLOW", float("inf"))


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in, with actions of every sort."""
    here = world.here
    client.force_login(here.people.coordinator)
    silent_joint = an_action(
        here.plans.recommendation,
        here.agencies.police,
        here.agencies.housing,
        text="Long since",
        target_date=days(-300),
    )
    Assignment.objects.filter(action=silent_joint).update(on=days(-400))
    an_update(silent_joint, here.agencies.police, here.people.member, on=days(-10), help_wanted="A room.")
    heard_of = an_action(here.plans.recommendation, here.agencies.health, status=Status.NOT_STARTED)
    Assignment.objects.filter(action=heard_of).update(on=days(-400), owner=here.people.health_lead.memberships.get())
    an_update(heard_of, here.agencies.health, here.people.health_lead, on=days(-SILENT_DAYS))
    project([silent_joint, heard_of])
    return here


def cells(found: Overview) -> Iterator[Cell]:
    yield from found.needs
    for plan in found.plans:
        yield plan.total
        yield from plan.cells
    yield from found.overdue
    yield from found.silent


def rows_behind(client: Client, cell: Cell) -> int:
    page = client.get(cell.href)
    assert page.status_code == 200, cell.href
    return int(page.context["cl"].result_count)


def test_every_number_is_that_of_the_rows_behind_it(here: Side, client: Client) -> None:
    found = list(cells(overview(here.people.coordinator, TODAY)))
    assert len([cell for cell in found if cell.count]) > 15, "else nothing is proved"
    for cell in found:
        assert cell.count == rows_behind(client, cell), (cell.words, cell.href)


def test_the_page_prints_these_numbers(here: Side, client: Client) -> None:
    page = client.get(reverse("admin:index")).content.decode()
    for cell in overview(here.people.coordinator, TODAY).needs:
        assert re.search(rf"<strong>{cell.count}</strong> <span>actions? {cell.words}</span>", page), cell
    assert "the longest since 27 February 2026" in page


def test_what_one_comes_to_do_is_on_the_first_page(here: Side, client: Client) -> None:
    page = client.get(reverse("admin:index")).content.decode()
    for name in ("planimport_add", "review_add", "run_next"):
        assert f'class="button" href="{reverse(f"admin:reviews_{name}")}"' in page
    assert "Bring in a plan</a>" in client.get(reverse("admin:reviews_planimport_changelist")).content.decode()
    client.force_login(here.people.member_of_group)
    page = client.get(reverse("admin:index")).content.decode()
    assert reverse("admin:reviews_planimport_add") not in page


def test_a_claim_waits_since_it_was_made_and_not_since_the_work_was_done(here: Side, client: Client) -> None:
    waiting = here.plans.awaiting
    waiting.updates.filter(claim__isnull=False).update(on=days(-1))
    Claim.objects.filter(update__action=waiting).update(completed_on=days(-200))
    project([waiting])
    waits = next(cell for cell in overview(here.people.coordinator, TODAY).needs if "claimed" in str(cell.words))
    assert waits.said == "the longest since 1 March 2026"
    rows = client.get(waits.href).context["cl"].result_list
    assert min(row.claimed for row in rows) == days(-1)


def test_who_wants_help_is_seen_until_they_report_without(here: Side) -> None:
    def asking() -> int:
        return next(cell.count for cell in overview(here.people.coordinator, TODAY).needs if "help" in str(cell.words))

    police, member = here.agencies.police, here.people.member
    assert asking() == 1, "the one above"
    an_update(here.plans.joint, police, member, on=days(-9), help_wanted="A room.")
    an_update(here.plans.joint, here.agencies.housing, member, on=days(-8))
    an_update(here.plans.of_police, police, member, on=days(-9), help_wanted="A lawyer.")
    assert asking() == 3
    an_update(here.plans.of_police, police, member, on=days(-1))
    assert asking() == 2
    Action.objects.filter(pk=here.plans.joint.pk).update(status=Status.COMPLETE)
    assert asking() == 1


def test_a_joint_lead_is_late_with_the_other(here: Side) -> None:
    found = overview(here.people.coordinator, TODAY)
    assert {cell.words for cell in found.overdue} == {"Borough Police", "Lantern Housing Association"}
    assert "the longest by 300 days" in {cell.said for cell in found.overdue}


def silent_agencies(here: Side) -> dict[str, int]:
    return {str(cell.words): cell.count for cell in overview(here.people.coordinator, TODAY).silent}


def test_an_agency_that_reports_ends_its_own_silence_and_no_other(here: Side) -> None:
    project([here.plans.joint])
    before = silent_agencies(here)
    an_update(here.plans.joint, here.agencies.police, here.people.member, on=days(-10))
    project([here.plans.joint])
    after = silent_agencies(here)
    assert after.pop("Borough Police") == before.pop("Borough Police") - 1
    assert after == before
    assert before["Lantern Housing Association"] == 2


def test_nobody_is_silent_before_the_plan_has_been_chased_for_as_long(here: Side) -> None:
    before = silent_agencies(here)
    Review.objects.update(chasing_from=days(-SILENT_DAYS))
    assert silent_agencies(here) == {}
    Review.objects.update(chasing_from=days(-SILENT_DAYS - 1))
    assert silent_agencies(here) == before


def test_who_owns_an_action_and_left_does_not_own_it(here: Side) -> None:
    def nobody_named() -> int:
        return next(cell.count for cell in overview(here.people.coordinator, TODAY).needs if "named" in str(cell.words))

    before, part = nobody_named(), here.plans.of_police.assignments.get()
    part.owner = here.people.member.memberships.get()
    part.save()
    assert nobody_named() == before - 1
    part.owner.until = days(-1)
    part.owner.save()
    assert nobody_named() == before
    part.owner, part.owner_contact = None, a_contact(here.agencies.police)
    part.save()
    assert nobody_named() == before - 1


def test_the_first_page_counts_nothing_of_the_twin(world: World, here: Side) -> None:
    total = sum(plan.total.count for plan in overview(here.people.coordinator, TODAY).plans)
    assert total == Action.objects.filter(review__partnership=here.partnership).count()
    everything = overview(world.superuser, TODAY)
    assert sum(plan.total.count for plan in everything.plans) == Action.objects.count()


def asked(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_first_page_and_list_ask_as_much_however_much_there_is(here: Side, client: Client) -> None:
    pages = (reverse("admin:index"), reverse("admin:reviews_action_changelist"))
    before = [asked(client, url) for url in pages]
    for number in range(4):
        review = a_review(here.partnership, reference=f"R{number}")
        agency = an_agency(here.partnership)
        a_member(RoleCode.AGENCY_LEAD, agency)
        for _ in range(3):
            action = an_action(a_recommendation(review), agency, target_date=days(-number - 1))
            an_assignment(action, here.agencies.health, part=Part.JOINT)
    after = [asked(client, url) for url in pages]
    assert after == before
    assert max(after) <= 20, after


def test_what_takes_long_to_count_is_kept_for_a_moment_and_says_so(
    here: Side, client: Client, monkeypatch: pytest.MonkeyPatch, time_machine
) -> None:
    time_machine.move_to(NOON, tick=False)
    assert "Counted at" not in client.get(reverse("admin:index")).content.decode()
    monkeypatch.setattr(counts, "SLOW", -1)
    kept = client.get(reverse("admin:index")).context["overview"]
    an_action(here.plans.recommendation, here.agencies.police, target_date=days(-1))
    page = client.get(reverse("admin:index"))
    assert page.context["overview"].needs == kept.needs
    assert "Counted at 12:00:00" in page.content.decode()
    cache.clear()  # as half a minute does
    assert client.get(reverse("admin:index")).context["overview"].needs[0].count == kept.needs[0].count + 1


def test_kept_counts_are_of_what_one_oversees_now(world: World, here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "SLOW", -1)
    assert overview(world.superuser, TODAY).needs[0].count > overview(here.people.coordinator, TODAY).needs[0].count
    assert overview(world.there.people.coordinator, TODAY).plans[0].review.partnership == world.there.partnership
    memberships.end(membership=here.people.coordinator.memberships.get(), by=EXAMPLE, on=TODAY)
    assert not overview(here.people.coordinator, TODAY).overdue
