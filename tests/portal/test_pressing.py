"""A button that is pressed twice does its work once, and both presses are answered alike."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import AgencyName, AuditEntry, Contact, Invitation
from agencies.releasing import set_release
from agencies.roles import RoleCode as R
from reviews.models import Evidence, Submission
from tests.portal.conftest import SignedIn
from tests.portal.test_progress import send, update
from tests.world import Side, World


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def press_twice(client: Client, address: str, **said: Any) -> tuple[Any, Any]:
    """Open the page once, and press its button twice."""
    mark = re.search(r'name="press" value="([^"]+)"', client.get(address).content.decode())
    assert mark, address
    said["press"] = mark[1]
    return tuple(client.post(address, said) for _ in range(2))  # type: ignore[return-value]


def check_alike(first: Any, second: Any) -> None:
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url


def test_a_contact_is_noted_once_and_another_after_it(here: Side, signed_in: SignedIn) -> None:
    client, address = signed_in(here.people.lead), reverse("contact-add", args=[here.agencies.police.pk])
    before = Contact.objects.count()
    check_alike(*press_twice(client, address, name="Sam Poole"))
    assert Contact.objects.count() == before + 1
    page = client.get(reverse("people-agency", args=[here.agencies.police.pk])).content.decode()
    assert page.count("is noted as a contact") == 1
    press_twice(client, address, name="Sam Poole")
    assert Contact.objects.count() == before + 2, "another form is another contact, of whatever name"


def test_an_invitation_is_sent_once_and_withdrawn_once(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.lead)
    address = reverse("people-agency-invite", args=[here.agencies.police.pk])
    check_alike(*press_twice(client, address, email="new@example.org", role=R.AGENCY_MEMBER))
    invited = Invitation.objects.get(email="new@example.org")
    check_alike(*press_twice(client, reverse("people-invitation", args=[invited.pk]), withdraw="1"))
    assert AuditEntry.objects.filter(event="invitation.withdrawn").count() == 1
    again = client.post(reverse("people-invitation", args=[invited.pk]), {"withdraw": "1", "press": "another"})
    assert again.status_code == 404, "what somebody else withdrew is gone"


def test_somebodys_role_is_changed_and_their_access_ended_once(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.lead)
    member = here.people.member.memberships.get(until=None)
    check_alike(*press_twice(client, reverse("people-role", args=[member.pk]), role=R.AGENCY_OBSERVER))
    observer = here.people.member.memberships.get(until=None)
    check_alike(*press_twice(client, reverse("people-leave", args=[observer.pk])))
    assert AuditEntry.objects.filter(event="membership.ended", about_id=observer.pk).count() == 1


def test_an_agency_is_renamed_once(here: Side, signed_in: SignedIn) -> None:
    client, address = signed_in(here.people.coordinator), reverse("agency-rename", args=[here.agencies.police.pk])
    check_alike(*press_twice(client, address, name="City Police"))
    here.agencies.police.refresh_from_db()
    assert here.agencies.police.name == "City Police"
    assert AgencyName.objects.filter(agency=here.agencies.police, name="Borough Police").count() == 1


def test_an_update_is_taken_back_and_evidence_withdrawn_once(here: Side, signed_in: SignedIn) -> None:
    client, sent = signed_in(here.people.member), here.plans.update
    check_alike(*press_twice(client, reverse("update-take-back", args=[sent.pk]), reason="A mistake"))
    piece: Evidence = here.plans.evidence
    check_alike(*press_twice(client, reverse("evidence-withdraw", args=[piece.pk]), reason="A mistake"))
    page = client.get(reverse("action-detail", args=[sent.action_id])).content.decode()
    assert "The evidence is withdrawn." in page
    for event in ("update.voided", "evidence.withdrawn"):
        assert AuditEntry.objects.filter(event=event).count() == 1


def test_an_update_is_released_once(here: Side, signed_in: SignedIn) -> None:
    set_release(agency=here.agencies.police, required=True, by=here.people.lead)
    action = here.plans.of_police
    send(signed_in(here.people.member), f"/actions/{action.pk}/update/", update(action))
    client, before = signed_in(here.people.lead), action.updates.count()
    check_alike(*press_twice(client, reverse("submission-detail", args=[Submission.objects.get().pk]), release="1"))
    page = client.get(f"/actions/{action.pk}/").content.decode()
    assert "The update is released" in page
    assert "There is a problem" not in page
    assert action.updates.count() == before + 1


def test_who_was_led_on_and_presses_again_is_told_that_it_was_done(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.member)
    first, second = press_twice(client, reverse("update-take-back", args=[here.plans.update.pk]), reason="A mistake")
    assert "is taken back" in client.get(first.url).content.decode()
    said = second.wsgi_request.POST
    assert "second press changed nothing" in client.post(second.wsgi_request.path, said, follow=True).content.decode()


def test_what_is_refused_can_be_pressed_again(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.member)
    first, second = press_twice(client, reverse("update-take-back", args=[here.plans.update.pk]), reason=" ")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.context["form"].errors


def test_a_mark_is_nobody_elses(here: Side, signed_in: SignedIn) -> None:
    address = reverse("update-take-back", args=[here.plans.update.pk])
    _, second = press_twice(signed_in(here.people.member), address, reason="A mistake")
    assert signed_in(here.people.health_lead).post(address, second.wsgi_request.POST).status_code == 404
