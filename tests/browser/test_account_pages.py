"""Signing in, and everything that a person may change about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from agencies.models import User
from tests.browser.conftest import PASSWORD
from tests.browser.looking import look, open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECRET = "JBSWY3DPEHPK3PXP"


def confirm(page: Page) -> None:
    """Give the password once more, as is asked before anything that protects the account is changed."""
    page.goto("/accounts/reauthenticate/?next=/account/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/account/")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/accounts/login/", "sign-in"),
        ("/accounts/signup/", "sign-up-closed"),
        ("/accounts/password/reset/", "password-reset"),
        ("/accounts/password/reset/done/", "password-reset-sent"),
        ("/accounts/password/reset/key/1-none/", "password-reset-used"),
        ("/accounts/password/reset/key/done/", "password-reset-done"),
        ("/accounts/confirm-email/", "confirm-sent"),
        ("/accounts/confirm-email/none/", "confirm-used"),
        ("/accounts/inactive/", "inactive"),
        ("/accessibility/", "accessibility"),
        ("/privacy/", "privacy"),
        ("/nowhere/", "not-found"),
    ],
)
def test_pages_for_everybody(page: Page, address: str, name: str) -> None:
    open_page(page, address, 404 if "nowhere" in address else 200)
    look(page, name)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "start"),
        ("/account/", "your-account"),
        ("/accounts/logout/", "sign-out"),
        ("/accounts/password/change/", "password-change"),
        ("/accounts/email/", "email"),
        ("/accounts/reauthenticate/", "password-again"),
        ("/accounts/2fa/", "second-step-off"),
        ("/accounts/2fa/totp/activate/", "app-set-up"),
        ("/accounts/2fa/webauthn/", "keys-none"),
        ("/accounts/2fa/webauthn/add/", "key-add"),
    ],
)
def test_pages_of_ones_own(page: Page, person: User, sign_in: Callable[[User], None], address: str, name: str) -> None:
    sign_in(person)
    confirm(page)
    open_page(page, address)
    look(page, name)


def test_a_wrong_password_is_said_kindly(page: Page, person: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page, "sign-in-wrong")


def test_a_new_password_from_the_link(page: Page, person: User) -> None:
    key = default_token_generator.make_token(person)
    page.goto(f"/accounts/password/reset/key/{user_pk_to_url_str(person)}-{key}/")
    look(page, "password-reset-key")
    page.get_by_label("New password", exact=True).fill("another four quiet words")
    page.get_by_label("New password again").fill("another four quiet words")
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()


def code_now() -> str:
    """What the person's app shows at this moment."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


def test_the_second_step_and_its_codes(page: Page, person: User, sign_in: Callable[[User], None]) -> None:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    sign_in(person)
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    look(page, "second-step")
    page.get_by_label("Code").fill(code_now())
    page.get_by_role("button", name="Sign in", exact=True).click()
    confirm(page)
    for address, name in (
        ("/accounts/2fa/", "second-step-on"),
        ("/accounts/2fa/reauthenticate/", "code-again"),
        ("/accounts/2fa/recovery-codes/", "codes"),
        ("/accounts/2fa/recovery-codes/generate/", "codes-make"),
        ("/accounts/2fa/totp/deactivate/", "app-stop"),
    ):
        open_page(page, address)
        look(page, name)


def test_a_passkey_is_added_used_and_removed(page: Page, person: User, sign_in: Callable[[User], None]) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    sign_in(person)
    confirm(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("A name for this passkey").fill("Key ring")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/**")
    look(page, "codes-once")
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    for address, name in (
        ("/accounts/2fa/webauthn/", "keys"),
        (f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", "key-name"),
        (f"/accounts/2fa/webauthn/keys/{key.pk}/remove/", "key-remove"),
        ("/accounts/2fa/webauthn/reauthenticate/", "key-again"),
    ):
        open_page(page, address)
        look(page, name)
    page.context.clear_cookies()
    sign_in(person)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Signed in as")).to_be_attached()
    confirm(page)
    page.goto(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
