"""The library's sign-in forms in our words: what is asked, and what it is for. Two do another thing and say why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as account
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.db import transaction

from agencies import post
from agencies.models import User
from agencies.post import AccountMail
from portal.forms.base import PortalForm
from portal.forms.fields import AddressField

if TYPE_CHECKING:
    from django.http import HttpRequest

ADVICE = "At least 12 characters. Three or four words that only you would put together are easy to remember."
_CODE_HINT = "The six figures that your authenticator app shows, or one of your recovery codes."


class Worded(PortalForm):
    """Gives the fields of another form our label and hint: field → (label, hint)."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}

    def word_what_is_missing(self) -> None:
        """Put in our words first, so that the messages speak of them."""
        for name, (label, hint) in self.words.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].help_text = hint
        super().word_what_is_missing()


class LoginForm(Worded, account.LoginForm):
    """Signing in."""

    words: ClassVar = {"login": ("E-mail address", ""), "password": ("Password", "")}


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Asking for a link to choose a new password."""

    words: ClassVar = {"email": ("E-mail address", "The one with which you sign in.")}

    def clean_email(self) -> str:
        """The address as it was typed. Whose it is, is asked in ``save``, in one way for all."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **_: Any) -> str:
        """Ask for the mail. Whether or not the address is known, the same is done here, so that it takes as long."""
        email = self.cleaned_data["email"]
        person = User.objects.filter(email=User.objects.normalize_email(email), is_active=True).first()
        post.queue(kind=AccountMail.PASSWORD_RESET, person=person)
        return str(email)


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    """Choosing a new password, from the link."""

    words: ClassVar = {"password1": ("New password", ADVICE), "password2": ("New password again", "")}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """Changing the password, knowing the old one."""

    words: ClassVar = {
        "oldpassword": ("Your password now", ""),
        "password1": ("New password", ADVICE),
        "password2": ("New password again", ""),
    }


class AddEmailForm(Worded, account.AddEmailForm):
    """Changing the address with which one signs in."""

    words: ClassVar = {
        "email": ("New e-mail address", "We will send a link to it. The change counts once you open it.")
    }

    email = AddressField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    @transaction.atomic
    def save(self, request: HttpRequest) -> EmailAddress:
        """Let the new address wait for its confirmation, in place of one that waited.

        The library's own would take a present address that was never confirmed for the one that waited, remove it, and
        leave an account without any address, and nobody to tell of the change.
        """
        waited = EmailAddress.objects.filter(user=self.user, verified=False).exclude(email=self.user.email)
        waited.delete()
        address = EmailAddress.objects.create(user=self.user, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address)
        return address


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """Saying the password once more before something that matters."""

    words: ClassVar = {"password": ("Password", "")}


class AuthenticateForm(Worded, mfa.AuthenticateForm):
    """The second step of signing in."""

    words: ClassVar = {"code": ("Code", _CODE_HINT)}


class SecondStepAgainForm(Worded, mfa.ReauthenticateForm):
    """The second step once more, before something that matters."""

    words: ClassVar = {"code": ("Code", _CODE_HINT)}


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    """Proving that the authenticator app is set up."""

    words: ClassVar = {"code": ("Code", "The six figures that your authenticator app shows for this portal.")}


class AddWebAuthnForm(Worded, webauthn.AddWebAuthnForm):
    """Adding a passkey."""

    words: ClassVar = {"name": ("A name for this passkey", "So that you can tell yours apart, such as “work phone”.")}


class EditWebAuthnForm(Worded, webauthn.EditWebAuthnForm):
    """Naming a passkey."""

    words: ClassVar = {"name": ("A name for this passkey", "")}
