"""A coordinator brings a corrected file into the review that an earlier one made: what changes, and what is what."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import look, open_page
from tests.factories import TODAY
from tests.reviews.importing.files import a_file, a_row, brought_in
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = [
    a_row(
        reference="1",
        recommendation="The partnership should ask families what would have helped them.",
        action="Hold a day for families each spring, with a report to the group.",
        action_reference="1.1",
        status="in_progress",
        progress="A hall was found.",
        target_date="2026-06-30",
    ),
    a_row(reference="2", recommendation="Share what is known.", action="Sign the protocol.", action_reference="2.1"),
    a_row(reference="3", recommendation="Learn from it.", action="Train the staff.", action_reference="3.1"),
    a_row(reference="4", recommendation="Tell the public.", action="Print a leaflet.", action_reference="4.1"),
]


def test_a_coordinator_brings_a_corrected_file_in(page: Page, come_as):
    world = make_world()
    review = brought_in(world, PLAN, on=TODAY - dt.timedelta(days=30))
    rows = [
        {**PLAN[0], "action": "Hold a day for families each autumn, with a report to the group.", "status": "ongoing"},
        a_row(recommendation="Share what is known with all.", action="Agree how to share.", place="Plan!A7"),
        {**PLAN[2], "agencies": ["Riverside Health Trust"], "target_date": "2026-09-30"},
    ]
    plan = a_file(world, rows, review, choices={"dated": True})
    come_as(world.here.people.coordinator)
    open_page(page, f"/admin/reviews/planimport/{plan.pk}/change/")
    expect(page.locator("#compared").get_by_text("2 changed")).to_be_visible()
    look(page, "bring-in-compared")
    page.locator("#same-2").select_option("new")
    page.locator("#left-3").check()
    page.get_by_role("button", name="Save what is said of these rows").click()
    expect(page.locator("#compared").get_by_text("1 new")).to_be_visible()
    look(page, "bring-in-compared-said")
    page.get_by_role("button", name="Bring in the plan").click()
    expect(page.get_by_text("Nothing was mailed")).to_be_visible()
    assert review.actions.count() == 5
    assert review.actions.get(reference="1.1").status == "ongoing"
