"""Going through the claims that wait: the next is the next row of the list that this person may decide."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Agency
from agencies.parts import AT_A_TIME
from agencies.roles import RoleCode
from reviews.models import Action
from reviews.statuses import Status
from tests.factories import a_claim, an_update, join
from tests.world import Side, World, days

pytestmark = [pytest.mark.django_db, pytest.mark.either]

CLAIMS = "status__exact=awaiting"


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in. Two more claims wait: of health before, of housing after the police."""
    here = world.here
    claim(here.plans.of_health, here.agencies.health, days(-9))
    claim(here.plans.formerly_of_police, here.agencies.housing, days(-1))
    client.force_login(here.people.coordinator)
    return here


def claim(action: Action, agency: Agency, on: dt.date, completed: dt.date | None = None) -> None:
    """``agency`` says that ``action`` is complete."""
    update = an_update(action, agency, status=Status.AWAITING, on=on)
    a_claim(update, completed_on=completed or on)
    action.assignments.filter(agency=agency).update(status=Status.AWAITING)
    Action.objects.filter(pk=action.pk).update(status=Status.AWAITING, claimed_on=completed or on)


def decide(client: Client, action: Action, listed: str = CLAIMS) -> str:
    """Sign ``action`` off, opened in the list ``listed``; what the list says then."""
    at = f"{reverse('admin:reviews_action_sign_off', args=[action.pk])}?{urlencode({'_changelist_filters': listed})}"
    answer = client.post(at, {"decided_at": "Strategic Group", "on": days(0)}, follow=True)
    assert Action.objects.get(pk=action.pk).status == Status.COMPLETE
    return unescape(answer.content.decode())


def leads_to(said: str, action: Action) -> bool:
    """Whether the way to the next claim leads to ``action``."""
    way = re.search(r'href="([^"?]*)[^"]*">Next claim', said)
    return way is not None and way[1] == reverse("admin:reviews_action_change", args=[action.pk])


def test_the_next_claim_is_the_one_after_and_then_those_that_were_skipped(here: Side, client: Client) -> None:
    said = decide(client, here.plans.awaiting)
    assert leads_to(said, here.plans.formerly_of_police)
    assert "(2 more wait in this list)" in said
    assert leads_to(decide(client, here.plans.formerly_of_police), here.plans.of_health)
    assert "No more claims wait in this list." in decide(client, here.plans.of_health)


def test_a_claim_in_which_one_has_an_interest_is_passed_over(here: Side, client: Client) -> None:
    join(here.people.coordinator, RoleCode.AGENCY_MEMBER, here.agencies.health)
    assert leads_to(decide(client, here.plans.awaiting), here.plans.formerly_of_police)
    said = decide(client, here.plans.formerly_of_police)
    assert "Next claim" not in said
    assert "1 more waits in this list; you have an interest in it." in said


def test_only_claims_of_the_list_one_came_from_are_counted_and_opened(here: Side, client: Client) -> None:
    narrowed = f"{CLAIMS}&agency={here.agencies.health.pk}"
    said = decide(client, here.plans.of_health, narrowed)
    assert "No more claims wait in this list." in said
    unknown = f"{CLAIMS}&target_date__year=never&p=9"
    assert leads_to(decide(client, here.plans.awaiting, unknown), here.plans.formerly_of_police)


def test_the_list_is_in_the_order_of_the_day_that_its_column_shows(here: Side, client: Client) -> None:
    claim(here.plans.of_school, here.agencies.school, days(-2), completed=days(-400))
    page = client.get(f"{reverse('admin:reviews_action_changelist')}?{CLAIMS}").content.decode()
    plans = here.plans
    expected = [row.pk for row in (plans.of_health, plans.awaiting, plans.of_school, plans.formerly_of_police)]
    rows = list(dict.fromkeys(int(key) for key in re.findall(r"/reviews/action/(\d+)/change/", page)))
    assert rows == expected
    assert leads_to(decide(client, plans.awaiting), plans.of_school)


def test_the_list_is_kept_through_leaving_a_form_and_turning_the_pages_of_parts(here: Side, client: Client) -> None:
    action, kept = here.plans.awaiting, urlencode({"_changelist_filters": f"{CLAIMS}&p=2"})
    for number in range(AT_A_TIME):
        an_update(action, here.agencies.police, here.people.member, status="", on=days(-100 - number))
    shown = reverse("admin:reviews_action_change", args=[action.pk])
    form = client.get(f"{reverse('admin:reviews_action_sign_off', args=[action.pk])}?{kept}").content.decode()
    assert f'href="{shown}?{kept}" class="closelink"' in unescape(form)
    first = unescape(client.get(f"{shown}?{kept}").content.decode())
    assert f'href="?{kept}&progressupdate-page=2#' in first
    second = unescape(client.get(f"{shown}?{kept}&progressupdate-page=2").content.decode())
    assert f'href="?{kept}&progressupdate-page=1#' in second
    assert f"/sign-off/?{kept}" in second
    bare = client.get(reverse("admin:reviews_action_sign_off", args=[action.pk])).content.decode()
    assert f'href="{shown}" class="closelink"' in bare


def test_a_decision_leads_to_the_first_page_of_the_list(here: Side, client: Client) -> None:
    kept = urlencode({"_changelist_filters": f"{CLAIMS}&p=2"})
    at = f"{reverse('admin:reviews_action_sign_off', args=[here.plans.awaiting.pk])}?{kept}"
    answer = client.post(at, {"decided_at": "Strategic Group", "on": days(0)})
    assert answer.url == f"{reverse('admin:reviews_action_changelist')}?{CLAIMS}"
