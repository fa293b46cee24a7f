"""Counts: what a partnership's observers see, and that they see no words."""

from __future__ import annotations

from pytest_django import DjangoAssertNumQueries

from tests.portal.conftest import SignedIn
from tests.portal.many import many_actions
from tests.portal.test_actions import said
from tests.world import MARKER, World


def test_an_observer_starts_at_the_counts_of_their_partnership(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.here.people.partnership_observer)
    page = client.get("/", follow=True)
    assert page.request["PATH_INFO"] == "/counts/"
    (found,) = page.context["found"]
    assert found.partnership == world.here.partnership
    assert [row.review for row in found.rows] == [world.here.plans.published]
    assert (found.rows[0].counts.total, found.rows[0].counts.overdue, found.rows[0].counts.complete) == (9, 1, 1)
    assert (found.restricted, found.restricted_counts.total, found.total.total) == (1, 2, 11)
    assert 'aria-current="page"' in page.content.decode()


def test_counts_say_no_words_of_an_action_and_name_no_restricted_review(world: World, signed_in: SignedIn) -> None:
    words = said(signed_in(world.here.people.partnership_observer), "/counts/")
    assert "Adult A" in words
    plans = world.here.plans
    for hidden in (plans.restricted.title, plans.of_police.text, world.here.agencies.police.name, MARKER):
        assert hidden not in words


def test_counts_are_not_there_for_those_who_may_not_see_them(world: World, signed_in: SignedIn) -> None:
    for user in (world.stranger, world.here.people.lead, world.here.people.panel_reader):
        assert signed_in(user).get("/counts/").status_code == 404
    assert MARKER not in said(signed_in(world.here.people.chair), "/counts/")


def test_counts_cost_the_same_however_many_actions(
    world: World, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many_actions(world.here.plans.recommendation, [world.here.agencies.police], 100)
    client = signed_in(world.here.people.partnership_observer)
    with django_assert_max_num_queries(8):
        client.get("/counts/")
