"""Nothing that is written is lost, and nothing is sent twice: drafts, the check, two at once, files that wait."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client

from reviews import drafts, plans, waiting_files
from reviews.models import Action, Draft, Evidence, StagedFile
from tests.factories import TODAY, an_update
from tests.portal.conftest import SignedIn
from tests.portal.test_progress import PDF, a_pdf, claim, press, problems, send, stored_files, update
from tests.world import World, days


@pytest.fixture
def action(world: World) -> Action:
    """An action of the police, on which they reported once."""
    return world.here.plans.of_police


@pytest.fixture
def client(world: World, signed_in: SignedIn) -> Client:
    """Somebody of the police."""
    return signed_in(world.here.people.lead)


@pytest.fixture
def address(action: Action) -> str:
    return f"/actions/{action.pk}/update/"


def words(page: Any) -> str:
    return page.content.decode()


class TestDraft:
    """What is kept for later."""

    def test_it_is_kept_as_typed_and_offered_to_its_author_alone(
        self, world: World, client: Client, signed_in: SignedIn, action: Action, address: str
    ) -> None:
        said = {"progress": "Half a thou", "draft": "1", "next_review_on_day": "40", "file": a_pdf()}
        page = client.post(address, said, follow=True)
        assert "Only you can see it" in words(page)
        assert "Go on with your draft" in words(page)
        assert "You have a draft" in words(client.get("/actions/"))
        page = client.get(address)
        form = page.context["form"]
        assert form["progress"].value() == "Half a thou"
        assert form["next_review_on"].value() == ["40", "", ""]
        assert "register.pdf" in words(page)
        colleague = signed_in(world.here.people.member)
        afresh = client.get(f"{address}?afresh=1").context["form"]["progress"].value()
        assert afresh == colleague.get(address).context["form"]["progress"].value() == "The guide is half written."
        for who in (world.here.people.member, world.here.people.coordinator, world.superuser):
            for page in (address, f"/actions/{action.pk}/", f"{address}?draft={Draft.objects.get().pk}"):
                assert "Half a thou" not in words(signed_in(who).get(page))
        assert action.updates.count() == 1

    def test_what_was_cleared_stays_cleared(self, client: Client, action: Action, address: str) -> None:
        client.post(address, update(action, next_steps="", draft="1"))
        form = client.get(address).context["form"]
        assert (form["progress"].value(), form["next_steps"].value()) == ("The guide is printed.", None)
        claiming = client.get(f"/actions/{action.pk}/claim/").context["form"]
        assert (claiming["progress"].value(), claiming["status"].value()) == ("The guide is printed.", "awaiting")

    def test_the_script_keeps_it_and_says_when(self, client: Client, action: Action) -> None:
        saved = client.post(f"/actions/{action.pk}/draft/", {"progress": "By the script", "token": uuid.uuid4()})
        assert saved.json() == {"saved": "12:00pm"}
        assert Draft.objects.get().answers["progress"] == "By the script"
        too_long = client.post(f"/actions/{action.pk}/draft/", {"progress": "x" * 200_001})
        assert (too_long.status_code, list(too_long.json())) == (400, ["problem"])
        assert Draft.objects.get().answers["progress"] == "By the script"

    def test_it_can_be_thrown_away_with_its_files(self, client: Client, address: str) -> None:
        before = stored_files()
        client.post(address, {"progress": "Never mind", "draft": "1", "file": a_pdf()})
        assert stored_files() != before
        discard = f"/drafts/{Draft.objects.get().pk}/discard/"
        asked = words(client.get(discard))
        assert "Throw this draft away?" in asked
        assert "Never mind" in asked
        assert Draft.objects.exists()
        client.post(discard)
        assert (Draft.objects.count(), StagedFile.objects.count()) == (0, 0)

    def test_the_one_that_is_shown_is_thrown_away_and_no_other(
        self, world: World, client: Client, action: Action, address: str
    ) -> None:
        kept = {"action": action, "agency": world.here.agencies.police, "of": world.here.people.lead}
        drafts.keep_unsent(**kept, token=uuid.uuid4(), answers={"progress": "Unseen"})
        Draft.objects.update(saved_at=dt.datetime.combine(days(-1), dt.time(12), tzinfo=dt.UTC))
        client.post(address, {"progress": "Never mind", "draft": "1"})
        page = client.get(address)
        discard = f"/drafts/{page.context['draft'].pk}/discard/"
        assert discard in words(page)
        client.post(discard)
        assert [draft.answers["progress"] for draft in Draft.objects.all()] == ["Unseen"]

    def test_what_was_written_stays_readable_when_the_agency_answers_no_more(
        self, world: World, client: Client, signed_in: SignedIn, action: Action, address: str
    ) -> None:
        here = world.here
        client.post(address, {"progress": "Of no use now", "draft": "1"})
        secret = here.plans.restricted_of_police
        kept = {"action": secret, "agency": here.agencies.police, "of": here.people.lead, "token": uuid.uuid4()}
        drafts.keep_unsent(**kept, answers={"progress": "Of a restricted review"})
        page = client.get("/drafts/")
        assert f"{address}?agency={here.agencies.police.pk}&amp;draft=" in words(page)
        part = action.assignments.get(agency=here.agencies.police)
        plans.end_assignment(assignment=part, by=here.people.coordinator, on=TODAY)
        page = words(client.get("/drafts/"))
        assert "Of no use now" in page
        assert address not in page
        for hidden in ("Of a restricted review", secret.review.reference, secret.words):
            assert hidden not in page
        assert "Of no use now" not in words(signed_in(here.people.member).get("/drafts/"))
        draft = Draft.objects.get(action=action)
        assert signed_in(here.people.member).post(f"/drafts/{draft.pk}/discard/").status_code == 404
        client.post(f"/drafts/{draft.pk}/discard/")
        assert not Draft.objects.filter(action=action).exists()

    def test_a_day_left_at_today_moves_on_with_the_draft(
        self, world: World, client: Client, signed_in: SignedIn, action: Action, address: str
    ) -> None:
        client.post(address, update(action) | {"draft": "1"})
        with time_machine.travel(days(2)):
            assert signed_in(world.here.people.lead).get(address).context["form"]["on"].value() == days(2)

    def test_a_save_that_was_under_way_does_not_bring_back_what_was_sent(
        self, client: Client, action: Action, address: str
    ) -> None:
        said = update(action, token=str(uuid.uuid4()))
        send(client, address, said)
        assert client.post(f"/actions/{action.pk}/draft/", said).status_code == 409
        assert not Draft.objects.exists()


class TestCheck:
    """The update is shown as it will stand."""

    def test_it_shows_what_will_be_sent_and_sends_nothing_yet(
        self, client: Client, action: Action, address: str
    ) -> None:
        page = client.post(address, update(action, file=a_pdf(), obstacles="No paper."), follow=True)
        for said in ("Check your answers", "The guide is printed.", "register.pdf", "No paper.", "2 March 2026"):
            assert said in words(page)
        assert "#id_obstacles" in words(page)
        assert action.updates.count() == 1
        back = client.get(address).context["form"]
        assert back["obstacles"].value() == "No paper."
        press(client, page)
        assert action.updates.count() == 2
        assert not Draft.objects.exists()

    def test_without_a_draft_it_leads_to_the_form(self, client: Client, action: Action, address: str) -> None:
        page = client.get(f"{address}check/", follow=True)
        assert page.redirect_chain[-1][0].startswith(address)
        page = client.post(f"{address}check/", {"token": "nonsense"}, follow=True)
        assert "Nothing was sent." in words(page)
        assert action.updates.count() == 1

    def test_what_changed_in_another_window_is_shown_before_it_goes(
        self, client: Client, action: Action, address: str
    ) -> None:
        said = update(action, token=str(uuid.uuid4()))
        page = client.post(address, said, follow=True)
        with time_machine.travel(dt.datetime.combine(TODAY, dt.time(12, 5), tzinfo=dt.UTC)):
            client.post(f"/actions/{action.pk}/draft/", said | {"progress": "From the other window."})
            page = press(client, page)
            assert "changed in another window" in words(page)
            assert "From the other window." in words(page)
            assert action.updates.count() == 1

    def test_a_draft_that_cannot_be_sent_yet_leads_back_to_what_is_wrong(
        self, client: Client, action: Action, address: str
    ) -> None:
        client.post(address, update(action, status="") | {"draft": "1"})
        page = client.get(f"{address}check/", follow=True)
        assert "Choose where the action stands" in problems(page)


class TestTwice:
    """A double press, the back button, a reload."""

    def test_pressing_twice_and_going_back_lead_to_the_same_update(
        self, client: Client, action: Action, address: str
    ) -> None:
        said = update(action, token=str(uuid.uuid4()))
        page = client.post(address, said | {"file": a_pdf()}, follow=True)
        for _ in range(2):
            assert "Your update is sent" in words(press(client, page))
        again = client.post(address, said, follow=True)  # the back button, then the form once more
        assert again.redirect_chain[-1][0] == f"/actions/{action.pk}/"
        assert action.updates.count() == 2
        assert action.updates.latest("pk").evidence.count() == 1

    def test_going_back_and_writing_something_else_is_another_update(
        self, client: Client, action: Action, address: str
    ) -> None:
        said = update(action, token=str(uuid.uuid4()))
        send(client, address, said)
        page = client.post(address, said | {"progress": "And handed out."}, follow=True)
        assert "Check your answers" in words(page)
        assert "Sent while you were writing" not in words(page)
        press(client, page)
        assert action.updates.count() == 3

    def test_sending_in_one_window_while_the_other_is_saved_is_no_fault(
        self, client: Client, action: Action, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = update(action, token=str(uuid.uuid4()))
        send(client, address, said)
        sent_from, asked = drafts.sent_from, iter([None])  # not yet, when the page first asks
        monkeypatch.setattr(drafts, "sent_from", lambda *which: next(asked, sent_from(*which)))
        page = client.post(address, said, follow=True)
        assert "Your update is sent" in words(page)
        assert action.updates.count() == 2

    def test_claiming_twice_claims_once(self, client: Client, action: Action) -> None:
        said = claim(action, token=str(uuid.uuid4()))
        page = client.post(f"/actions/{action.pk}/claim/", said, follow=True)
        for _ in range(2):
            assert "now looks at it" in words(press(client, page))
        assert action.updates.filter(claim__isnull=False).count() == 1
        assert "already said that this action is complete" in words(client.get(f"/actions/{action.pk}/claim/"))

    def test_adding_evidence_twice_adds_it_once(self, client: Client, action: Action) -> None:
        for _ in range(2):
            client.post(f"/actions/{action.pk}/evidence/add/", {"file": a_pdf(), "token": str(uuid.uuid4())})
        assert Evidence.objects.filter(action=action, kind="file").count() == 1


class TestTwoPeople:
    """Somebody else was quicker."""

    def test_both_texts_are_shown_and_the_author_decides(
        self, world: World, client: Client, action: Action, address: str
    ) -> None:
        mine = update(action)
        page = client.post(address, mine, follow=True)
        an_update(action, world.here.agencies.police, world.here.people.member, progress="Joel was quicker.", on=TODAY)
        page = press(client, page)
        assert "Joel was quicker." in words(page)
        assert "The guide is printed." in words(page)
        assert action.updates.count() == 2
        writing = client.get(address)  # keep writing: theirs above, mine in the form
        assert "Joel was quicker." in words(writing)
        assert writing.context["form"]["progress"].value() == "The guide is printed."
        assert "Your update is sent" in words(press(client, page))
        assert action.updates.count() == 3


class TestFiles:
    """Files wait until the form is sent."""

    def test_they_stay_when_the_form_comes_back(self, client: Client, action: Action, address: str) -> None:
        files = [a_pdf(), a_pdf("poster.pdf", PDF + b"%2")]
        page = client.post(address, update(action, status="", file=files))
        assert "Choose where" in problems(page)
        assert "poster.pdf" in words(page)
        said = update(action, token=page.context["form"]["token"].value())
        send(client, address, said)
        assert action.updates.latest("pk").evidence.count() == 2
        assert not StagedFile.objects.exists()

    def test_one_that_cannot_be_kept_leaves_the_others(self, client: Client, action: Action, address: str) -> None:
        page = client.post(address, update(action, file=[a_pdf(), a_pdf("bad.pdf", b"no")]))
        assert "not what its name says" in problems(page)
        assert [file.file_name for file in page.context["waiting"]] == ["register.pdf"]
        assert action.updates.count() == 1

    def test_the_words_are_kept_before_any_file_is_looked_at(
        self, client: Client, action: Action, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting_files, "checked", lambda file: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            client.post(address, update(action, file=a_pdf()))
        assert Draft.objects.get().answers["progress"] == "The guide is printed."

    def test_one_can_be_taken_out_again(self, client: Client, action: Action, address: str) -> None:
        page = client.post(address, update(action, status="", file=a_pdf()))
        file = StagedFile.objects.get()
        said = update(action, token=page.context["form"]["token"].value(), remove=str(file.pk))
        client.post(address, said)
        assert not StagedFile.objects.exists()

    def test_the_script_sends_each_by_itself(self, world: World, client: Client, signed_in: SignedIn, action: Action):
        token, files = str(uuid.uuid4()), f"/actions/{action.pk}/files/"
        told = client.post(files, {"token": token, "file": a_pdf()}).json()
        assert told == {"pk": StagedFile.objects.get().pk, "name": "register.pdf", "size": "35\xa0bytes"}
        assert client.post(files, {"token": token, "file": a_pdf()}).json()["pk"] == told["pk"]
        for wrong in ({}, {"token": "x", "file": a_pdf()}, {"token": token, "file": a_pdf("x.exe")}):
            assert client.post(files, wrong).status_code == 400
        stranger = signed_in(world.here.people.health_lead)
        assert stranger.post(files, {"token": token, "file": a_pdf()}).status_code == 404
        colleague = signed_in(world.here.people.member)
        colleague.post(f"/actions/{action.pk}/update/", {"token": token, "remove": str(told["pk"])})
        assert StagedFile.objects.count() == 1

    def test_the_script_of_a_page_whose_session_has_ended_is_told_why(self, client: Client, action: Action) -> None:
        files, said = f"/actions/{action.pk}/files/", {"token": str(uuid.uuid4())}
        out = Client().post(files, said | {"file": a_pdf()})
        assert (out.status_code, "You are signed out" in out.json()["problem"]) == (401, True)
        anew = Client(enforce_csrf_checks=True)
        anew.cookies = client.cookies
        again = anew.post(files, said | {"file": a_pdf()})
        assert (again.status_code, "signed in again" in again.json()["problem"]) == (403, True)
        assert not StagedFile.objects.exists()

    def test_a_failure_while_sending_leaves_them_waiting(
        self, client: Client, action: Action, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = client.post(address, update(action, file=a_pdf()), follow=True)
        waiting = stored_files()
        monkeypatch.setattr("reviews.evidence.audit.record", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            press(client, page)
        monkeypatch.undo()
        assert (action.updates.count(), stored_files()) == (1, waiting)
        press(client, page)
        assert action.updates.latest("pk").evidence.get().title == "register.pdf"

    def test_the_same_file_by_two_requests_at_once_waits_once(
        self, world: World, action: Action, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        facts = {"action": action, "by": world.here.people.lead, "token": uuid.uuid4()}
        first, before = waiting_files.stage(**facts, file=a_pdf()), stored_files()
        monkeypatch.setattr(waiting_files, "of_form", lambda **_: [])  # not there yet, when the second looks
        assert waiting_files.stage(**facts, file=a_pdf()) == first
        assert stored_files() == before

    def test_those_of_no_draft_are_swept_after_a_day(
        self, client: Client, action: Action, address: str, django_capture_on_commit_callbacks: Any
    ) -> None:
        client.post(f"/actions/{action.pk}/files/", {"token": str(uuid.uuid4()), "file": a_pdf("lost.pdf")})
        client.post(address, {"progress": "Later", "draft": "1", "file": a_pdf("wanted.pdf", PDF + b"%3")})
        before = stored_files()
        with django_capture_on_commit_callbacks(execute=True):
            drafts.sweep_unsent(
                now=drafts.timezone.now() + waiting_files.STAGED_FOR * 1.1, by=drafts.System("schedule")
            )
        assert [file.file_name for file in StagedFile.objects.all()] == ["wanted.pdf"]
        assert len(before - stored_files()) == 1


def test_an_update_is_taken_back_with_a_reason_and_stays_struck_out(
    world: World, client: Client, signed_in: SignedIn, action: Action, address: str
) -> None:
    send(client, address, update(action, file=a_pdf()))
    sent = action.updates.latest("pk")
    piece, back = sent.evidence.get(), f"/updates/{sent.pk}/take-back/"
    assert back in words(client.get(f"/actions/{action.pk}/"))
    assert back not in words(signed_in(world.here.people.member).get(f"/actions/{action.pk}/"))
    assert "Say why" in problems(client.post(back, {}))
    client.post(f"/evidence/{piece.pk}/withdraw/", {"reason": "The wrong year"})
    page = words(client.post(back, {"reason": "The wrong action"}, follow=True))
    assert "<strong>Taken back:</strong> The wrong action" in page
    assert "<del>register.pdf</del> (withdrawn: The wrong year)" in page
    assert client.get(f"/evidence/{piece.pk}/file/").status_code == 404
    assert client.get(back).status_code == 404
