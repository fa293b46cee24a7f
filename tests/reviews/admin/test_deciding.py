"""What the group has before it when it decides: what is claimed, what shows it, and who has an interest."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.roles import RoleCode
from reviews import evidence
from reviews.models import Assignment, Evidence, SignOff
from reviews.statuses import Status
from tests.factories import TODAY, a_claim, a_link, an_update, join
from tests.world import Side, World, days

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose chair is signed in."""
    client.force_login(world.here.people.chair)
    return world.here


def page(client: Client, verb: str, row: Any) -> str:
    """The page of a row, or of something that is done to it."""
    answer = client.get(reverse(f"admin:reviews_{row._meta.model_name}_{verb}", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("verb", ["change", "sign_off", "send_back"])
def test_what_is_claimed_and_what_shows_it_stand_where_one_decides(verb: str, here: Side, client: Client) -> None:
    action, police = here.plans.awaiting, here.agencies.police
    shows = a_link(action, police, here.people.member, title="Letter of appointment")
    where = {"kind": Evidence.Kind.HELD, "link": "", "where_held": "The personnel file"}
    a_link(action, police, here.people.member, title="Contract", **where)
    gone = {"voided_at": timezone.now(), "void_reason": "It names a witness"}
    wrong = a_link(action, police, here.people.member, title="Wrong letter", link="https://example.org/wrong", **gone)
    action.updates.filter(agency=police).update(obstacles="The post is vacant.", help_wanted="Ask the registrar.")
    shown = page(client, verb, action)
    assert "Borough Police says that it is complete" in shown
    for words in (
        "The post is vacant.",
        "Ask the registrar.",
        "Everybody knows whom to ask.",
        f'href="{shows.link}"',
        "Letter of appointment",
        "The personnel file",
    ):
        assert words in shown
    assert "<del>Wrong letter</del>" in shown
    assert f"Withdrawn on {TODAY:%-d %B %Y}: It names a witness" in shown
    assert f'href="{wrong.link}"' not in shown
    assert "/withdraw/" not in shown
    assert "nothing shows it now" not in shown
    Evidence.objects.filter(action=action).update(**gone)
    assert "nothing shows it now" in page(client, verb, action)


def test_each_agency_that_claims_is_shown_with_its_own_words_and_reason(here: Side, client: Client) -> None:
    action, agencies, people = here.plans.joint, here.agencies, here.people
    for agency, by, words in ((agencies.police, people.member, "One"), (agencies.health, people.health_lead, "Two")):
        update = an_update(action, agency, by, status=Status.AWAITING, on=days(-2))
        a_claim(update, what_changed=f"{words} thing changed.", no_evidence_reason=f"{words} reason")
    Assignment.objects.filter(action=action).exclude(agency=agencies.council).update(status=Status.AWAITING)
    shown = page(client, "change", action)
    for words in (
        "One thing changed.",
        "Two thing changed.",
        "One reason",
        "Two reason",
        "None, for the reason above.",
    ):
        assert words in shown
    assert "says that it is complete" not in page(client, "change", here.plans.of_police)


def test_a_claim_that_was_taken_over_is_shown_as_that_of_the_agency_before(here: Side, client: Client) -> None:
    action, agencies = here.plans.awaiting, here.agencies
    Assignment.objects.filter(action=action).update(agency=agencies.advisory_group)
    an_update(action, agencies.advisory_group, status="", on=days(-1), progress="It holds.", help_wanted="A clerk.")
    shown = page(client, "sign_off", action)
    assert "Borough Police says that it is complete" in shown
    assert f"by {agencies.advisory_group}" in shown
    assert "It holds." in shown
    assert "A clerk." in shown


def test_the_list_of_claims_says_since_when_each_waits(here: Side, client: Client) -> None:
    url = reverse("admin:reviews_action_changelist")
    assert "Claimed on" not in client.get(url).content.decode()
    shown = client.get(url, {"status__exact": Status.AWAITING}).content.decode()
    assert "Claimed on" in shown
    assert f"{days(-3):%-d %b}" in shown.replace("Sept", "Sep").replace("March", "Mar").replace("April", "Apr")


def test_an_updates_own_page_shows_its_claim_and_its_evidence(here: Side, client: Client) -> None:
    update = here.plans.awaiting.updates.get()
    a_link(here.plans.awaiting, here.agencies.police, update=update, title="Letter of appointment")
    shown = page(client, "change", update)
    assert "Everybody knows whom to ask." in shown
    assert "Letter of appointment" in shown
    assert "What changed" not in page(client, "change", here.plans.update)


def test_who_has_an_interest_is_shown_and_does_not_record_the_decision_alone(here: Side, client: Client) -> None:
    coordinator, action = here.people.coordinator, here.plans.awaiting
    join(coordinator, RoleCode.AGENCY_MEMBER, here.agencies.police)
    interest = f"{coordinator}, who belongs to Borough Police"
    assert interest in page(client, "sign_off", action)
    client.force_login(coordinator)
    for verb in ("sign_off", "send_back", "not_pursue"):
        url = reverse(f"admin:reviews_action_{verb}", args=[action.pk])
        assert "you have an interest" in client.get(url).content.decode()
        sent = {"decided_at": "March meeting", "on": TODAY.isoformat(), "reason": "Seen.", "seen": "0"}
        answer = client.post(url, sent)
        assert answer.status_code == 200
        assert f"{here.people.chair} can record it." in answer.content.decode()
    assert not SignOff.objects.filter(action=action).exists()
    client.force_login(here.people.chair)
    url = reverse("admin:reviews_action_sign_off", args=[action.pk])
    assert client.post(url, {"decided_at": "March meeting", "on": TODAY.isoformat()}).status_code == 302
    decision = SignOff.objects.get(action=action)
    assert interest in page(client, "change", decision), "the decision says who had an interest"


def test_opening_the_file_shown_with_the_form_does_not_stop_the_decision(here: Side, client: Client) -> None:
    action = here.plans.awaiting
    shown = evidence.attach(
        action=action, agency=here.agencies.police, by=here.people.member, on=TODAY,
        file=ContentFile(b"%PDF-1.7 minutes", name="Minutes.pdf"),
    )  # fmt: skip
    url = reverse("admin:reviews_action_sign_off", args=[action.pk])
    seen = client.get(url).context["form"].seen
    assert b"".join(client.get(f"/evidence/{shown.pk}/file/").streaming_content)
    sent = {"decided_at": "March meeting", "on": TODAY.isoformat(), "seen": seen}
    assert client.post(url, sent).status_code == 302
    assert SignOff.objects.filter(action=action).exists()
    assert "Evidence opened" in page(client, "history", action)
    client.force_login(here.people.member_of_group)
    history = page(client, "history", action)
    assert "Action signed off" in history
    assert "Evidence opened" not in history, "who looked at what is for those who read the log"
