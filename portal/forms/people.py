"""People: who is invited, to what, and what somebody new says. What may be granted the domain decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from django import forms

from agencies.accounts import MOST_LETTERS
from agencies.models import Membership, User
from agencies.roles import RoleCode
from portal.forms.account import ADVICE, Worded
from portal.forms.base import PortalForm
from portal.forms.fields import AddressField, LineField, MeaningfulChoices

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import Invitation


class JoinForm(Worded):
    """What somebody new chooses: a name and a password, which must be as good as any."""

    words: ClassVar = {
        "name": ("Your name", "As your colleagues, the coordinator and the group read it."),
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


class NameForm(PortalForm):
    """One's own name."""

    name = LineField(
        label="Your name",
        help_text="As your colleagues, the coordinator and the group read it.",
        max_length=MOST_LETTERS,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


#: What each role means to whoever chooses among them.
MEANINGS: dict[str, str] = {
    RoleCode.AGENCY_LEAD: "Answers for the agency here: reports, and invites and removes colleagues.",
    RoleCode.AGENCY_MEMBER: "Reports progress, gives evidence and says that an action is complete.",
    RoleCode.AGENCY_OBSERVER: "Reads the agency’s actions and changes nothing.",
    RoleCode.COORDINATOR: "Runs the partnership’s plans for the group.",
    RoleCode.GROUP_MEMBER: "Reads everything of the partnership.",
    RoleCode.GROUP_CHAIR: "As a member, and records decisions.",
    RoleCode.PARTNERSHIP_OBSERVER: "Reads counts, never the words.",
}


def roles_field(roles: Sequence[str], label: str) -> forms.ChoiceField:
    """A choice among ``roles``, each with what it means."""
    meanings = {code: MEANINGS[code] for code in roles}
    choices = [(code, RoleCode(code).label) for code in roles]
    return forms.ChoiceField(label=label, choices=choices, widget=MeaningfulChoices(meanings))


class InviteForm(PortalForm):
    """Whom to invite, and to what."""

    email = AddressField(
        label="E-mail address",
        help_text="Their own, at work. The link that we send there works for nobody else.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, roles: Sequence[str], **options: Any) -> None:
        """Offer ``roles``."""
        super().__init__(*args, **options)
        self.fields["role"] = roles_field(roles, "What may they do?")
        self.word_what_is_missing()


#: What becomes of a coordinator's drafts.
OF_A_COORDINATOR = (
    "Without a choice the longest-serving other coordinator gets the drafts, or else a lead of the agency."
)


class LeaveForm(PortalForm):
    """Who takes over from somebody who leaves."""

    to = forms.ModelChoiceField(
        label="Who takes over?",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="Nobody yet",
        help_text="Drafts go to them too. With nobody, a lead or the coordinator gets drafts; actions have no owner.",
    )

    def __init__(self, *args: Any, heirs: QuerySet[Membership], of_partnership: bool = False, **options: Any) -> None:
        """Offer the colleagues who write for the place, too."""
        super().__init__(*args, **options)
        field = cast("forms.ModelChoiceField[Membership]", self.fields["to"])
        if of_partnership:
            field.help_text = OF_A_COORDINATOR
        field.queryset = heirs
        field.label_from_instance = with_role  # type: ignore[method-assign]


class RoleForm(LeaveForm):
    """Another role in the same place, and who takes over what it does not do any more."""

    def __init__(
        self, *args: Any, roles: Sequence[str], heirs: QuerySet[Membership], offers: bool, **options: Any
    ) -> None:
        """Offer ``roles``; and ``heirs`` where it ``offers`` something to hand over."""
        super().__init__(*args, heirs=heirs, **options)
        self.fields["role"] = roles_field(roles, "What may they do from now on?")
        if offers:
            self.fields["to"].label = "Who takes over, if they do not report any more?"
        else:
            del self.fields["to"]
        self.order_fields(["role", "to"])
        self.word_what_is_missing()


def with_role(obj: Membership) -> str:
    """A colleague to choose, with what they do there."""
    return f"{obj.user} ({obj.get_role_display()})"


class ContactForm(PortalForm):
    """Somebody at an agency who has no account."""

    name = LineField(label="Name", max_length=MOST_LETTERS)
    post = LineField(label="Post", max_length=MOST_LETTERS, required=False, help_text="For example: head teacher.")
    email = AddressField(label="E-mail address", required=False)
