"""People: who is invited, to what, and what somebody new says. What may be granted the domain decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from django import forms

from agencies.accounts import MOST_LETTERS
from agencies.models import User
from portal.forms.account import ADVICE, Worded
from portal.forms.fields import LineField

if TYPE_CHECKING:
    from agencies.models import Invitation


class JoinForm(Worded):
    """What somebody new chooses: a name and a password, which must be as good as any."""

    words: ClassVar = {
        "name": ("Your name", "As colleagues in other agencies should read it."),
        "password": ("Choose a password", ADVICE),
    }

    name = LineField(max_length=MOST_LETTERS, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = PasswordField(autocomplete="new-password")

    def __init__(self, *args: Any, invitation: Invitation, **options: Any) -> None:
        """For the address that was invited: a password must not resemble it."""
        super().__init__(*args, **options)
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        """The password, judged beside the name and the address."""
        data = super().clean() or {}
        if data.get("password"):
            user = User(email=self.invitation.email, name=data.get("name", ""))
            try:
                get_adapter().clean_password(data["password"], user=user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data
