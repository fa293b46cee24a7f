"""The library's sign-in forms in our words: what is asked, and what it is for. Nothing of what they do is changed."""

from __future__ import annotations

from typing import ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

from portal.forms.base import PortalForm

_ADVICE = "At least 12 characters. Three or four words that only you would put together are easy to remember."
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


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    """Choosing a new password, from the link."""

    words: ClassVar = {"password1": ("New password", _ADVICE), "password2": ("New password again", "")}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """Changing the password, knowing the old one."""

    words: ClassVar = {
        "oldpassword": ("Your password now", ""),
        "password1": ("New password", _ADVICE),
        "password2": ("New password again", ""),
    }


class AddEmailForm(Worded, account.AddEmailForm):
    """Changing the address with which one signs in."""

    words: ClassVar = {
        "email": ("New e-mail address", "We will send a link to it. The change counts once you open it.")
    }


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
    """Adding a security key."""

    words: ClassVar = {"name": ("A name for this key", "So that you can tell your keys apart, such as “key ring”.")}


class EditWebAuthnForm(Worded, webauthn.EditWebAuthnForm):
    """Naming a security key."""

    words: ClassVar = {"name": ("A name for this key", "")}
