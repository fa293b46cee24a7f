"""Words that were sent when they could not be taken in any more are kept, for whoever wrote them and nobody else."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import AuditEntry, User
from agencies.releasing import set_release
from portal.forms.progress import UpdateForm
from reviews import sent_words
from reviews.models import Action, Draft, Submission
from reviews.progress import Completion, Report
from reviews.statuses import Status
from tests.factories import TODAY, an_update
from tests.portal.conftest import SignedIn
from tests.portal.test_progress import a_pdf, claim, day, send, update
from tests.world import World, days

SAID = "Written for a quarter of an hour."


@pytest.fixture
def action(world: World) -> Action:
    """An action of the police, on which they reported once."""
    return world.here.plans.of_police


@pytest.fixture
def address(action: Action) -> str:
    return f"/actions/{action.pk}/update/"


@pytest.fixture
def author(world: World) -> User:
    return world.here.people.member


@pytest.fixture
def said(signed_in: SignedIn, author: User, action: Action, address: str) -> dict[str, Any]:
    """What somebody posts whose page was opened in time."""
    page = signed_in(author).get(address)
    return update(action, progress=SAID, stamp=page.context["stamp"], token=page.context["form"]["token"].value())


def words(page: Any) -> str:
    return page.content.decode()


def test_a_session_that_ended_while_writing_loses_nothing(
    world: World, signed_in: SignedIn, author: User, action: Action, address: str, said: dict[str, Any]
) -> None:
    page = Client().post(address, said, follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert "We kept what you wrote" in words(page)
    assert SAID not in words(page)
    for other in (world.here.people.lead, world.here.people.coordinator, world.superuser):
        for where in (address, "/actions/", f"/actions/{action.pk}/"):
            assert SAID not in words(signed_in(other).get(where))
    client = signed_in(author)
    page = client.get(address)
    assert "We kept what you wrote" in words(page)
    form = page.context["form"]
    assert form["progress"].value() == SAID
    again = {name: form[name].value() for name in ("token", "source")}
    send(client, address, update(action, progress=SAID) | again)
    assert action.updates.latest("pk").progress == SAID
    assert not Draft.objects.exists()


@pytest.mark.parametrize("left", [False, True])
def test_whose_files_came_too_late_is_told(address: str, author: User, said: dict[str, Any], left: bool) -> None:
    if left:
        memberships.end(membership=author.memberships.get(until=None), by=EXAMPLE, on=TODAY)
    page = Client().post(address, said | {"file": a_pdf()}, follow=True)
    assert ("The files that were chosen are not kept" if left else "Choose your files again") in words(page)
    without = words(Client().post(address, said, follow=True))
    assert "The files that were chosen" not in without
    assert "Choose your files again" not in without


@pytest.mark.parametrize("spoilt", ["", "nonsense", "old"])
def test_without_a_true_stamp_nothing_is_kept(address: str, said: dict[str, Any], spoilt: str) -> None:
    moment = dt.datetime.combine(days(8) if spoilt == "old" else TODAY, dt.time(12), tzinfo=dt.UTC)
    with time_machine.travel(moment):
        page = Client().post(address, said if spoilt == "old" else said | {"stamp": spoilt})
    assert page.status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.parametrize("waits", [False, True])
def test_what_is_written_after_the_form_was_sent_is_kept_as_another(
    world: World, signed_in: SignedIn, author: User, action: Action, address: str, said: dict[str, Any], waits: bool
) -> None:
    set_release(agency=world.here.agencies.police, required=waits, by=world.here.people.lead)
    send(signed_in(author), address, said)
    Client().post(address, said)
    assert not Draft.objects.exists(), "these are the very words that were sent"
    for more in ("And more.", "And still more."):
        assert "We kept" in words(Client().post(address, said | {"progress": more}, follow=True))
    draft = Draft.objects.get()
    assert draft.answers["progress"] == "And still more."
    assert str(draft.token) != said["token"]
    client = signed_in(author)
    form = client.get(address).context["form"]
    again = {name: form[name].value() for name in ("token", "source", "seen")}
    page = send(client, address, said | {"progress": "And still more."} | again)
    assert "Thank you" in words(page) or "Handed in" in words(page)
    assert Submission.objects.count() + action.updates.count() - 1 == 2


def test_a_claim_that_was_sent_is_not_kept_again(
    signed_in: SignedIn, author: User, action: Action, address: str, said: dict[str, Any]
) -> None:
    an_update(action, action.updates.get().agency, author, on=TODAY, next_steps="To come.")
    last = claim(action, stamp=said["stamp"], token=said["token"], next_steps="To come.")
    send(signed_in(author), address, last)
    assert action.updates.latest("pk").claim
    Client().post(address, last)
    assert not Draft.objects.exists()
    Client().post(address, last | {"what_changed": "More than was said."})
    assert Draft.objects.get().answers["what_changed"] == "More than was said."


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize(
    "changed",
    [
        {"next_review_on_month": "11"},
        {"on_day": "27", "on_month": "2"},
        {"link": "example.org/rota"},
        {"where_held": "Cabinet 5", "title": "Register"},
        {"on_day": "31", "on_month": "2"},
    ],
)
def test_what_differs_from_what_was_sent_by_a_day_or_a_place_alone_is_kept(
    world: World, signed_in: SignedIn, author: User, address: str, said: dict[str, Any], changed: dict, waits: bool
) -> None:
    set_release(agency=world.here.agencies.police, required=waits, by=world.here.people.lead)
    given = {"link": "example.org/register", "title": "Register", "status": Status.ONGOING.value}
    said |= given | day("next_review_on", dt.date(2026, 9, 1)) | day("on", days(-1))
    send(signed_in(author), address, said)
    same = {"next_review_on_month": "September", "on_day": f"{int(said['on_day']):02}"}
    Client().post(address, said | same)
    assert not Draft.objects.exists(), "the same days, otherwise written"
    Client().post(address, said | changed)
    assert Draft.objects.exists()


def test_what_was_added_to_a_claim_is_known_again_when_it_comes_late(
    world: World, signed_in: SignedIn, author: User
) -> None:
    action = world.here.plans.awaiting
    client, address = signed_in(author), f"/actions/{action.pk}/update/"
    form = client.get(address)
    said = {"progress": "The minutes came.", "status": "still"} | day("on", TODAY)
    said |= {"stamp": form.context["stamp"], "token": str(form.context["form"].form_token), "seen": "999999"}
    send(client, address, said)
    assert action.updates.latest("pk").progress == "The minutes came."
    Client().post(address, said)
    assert not Draft.objects.exists()


def test_everything_that_the_form_asks_is_compared() -> None:
    beside = {"file", "token", "seen", "source", "title", "link", "where_held"} | set(sent_words.TOLD[1:])
    assert set(UpdateForm.base_fields) - beside == set(sent_words.SAID)
    assert set(Report.__dataclass_fields__) | set(Completion.__dataclass_fields__) <= set(sent_words.SAID)


def test_words_kept_again_and_again_are_one_draft(address: str, said: dict[str, Any]) -> None:
    for number in range(3):
        Client().post(address, said | {"token": str(uuid.uuid4()), "progress": f"{number}"})
    assert Draft.objects.get().answers["progress"] == "2"
    assert AuditEntry.objects.filter(event="draft.kept").count() == 1


def test_the_stamp_of_one_opens_nothing_to_another(
    world: World, signed_in: SignedIn, author: User, action: Action, address: str, said: dict[str, Any]
) -> None:
    page = signed_in(world.here.people.lead).post(address, said)
    assert page.status_code == 403
    assert "opened by somebody else" in words(page)
    assert SAID not in words(page)
    assert action.updates.count() == 1
    draft = Draft.objects.get()
    assert (draft.author, draft.kind) == (author, Draft.Kind.KEPT)


def test_signing_in_anew_in_another_window_keeps_the_words(
    signed_in: SignedIn, author: User, action: Action, address: str, said: dict[str, Any]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(author).cookies
    page = client.post(address, said, follow=True)
    assert "We kept what you wrote" in words(page)
    assert page.context["form"]["progress"].value() == SAID
    assert action.updates.count() == 1
    assert client.post(address, said | {"stamp": ""}).status_code == 403


def test_a_dead_session_with_a_dead_csrf_token_too(address: str, said: dict[str, Any], author: User) -> None:
    page = Client(enforce_csrf_checks=True).post(address, said)
    assert page.headers["Location"].startswith("/accounts/login/")
    assert Draft.objects.get().author == author


def test_the_press_on_the_check_page_can_be_made_anew(signed_in: SignedIn, author: User, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(author).cookies
    assert client.post(f"{address}check/?agency=1", {}).headers["Location"] == f"{address}check/?agency=1"


def test_the_script_is_told_and_the_words_are_kept(action: Action, said: dict[str, Any], author: User) -> None:
    answer = Client().post(f"/actions/{action.pk}/draft/", said)
    assert answer.status_code == 401
    assert "is kept" in answer.json()["problem"]
    assert Draft.objects.get().author == author


class TestLeaver:
    """Locked out in the middle of a page, and her words are not lost."""

    @pytest.fixture(autouse=True)
    def left(self, author: User, said: dict[str, Any]) -> None:
        memberships.end(membership=author.memberships.get(until=None), by=EXAMPLE, on=TODAY)

    @pytest.mark.parametrize("is_signed_in", [True, False])
    def test_her_words_go_to_the_lead(
        self, world: World, signed_in: SignedIn, author: User, address: str, said: dict[str, Any], is_signed_in: bool
    ) -> None:
        page = (signed_in(author) if is_signed_in else Client()).post(address, said, follow=True)
        assert SAID not in words(page)
        assert page.status_code == 403
        assert "Your access to this action ended" in words(page)
        assert "sign in, and it is there" not in words(page)
        client = signed_in(world.here.people.lead)
        page = client.get(address)
        assert "Joel Marsh left words about this action" in words(page)
        assert SAID not in words(page)
        draft = Draft.objects.get()
        page = client.get(f"{address}?draft={draft.pk}")
        assert page.context["form"]["progress"].value() == SAID
        assert SAID not in words(signed_in(world.here.people.named).get(f"{address}?draft={draft.pk}"))

    def test_the_script_says_so_too(self, action: Action, said: dict[str, Any]) -> None:
        answer = Client().post(f"/actions/{action.pk}/draft/", said)
        assert (answer.status_code, "Your access to this action has ended" in answer.json()["problem"]) == (401, True)

    def test_one_page_leaves_one_draft_however_often_it_is_sent(self, address: str, said: dict[str, Any]) -> None:
        for number in range(3):
            Client().post(address, said | {"token": str(uuid.uuid4()), "progress": f"{number}"})
        assert Draft.objects.get().answers["progress"] == "2"
        assert AuditEntry.objects.filter(event="draft.kept").count() == 1

    def test_only_what_comes_first_is_taken_and_beside_what_the_lead_holds(
        self, action: Action, address: str, said: dict[str, Any], world: World
    ) -> None:
        lead, member = world.here.people.lead, world.here.people.member
        held = Draft.objects.create(
            action=action, agency=world.here.agencies.police, author=lead, written_by=member, kind=Draft.Kind.HANDED,
            token=said["token"], answers={"progress": "Before."}, saved_at=timezone.now(),
        )  # fmt: skip
        assert Client().post(address, said).status_code == 403
        for later in (dt.timedelta(minutes=3), dt.timedelta(hours=20)):
            with time_machine.travel(timezone.now() + later):
                page = Client().post(address, said | {"progress": "Written since."})
                answer = Client().post(f"/actions/{action.pk}/draft/", said | {"progress": "Written since."})
            assert (page.status_code, "is not kept" in words(page), "Written since." in words(page)) == (
                403,
                True,
                True,
            )
            assert (answer.status_code, "is not kept" in answer.json()["problem"]) == (401, True)
        held.refresh_from_db()
        assert held.answers["progress"] == "Before."
        assert sorted(draft.answers["progress"] for draft in Draft.objects.filter(author=lead)) == ["Before.", SAID]

    def test_nor_does_what_she_sends_come_again_when_the_lead_has_dealt_with_it(
        self, address: str, said: dict[str, Any]
    ) -> None:
        Client().post(address, said)
        Draft.objects.all().delete()
        assert "is not kept" in words(Client().post(address, said | {"progress": "Once more."}))
        assert not Draft.objects.exists()

    def test_a_form_older_than_any_session_brings_nothing(self, address: str, said: dict[str, Any]) -> None:
        with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
            page = Client().post(address, said)
        assert (page.status_code, "is not kept" in words(page)) == (403, True)
        assert not Draft.objects.exists()

    def test_where_the_agency_answers_no_more_they_go_to_the_coordinator(
        self, world: World, signed_in: SignedIn, author: User, action: Action, address: str, said: dict[str, Any]
    ) -> None:
        action.assignments.update(until=TODAY, ended_at=timezone.now())
        assert signed_in(author).post(address, said).status_code == 403
        assert Draft.objects.get().author == world.here.people.coordinator
        client = signed_in(world.here.people.coordinator)
        assert "a draft of yours here" in words(client.get(f"/actions/{action.pk}/"))
        assert SAID in words(client.get(address))
        assert signed_in(world.here.people.chair).get(address).status_code == 403
