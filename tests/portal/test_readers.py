"""Restricted reviews: named by the lead, accepted by the reader, and only then open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reviews import readers
from reviews.models import Promise, Reader
from tests.portal.conftest import SignedIn
from tests.world import Side, World

pytestmark = pytest.mark.either


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def naming_of(here: Side) -> str:
    return reverse("people-readers-name", args=[here.agencies.police.pk, here.plans.restricted.pk])


def test_from_the_lead_s_tick_to_the_open_review(here: Side, signed_in: SignedIn) -> None:
    lead, member = signed_in(here.people.lead), signed_in(here.people.member)
    action = reverse("action-detail", args=[here.plans.restricted_of_police.pk])
    ticked = [here.people.member.pk, here.people.named.pk]
    answered = lead.post(naming_of(here), {"people": ticked}, follow=True).content.decode()
    assert "Joel Marsh" in answered
    assert "has not accepted confidentiality yet" in answered
    assert member.get(action).status_code == 404
    assert "You are named to read DHR2" in member.get(reverse("action-list")).content.decode()
    statement = reverse("confidentiality", args=[here.partnership.pk])
    shown = member.get(statement)
    assert here.partnership.confidentiality_statement in shown.content.decode()
    accepted = {"accept": "on", "seen": shown.context["seen"]}
    assert f'name="seen" value="{accepted["seen"]}"' in shown.content.decode()
    assert "Tick the box" in member.post(statement, {}).content.decode()
    readers.word_statement(partnership=here.partnership, text="I will tell nobody.", by=here.people.coordinator)
    for stale in (accepted, {"accept": "on"}):
        anew = member.post(statement, stale)
        assert "was changed while you read it" in anew.content.decode()
        assert "I will tell nobody." in anew.content.decode()
    assert member.get(action).status_code == 404
    accepted["seen"] = anew.context["seen"]
    assert "Call the family" in member.post(statement, accepted, follow=True).content.decode()
    assert member.get(action).status_code == 200
    assert Promise.objects.get(user=here.people.member).statement == "I will tell nobody."
    lead.post(naming_of(here), {"people": [here.people.named.pk]})
    assert member.get(action).status_code == 200, "named after that page was opened"
    assert f'name="was" value="{here.people.member.pk}"' in lead.get(naming_of(here)).content.decode()
    lead.post(naming_of(here), {"people": [here.people.named.pk], "was": ticked})
    assert member.get(action).status_code == 404
    assert Reader.objects.filter(user=here.people.named, until=None).exists()


def test_a_lead_is_not_offered_herself_and_the_coordinator_only_leads(here: Side, signed_in: SignedIn) -> None:
    for who, offered in (("lead", {"Joel Marsh", "Nadia Stone", "Priya Dale"}), ("coordinator", {"Amara Finch"})):
        form = signed_in(getattr(here.people, who)).get(naming_of(here)).context["form"]
        assert {name for _, name in form.fields["people"].choices} == offered
    forged = signed_in(here.people.lead).post(naming_of(here), {"people": [here.people.lead.pk]})
    assert "not one of the available choices" in forged.content.decode()
    assert not Reader.objects.filter(user=here.people.lead).exists()


def test_a_review_that_is_not_the_agencys_or_not_restricted_has_no_readers_to_name(
    here: Side, world: World, signed_in: SignedIn
) -> None:
    client = signed_in(here.people.lead)
    for review in (here.plans.published, world.there.plans.restricted):
        address = reverse("people-readers-name", args=[here.agencies.police.pk, review.pk])
        assert client.get(address).status_code == 404


def test_who_words_the_statement_second_reads_the_first_before_hers_is_saved(here: Side, signed_in: SignedIn) -> None:
    client, address = signed_in(here.people.coordinator), reverse("people-statement", args=[here.partnership.pk])
    mine = {"text": "I will tell nobody.", "seen": client.get(address).context["seen"]}
    readers.word_statement(partnership=here.partnership, text="I will burn my notes.", by=here.people.coordinator)
    answer = client.post(address, mine)
    for words in ("Somebody changed the statement", "I will tell nobody.", "I will burn my notes."):
        assert words in answer.content.decode()
    here.partnership.refresh_from_db()
    assert here.partnership.confidentiality_statement == "I will burn my notes."
    again = mine | {"seen": answer.context["seen"]}
    for _ in range(2):  # a second press of it is no other change
        assert client.post(address, again).status_code == 302
    here.partnership.refresh_from_db()
    assert here.partnership.confidentiality_statement == "I will tell nobody."


def test_the_coordinator_words_the_statement(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.coordinator)
    address = reverse("people-statement", args=[here.partnership.pk])
    assert address in client.get(reverse("people-partnership", args=[here.partnership.pk])).content.decode()
    client.post(address, {"text": "I will tell nobody."})
    here.partnership.refresh_from_db()
    assert here.partnership.confidentiality_statement == "I will tell nobody."
    assert "Fill in" in client.post(address, {"text": " "}).content.decode()
    assert signed_in(here.people.chair).get(address).status_code == 403
