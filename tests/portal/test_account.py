"""One's own account: where one is signed in, and a second step enrolled, lost and recovered."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import flows
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import accounts
from agencies.models import AuditEntry, User
from portal.templatetags.browsers import browser
from reviews.chasing import delivery
from tests.factories import PASSWORD, a_session
from tests.portal.conftest import SignedIn
from tests.world import Side, World

pytestmark = pytest.mark.either

SECRET = re.compile(r"\b[A-Z2-7]{32}\b")


@pytest.fixture
def here(world: World, settings) -> Side:
    settings.SECOND_FACTOR_REQUIRED = True
    for person in vars(world.here.people).values():
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return world.here


def sign_in(person: User, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def enrol(client: Client) -> str:
    """Set up an authenticator app; its secret."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = SECRET.search(page)[0]
    assert f"secret={secret}" in page, "the link that opens an app on the same phone"
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def test_a_second_factor_is_enrolled_lost_and_recovered(
    here: Side, world: World, time_machine, mailoutbox: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.transaction, "on_commit", lambda then: then())  # a test never commits
    coordinator = here.people.coordinator
    client, elsewhere = sign_in(coordinator), sign_in(coordinator)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == reverse("mfa_index")
    secret = enrol(client)
    assert client.get("/account/").status_code == 200, "goes on where it was set up"
    assert elsewhere.get("/account/").status_code == 302, "and ends elsewhere"
    time_machine.move_to(timezone.now() + dt.timedelta(seconds=60), tick=False)  # a code counts once
    again = sign_in(coordinator)
    assert again.get("/account/").status_code == 302, "the password alone opens nothing any more"
    again.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert again.get("/admin/").status_code == 200

    codes = Authenticator.objects.get(user=coordinator, type=Authenticator.Type.RECOVERY_CODES)
    one_code = codes.wrap().get_unused_codes()[0]
    without_phone = sign_in(coordinator)
    without_phone.post(reverse("mfa_authenticate"), {"code": one_code})
    assert without_phone.get("/admin/").status_code == 200
    once_more = sign_in(coordinator)
    once_more.post(reverse("mfa_authenticate"), {"code": one_code})
    assert once_more.get("/account/").status_code == 302, "a recovery code counts once"

    site = sign_in(world.superuser)
    enrol(site)
    reset = reverse("people-second-step", args=[coordinator.memberships.get().pk])
    assert "Ring" not in site.get(reset).content.decode()
    site.post(reset)
    assert without_phone.get("/account/").status_code == 302, "signed out everywhere"
    delivery.deliver_waiting()
    assert "Your second step was reset" in [mail.subject for mail in mailoutbox if mail.to == [coordinator.email]]
    anew = sign_in(coordinator)
    for page in ("/account/", "/admin/"):
        assert anew.get(page, follow=True).redirect_chain[-1][0] == reverse("mfa_index"), "and asked for another"


def test_who_has_a_second_factor_changes_their_address_and_keeps_both(
    here: Side, time_machine, mailoutbox: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.transaction, "on_commit", lambda then: then())  # a test never commits
    coordinator = here.people.coordinator
    client = sign_in(coordinator)
    secret = enrol(client)
    client.post(reverse("account_email"), {"action_add": "", "email": "new@borough.example"})
    delivery.deliver_waiting()
    (mail,) = [mail for mail in mailoutbox if mail.to == ["new@borough.example"]]
    client.post(re.search(r"http\S+(/accounts/confirm-email/\S+)", mail.body)[1])
    coordinator.refresh_from_db()
    assert coordinator.email == "new@borough.example"
    time_machine.move_to(timezone.now() + dt.timedelta(seconds=60), tick=False)  # a code counts once
    again = sign_in(coordinator)
    assert again.get("/account/").status_code == 302, "the password alone opens nothing"
    again.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert again.get("/admin/").status_code == 200


def test_the_people_page_offers_the_reset_to_coordinators_for_whoever_has_a_factor(here: Side, settings: Any) -> None:
    enrol(sign_in(here.people.member))
    settings.SECOND_FACTOR_REQUIRED = False
    page = reverse("people-agency", args=[here.agencies.police.pk])
    link = reverse("people-second-step", args=[here.people.member.memberships.get().pk])
    for who, offered in (("coordinator", True), ("lead", False)):
        client = Client()
        client.force_login(User.objects.get(pk=getattr(here.people, who).pk))
        assert (link in client.get(page).content.decode()) is offered


def test_sessions_are_listed_and_ended_by_their_owner(here: Side, signed_in: SignedIn) -> None:
    desk, phone = sign_in(here.people.member), sign_in(here.people.member)
    other = a_session(here.people.lead)
    page = desk.get(reverse("usersessions_list")).content.decode()
    (session,) = UserSession.objects.filter(user=here.people.member).exclude(session_key=desk.session.session_key)
    assert reverse("session-end", args=[session.pk]) in page
    assert desk.post(reverse("session-end", args=[other.pk])).status_code == 404
    desk.post(reverse("session-end", args=[session.pk]))
    assert phone.get("/account/").status_code == 302
    third = sign_in(here.people.member)
    desk.post(reverse("usersessions_list"))
    assert third.get("/account/").status_code == 302
    assert desk.get("/account/").status_code == 200


def test_the_people_page_is_confirmed_by_one_press(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.lead)
    membership = here.people.member.memberships.get()
    who = list(here.agencies.police.memberships.filter(until=None).values_list("pk", flat=True))
    answered = client.post(reverse("people-confirm", args=[here.agencies.police.pk]), {"who": who}, follow=True)
    assert "people are confirmed" in answered.content.decode()
    membership.refresh_from_db()
    assert membership.confirmed_on is not None
    assert client.get(reverse("people-confirm", args=[here.agencies.police.pk])).status_code == 405


SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Windows"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {SAFARI}", "Mobile Safari on iOS"),
        ("<b>nothing</b> " * 40, "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_words_that_people_know(said: str, shown: str) -> None:
    assert browser(said) == shown


def test_a_passkey_is_called_so_wherever_one_is_meant() -> None:
    root = Path(__file__).resolve().parents[2]
    pages = [*(root / "portal/templates").rglob("*.html"), *(root / "portal/templates").rglob("*.txt")]
    words = {path: path.read_text() for path in [*pages, *(root / "docs").glob("*.md")]}
    assert not {path for path, text in words.items() if "second factor" in text.lower()}, "a second step"
    device = "by a security key, a small device"
    assert not {path for path, text in words.items() if "security key" in text.replace(device, "").lower()}
    assert any("passkey" in text for path, text in words.items() if path.suffix == ".md")


def test_who_shows_once_more_who_they_are_is_offered_a_passkey_by_that_name(
    here: Side, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = [{"id": "reauthenticate"}, {"id": "mfa_reauthenticate", "types": ["webauthn"]}]
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.get_reauthentication_flows", lambda _: flows)
    client.force_login(here.people.member)
    assert "Use a passkey" in client.get(reverse("account_reauthenticate")).content.decode()


def test_a_name_is_changed_by_its_owner_and_shown_everywhere(world: World, signed_in: SignedIn) -> None:
    member, address = world.here.people.member, reverse("account-name")
    client = signed_in(member)
    assert address in client.get(reverse("your-account")).content.decode()
    for wrong in ("   ", "x" * 201):
        assert client.post(address, {"name": wrong}).status_code == 200
    answer = client.post(address, {"name": "  Joel   Marsh-Ames "}, follow=True)
    assert "Your name is changed." in answer.content.decode()
    people = signed_in(world.here.people.lead).get(reverse("people-agency", args=[world.here.agencies.police.pk]))
    assert "Joel Marsh-Ames" in people.content.decode()
    client.post(address, {"name": "Joel Marsh-Ames"})
    entry = AuditEntry.objects.get(event="account.renamed")
    before = member.former_names.get()
    assert (entry.actor, entry.about_id, entry.detail) == (f"user:{member.pk}", member.pk, {"former_name": before.pk})
    assert (before.name, entry.partnership_id) == ("Joel Marsh", world.here.partnership.pk)
    shown = signed_in(world.here.people.coordinator).get(reverse("admin:agencies_auditentry_change", args=[entry.pk]))
    assert "former name: Joel Marsh" in shown.content.decode()
    there = signed_in(world.there.people.coordinator).get(reverse("admin:agencies_auditentry_change", args=[entry.pk]))
    assert there.status_code == 404
    with pytest.raises(PermissionDenied):
        accounts.rename(user=member, name="Somebody", by=world.superuser)
