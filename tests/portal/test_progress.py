"""Update this action, and say that it is complete, through the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from reviews import sign_off
from reviews.models import Action, Claim, Evidence, ProgressUpdate
from reviews.statuses import Status
from tests.factories import TODAY, an_assignment, an_update, join
from tests.portal.conftest import SignedIn
from tests.world import World, days

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def a_pdf(name: str = "register.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def day(name: str, on: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def update(action: Action, **answers: Any) -> dict[str, Any]:
    """What somebody who opened the page now sends."""
    last = action.updates.order_by("-pk").first()
    said = {"progress": "The guide is printed.", "next_steps": "Hand it out.", "status": "in_progress"}
    return said | day("on", TODAY) | {"seen": str(last.pk if last else 0)} | answers


def claim(action: Action, **answers: Any) -> dict[str, Any]:
    said = {"progress": "Printed and handed out.", "what_changed": "Every officer has it."}
    reason = {"no_evidence_reason": "It is on paper."}
    return {**update(action), "status": "awaiting", **said, **reason, **day("completed_on", days(-2))} | answers


def send(client: Client, address: str, said: dict[str, Any]) -> Any:
    """Continue, look at the check page, press the button there. The page that came back, where it went no further."""
    page = client.post(address, said, follow=True)
    return press(client, page) if page.redirect_chain and "/check/" in page.redirect_chain[-1][0] else page


def press(client: Client, page: Any) -> Any:
    """Send what the check page shows."""
    draft, seen = page.context["draft"], page.context["seen"]
    said = {"token": str(draft.token), "version": draft.saved_at.isoformat(), "seen": str(seen)}
    return client.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], said, follow=True)


def problems(page: Any) -> str:
    """What the page says is wrong, in one line."""
    assert page.status_code == 200, page
    assert "There is a problem" in page.content.decode()
    return " ".join(message for messages in page.context["form"].errors.values() for message in messages)


def stored_files() -> set[str]:
    """The files in the store now."""
    return set(default_storage.listdir("evidence")[1]) if default_storage.exists("evidence") else set()


@pytest.fixture
def action(world: World) -> Action:
    """An action of the police, on which they reported once."""
    return world.here.plans.of_police


@pytest.fixture
def client(world: World, signed_in: SignedIn) -> Client:
    """Somebody of the police."""
    return signed_in(world.here.people.lead)


def test_the_last_answer_is_carried_forward(client: Client, action: Action) -> None:
    form = client.get(f"/actions/{action.pk}/update/").context["form"]
    assert form["progress"].value() == "The guide is half written."
    assert form["next_steps"].value() == "Do the other half."
    assert form["status"].value() == Status.IN_PROGRESS
    assert form["on"].value() == TODAY


def test_another_agencys_answer_is_not_carried(world: World, signed_in: SignedIn) -> None:
    form = signed_in(world.here.people.lead).get(f"/actions/{world.here.plans.joint.pk}/update/").context["form"]
    assert not form["progress"].value()


def test_the_form_and_its_check_say_what_is_asked_and_by_when(client: Client, action: Action) -> None:
    Action.objects.filter(pk=action.pk).update(target_date=days(-12))
    form = client.get(f"/actions/{action.pk}/update/")
    check = client.post(f"/actions/{action.pk}/update/", update(action), follow=True)
    for page in (form.content.decode(), check.content.decode()):
        assert f'<p class="app-asked">{action.words}</p>' in page
        assert "Overdue by 12 days" in page


def test_an_update_with_evidence_is_sent_whole(client: Client, action: Action) -> None:
    said = update(
        action, file=[a_pdf(), a_pdf("poster.pdf", PDF + b"%2")], link="www.example.org/guide", title="The guide"
    )
    page = send(client, f"/actions/{action.pk}/update/", said)
    assert page.redirect_chain == [(f"/actions/{action.pk}/", 302)]
    assert "Your update is sent" in page.content.decode()
    sent = action.updates.latest("pk")
    assert (sent.progress, sent.status, sent.on) == ("The guide is printed.", Status.IN_PROGRESS, TODAY)
    assert {piece.title for piece in sent.evidence.all()} == {"register.pdf", "poster.pdf", "The guide"}
    assert sent.evidence.get(kind="link").link == "https://www.example.org/guide"
    assert "Printed" not in page.content.decode()


@pytest.mark.parametrize("who", ["observer", "panel_reader"])
def test_a_reader_without_the_right_is_told_so(world: World, signed_in: SignedIn, who: str) -> None:
    plans, user = world.here.plans, getattr(world.here.people, who)
    action = plans.of_police if who == "observer" else plans.restricted_of_police
    for page in ("update", "claim", "evidence/add"):
        for answer in (
            signed_in(user).get(f"/actions/{action.pk}/{page}/"),
            signed_in(user).post(f"/actions/{action.pk}/{page}/", update(action)),
        ):
            assert answer.status_code == 403
    assert action.updates.count() == (1 if who == "observer" else 0)


def test_strangers_find_nothing(world: World, signed_in: SignedIn, action: Action) -> None:
    for user in (world.stranger, world.here.people.health_lead, world.there.people.lead, world.here.people.leaver):
        for page in ("update", "claim", "evidence/add"):
            answer = signed_in(user).post(f"/actions/{action.pk}/{page}/", update(action))
            assert answer.status_code == 404
    assert action.updates.count() == 1


def test_one_does_not_write_for_an_agency_that_is_not_ones_own(world: World, client: Client) -> None:
    joint = world.here.plans.joint
    address = f"/actions/{joint.pk}/update/?agency={world.here.agencies.health.pk}"
    client.post(address, update(joint))
    assert joint.updates.count() == 1


def test_a_closed_action_says_why_it_takes_no_update(world: World, signed_in: SignedIn) -> None:
    action, client = world.here.plans.complete, signed_in(world.here.people.two_agencies)
    for page in ("update", "claim", "evidence/add"):
        assert "This action is closed (Complete)" in client.get(f"/actions/{action.pk}/{page}/").content.decode()
    assert "This action is closed" in problems(client.post(f"/actions/{action.pk}/update/", update(action)))
    assert not action.updates.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"progress": " ", "next_steps": ""}, "Enter what has been done, or what happens next."),
        ({"status": ""}, "Choose where the action stands"),
        ({"status": "complete"}, "not one of the available choices"),
        ({"status": "ongoing"}, "needs the date when it is next reviewed"),
        ({"status": "ongoing"} | day("next_review_on", days(-1)), "after the day of this report"),
        (day("on", days(1)), "in the future"),
        ({"on_day": "31", "on_month": "2"}, "Enter a real date for “Which day does this speak for?”"),
        ({"on_day": "", "on_month": "", "on_year": ""}, "Give a date"),
        ({"status": "ongoing", "next_review_on_day": "12"}, "must include a month and a year"),
        ({"progress": "long " * 10_000}, "Shorten this to 40,000 characters"),
        ({"link": "javascript:alert(1)", "title": "x"}, "Enter a web address"),
        ({"link": "https://example.org"}, "Say in a few words what the link"),
        ({"file": a_pdf("guide.exe")}, "not a kind of file"),
        ({"file": a_pdf("guide.pdf", b"MZ of another kind")}, "not what its name says"),
        ({"file": a_pdf("guide.pdf", b"")}, "is empty"),
        ({"file": [a_pdf(f"{number}.pdf") for number in range(11)]}, "up to 10 files"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost_or_stored(
    client: Client, action: Action, wrong: dict[str, Any], sentence: str
) -> None:
    before = stored_files()
    said = update(action, obstacles="No paper.") | wrong
    page = client.post(f"/actions/{action.pk}/update/", said)
    assert sentence in problems(page)
    assert page.context["form"]["obstacles"].value() == "No paper."
    assert "<title>Error:" in page.content.decode()
    assert action.updates.count() == 1
    assert stored_files() == before


def test_words_are_kept_without_what_cannot_be_seen(client: Client, action: Action) -> None:
    said = update(action, progress="First\r\nsecond\vthird\x00\x07 \x1b[31m\uf0b7 bullet")
    send(client, f"/actions/{action.pk}/update/", said)
    assert action.updates.latest("pk").progress == "First\nsecond\nthird [31m• bullet"


def test_another_agencys_update_overtakes_nobody(world: World, client: Client) -> None:
    joint = world.here.plans.joint
    mine = update(joint, seen="0")
    an_update(joint, world.here.agencies.health, progress="Health was quicker.", on=TODAY)
    assert "Your update is sent" in send(client, f"/actions/{joint.pk}/update/", mine).content.decode()


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "²"])
def test_a_form_that_lost_what_it_had_seen_shows_it_anew(client: Client, action: Action, seen: str) -> None:
    page = client.post(f"/actions/{action.pk}/update/", update(action, seen=seen), follow=True)
    assert "The guide is half written." in page.content.decode()
    assert action.updates.count() == 1


@pytest.mark.parametrize("chosen", ["in_progress", "awaiting"])
def test_an_answer_to_a_question_that_is_not_asked_stands_in_nobodys_way(
    client: Client, action: Action, chosen: str
) -> None:
    hidden = {"next_review_on_day": "31", "next_review_on_month": "2", "next_review_on_year": "2027"}
    said = (claim(action) if chosen == "awaiting" else update(action, completed_on_day="40")) | hidden
    page = send(client, f"/actions/{action.pk}/update/", said)
    assert page.redirect_chain == [(f"/actions/{action.pk}/", 302)]
    assert (action.updates.latest("pk").status, action.updates.latest("pk").next_review_on) == (chosen, None)


def test_joint_leads_who_are_both_ones_own_are_asked_apart(world: World, signed_in: SignedIn) -> None:
    joint, agencies = world.here.plans.joint, world.here.agencies
    person = world.here.people.lead
    join(person, "agency_member", agencies.health)
    client, address = signed_in(person), f"/actions/{joint.pk}/update/"
    assert "For which of them do you write?" in client.get(address).content.decode()
    form = client.get(f"{address}?agency={agencies.health.pk}").context["form"]
    assert form["progress"].value() == "A draft is agreed."
    send(client, f"{address}?agency={agencies.health.pk}", update(joint))
    assert joint.updates.latest("pk").agency == agencies.health


def test_a_supporting_agency_reports_without_a_status(world: World, client: Client) -> None:
    supported = world.here.plans.supported
    form = client.get(f"/actions/{supported.pk}/update/").context["form"]
    assert "status" not in form.fields
    send(client, f"/actions/{supported.pk}/update/", update(supported))
    assert supported.updates.get().status == ""
    assert "only a lead agency" in client.get(f"/actions/{supported.pk}/claim/").content.decode()


def test_a_coordinator_records_what_an_agency_told_them(world: World, signed_in: SignedIn) -> None:
    action, client = world.here.plans.of_school, signed_in(world.here.people.coordinator)
    address = f"/actions/{action.pk}/update/"
    assert "Record an update for" in client.get(f"/actions/{action.pk}/").content.decode()
    page = client.post(address, update(action))
    assert "Say who gave you this report" in problems(page)
    assert page.context["heading"] == f"Record an update for {world.here.agencies.school}"
    told = {"given_by": "Ines Whitlock", "given_post": "head", "given_how": "by telephone"}
    assert "is recorded for" in send(client, address, update(action, **told)).content.decode()
    row = action.updates.get()
    assert (row.source, row.given_by) == (ProgressUpdate.Source.RECORDED_FOR, "Ines Whitlock, head, by telephone")


def test_a_claim_says_what_was_done_when_and_what_changed(client: Client, action: Action) -> None:
    page = send(client, f"/actions/{action.pk}/claim/", claim(action, file=a_pdf()))
    assert "now looks at it" in page.content.decode()
    row = Claim.objects.get(update__action=action)
    assert (row.completed_on, row.what_changed) == (days(-2), "Every officer has it.")
    action.refresh_from_db()
    assert action.status == Status.AWAITING
    assert row.update.evidence.get().title == "register.pdf"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"progress": ""}, "Enter what was done."),
        ({"what_changed": ""}, "Enter what changed because of it."),
        ({"completed_on_day": ""}, "must include a day"),
        (day("completed_on", days(3)), "in the future"),
        ({"no_evidence_reason": ""}, "say here why there is none"),
    ],
)
def test_half_a_claim_is_refused(client: Client, action: Action, wrong: dict[str, Any], sentence: str) -> None:
    Evidence.objects.all().delete()
    assert sentence in problems(client.post(f"/actions/{action.pk}/claim/", claim(action) | wrong))
    assert not Claim.objects.filter(update__action=action).exists()


@pytest.fixture
def claimed(world: World) -> Action:
    """An action of the police that waits for the group."""
    return world.here.plans.awaiting


def test_what_is_added_to_a_claim_leaves_it_as_it_stands(client: Client, claimed: Action) -> None:
    address = f"/actions/{claimed.pk}/update/"
    form = client.get(address).context["form"]
    assert form["status"].value() == "still"
    assert "awaiting" not in dict(form.fields["status"].choices)
    said = update(claimed, status="still", progress="The minutes came.")
    check = client.post(address, said, follow=True)
    assert "The claim of completion stays" in check.content.decode()
    assert "takes back" not in check.content.decode()
    assert "the claim that this action is complete stays" in press(client, check).content.decode()
    added, before = claimed.updates.latest("pk"), claimed.claimed_on
    assert (added.progress, added.status) == ("The minutes came.", "")
    claimed.refresh_from_db()
    assert (claimed.status, claimed.claimed_on) == (Status.AWAITING, before)
    assert client.get(address).context["form"]["status"].value() == "still"


def test_an_update_takes_a_claim_back_only_when_its_author_says_so(client: Client, claimed: Action) -> None:
    address = f"/actions/{claimed.pk}/update/"
    assert "This takes back the claim" in client.get(address).content.decode()
    check = client.post(address, update(claimed), follow=True)
    assert "This takes back the claim of Borough Police" in check.content.decode()
    assert "is taken back. Thank you." in press(client, check).content.decode()
    claimed.refresh_from_db()
    assert claimed.status == Status.IN_PROGRESS


def test_after_a_return_the_form_says_where_the_action_stands(world: World, client: Client, claimed: Action) -> None:
    by, address = world.here.people.chair, f"/actions/{claimed.pk}/update/"
    said = update(claimed, status="still", progress="The minutes came.")
    check = client.post(address, said, follow=True)
    sign_off.send_back(action=claimed, by=by, on=TODAY, reason="Whose minutes?", decided_at="March meeting")
    page = press(client, check)
    assert "one of the available choices" in problems(page)
    assert claimed.updates.count() == 1
    assert client.get(address + "?afresh=1").context["form"]["status"].value() == Status.IN_PROGRESS


def test_a_joint_leads_claim_waits_for_the_other_lead(world: World, client: Client) -> None:
    joint = world.here.plans.joint
    check = client.post(f"/actions/{joint.pk}/update/", claim(joint), follow=True)
    assert "decides once Riverside Health Trust has said so too" in check.content.decode()
    page = press(client, check)
    assert "decides once Riverside Health Trust has said so too" in page.content.decode()
    assert "now looks at it" not in page.content.decode()
    assert [part.agency.name for part in page.context["shown"].to_act] == ["Riverside Health Trust"]


def test_evidence_given_before_is_enough_for_a_claim(client: Client, action: Action) -> None:
    assert action.evidence.filter(agency__name="Borough Police").exists()
    check = client.post(f"/actions/{action.pk}/claim/", claim(action, no_evidence_reason=""), follow=True)
    (piece,) = check.context["given_before"]
    assert f"{piece.title} (given on" in check.content.decode()
    assert "now looks at it" in press(client, check).content.decode()


def test_the_agency_that_no_longer_answers_reports_no_more(world: World, client: Client, action: Action) -> None:
    said = update(action)
    an_assignment(action, world.here.agencies.council)
    action.assignments.filter(agency=world.here.agencies.police).update(until=TODAY, ended_at=timezone.now())
    assert client.post(f"/actions/{action.pk}/update/", said).status_code == 404
