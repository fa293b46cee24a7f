"""A long plan on its way: the page says how far it is by itself, and is there when it is done; then it is undone."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.actors import COMMAND
from reviews import parts, readers
from reviews.importing import confirming, work
from reviews.models import PlanImport
from tests.browser.looking import look, open_page
from tests.factories import TODAY
from tests.reviews.importing.files import a_file, a_row
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_plan_on_its_way_says_how_far_it_is_and_is_undone_once_nobody_has_built_on_it(page: Page, come_as):
    world = make_world()
    plan = a_file(world, [a_row(recommendation=f"Listen to family {n}.", action=f"Hold day {n}.") for n in range(8)])
    confirming.begin(plan_import=plan, by=world.here.people.coordinator, on=TODAY)
    own = PlanImport.objects.filter(pk=plan.pk)
    come_as(world.here.people.coordinator)
    open_page(page, f"/admin/reviews/planimport/{plan.pk}/change/")
    expect(page.get_by_role("status")).to_contain_text("0 of 8 rows are done")
    look(page, "import-on-its-way")
    own.update(done=3)
    expect(page.get_by_role("status")).to_contain_text("3 of 8 rows are done", timeout=15_000)
    assert page.locator("progress").evaluate("bar => bar.value") == 3

    own.update(done=0, lease_until=timezone.now())
    work.go_on(plan.pk)
    expect(page.get_by_text("With it came 8 recommendations, 8 actions.")).to_be_visible(timeout=15_000)
    look(page, "import-done")

    plan.refresh_from_db()
    assert plan.review is not None
    action = plan.review.actions.get(text="Hold day 3.")
    owner = world.here.people.lead.memberships.get(until=None)
    readers.name_reader(review=plan.review, user=owner.user, agency=world.here.agencies.police, by=COMMAND)
    parts.give_owner(assignment=action.assignments.get(), by=COMMAND, owner=owner)
    page.get_by_role("link", name="Undo bringing this plan in").click()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("Agencies and owners that were changed (1)")).to_be_visible()
    look(page, "import-built-on")
    parts.give_owner(assignment=action.assignments.get(), by=COMMAND)
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("That was undone on")).to_be_visible()
    look(page, "import-undone")
    assert not plan.review.actions.exists()
