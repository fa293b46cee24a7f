"""A coordinator brings a plan in through the pages: looks through it, mends it, confirms it; at a desk, on a phone."""

import pytest
from playwright.sync_api import Page, expect

from reviews.models import PlanImport, Review
from tests.browser.looking import look, open_page
from tests.reviews.importing import plans
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_coordinator_brings_a_plan_in_and_mends_it(page: Page, come_as, tmp_path):
    world = make_world()
    come_as(world.here.people.coordinator)
    file = tmp_path / "adult-q.xlsx"
    file.write_bytes(plans.the_report_as_xlsx())
    open_page(page, "/admin/reviews/planimport/add/")
    look(page, "bring-in-file")
    page.get_by_label("The plan as a file").set_input_files(file)
    page.get_by_role("button", name="Read the plan").click()

    expect(page.get_by_text("7 rows were read")).to_be_visible()
    look(page, "bring-in-preview")
    page.get_by_text("Mend row 6 or leave it out").click()
    page.locator("#row-6").get_by_label("Status").select_option("ongoing")
    look(page, "bring-in-mend")
    page.get_by_role("button", name="Save row 6").click()
    expect(page.locator("#row-6").get_by_text("Mended")).to_be_visible()

    page.get_by_label("Title of the new review").fill("Adult Q")
    page.get_by_label("“Advice on Alcohol (AOA)”, in 2 rows, is").select_option("Riverside Health Trust")
    page.get_by_label("Make a new agency of each name that is not decided").check()
    page.get_by_role("button", name="Bring in the plan").click()
    expect(page.get_by_text("Nothing was mailed")).to_be_visible()
    look(page, "bring-in-done")
    review = Review.objects.get(title="Adult Q")
    assert review.actions.count() == len(plans.REPORT)
    assert PlanImport.objects.get(review=review).confirmed_by == world.here.people.coordinator
    assert review.actions.order_by("order")[5].status == "ongoing"
