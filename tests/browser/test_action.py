"""Your actions, one action, and plans, as they look at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import User
from reviews import plans, sign_off
from reviews.models import Milestone, ProgressUpdate
from tests.browser.looking import fits, look, picture
from tests.factories import TODAY, a_recommendation, an_action, an_update
from tests.world import World, days, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Come = Callable[[User], None]
LONG = "Donaudampfschifffahrtsgesellschaft" * 8


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


def test_your_actions(page: Page, world: World, come_as: Come) -> None:
    come_as(world.here.people.two_agencies)
    page.goto("/")
    expect(page.get_by_role("heading", name="Your actions")).to_be_visible()
    look(page, "your-actions")
    page.goto("/actions/?text=nothing+like+it&status=complete")
    look(page, "your-actions-none-fit")


def test_nobodys_actions(page: Page, world: World, come_as: Come) -> None:
    come_as(world.stranger)
    page.goto("/actions/")
    look(page, "your-actions-none")


def test_an_action_with_everything_on_it(page: Page, world: World, come_as: Come) -> None:
    here, action = world.here, world.here.plans.joint
    by, on = here.people.coordinator, days(-20)
    plans.change_target_date(action=action, date=days(10), by=by, on=days(-90), reason="")
    plans.change_target_date(
        action=action, date=days(40), by=by, on=on, reason="Staff left.", asked_by=here.agencies.health,
        agreed_by="Strategic Group, 3 February",
    )  # fmt: skip
    Milestone.objects.create(
        action=action,
        text="Draft agreed",
        due_on=days(-5),
        achieved_on=days(-8),
        achieved_recorded_at=timezone.now(),
        on=on,
    )
    Milestone.objects.create(action=action, text="Signed", due_as_written="by the spring", on=on)
    an_update(action, here.agencies.police, here.people.member, obstacles="No lawyer.", help_wanted="A lawyer.")
    wrong = an_update(action, here.agencies.police, here.people.member, progress="Meant for another action.")
    ProgressUpdate.objects.filter(pk=wrong.pk).update(voided_at=timezone.now(), void_reason="Wrong action")
    come_as(here.people.member)
    page.goto(f"/actions/{action.pk}/")
    expect(page.get_by_role("link", name="Update this action")).to_be_visible()
    look(page, "action")


def test_an_action_that_was_sent_back(page: Page, world: World, come_as: Come) -> None:
    action = world.here.plans.awaiting
    come_as(world.here.people.chair)
    page.goto(f"/actions/{action.pk}/")
    look(page, "action-awaiting")
    sign_off.send_back(
        action=action, by=world.here.people.coordinator, on=TODAY, reason="Show it.", decided_at="The March meeting"
    )
    page.reload()
    expect(page.get_by_text("Show it.")).to_be_visible()
    look(page, "action-returned")


def test_words_without_end_stay_on_the_page(page: Page, world: World, come_as: Come) -> None:
    police = world.here.agencies.police
    action = an_action(
        a_recommendation(world.here.plans.published, text=LONG, addressee=LONG[:400]), police, text=LONG,
        target_as_written=LONG[:250],
    )  # fmt: skip
    an_update(action, police, progress=LONG, next_steps=LONG)
    for user, address in (
        (world.here.people.member, "/actions/"),
        (world.here.people.member, f"/actions/{action.pk}/"),
        (world.here.people.member, f"/actions/{action.pk}/update/"),
        (world.here.people.chair, f"/reviews/{action.review_id}/"),
    ):
        come_as(user)
        page.goto(address)
        fits(page)


def test_plans(page: Page, world: World, come_as: Come) -> None:
    come_as(world.here.people.coordinator)
    page.goto("/")
    expect(page.get_by_role("heading", name="Plans")).to_be_visible()
    look(page, "plans")
    page.get_by_role("link", name="Adult A").click()
    expect(page.get_by_role("heading", name="How it stands")).to_be_visible()
    look(page, "plan")
    page.get_by_role("link", name="Complete", exact=True).click()
    expect(page.get_by_role("link", name="Publish a leaflet")).to_be_visible()
    expect(page.get_by_role("link", name="Write the guide")).to_have_count(0)
    come_as(world.here.people.partnership_observer)
    page.goto("/")
    expect(page.get_by_role("heading", name="How the plans stand")).to_be_visible()
    look(page, "counts")


def test_a_plan_prints_without_what_is_only_for_the_screen(page: Page, world: World, come_as: Come) -> None:
    come_as(world.here.people.coordinator)
    page.goto(f"/reviews/{world.here.plans.published.pk}/")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Show")).to_be_hidden()
    expect(page.get_by_text("Train the officers")).to_be_visible()
    picture(page, "plan-printed")
