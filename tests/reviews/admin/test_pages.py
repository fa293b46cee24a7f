"""Pages of Django admin by themselves: what is pressed twice, what is typed into an address, what a list puts first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.actors import EXAMPLE
from reviews import plans
from reviews.models import Action, TargetDate
from tests.factories import TODAY
from tests.walking import admin_pages, admin_urls
from tests.world import Side, World

pytestmark = pytest.mark.django_db
HUGE = ("9" * 31, "9223372036854775808", "-9223372036854775809", "9999-12-31", "²")


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


def shown(client: Client, action: Action) -> dict[str, Any]:
    """The form of a new target date, filled."""
    form = client.get(reverse("admin:reviews_action_change_date", args=[action.pk])).context["form"]
    marks = {"seen": form.seen, "press": form.mark}
    return {"date": "2027-01-01", "reason": "The trainer left.", "on": TODAY.isoformat(), **marks}


def test_pressed_three_times_a_date_is_changed_once(here: Side, client: Client) -> None:
    action = here.plans.of_police
    url, sent = reverse("admin:reviews_action_change_date", args=[action.pk]), shown(client, action)
    before = TargetDate.objects.count()
    for _ in range(3):
        assert client.post(url, sent).status_code == 302
    assert TargetDate.objects.count() == before + 1


def test_who_comes_second_is_told_what_the_first_did_and_may_still_do_it(here: Side, client: Client) -> None:
    action = here.plans.of_police
    url, sent = reverse("admin:reviews_action_change_date", args=[action.pk]), shown(client, action)
    plans.change_target_date(action=action, date=dt.date(2027, 6, 1), by=EXAMPLE, on=TODAY, reason="x")
    before = TargetDate.objects.count()
    answer = client.post(url, sent)
    assert "Somebody did something else here" in answer.content.decode()
    assert TargetDate.objects.count() == before
    assert client.post(url, sent | {"seen": answer.context["form"].seen}).status_code == 302
    assert TargetDate.objects.count() == before + 1


@pytest.mark.parametrize("typed", HUGE)
def test_no_filter_breaks_over_what_is_typed(typed: str, world: World, client: Client) -> None:
    client.force_login(world.here.people.coordinator)
    for _, model_admin, prefix in admin_pages():
        for item in model_admin.list_filter:
            if isinstance(item, type):
                names = [str(item.parameter_name)]
            else:
                path = item if isinstance(item, str) else item[0]
                names = [f"{path}__exact", f"{path}__id__exact", f"{path}__isnull"]
            for name in names:
                code = client.get(reverse(f"{prefix}changelist"), {name: typed}).status_code
                assert code in (200, 302, 400, 403), (prefix, name)
        if period := model_admin.date_hierarchy:
            for part in ("year", "month", "day"):
                code = client.get(reverse(f"{prefix}changelist"), {f"{period}__{part}": typed}).status_code
                assert code in (200, 302, 400, 403), (prefix, part)


@pytest.mark.parametrize("year", ["9999", "1", "0", "-1", "1899", "3000", "nine"])
def test_a_list_by_days_knows_only_years_that_can_be(year: str, here: Side, client: Client) -> None:
    lists = [
        (reverse(f"{prefix}changelist"), str(own.date_hierarchy))
        for _, own, prefix in admin_pages()
        if own.date_hierarchy
    ]
    assert len(lists) >= 4
    for url, period in lists:
        for more in ({}, {f"{period}__month": "12"}, {f"{period}__month": "1", f"{period}__day": "1"}):
            answer = client.get(url, {f"{period}__year": year} | more)
            assert (answer.status_code, answer.headers["Location"]) == (302, f"{url}?e=1"), (period, more)
        assert client.get(url, {f"{period}__year": str(TODAY.year), f"{period}__month": "12"}).status_code == 200


def test_no_row_has_a_number_of_31_digits(world: World, here: Side, client: Client) -> None:
    for url, row in admin_urls(here):
        if row is not None:
            assert client.get(url.replace(f"/{row.pk}/", f"/{HUGE[0]}/")).status_code == 404, url


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2026-02-31", "9" * 31])
def test_who_is_mailed_next_is_asked_for_a_day_near_by(typed: str, here: Side, client: Client) -> None:
    page = client.get(reverse("admin:reviews_run_next"), {"on": typed})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_the_list_of_actions_begins_with_what_is_overdue_longest(here: Side, client: Client) -> None:
    page = client.get(reverse("admin:reviews_action_changelist"))
    assert page.context["cl"].result_list[0] == here.plans.of_police_overdue
    assert list(page.context["cl"].list_display) == ["label", "what", "plan", "leads", "status", "day", "late"]


def test_a_row_shows_no_empty_fields_and_no_key_of_ours(here: Side, client: Client) -> None:
    page = client.get(reverse("admin:reviews_action_change", args=[here.plans.of_police.pk])).content.decode()
    assert "Target date" in page
    for left_out in ("Sort key", "Completed on, as claimed", "The agency's response"):
        assert left_out not in page


def test_what_an_agency_told_the_coordinator_is_recorded_in_the_portal(here: Side, client: Client) -> None:
    action = here.plans.of_police
    page = client.get(reverse("admin:reviews_action_change", args=[action.pk])).content.decode()
    assert reverse("action-update", args=[action.pk]) in page
    client.force_login(here.people.chair)
    page = client.get(reverse("admin:reviews_action_change", args=[action.pk])).content.decode()
    assert reverse("action-update", args=[action.pk]) not in page
    assert reverse("action-detail", args=[action.pk]) in page


def test_an_agencys_page_says_whether_its_updates_wait_and_leads_to_where_that_is_set(
    here: Side, world: World, client: Client
) -> None:
    page = reverse("admin:agencies_agency_change", args=[here.agencies.police.pk])
    for way in ("agency-release", "people-agency"):
        assert reverse(way, args=[here.agencies.police.pk]) in client.get(page).content.decode()
    assert "A lead releases each update" in client.get(page).content.decode()
    client.force_login(here.people.member_of_group)
    assert reverse("agency-release", args=[here.agencies.police.pk]) not in client.get(page).content.decode()
