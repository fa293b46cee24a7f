"""The portal's say in how allauth signs people in."""

import base64
import logging
from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from portal.account_words import ACCOUNT_WORDS, SECOND_STEP_WORDS

log = logging.getLogger(__name__)


def site_link(path: str) -> str:
    """A link as it stands in a mail: made from SITE_URL, because a Host header is whatever the sender typed."""
    return urljoin(settings.SITE_URL, path)


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation only, and links in mails come from the settings only."""

    error_messages: ClassVar = {**DefaultAccountAdapter.error_messages, **ACCOUNT_WORDS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an account is made by accepting an invitation."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where a password reset mail leads."""
        user, _, secret = key.partition("-")
        return site_link(reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": secret}))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Where a mail that confirms a new address leads."""
        return site_link(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send an account mail. A mail server that is down must not tell known addresses from unknown ones."""
        site = {"name": settings.MFA_TOTP_ISSUER, "domain": urlsplit(settings.SITE_URL).netloc}
        try:
            super().send_mail(template_prefix, email, {**context, "current_site": site})
        except (OSError, SMTPException) as error:
            log.error("account mail not sent: %s, %s", template_prefix, type(error).__name__)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second-factor secrets are stored encrypted, so that a copy of the database opens no account."""

    error_messages: ClassVar = {**DefaultMFAAdapter.error_messages, **SECOND_STEP_WORDS}

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it is used."""
        return cipher().decrypt(encrypted_text.encode()).decode()


def cipher() -> MultiFernet:
    """The cipher of the secret key; keys that have been replaced can still be read from SECRET_KEY_FALLBACKS."""
    keys: Iterable[str] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    # A key of its own: what signs cookies must not also be what encrypts secrets.
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portal second-factor secrets")
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))
