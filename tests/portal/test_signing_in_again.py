"""Who has no password shows at the provider once more who they are before they change how they sign in."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from tests.openid_provider import Provider, running_provider
from tests.portal.test_openid_connect import sign_in
from tests.world import World

NEW = {"action_add": "", "email": "new@borough.example"}
PASSWORD = "a long one that nobody guesses 7"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Any) -> Provider:
    running.claims, running.refuses_tokens = {}, False
    settings.SOCIALACCOUNT_PROVIDERS = running.settings()
    return running


@pytest.fixture
def person(world: World) -> User:
    """Somebody who came by the provider and never had a password."""
    member = world.here.people.member
    member.set_unusable_password()
    member.save(update_fields=["password"])
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member


@pytest.fixture
def client(provider: Provider, person: User, client: Client) -> Client:
    """Their browser, signed in five hours ago."""
    sign_in(provider, client, email=person.email, auth_time=int(time.time()) - 5 * 3600)
    return client


def there_and_back(provider: Provider, client: Client, asked_at: str, **claims: Any):
    """From the page that asks to the provider and back; the last answer."""
    page = client.get(asked_at)
    assert "Please sign in with Borough account again" in page.content.decode()
    there = client.get(f"{reverse('sign-in-again')}{page.context['there']}").headers["Location"]
    assert there.startswith(f"{provider.address}/authorize?")
    told = {"sub": "abc", "email_verified": True, "email": SocialAccount.objects.get(uid="abc").user.email}
    provider.claims = told | {"auth_time": int(time.time())} | claims
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back, follow=True)


def test_the_address_changes_only_after_the_provider_asked_anew(provider: Provider, client: Client) -> None:
    answer = client.post(reverse("account_email"), NEW)
    assert answer.headers["Location"].startswith(f"{reverse('sign-in-again')}?")
    assert not EmailAddress.objects.filter(email=NEW["email"]).exists()
    page = there_and_back(provider, client, answer.headers["Location"])
    assert (provider.asked["prompt"], provider.asked["max_age"]) == ("login", "0")
    assert page.redirect_chain[-1][0] == reverse("account_email"), (
        "what was sent is carried out, and not asked for anew"
    )
    assert EmailAddress.objects.filter(email=NEW["email"], verified=False).exists()


@pytest.mark.parametrize("page", ["account_set_password", "mfa_activate_totp", "mfa_add_webauthn"])
def test_a_password_and_a_second_step_are_set_up_only_after_it(page: str, provider: Provider, client: Client) -> None:
    answer = client.get(reverse(page))
    assert answer.headers["Location"].startswith(f"{reverse('sign-in-again')}?")
    assert there_and_back(provider, client, answer.headers["Location"]).request["PATH_INFO"] == reverse(page)
    assert client.get(reverse(page)).status_code == 200


def test_a_password_that_is_sent_too_late_is_neither_set_nor_put_by(
    provider: Provider, client: Client, person: User, time_machine: Any
) -> None:
    sent = {"password1": PASSWORD, "password2": PASSWORD}
    answer = client.post(reverse("account_set_password"), sent)
    assert answer.headers["Location"].startswith(f"{reverse('sign-in-again')}?")
    assert PASSWORD not in str(dict(client.session))
    there_and_back(provider, client, answer.headers["Location"])
    assert not User.objects.get(pk=person.pk).has_usable_password()
    client.post(reverse("account_set_password"), sent)
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"auth_time": None}, "untold"),
        ({"auth_time": "yesterday"}, "untold"),
        ({"auth_time": 1}, "earlier"),
        ({"auth_time": 99999999999}, "earlier"),
        ({"sub": "somebody else"}, "other"),
    ],
)
def test_what_does_not_prove_it_changes_nothing(
    claims: dict[str, Any], why: str, provider: Provider, client: Client, world: World
) -> None:
    SocialAccount.objects.create(user=world.here.people.lead, provider="organisation", uid="somebody else")
    asked_at = client.post(reverse("account_email"), NEW).headers["Location"]
    page = there_and_back(provider, client, asked_at, **claims)
    assert (page.status_code, page.context["why"]) == (403, why)
    assert not EmailAddress.objects.filter(email=NEW["email"]).exists()
    assert client.get(reverse("your-account")).status_code == 200, "and they stay who they are"


def test_their_account_page_does_not_speak_of_a_password(client: Client) -> None:
    page = client.get(reverse("your-account")).content.decode()
    assert "Choose one" in page
    assert "Only you know it" not in page


def test_it_counts_for_a_few_minutes(provider: Provider, client: Client, time_machine: Any) -> None:
    page = reverse("mfa_activate_totp")
    there_and_back(provider, client, client.get(page).headers["Location"])
    time_machine.move_to(timezone.now() + dt.timedelta(seconds=301), tick=False)
    assert client.get(page).status_code == 302


def test_who_has_a_second_step_may_give_that_instead(provider: Provider, client: Client, person: User) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    answer = client.post(reverse("account_email"), NEW)
    page = client.get(answer.headers["Location"]).content.decode()
    assert reverse("mfa_reauthenticate") in page
    assert not EmailAddress.objects.filter(email=NEW["email"]).exists()


def test_where_the_provider_is_gone_a_password_is_chosen_by_mail(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    for page in ("account_set_password", "mfa_activate_totp"):
        assert client.get(reverse(page)).headers["Location"].startswith(reverse("account_reset_password"))
