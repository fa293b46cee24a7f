"""Editing a plan in a meeting: the way from a review's page to its recommendations, actions, owners and mistakes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.parts import AT_A_TIME
from reviews.models import Action, Milestone, Recommendation
from tests.factories import TODAY, a_contact, a_recommendation
from tests.world import Side, World, days

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


def at(row: Any, verb: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{verb}", args=[row.pk])


def post(client: Client, row: Any, verb: str, **sent: Any) -> None:
    """Press the button of a form as it was shown, with some of it changed."""
    form = client.get(at(row, verb)).context["form"]
    kept = {name: form.initial.get(name) or "" for name in form.fields}
    answer = client.post(at(row, verb), kept | {"seen": form.seen or 0} | sent)
    assert answer.status_code == 302, answer.context["form"].errors


def test_a_plan_is_written_from_the_reviews_own_page(here: Side, client: Client) -> None:
    review = here.plans.published
    assert "Add a recommendation" in client.get(at(review, "change")).content.decode()
    post(client, review, "add_recommendation", text="Listen to families.", reference="9")
    added = Recommendation.objects.get(text="Listen to families.")
    post(
        client, added, "add_action", text="Name a person to ring", agency=here.agencies.health.pk, target_date=days(60)
    )
    action = Action.objects.get(text="Name a person to ring")
    assert action.target_date == days(60)
    post(client, action, "reword", text="Name two people to ring", reason="One is not enough.")
    post(client, action, "describe", reference="9.1")
    post(client, action, "add_milestone", text="The first is named", due_on=days(20))
    post(client, Milestone.objects.get(text="The first is named"), "achieve")
    page = client.get(at(action, "change")).content.decode()
    for words in ("Name two people to ring", "9.1", "The first is named"):
        assert words in page


def test_what_cannot_be_seen_or_turns_the_direction_is_left_out_of_what_is_written(here: Side, client: Client) -> None:
    written = "Ring \u202e\u05d3\u05d5\u05d3\u2069\u0007\r\nand \u0645\u06cc\u200c\u0631\u0648\u062f\0"
    post(client, here.plans.published, "add_recommendation", text=written, reference="9")
    assert (
        Recommendation.objects.get(reference="9").text
        == "Ring \u05d3\u05d5\u05d3\nand \u0645\u06cc\u200c\u0631\u0648\u062f"
    )


def test_what_stands_above_is_changed_by_a_press_on_the_same_page(here: Side, client: Client) -> None:
    review, (first, second) = here.plans.published, here.plans.published.recommendations.order_by("order")
    page = at(review, "change")
    assert f"{at(second, 'move_up')}?back={page}" in client.get(page).content.decode().replace("%2F", "/")
    answer = client.post(f"{at(second, 'move_up')}?back={page}", {"recommendations-TOTAL_FORMS": "2"})
    assert answer.url == page
    assert list(review.recommendations.order_by("order")) == [second, first]
    button = f"recommendations-{second.pk}-move_up"  # where the press leads back to, and so the keyboard with it
    shown = client.get(page).content.decode()
    assert f'id="{button}"' in shown
    assert f"%23{button}" in shown
    assert client.post(f"{at(second, 'move_down')}?back={page}%23{button}").url == f"{page}#{button}"


@pytest.mark.parametrize(
    "back", ["https://evil.example/admin/", "//evil.example", "/actions/", "/admin\\@evil.example"]
)
def test_a_press_leads_back_into_the_admin_site_only(back: str, here: Side, client: Client) -> None:
    second = here.plans.recommendation
    answer = client.post(f"{at(second, 'move_up')}?back={back}")
    assert answer.url == at(second, "change")


def test_who_may_not_edit_sees_no_button(world: World, client: Client) -> None:
    client.force_login(world.here.people.chair)
    assert "move-up" not in client.get(at(world.here.plans.published, "change")).content.decode()


def test_the_parts_of_a_row_come_a_page_at_a_time(here: Side, client: Client) -> None:
    for number in range(AT_A_TIME):
        a_recommendation(here.plans.published, text=f"Number {number}", order=100 + number)
    first = client.get(at(here.plans.published, "change")).content.decode()
    assert "Page 1 of 2" in first
    assert f"Number {AT_A_TIME - 1}" not in first
    second = client.get(at(here.plans.published, "change"), {"recommendation-page": "2"}).content.decode()
    assert f"Number {AT_A_TIME - 1}" in second
    for typed in ("0", "x", "9" * 31):
        assert client.get(at(here.plans.published, "change"), {"recommendation-page": typed}).status_code == 200


def test_somebody_is_named_and_the_part_is_handed_over(here: Side, client: Client) -> None:
    part, contact = here.plans.of_police.assignments.get(), a_contact(here.agencies.police, name="Pat Kettle")
    form = client.get(at(part, "owner")).context["form"]
    offered = [str(words) for _, words in form.fields["owner"].choices]
    assert "Pat Kettle (no account)" in offered
    assert not any("Lee Arden" in words or "Ira Quiet" in words for words in offered), "who left, and who is inactive"
    post(client, part, "owner", owner=f"contact-{contact.pk}")
    assert "Pat Kettle" in client.get(at(here.plans.of_police, "change")).content.decode()
    post(client, part, "change_part", part="supporting")
    new = here.plans.of_police.assignments.current().get()
    assert (new.part, new.owner_contact) == ("supporting", contact)
    post(client, new, "hand_over", agency=here.agencies.housing.pk)
    assert here.plans.of_police.assignments.current().get().agency == here.agencies.housing


def test_a_mistake_is_taken_back_with_a_reason_and_stays_struck_out(here: Side, client: Client) -> None:
    post(client, here.plans.of_police, "change_date", date=days(300), reason="x")
    row = here.plans.of_police.target_dates.latest()
    post(client, row, "void", reason="It was another action.")
    page = client.get(at(here.plans.of_police, "change")).content.decode()
    assert "form-row voided" in page
    assert "It was another action." in page
    assert "Take back" not in client.get(at(row, "change")).content.decode()
    post(client, here.plans.update, "void", reason="Sent twice.")
    here.plans.update.refresh_from_db()
    assert here.plans.update.void_reason == "Sent twice."


def test_what_is_added_begins_empty(here: Side, client: Client) -> None:
    adding = (
        (here.plans.published, "add_recommendation"),
        (here.plans.recommendation, "add_action"),
        (here.plans.of_police, "add_milestone"),
    )
    for row, verb in adding:
        assert client.get(at(row, verb)).context["form"].initial == {"on": TODAY}, verb
