"""The link of an invitation, from the mail to the first page."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from agencies import invitations
from agencies.models import Invitation, User
from agencies.roles import RoleCode as R
from reviews.chasing import delivery
from reviews.models import Notice
from tests.factories import PASSWORD
from tests.portal.conftest import SignedIn
from tests.world import Side, World

LINK = re.compile(r"http://localhost:\d+(/invitations/\S+)")
NEW = "maya@example.org"
CHOSEN = {"name": "Maya Lind", "password": "a quiet river at night"}


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def invited(here: Side, email: str = NEW, role: R = R.AGENCY_MEMBER) -> Invitation:
    return invitations.invite(email=email, role=role, container=here.agencies.police, by=here.people.lead)


def link_to(invitation: Invitation) -> str:
    return reverse("invitation", args=[invitations.make_link(invitation)])


def test_from_the_mail_to_your_actions(here: Side, client: Client, mailoutbox: list) -> None:
    invited(here)
    delivery.deliver_waiting()
    (mail,) = [each for each in mailoutbox if each.to == [NEW]]
    assert "Amara Finch invites you" in mail.body
    assert "Agency member, Borough Police" in mail.body
    link = LINK.search(mail.body)[1]
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert "no-store" in page.headers["Cache-Control"]
    came_to = client.post(link, CHOSEN, follow=True)
    assert came_to.redirect_chain[-1][0] == reverse("action-list")
    assert "Welcome, Maya Lind. You are now Agency member, Borough Police." in came_to.content.decode()
    assert "Train the officers" in came_to.content.decode()
    client.logout()
    assert client.get(link).status_code == 410
    assert client.login(email=NEW, password=CHOSEN["password"])
    assert client.get(link, follow=True).redirect_chain[-1][0] == reverse("action-list"), "it is theirs: go on"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({**CHOSEN, "name": " "}, "Fill in “Your name”"),
        ({**CHOSEN, "password": ""}, "Fill in “Choose a password”"),
        ({**CHOSEN, "password": "short"}, "too short"),
        ({**CHOSEN, "password": "maya@example.org"}, "too similar"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(
    answers: dict[str, str], sentence: str, here: Side, client: Client
) -> None:
    invitation = invited(here)
    page = client.post(link_to(invitation), answers)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not User.objects.filter(email=NEW).exists()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_an_account_signs_in_and_accepts(here: Side, client: Client) -> None:
    person = here.people.health_lead
    link = link_to(invited(here, person.email))
    page = client.get(link).content.decode()
    assert "Sign in with it, as always" in page
    assert 'name="password"' not in page
    assert client.post(link, CHOSEN).status_code == 200, "no second account, no other password"
    came_to = client.post(reverse("account_login") + f"?next={link}", {"login": person.email, "password": PASSWORD})
    assert came_to.url == link
    answered = client.post(link, follow=True)
    assert "You are now Agency member, Borough Police." in answered.content.decode()
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_whoever_gains_the_admin_door_stays_signed_in_here(here: Side, signed_in: SignedIn) -> None:
    person = here.people.member
    client, elsewhere = signed_in(person), signed_in(person)
    link = link_to(
        invitations.invite(email=person.email, role=R.COORDINATOR, container=here.partnership, by=invitations.INVITED)
    )
    assert "You are now Coordinator" in client.post(link, follow=True).content.decode()
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_another_account_is_told_so_and_changes_nothing(here: Side, signed_in: SignedIn) -> None:
    invitation = invited(here)
    client = signed_in(here.people.health_lead)
    for answer in (client.get(link_to(invitation)), client.post(link_to(invitation))):
        assert answer.status_code == 403
        assert "this invitation went to another address" in answer.content.decode()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_who_has_a_closed_account_is_not_sent_to_sign_in(here: Side, client: Client) -> None:
    page = client.get(link_to(invited(here, email=here.people.leaver.email))).content.decode()
    assert "Sign in with it" in page
    User.objects.filter(pk=here.people.leaver.pk).update(is_active=False)
    page = client.get(link_to(Invitation.objects.get(email=here.people.leaver.email))).content.decode()
    assert "it is closed" in page
    assert "Sign in with it" not in page


def test_links_that_open_nothing_say_what_to_do(here: Side, client: Client) -> None:
    invitation = invited(here)
    link = link_to(invitation)
    unknown = client.get(link[:-3] + "aaa/")
    assert (unknown.status_code, "This link does not work" in unknown.content.decode()) == (404, True)
    assert client.post(link[:-3] + "aaa/", CHOSEN).status_code == 404
    Invitation.objects.filter(pk=invitation.pk).update(asked_at="2026-02-01T00:00Z")
    expired = client.get(link)
    assert (expired.status_code, "has run out" in expired.content.decode()) == (410, True)
    assert client.post(link, CHOSEN).status_code == 410
    invitations.withdraw(invitation=invitation, by=here.people.lead)
    withdrawn = client.get(link)
    assert (withdrawn.status_code, "was withdrawn" in withdrawn.content.decode()) == (410, True)
    assert not User.objects.filter(email=NEW).exists()


def test_what_is_withdrawn_before_it_is_sent_is_not_sent(here: Side, mailoutbox: list) -> None:
    invitations.withdraw(invitation=invited(here), by=here.people.lead)
    delivery.deliver_waiting()
    assert not [mail for mail in mailoutbox if mail.to == [NEW]]
    assert Notice.objects.get(kind="invitation").state == "dropped"
