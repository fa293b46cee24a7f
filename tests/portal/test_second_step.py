"""Whoever has the admin door gives a second step before any page behind sign-in, not before oversight alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import flows
from django.test import Client
from django.urls import NoReverseMatch, reverse

from agencies.models import User
from portal.second_factor import OPEN
from reviews.models import Draft
from tests.portal.conftest import SignedIn
from tests.portal.test_account import enrol, sign_in
from tests.walking import ALL, Address
from tests.world import Side, World

#: What their pages are for: a second step, or ending the session.
ACCOUNT = ("mfa_", "account_log", "account_reauthenticate")
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>")


@pytest.fixture
def here(world: World, settings: Any) -> Side:
    settings.SECOND_FACTOR_REQUIRED = True
    return world.here


def url_of(address: Address) -> str | None:
    """Its address with made-up arguments; None for those that take what cannot be made up so."""
    found = ARGUMENT.findall(address.route)
    named = {name or other: "1" if kind == "int" else "one" for kind, name, other in found}
    for args in ((), ("1",), ("one",), ("1", "1")):
        try:
            return reverse(address.name, kwargs=named) if named else reverse(address.name, args=args)
        except NoReverseMatch:
            continue
    return None


def test_no_page_behind_sign_in_opens_to_the_admin_door_without_a_second_step(here: Side, signed_in: SignedIn) -> None:
    client, asked = signed_in(here.people.coordinator), set()
    for address in ALL:
        url = url_of(address)
        if not address.name or url is None or address.name in OPEN or address.name.startswith(ACCOUNT):
            continue
        for answer in (client.get(url), client.post(url)):
            led_away = (answer.status_code, answer.headers.get("Location")) == (302, reverse("mfa_index"))
            assert led_away or (answer.status_code == 403 and "second step" in answer.json()["problem"]), address
        asked.add(address.name)
    assert {"home", "people-list", "review-detail", "people-second-step", "account_email", "admin:index"} <= asked
    assert len(asked) > 150


def test_what_sets_it_up_what_signs_out_and_what_is_everybodys_opens(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.coordinator)
    for name in ("mfa_index", "account_logout", "account_reauthenticate", "accessibility", "privacy", "health"):
        assert client.get(reverse(name)).status_code == 200, name


@pytest.mark.parametrize("who", ["lead", "member", "partnership_observer"])
def test_people_of_agencies_are_asked_for_none(who: str, here: Side, signed_in: SignedIn) -> None:
    assert signed_in(getattr(here.people, who)).get(reverse("your-account")).status_code == 200


def test_who_sets_one_up_goes_on_and_who_takes_it_away_does_not(here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.transaction, "on_commit", lambda then: then())  # a test never commits
    client = sign_in(here.people.coordinator)
    wanted = f"{reverse('review-list')}?of=interest"
    assert client.get(wanted, follow=True).redirect_chain[-1][0] == reverse("mfa_index")
    enrol(client)
    assert f'href="{wanted}"' in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    for url in (reverse("people-list"), "/admin/"):
        assert client.get(url).status_code == 200, "shown at this moment, and not asked for again"
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert client.get(reverse("people-list"), follow=True).redirect_chain[-1][0] == reverse("mfa_index")


def test_words_that_are_sent_before_it_is_given_are_kept(here: Side, signed_in: SignedIn, settings: Any) -> None:
    client, action = signed_in(here.people.coordinator), here.plans.of_police
    settings.SECOND_FACTOR_REQUIRED = False
    url = reverse("action-update", args=[action.pk])
    stamp = client.get(url).context["stamp"]
    settings.SECOND_FACTOR_REQUIRED = True
    answer = client.post(url, {"stamp": stamp, "progress": "Rang the clinic."}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    assert "We kept what you typed" in answer.content.decode()
    assert Draft.objects.get(action=action, author=here.people.coordinator).answers["progress"] == "Rang the clinic."


def test_in_the_embedded_default_nobody_is_asked(world: World, client: Client) -> None:
    client.force_login(User.objects.get(pk=world.here.people.coordinator.pk))
    assert client.get(reverse("people-list")).status_code == 200
