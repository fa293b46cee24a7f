"""Update this action, say that it is complete, give evidence: with scripts and without, at a desk and on a phone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from agencies.models import User
from agencies.releasing import set_release
from reviews import drafts
from reviews.models import Action, Draft
from reviews.statuses import Status
from tests.browser.looking import axe_clean, look
from tests.factories import TODAY, a_submission, an_update
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Come = Callable[[User], None]


@pytest.fixture
def world(transactional_db) -> World:
    """The standing cast, where the browser's server sees it too."""
    return make_world()


@pytest.fixture
def action(world: World) -> Action:
    """An action of the police, on which they reported once."""
    return world.here.plans.of_police


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    """A file such as an agency gives."""
    path = tmp_path / "training register.pdf"
    path.write_bytes(b"%PDF-1.7\n%%EOF\n")
    return path


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def context(request: pytest.FixtureRequest, browser: Browser, live_server) -> Iterator[BrowserContext]:
    """A browser that runs scripts, then one that does not."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="en-GB",
        java_script_enabled=request.param,
        viewport={"width": 375, "height": 800},
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


def test_an_update_with_evidence_from_list_to_history(
    page: Page, world: World, action: Action, come_as: Come, a_file: Path
) -> None:
    come_as(world.here.people.member)
    page.goto("/actions/")
    page.get_by_role("link", name="Write the guide").click()
    page.get_by_role("link", name="Update this action").click()
    expect(page.get_by_label("What has been done")).to_have_value("The guide is half written.")
    page.get_by_label("What has been done").fill("The guide is printed.")
    page.get_by_label("Ongoing").check()
    page.get_by_label("Files").set_input_files([a_file])
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="An ongoing action needs the date when it is next reviewed.").click()
    review = page.get_by_role("group", name="When is it next reviewed?")
    review.get_by_label("Day").fill("1")
    review.get_by_label("Month").fill("june")
    review.get_by_label("Year").fill("2031")
    expect(page.get_by_label("What has been done")).to_have_value("The guide is printed.")
    expect(page.get_by_role("button", name="Remove training register.pdf")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send the update").click()
    expect(page.get_by_text("Your update is sent. Thank you.")).to_be_visible()
    expect(page.get_by_role("heading", name="Borough Police reported progress").first).to_be_visible()
    expect(page.get_by_text("1 June 2031")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="training register.pdf", exact=True).click()
    assert download.value.path().read_bytes() == a_file.read_bytes()


def test_a_claim_then_waits_for_the_group(page: Page, world: World, action: Action, come_as: Come) -> None:
    come_as(world.here.people.lead)
    page.goto(f"/actions/{action.pk}/")
    page.get_by_role("link", name="Say that it is complete").click()
    page.get_by_label("What has been done").fill("Printed and handed out.")
    done = page.get_by_role("group", name="When was it complete?")
    for label, value in (("Day", TODAY.day), ("Month", TODAY.month), ("Year", TODAY.year)):
        done.get_by_label(label).fill(str(value))
    page.get_by_label("What changed because of it").fill("Every officer has it.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Say that it is complete").click()
    expect(page.get_by_text("now looks at it")).to_be_visible()
    expect(page.get_by_role("link", name="Say that it is complete")).to_have_count(0)
    action.refresh_from_db()
    assert action.status == Status.AWAITING


def test_a_draft_waits_for_its_author(page: Page, world: World, action: Action, come_as: Come) -> None:
    come_as(world.here.people.member)
    page.goto(f"/actions/{action.pk}/update/")
    page.get_by_label("What has been done").fill("Half a thought")
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_role("link", name="Go on with your draft").click()
    expect(page.get_by_label("What has been done")).to_have_value("Half a thought")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send the update").click()
    expect(page.get_by_text("Your update is sent. Thank you.")).to_be_visible()
    assert not Draft.objects.exists()


def test_evidence_is_given_and_withdrawn(page: Page, world: World, action: Action, come_as: Come) -> None:
    come_as(world.here.people.member)
    page.goto(f"/actions/{action.pk}/evidence/add/")
    page.get_by_label("Where it is held").fill("With the training team")
    page.get_by_label("What it shows").fill("Training register")
    page.get_by_role("button", name="Add the evidence").click()
    page.get_by_role("link", name="Withdraw Training register").click()
    page.get_by_label("Why is it withdrawn?").fill("The wrong year")
    page.get_by_role("button", name="Withdraw this evidence").click()
    expect(page.get_by_text(re.compile("Withdrawn on .*: The wrong year"))).to_be_visible()


class TestLooks:
    """Each page and state, looked at with scripts."""

    @pytest.fixture
    def context(self, browser: Browser, live_server) -> Iterator[BrowserContext]:
        """An ordinary browser."""
        context = browser.new_context(base_url=live_server.url, locale="en-GB")
        context.set_default_timeout(10_000)
        yield context
        context.close()

    def test_forms(self, page: Page, world: World, action: Action, come_as: Come) -> None:
        come_as(world.here.people.member)
        for name in ("update", "claim", "evidence/add"):
            page.goto(f"/actions/{action.pk}/{name}/")
            look(page, f"action-{name.replace('/', '-')}")
        page.goto(f"/evidence/{world.here.plans.evidence.pk}/withdraw/")
        look(page, "evidence-withdraw")

    def test_forms_with_problems(self, page: Page, world: World, action: Action, come_as: Come) -> None:
        come_as(world.here.people.member)
        page.goto(f"/actions/{action.pk}/claim/")
        page.get_by_role("group", name="When was it complete?").get_by_label("Day").fill("31")
        page.get_by_text("More to say").click()
        page.get_by_label("A link").fill("nonsense")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        look(page, "action-claim-wrong")

    def test_what_came_meanwhile(self, page: Page, world: World, action: Action, come_as: Come) -> None:
        come_as(world.here.people.lead)
        page.goto(f"/actions/{action.pk}/update/")
        page.get_by_label("What has been done").fill("The guide is printed.")
        an_update(action, world.here.agencies.police, world.here.people.member, progress="Joel was quicker.", on=TODAY)
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Joel was quicker.")).to_be_visible()
        look(page, "action-update-overtaken")
        page.get_by_role("button", name="Send the update").click()
        expect(page.get_by_text("Your update is sent. Thank you.")).to_be_visible()

    def test_what_waits_for_release(self, page: Page, world: World, action: Action, come_as: Come) -> None:
        police = world.here.agencies.police
        set_release(agency=police, required=True, by=world.here.people.lead)
        row = a_submission(action, police, world.here.people.member)
        come_as(world.here.people.lead)
        for name, address in {
            "release-agency": f"/agencies/{police.pk}/release/",
            "release-one": f"/submissions/{row.pk}/",
            "action-waiting": f"/actions/{action.pk}/",
        }.items():
            page.goto(address)
            look(page, name)

    def test_a_draft_and_words_that_somebody_left(
        self, page: Page, world: World, action: Action, come_as: Come
    ) -> None:
        people, police = world.here.people, world.here.agencies.police
        for author in (people.member, people.lead):
            drafts.save_draft(
                action=action, agency=police, by=author, answers={"progress": "Half of it."}, token=uuid.uuid4()
            )
        drafts.hand_over_drafts(of=people.member, to=people.lead, agency=police, by=people.lead)
        come_as(people.lead)
        page.goto(f"/actions/{action.pk}/update/")
        expect(page.get_by_text("You have a draft.")).to_be_visible()
        look(page, "action-update-drafts")
        page.get_by_role("link", name="Throw this draft away").click()
        look(page, "draft-discard")
        page.goto("/drafts/")
        look(page, "draft-list")
        page.goto(f"/updates/{an_update(action, police, people.lead, on=TODAY).pk}/take-back/")
        look(page, "update-take-back")

    def test_a_screen_reader_hears_of_the_first_save_of_a_failure_and_of_its_end(
        self, page: Page, world: World, action: Action, come_as: Come
    ) -> None:
        come_as(world.here.people.member)
        page.goto(f"/actions/{action.pk}/update/")
        said, aloud = page.locator("[data-saved]"), page.locator("[role=status][data-aloud]")
        page.evaluate(
            """() => new MutationObserver(() => (window.announced = (window.announced || 0) + 1))
                .observe(document.querySelector("[data-aloud]"), { childList: true })"""
        )

        def write(words: str) -> None:
            page.get_by_label("What has been done").fill(words)
            page.get_by_label("What happens next").focus()

        write("One")
        expect(said).to_contain_text("Saved at")
        expect(aloud).to_have_text("Your draft is saved. It is saved again as you write.")
        with page.expect_response("**/draft/?agency=*"):
            write("Two")
        expect(said).to_contain_text("Saved at")
        page.route("**/draft/?agency=*", lambda route: route.fulfill(body="no answer of ours"))
        write("Three")
        expect(aloud).to_contain_text("Not saved")
        page.unroute("**/draft/?agency=*")
        write("Four")
        expect(aloud).to_contain_text("Your draft is saved.")
        assert page.evaluate("window.announced") == 3

    def test_words_that_were_typed_before_the_script_came_are_kept_too(
        self, page: Page, world: World, action: Action, come_as: Come
    ) -> None:
        come_as(world.here.people.member)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/writing*.js", hold)
        page.goto(f"/actions/{action.pk}/update/", wait_until="commit")
        page.get_by_label("What has been done").fill("Early")
        assert page.locator("[data-saved]").inner_text() == ""
        held[0].continue_()
        page.wait_for_load_state()
        page.get_by_label("What happens next").focus()
        expect(page.locator("[data-saved]")).to_contain_text("Saved at")
        assert Draft.objects.get().answers["progress"] == "Early"

    def test_where_there_is_no_form(self, page: Page, world: World, come_as: Come) -> None:
        come_as(world.here.people.coordinator)
        page.goto(f"/actions/{world.here.plans.joint.pk}/update/")
        expect(page.get_by_text("For which of them do you write?")).to_be_visible()
        look(page, "action-update-which-agency")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_label("Who told you?")).to_be_visible()
        page.goto(f"/actions/{world.here.plans.complete.pk}/update/")
        expect(page.get_by_text("This action is closed (Complete)")).to_be_visible()
        axe_clean(page)
