"""Sign-in by an organisation's own accounts, against a provider that this test starts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import Client
from django.urls import reverse

from agencies import closing, invitations, memberships
from agencies.actors import EXAMPLE
from agencies.models import AuditEntry, User
from agencies.refusals import Refused
from agencies.roles import RoleCode as R
from config.openid import openid_apps
from reviews.models import Notice
from tests.openid_provider import Provider, running_provider
from tests.world import Side, World

LOGIN = "/accounts/oidc/organisation/login/"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings) -> Provider:
    running.claims, running.refuses_tokens = {}, False
    settings.SOCIALACCOUNT_PROVIDERS = running.settings()
    return running


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def sign_in(provider: Provider, client: Client, **claims: object):
    """From our link to the provider and back; the last answer."""
    provider.claims = {"sub": "abc", "name": "As The Provider Says", "email_verified": True} | claims
    there = client.get(LOGIN)
    assert there.status_code == 302
    assert there.url.startswith(f"{provider.address}/authorize?")
    back = requests.get(there.url, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back, follow=True)


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_page_offers_it_only_where_it_is_set_up(provider: Provider, client: Client, settings, db) -> None:
    assert "Sign in with Borough account" in client.get(reverse("account_login")).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Sign in with" not in client.get(reverse("account_login")).content.decode()
    assert client.get(LOGIN).status_code == 404


def test_a_proved_address_opens_its_account_and_the_key_stays_with_it(
    provider: Provider, here: Side, client: Client
) -> None:
    person = here.people.member
    answered = sign_in(provider, client, email=person.email.upper())
    assert answered.redirect_chain[-1][0] == reverse("action-list")
    assert provider.asked["code_challenge_method"] == "S256"
    assert set(provider.asked["scope"].split()) == {"openid", "profile", "email"}
    assert User.objects.get(pk=person.pk).name == person.name, "names are not taken over"
    User.objects.filter(pk=person.pk).update(email="moved@example.org")
    again = Client()
    sign_in(provider, again, email=person.email)
    assert is_signed_in(again), "whoever changed address here is still known"
    assert SocialAccount.objects.get().user == person


def test_a_second_key_opens_nothing_until_a_site_administrator_unties_the_first(
    provider: Provider, here: Side, world: World, client: Client
) -> None:
    person, other = here.people.member, Client()
    sign_in(provider, client, email=person.email, sub="first")
    answered = sign_in(provider, other, email=person.email, sub="another person")
    assert (answered.status_code, "another account since" in answered.content.decode()) == (403, True)
    assert not is_signed_in(other)
    assert SocialAccount.objects.get().uid == "first"
    with pytest.raises(PermissionDenied):
        closing.untie(user=person, by=here.people.coordinator)
    administrator = Client()
    administrator.force_login(world.superuser)
    address = f"/admin/agencies/user/{person.pk}/untie/"
    page = administrator.get(address)
    assert administrator.post(address, {"press": page.context["form"].mark}).status_code == 302
    assert AuditEntry.objects.get(event="account.untied").about_id == person.pk
    assert Notice.objects.get(kind="provider_removed").person == person
    assert not is_signed_in(client), "the sessions that the first key opened have ended"
    with pytest.raises(Refused, match="No organisation's account"):
        closing.untie(user=person, by=world.superuser)
    sign_in(provider, other, email=person.email, sub="another person")
    assert is_signed_in(other)
    assert SocialAccount.objects.get().uid == "another person"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger.to.all@example.org"},
        {"email_verified": False},
        {"email_verified": None},
        {"email": ""},
        {"email": None},
    ],
)
def test_whoever_is_not_known_by_a_proved_address_stays_outside(
    claims: dict, provider: Provider, here: Side, client: Client
) -> None:
    people = User.objects.count()
    answered = sign_in(provider, client, **({"email": here.people.member.email} | claims))
    assert answered.status_code == 403
    assert "You have no account here yet" in answered.content.decode()
    assert not is_signed_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (people, 0)


@pytest.mark.parametrize(("domains", "opens"), [(["haringey.example"], True), (["other.example"], False)])
def test_addresses_of_the_organisations_own_domains_count_as_proved(
    domains: list[str], opens: bool, provider: Provider, here: Side, client: Client, settings
) -> None:
    settings.OIDC_DOMAINS = domains
    sign_in(provider, client, email=here.people.member.email, email_verified=None)
    assert is_signed_in(client) is opens


@pytest.mark.parametrize(
    "no", [{"email_verified": False}, {"email_verified": "false"}, {"xms_edov": 0}, {"xms_edov": False}]
)
def test_who_a_provider_says_is_not_proved_is_not_whatever_the_domain(
    no: dict, provider: Provider, here: Side, client: Client, settings
) -> None:
    settings.OIDC_DOMAINS = ["haringey.example"]
    sign_in(provider, client, email=here.people.member.email, **({"email_verified": None} | no))
    assert not is_signed_in(client)


def test_an_invitation_is_accepted_by_signing_in(provider: Provider, here: Side, client: Client) -> None:
    sent = {"email": "maya@example.org", "role": R.AGENCY_MEMBER, "by": here.people.lead}
    invitations.invite(container=here.agencies.police, **sent)
    sign_in(provider, client, email="maya@example.org", name="Maya \0\x1b Lind\n")
    assert is_signed_in(client)
    maya = User.objects.get(email="maya@example.org")
    assert (maya.name, maya.has_usable_password()) == ("Maya Lind", False)
    assert maya.memberships.get().agency == here.agencies.police


def test_nothing_that_a_provider_tells_is_kept_or_breaks_a_known_sign_in(
    provider: Provider, here: Side, client: Client
) -> None:
    person = here.people.member
    for told in ({}, {"name": "Maya \0\x1b\u202e", "groups": ["\0", {"a\0": "\x07"}]}):
        again = Client()
        sign_in(provider, again, email=person.email, **told)
        assert is_signed_in(again)
        assert SocialAccount.objects.get().extra_data == {}
    assert User.objects.get(pk=person.pk).name == person.name


@pytest.mark.parametrize("told", [{"email": "a\0@example.org"}, {"email": ["a@example.org"]}, {"sub": "a\0c"}])
def test_an_address_or_key_that_no_database_can_look_for_opens_nothing(
    told: dict, provider: Provider, here: Side, client: Client
) -> None:
    answered = sign_in(provider, client, **({"email": here.people.member.email} | told))
    assert answered.status_code == 403
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_an_invitation_whose_sender_has_left_opens_nothing(provider: Provider, here: Side, client: Client) -> None:
    sent = {"email": "maya@example.org", "role": R.AGENCY_MEMBER, "by": here.people.lead}
    invitations.invite(container=here.agencies.police, **sent)
    memberships.end(membership=here.people.lead.memberships.get(), by=EXAMPLE)
    assert sign_in(provider, client, email="maya@example.org").status_code == 403
    assert not User.objects.filter(email="maya@example.org").exists()


def test_closed_accounts_stay_closed_and_our_second_step_is_still_asked(
    provider: Provider, here: Side, client: Client, settings
) -> None:
    sign_in(provider, client, email=here.people.inactive.email)
    assert not is_signed_in(client)
    settings.SECOND_FACTOR_REQUIRED = True
    chair = Client()
    sign_in(provider, chair, email=here.people.chair.email, sub="chair", amr=["pwd", "mfa"])
    for page in ("/account/", "/admin/"):
        assert chair.get(page).headers["Location"] == reverse("mfa_index"), "we ask for a second step of ours"
    Authenticator.objects.create(user=here.people.chair, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with_factor = Client()
    answered = sign_in(provider, with_factor, email=here.people.chair.email, sub="chair")
    assert answered.redirect_chain[-1][0].startswith(reverse("mfa_authenticate"))
    assert not is_signed_in(with_factor)


def test_what_goes_wrong_on_the_way_is_said_kindly(provider: Provider, here: Side, client: Client) -> None:
    provider.refuses_tokens = True
    answered = sign_in(provider, client, email=here.people.member.email)
    assert (answered.status_code, "did not answer as it should" in answered.content.decode()) == (403, True)
    forged = client.get(f"{LOGIN}callback/", {"code": "once", "state": "made-up"})
    assert forged.status_code == 403
    assert not is_signed_in(client)


def test_nobody_ties_another_sign_in_to_an_account_that_is_open(provider: Provider, here: Side, client: Client) -> None:
    client.force_login(here.people.member)
    assert sign_in(provider, client, email=here.people.lead.email).status_code == 404
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("server", "client_id", "secret"), [("https://x", "", ""), ("", "a", "b"), ("http://x", "a", "b")]
)
def test_half_a_setting_stops_the_start_and_says_what_to_do(server: str, client_id: str, secret: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="OIDC_SERVER_URL"):
        openid_apps(server=server, client=client_id, secret=secret, name="Us")
    assert openid_apps(server="", client="", secret="", name="Us") == []
    assert openid_apps(server="https://x", client="a", secret="b", name="Us")[0]["settings"] == {
        "server_url": "https://x"
    }
