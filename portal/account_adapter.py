"""The portal's say in how allauth signs people in."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from agencies import post
from agencies.addresses import check_address
from agencies.post import AccountMail
from agencies.refusals import Refused
from portal import signing_in_again
from portal.account_words import ACCOUNT_WORDS, SECOND_STEP_WORDS

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress

    from agencies.models import User

log = logging.getLogger(__name__)


#: The library's names of its news about an account, and our kinds of mail.
NEWS: dict[str, AccountMail] = {
    "account/email/password_changed": AccountMail.PASSWORD_CHANGED,
    "account/email/password_reset": AccountMail.PASSWORD_CHANGED,
    "account/email/password_set": AccountMail.PASSWORD_CHANGED,
    "account/email/email_changed": AccountMail.ADDRESS_CHANGED,
    "account/email/email_deleted": AccountMail.ADDRESS_REMOVED,
    "socialaccount/email/account_connected": AccountMail.PROVIDER_ADDED,
    "socialaccount/email/account_disconnected": AccountMail.PROVIDER_REMOVED,
    "mfa/email/totp_activated": AccountMail.APP_ADDED,
    "mfa/email/totp_deactivated": AccountMail.APP_REMOVED,
    "mfa/email/webauthn_added": AccountMail.KEY_ADDED,
    "mfa/email/webauthn_removed": AccountMail.KEY_REMOVED,
    "mfa/email/recovery_codes_generated": AccountMail.RECOVERY_CODES,
}


#: What the library calls otherwise than our pages do.
WAYS = {"mfa_reauthenticate:webauthn": "Use a passkey"}


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation only, and every mail is asked for as a row; ``portal.account_mail`` makes its words."""

    error_messages: ClassVar = {**DefaultAccountAdapter.error_messages, **ACCOUNT_WORDS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an account is made by accepting an invitation."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How they may show once more who they are; for people without a password, at the provider."""
        ways = super().get_reauthentication_methods(user)
        for way in ways:
            way["description"] = WAYS.get(way["id"], way["description"])
        return signing_in_again.methods(self.request, user, ways)

    def is_reauthentication_required(self, *, app: str, **told: Any) -> bool:
        """Yes. Whom the library would let pass, as it knows no way for them, is led to ours here."""
        request = self.request
        if signing_in_again.is_owed(request, super().get_reauthentication_methods(request.user)):
            raise ReauthenticationRequired
        return bool(super().is_reauthentication_required(app=app, **told))

    def clean_email(self, email: str) -> str:
        """A new address as it will be kept; the library looked at it as it was typed."""
        try:
            check_address(email)
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused
        return email

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take a new address for confirmed, unless somebody else signs in with it, also at this very moment.

        The library looks in its own rows only, in which accounts that were made by a command do not stand.
        """
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:  # the address is all that is unique
            facts = {"email": email_address.email}
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", facts)
            return False

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Ask for the mail by which a person confirms an address."""
        address = emailconfirmation.email_address
        post.queue(kind=AccountMail.CONFIRM_ADDRESS, person=address.user, about=address.pk)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Ask for the mail that tells a person what happened to their account; ``email`` is the address before."""
        post.queue(kind=NEWS[template_prefix], person=user, address=email or "")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: a mail that is made while a page waits could be lost, and would tell by its time who is known.

        The library comes here for what is switched off or asked for elsewhere (``portal.forms.account``).
        """
        log.error("account mail without a kind: %s", template_prefix)


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
