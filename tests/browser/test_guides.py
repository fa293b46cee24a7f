"""The pictures in the guides, taken of the example on a certain day by ``make pictures``.

Without its ``--pictures`` the same pages are opened and nothing is kept, so that no guide can show a page that is gone.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import User
from agencies.roles import RoleCode
from reviews.importing import staging
from reviews.models import Action, Review
from reviews.statuses import Status
from tests.browser.looking import axe_clean
from tests.factories import TODAY
from tests.reviews.importing.plans import the_report_as_xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCS = Path(__file__).resolve().parents[2] / "docs"
IMAGES = DOCS / "images"
DESK, TALL, PHONE = ({"width": width, "height": height} for width, height in ((1100, 760), (1100, 1000), (390, 760)))
Steps = Callable[[Page], object]


def at(address: str) -> Steps:
    """Open an address."""
    return lambda page: page.goto(address)


def the_review(reference: str, then: str = "", admin: bool = False) -> Steps:
    """Open a plan of the example, in the portal or in the admin site."""
    root = "/admin/reviews/review" if admin else "/reviews"
    return lambda page: page.goto(f"{root}/{Review.objects.get(reference=reference).pk}/{then}")


def the_claim(page: Page) -> object:
    """Open the action that waits for the group, in the admin site."""
    return page.goto(f"/admin/reviews/action/{Action.objects.get(status=Status.AWAITING).pk}/change/")


def the_decision(page: Page) -> object:
    """Record that the group agrees, with somebody in the group who belongs to the agency that claims."""
    action = Action.objects.get(status=Status.AWAITING)
    claimant = action.assignments.current().get().agency
    member = User.objects.filter(
        memberships__partnership=action.review.partnership_id, memberships__role="group_member"
    )
    memberships.grant(user=member.first(), role=RoleCode.AGENCY_OBSERVER, container=claimant, by=EXAMPLE, on=TODAY)
    return page.goto(f"/admin/reviews/action/{action.pk}/sign-off/")


def the_update(page: Page) -> object:
    """Write about an action on which the agency has reported before."""
    action = Action.objects.get(review__reference="DARDR-2025-1", reference="1.1")
    return page.goto(f"/actions/{action.pk}/update/")


def the_answers(page: Page) -> object:
    """Look at an update before it is sent."""
    the_update(page)
    page.get_by_label("What has been done").fill("All five teams have been briefed, and each officer carries the card.")
    page.get_by_label("What happens next").fill("Ask the inspectors in May how the card is used.")
    page.get_by_role("button", name="Continue").click()
    return expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()


def the_evidence(page: Page) -> object:
    """What shows an action to be done: a file and a link."""
    action = Action.objects.filter(evidence__kind="file").filter(evidence__kind="link").get()
    page.goto(f"/actions/{action.pk}/")
    return page.locator("#evidence").evaluate("part => part.scrollIntoView()")


def the_file_that_was_read(*then: str) -> Steps:
    """Give a plan to be read; then press these buttons, and look at the rows if there is one."""

    def steps(page: Page) -> object:
        page.goto("/admin/reviews/planimport/add/")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        data = the_report_as_xlsx()
        page.get_by_label("The plan as a file").set_input_files({"name": "q.xlsx", "mimeType": kind, "buffer": data})
        with page.expect_navigation():  # it is sent once the portal has said that one is still signed in
            page.get_by_role("button", name="Read the plan").click()
        for words in then:
            page.get_by_role("button", name=words).click()
        return page.locator("#rows").evaluate("rows => rows.scrollIntoView()") if then else None

    return steps


def the_corrected_file(page: Page) -> object:
    """A plan of the example as it goes out, corrected and without its last row, beside the review that it is of."""
    review, out = Review.objects.get(reference="DARDR-2025-1"), io.StringIO()
    call_command("export_plan", review.reference, partnership=review.partnership.code, extension="csv", stdout=out)
    rows = list(csv.reader(io.StringIO(out.getvalue())))[:-1]
    rows[1] = [cell.replace("Three of the five teams", "Four of the five teams") for cell in rows[1]]
    rows[3] = ["Ongoing" if cell == "In progress" else cell for cell in rows[3]]
    data = io.StringIO()
    csv.writer(data).writerows(rows)
    staged = staging.stage(
        partnership=review.partnership, name="plan.csv", data=data.getvalue().encode(), by=EXAMPLE, review=review
    )
    staging.speak_for(plan_import=staged, day=TODAY, by=EXAMPLE, on=TODAY)
    page.goto(f"/admin/reviews/planimport/{staged.pk}/change/")
    return page.locator("#compared").evaluate("part => part.scrollIntoView()")


#: Picture, the mailbox of who looks, how to get there, how wide.
PICTURES: dict[str, tuple[str, Steps, dict[str, int]]] = {
    "your-actions": ("police.lead", at("/actions/"), DESK),
    "your-actions-phone": ("police.lead", at("/actions/"), PHONE),
    "update-form": ("police.member", the_update, TALL),
    "check-your-answers": ("police.member", the_answers, DESK),
    "evidence": ("homes.lead", the_evidence, DESK),
    "update-report": ("chair", the_review("DHR-A", "report/"), DESK),
    "people": ("police.lead", at("/people/"), DESK),
    "people-of-the-partnership": ("coordinator", at("/people/"), DESK),
    "overview": ("coordinator", at("/admin/"), DESK),
    "claim": ("chair", the_claim, TALL),
    "sign-off": ("chair", the_decision, DESK),
    "bring-in": ("coordinator", at("/admin/reviews/planimport/add/"), DESK),
    "bring-in-date": ("coordinator", the_file_that_was_read(), DESK),
    "bring-in-rows": ("coordinator", the_file_that_was_read("Save the date and go on"), TALL),
    "bring-in-compared": ("coordinator", the_corrected_file, TALL),
    "who-is-mailed-next": ("coordinator", at("/admin/reviews/run/next/"), DESK),
}


@pytest.fixture
def example(transactional_db, time_machine) -> None:
    """The example on the day of the tests, so that a picture changes when its page does and not with the calendar."""
    time_machine.move_to(dt.datetime.combine(TODAY, dt.time(10), tzinfo=dt.UTC))
    call_command("load_example", verbosity=0)


def test_each_page_that_a_guide_shows_is_there(
    example, page: Page, come_as: Callable[[User], None], pytestconfig: pytest.Config
) -> None:
    for name, (mailbox, steps, size) in PICTURES.items():
        come_as(User.objects.get(email__startswith=f"{mailbox}@", email__regex="haringey|portal"))
        page.set_viewport_size(size)
        steps(page)
        page.evaluate("document.fonts.ready")
        axe_clean(page)
        if pytestconfig.getoption("pictures"):
            page.screenshot(path=IMAGES / f"{name}.png")


def test_every_picture_is_taken_here_and_shown_in_a_guide() -> None:
    shown = set()
    for guide in [*DOCS.glob("*.md"), DOCS.parent / "README.md"]:
        shown |= set(re.findall(r"images/([\w-]+)\.png", guide.read_text()))
    assert shown == set(PICTURES)
    assert shown == {path.stem for path in IMAGES.glob("*.png")}
