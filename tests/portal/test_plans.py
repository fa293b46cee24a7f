"""Plans: who reads them as a whole, and what they say."""

from __future__ import annotations

import pytest
from django.test import Client

from reviews.models import PublishedName
from tests.factories import a_recommendation
from tests.portal.conftest import SignedIn
from tests.portal.test_actions import said
from tests.world import MARKER, World

pytestmark = pytest.mark.either


def test_overseers_list_every_plan_of_their_partnership(world: World, signed_in: SignedIn) -> None:
    words = said(signed_in(world.here.people.member_of_group), "/reviews/")
    assert "Adult A" in words
    assert "Adult B" in words
    assert MARKER not in words


def test_a_panel_reader_lists_their_review_alone(world: World, signed_in: SignedIn) -> None:
    words = said(signed_in(world.here.people.panel_reader), "/reviews/")
    assert "Adult B" in words
    assert "Adult A" not in words


def test_agencies_list_no_plan(world: World, signed_in: SignedIn) -> None:
    for user in (world.here.people.lead, world.here.people.named, world.stranger):
        assert "There is no plan here" in said(signed_in(user), "/reviews/")


def test_the_list_counts_what_each_plan_holds(world: World, signed_in: SignedIn) -> None:
    rows = signed_in(world.here.people.chair).get("/reviews/").context["rows"]
    counts = {row.review.title: row.counts for row in rows}
    assert (counts["Adult A"].total, counts["Adult A"].overdue, counts["Adult A"].awaiting) == (9, 1, 1)
    assert counts["Adult B"].total == 2


def test_a_plan_opens_to_those_who_read_it_whole(world: World, signed_in: SignedIn) -> None:
    plans, people = world.here.plans, world.here.people
    address = f"/reviews/{plans.restricted.pk}/"
    for user in (people.coordinator, people.member_of_group, people.panel_reader, world.superuser):
        assert "Call the family" in said(signed_in(user), address)
    for user in (people.named, people.lead, people.partnership_observer, world.there.people.coordinator):
        assert signed_in(user).get(address).status_code == 404


def test_a_plan_stands_in_its_order_with_its_counts(world: World, signed_in: SignedIn) -> None:
    page = signed_in(world.here.people.chair).get(f"/reviews/{world.here.plans.published.pk}/")
    assert [group.recommendation.text for group in page.context["groups"]] == [
        "Share what is known.",
        "Train all staff.",
    ]
    standing = page.context["tally"]
    assert standing.total == 9
    assert {late.value: number for late, number in standing.by_lateness.items()} == {
        "no_date": 3,
        "on_time": 2,
        "due_soon": 2,
        "overdue": 1,
    }
    assert sum(standing.by_status.values()) == 9


def test_filters_narrow_a_plan(world: World, signed_in: SignedIn) -> None:
    address = f"/reviews/{world.here.plans.published.pk}/"
    client = signed_in(world.here.people.chair)
    words = said(client, f"{address}?lateness=overdue")
    assert "Train the officers" in words
    assert "Write the guide" not in words
    assert "No action fits these filters" in said(client, f"{address}?text=nowhere")


def test_a_recommendation_without_action_is_not_forgotten(world: World, signed_in: SignedIn) -> None:
    review = world.here.plans.published
    a_recommendation(review, text="Tell every school.")
    assert "Tell every school." in said(signed_in(world.here.people.chair), f"/reviews/{review.pk}/")


def test_a_panel_reads_published_names_only(world: World, signed_in: SignedIn) -> None:
    review = world.here.plans.restricted
    PublishedName.objects.create(review=review, agency=world.here.agencies.health, name="Trust Z")
    panel, overseer = (
        said(signed_in(user), f"/reviews/{review.pk}/")
        for user in (world.here.people.panel_reader, world.here.people.chair)
    )
    assert "Trust Z" in panel
    assert "Riverside" not in panel
    assert "Riverside Health Trust" in overseer


@pytest.mark.parametrize(
    ("who", "address"),
    [("member", "/actions/"), ("coordinator", "/reviews/"), ("panel_reader", "/reviews/")],
)
def test_everybody_starts_where_their_work_is(world: World, signed_in: SignedIn, who: str, address: str) -> None:
    client: Client = signed_in(getattr(world.here.people, who))
    assert client.get("/").url == address
    assert signed_in(world.stranger).get("/").status_code == 200
