"""How the forms of the admin ask: days as people write them, problems in plain words, and a way back."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
import pytest
from django.test import Client
from django.urls import reverse

from reviews.models import Action, PlanImport
from tests.world import Side, World, days

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


def address(verb: str, row: Any) -> str:
    """Where something is done to a row."""
    return reverse(f"admin:reviews_{row._meta.model_name}_{verb}", args=[row.pk])


def test_a_day_is_typed_as_day_month_and_year(here: Side, client: Client) -> None:
    action, day = here.plans.of_police, days(400)
    page = client.get(address("change_date", action)).content.decode()
    assert 'type="date"' not in page
    assert f"{action.target_date:%-d %B %Y}" in page
    typed = {"date_day": day.day, "date_month": f"{day:%b}", "date_year": day.year, "on": days(0), "reason": "Later."}
    half = client.post(address("change_date", action), {**typed, "date_year": ""}).content.decode()
    assert "The date must include a year" in half
    assert 'href="#id_date_day"' in half
    client.post(address("change_date", action), typed)
    assert Action.objects.get(pk=action.pk).target_date == day


def of_group(page: str, box: str) -> str:
    """What names and describes the group of boxes round this box, as a screen reader says it."""
    tree = lxml.html.fromstring(page)
    (group,) = tree.xpath(f'//*[@role="group"][.//input[@id="{box}"]]')
    said = f"{group.get('aria-labelledby')} {group.get('aria-describedby', '')}".split()
    return " ".join(tree.get_element_by_id(part).text_content().strip() for part in said)


def test_the_hint_and_the_errors_of_a_day_describe_its_boxes(here: Side, client: Client) -> None:
    at = address("describe", here.plans.published)
    page = client.get(at).content.decode()
    assert of_group(page, "id_published_on_day") == "Published on: This alone lets nobody read more."
    assert of_group(page, "id_report_on_day") == "Overview report completed on:"
    wrong = client.post(at, {"published_on_day": "31", "published_on_month": "2", "published_on_year": "2016"})
    said = of_group(wrong.content.decode(), "id_published_on_day")
    assert said.startswith("Published on: This alone lets nobody read more.")
    assert "Enter a real date" in said


def test_a_day_that_settles_a_row_of_a_plan_is_asked_for_as_any_other(here: Side, client: Client) -> None:
    plan = PlanImport.objects.get(partnership=here.partnership)
    page = client.get(address("change", plan)).content.decode()
    (day, month, year) = lxml.html.fromstring(page).xpath(
        '//input[starts-with(@name, "target_date_")][starts-with(@id, "choose")]'
    )
    assert of_group(page, day.get("id")).startswith("The day for ")
    assert [box.get("maxlength") for box in (day, month, year)] == ["2", "9", "4"]
    assert [box.get("inputmode") for box in (day, month, year)] == ["numeric", None, "numeric"]


def test_a_link_may_name_the_whole_day(here: Side, client: Client) -> None:
    at = reverse("admin:reviews_run_next")
    page = client.get(at, {"on": days(30).isoformat()}).content.decode()
    box = re.search(r'<input[^>]*id="id_on_day"[^>]*>', page)
    assert box is not None
    assert f'value="{days(30).day}"' in box[0]
    assert "Enter a real date, like 28 2 2016" in client.get(at, {"on": "31 February"}).content.decode()


def test_what_is_wrong_is_said_in_words(here: Side, client: Client) -> None:
    page = client.post(address("change_date", here.plans.of_police), {}).content.decode()
    assert "Fill in “Why it changes”" in page
    assert "Give a date for “New target date”" in page
    assert "This field is required" not in page
    arrange = reverse("admin:agencies_partnership_arrange_reminders", args=[here.partnership.pk])
    page = client.post(arrange, {"hour": "24", "time_zone": "Europe/London", "daily_cap": "0"}).content.decode()
    assert "From what hour of the day: Enter 23 or less." in page
    assert "Most messages in one day: Enter 1 or more." in page


def test_every_form_has_a_way_back(here: Side, client: Client) -> None:
    action = here.plans.of_police
    page = client.get(address("change_date", action)).content.decode()
    assert f'<a href="{address("change", action)}" class="closelink">Leave it as it is</a>' in page
    page = client.get(reverse("admin:reviews_review_add")).content.decode()
    assert f'<a href="{reverse("admin:reviews_review_changelist")}" class="closelink">Back without adding</a>' in page


def test_who_will_be_mailed_next_shows_the_day_that_it_speaks_for(here: Side, client: Client) -> None:
    page = client.get(reverse("admin:reviews_run_next")).content.decode()
    (run, *_) = client.get(reverse("admin:reviews_run_next")).context["runs"]
    box = re.search(r'<input[^>]*id="id_on_day"[^>]*>', page)
    assert box is not None
    assert f'value="{run.on.day}"' in box[0]
