"""A coordinator brings a plan in through the pages: looks through it, mends it, confirms it; at a desk, on a phone."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from agencies.models import User
from reviews.models import HeadingMeaning, PlanImport, Review
from tests.browser.conftest import WIDTHS
from tests.browser.looking import axe_clean, fits, look, open_page
from tests.reviews.importing import plans
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


def explain_a_heading(page: Page) -> None:
    page.get_by_text("Change what a heading means").click()
    page.get_by_label("“Next Steps”").select_option("What is in the way")
    page.get_by_role("button", name="Read the plan again so").click()
    expect(page.get_by_text("The plan was read again so")).to_be_visible()


def type_before_the_page_is_whole(page: Page) -> None:
    """As somebody quick does: the form is there, and what comes with the page is not."""
    late = "**/*.js"
    page.route(late, lambda route: (time.sleep(0.5), route.continue_()))
    page.goto(page.url, wait_until="commit")
    page.get_by_label("Title of the new review").fill("Adult Q, typed and not saved")
    posts = []
    page.on("request", lambda request: posts.append(request.method))
    page.get_by_role("link", name="All rows (7)").click()
    page.wait_for_url("**show=all**")
    assert posts.count("POST") == 1
    page.unroute(late)
    page.locator("a[href^='?show=']:not([aria-current])").first.click()
    page.wait_for_url(lambda url: "show=all" not in url)
    page.get_by_role("link", name="All rows (7)").click()
    page.wait_for_url("**show=all**")
    assert posts.count("POST") == 1, "what nobody has typed is not sent"


def take_a_status(page: Page) -> None:
    row = page.locator("#row-6")
    row.get_by_label("Status of row 6").select_option("Ongoing")
    row.get_by_role("button", name="Take this for row 6").click()
    expect(row.get_by_text("Mended")).to_be_visible()


def mend_and_leave_out(page: Page) -> None:
    page.get_by_text("Mend row 7").click()
    page.locator("#row-7").get_by_label("Recommendation").fill("To ask both groups. To be sure that practices ask.")
    look(page, "bring-in-mend")
    page.get_by_role("button", name="Save row 7").click()
    page.get_by_text("Split row 7 in two").click()
    page.get_by_role("button", name="Split row 7 here").click()
    expect(page.get_by_text("Choose where the second row begins.")).to_be_visible()
    look(page, "bring-in-row-refused")
    page.get_by_role("link", name="Back without saving").click()
    page.get_by_role("button", name="Leave row 2 out").click()
    expect(page.get_by_role("link", name="The rows that are not taken, with why")).to_be_visible()
    page.get_by_role("button", name="Put row 2 back").click()


def test_a_coordinator_brings_a_plan_in_and_mends_it(page: Page, come_as, tmp_path):
    world = make_world()
    come_as(world.here.people.coordinator)
    file = tmp_path / "adult-q.xlsx"
    file.write_bytes(plans.the_report_as_xlsx())
    open_page(page, "/admin/reviews/planimport/add/")
    look(page, "bring-in-file")
    page.get_by_role("button", name="Read the plan").click()
    expect(page.get_by_text("Choose the plan’s file, or paste its text").first).to_be_visible()
    page.get_by_label("The plan as a file").set_input_files(file)
    page.get_by_role("button", name="Read the plan").click()

    expect(page.get_by_text("7 rows were read")).to_be_visible()
    look(page, "bring-in-date")
    page.get_by_role("button", name="Save the date and go on").click()
    expect(page.get_by_text("It speaks for 31 March 2019")).to_be_visible()
    look(page, "bring-in-preview")

    explain_a_heading(page)
    assert HeadingMeaning.objects.filter(partnership=world.here.partnership, heading="next steps").exists()

    type_before_the_page_is_whole(page)
    expect(page.get_by_role("link", name="All rows (7)")).to_have_attribute("aria-current", "true")
    expect(page.get_by_label("Title of the new review")).to_have_value("Adult Q, typed and not saved")
    page.get_by_label("Title of the new review").fill("Adult Q, typed again")
    take_a_status(page)
    expect(page.get_by_label("Title of the new review")).to_have_value("Adult Q, typed again")
    mend_and_leave_out(page)

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


@pytest.mark.parametrize(("way", "width", "script"), [("docx", "desk", False), ("pasted", "phone", True)])
def test_the_founding_plan_goes_from_file_to_live_plan(
    browser: Browser, live_server, come_as, context, way: str, width: str, script: bool
):
    sample = SAMPLES / ("haringey-adult-a-2016.docx" if way == "docx" else "haringey-adult-a-2016.txt")
    if not sample.exists():
        pytest.skip("the founding plan is not beside the repository")
    come_as(User.objects.get(pk=make_world().here.people.coordinator.pk))
    size = {"width": WIDTHS[width], "height": 900}
    mine = browser.new_context(base_url=live_server.url, viewport=size, java_script_enabled=script, locale="en-GB")
    mine.set_default_timeout(15_000)
    mine.add_cookies(context.cookies())  # type: ignore[arg-type]
    page = mine.new_page()
    page.goto("/admin/reviews/planimport/add/")
    if way == "docx":
        page.get_by_label("The plan as a file").set_input_files(sample)
    else:
        page.get_by_label("or paste the plan’s text").fill(sample.read_text())
    page.get_by_role("button", name="Read the plan").click()
    expect(page.get_by_text("28 rows were read")).to_be_visible()
    page.get_by_role("button", name="Save the date and go on").click()

    page.get_by_text("Split row 15 in two").click()
    page.locator("#row-15").get_by_role("radio").first.check()
    page.get_by_role("button", name="Split row 15 here").click()
    expect(page.get_by_role("heading", name="Row 15, part 2")).to_be_visible()
    if script:
        axe_clean(page)
        fits(page)
    page.get_by_label("Make a new agency of each name that is not decided").check()
    page.get_by_role("button", name="Bring in the plan").click()
    expect(page.get_by_text("Nothing was mailed")).to_be_visible()
    assert PlanImport.objects.latest("pk").review.actions.count() == 29
    mine.close()
