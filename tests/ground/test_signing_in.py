"""Signing in: closed to strangers, silent about who has an account, and slow for those who guess."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib import admin
from django.urls import include, path

from agencies.models import User
from portal.account_adapter import SecondFactorAdapter, cipher

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("portal.urls")),
]


@pytest.fixture
def person(db) -> User:
    """Somebody with an account."""
    user = User.objects.create_user("ada@example.org", PASSWORD, name="Ada Okafor")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client, email: str = "ada@example.org", password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_sign_in_by_address_in_any_case(client, person):
    assert sign_in(client, "Ada@Example.org").status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_in_refused_with_the_wrong_password(client, person):
    assert sign_in(client, password="wrong").status_code == 200
    assert "_auth_user_id" not in client.session


def test_sign_in_says_the_same_whether_the_address_is_known(client, person):
    known = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, email="eve@example.org", password="wrong").content.decode()
    assert without_tokens(known) == without_tokens(unknown).replace("eve@", "ada@")


def test_sign_in_refused_after_five_wrong_passwords(client, person):
    for _ in range(5):
        sign_in(client, password="wrong")
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_one_person_s_wrong_passwords_do_not_lock_out_the_office(client, person):
    for _ in range(6):
        sign_in(client, email="eve@example.org", password="wrong")
    assert sign_in(client).status_code == 302


def test_sign_up_is_closed(client, db):
    form = {"email": "eve@example.org", "password1": PASSWORD}
    client.post("/accounts/signup/", form)
    assert not User.objects.filter(email="eve@example.org").exists()


def test_passwords_are_kept_with_argon2():
    from config import settings as embedded

    assert embedded.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_second_factor_secrets_are_stored_encrypted(settings):
    stored = SecondFactorAdapter().encrypt(SECRET)
    assert SECRET not in stored
    assert SecondFactorAdapter().decrypt(stored) == SECRET


def test_second_factor_secrets_survive_a_change_of_the_secret_key(settings):
    stored = SecondFactorAdapter().encrypt(SECRET)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n3w" * 20
    assert cipher().decrypt(stored.encode()).decode() == SECRET


@pytest.fixture
def overseer(person, settings) -> User:
    """Somebody with the admin door, where a second factor is required."""
    settings.SECOND_FACTOR_REQUIRED = True
    settings.ROOT_URLCONF = __name__
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    return person


@pytest.mark.parametrize("address", ["/admin/", "/admin/agencies/", "/admin/login/", "/admin/no-such-page/"])
def test_admin_sends_people_without_a_second_factor_to_set_one_up(client, overseer, address):
    sign_in(client)
    answer = client.get(address)
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")


def test_admin_asks_for_the_second_factor_of_people_who_have_one(client, overseer):
    sign_in(client)
    TOTP.activate(overseer, SECRET)
    answer = client.get("/admin/?q=1")
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F%3Fq%3D1")
    code = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
    assert client.post(answer.url, {"code": code}).url == "/admin/?q=1"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_admin_has_no_sign_in_of_its_own(client, overseer, method):
    """Django's form knows no rate limit and no second factor."""
    form = {"username": overseer.email, "password": PASSWORD, "this_is_the_login_form": "1"}
    for address in ("/admin/login/", "/admin/login/?next=/admin/agencies/", "/admin/"):
        answer = getattr(client, method)(address, form if method == "post" else None)
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/?next=/admin/")
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/login/?next=/admin/agencies/").url == "/accounts/login/?next=/admin/agencies/"
    assert client.get("/admin/login/?next=https://evil.example/").url == "/accounts/login/?next=/admin/"


def test_admin_sign_in_leads_people_who_are_signed_in_to_admin(client, overseer, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client)
    assert client.get("/admin/login/?next=//evil.example/").url == "/admin/"


def test_recovery_codes_alone_are_no_second_factor(client, overseer):
    Authenticator.objects.create(user=overseer, type=Authenticator.Type.RECOVERY_CODES, data={})
    sign_in(client)
    assert client.get("/admin/").url == "/accounts/2fa/"


def test_second_factor_is_off_in_the_embedded_default_only(client, overseer, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client)
    assert client.get("/admin/").status_code == 200


def test_pages_carry_a_strict_policy_with_a_nonce(client, db):
    answer = client.get("/accounts/login/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    for nonce in re.findall(r'nonce="([^"]+)"', answer.content.decode()):
        assert f"'nonce-{nonce}'" in policy


def without_tokens(page: str) -> str:
    """A page without what differs each time anyway."""
    return re.sub(r'(value|nonce)="[\w+/=-]{20,}"', "", page)
