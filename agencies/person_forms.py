"""The forms by which site administrators take away, close, open and untie accounts, and reset second steps."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from agencies import accounts, closing
from agencies.models import User
from agencies.roles import Permission
from agencies.verb_pages import VerbForm


class DeletePerson(VerbForm):
    """Take away an account that was opened by mistake."""

    slug = "entered-by-mistake"
    heading = "Delete: entered by mistake"
    button = "Delete the account"
    lead = "Only while its person has done and been nothing here. It cannot be brought back."
    permission = Permission.MANAGE_PEOPLE
    done = "The account is deleted."

    def carry_out(self) -> None:
        """Delete it."""
        accounts.delete(user=self.about, by=self.by)


class EndAdministration(VerbForm):
    """Let somebody administer the site no more."""

    slug = "end-administration"
    heading = "End the site administration"
    button = "End it now"
    lead = (
        "They are signed out everywhere and administer the site no more. Roles that they hold at agencies and "
        "partnerships stay: end those on the People pages."
    )
    permission = Permission.MANAGE_PEOPLE
    done = "They are no longer a site administrator."
    about: User

    @classmethod
    def is_offered(cls, about: User) -> bool:
        """While they are one."""
        return about.is_superuser

    def carry_out(self) -> None:
        """End it."""
        closing.end_administration(user=self.about, by=self.by)


class ResetSecondStep(VerbForm):
    """Take away a second step that its owner has lost."""

    slug = "second-step"
    heading = "Reset the second step"
    button = "Reset it now"
    lead = (
        "Do this when they have lost the phone or passkey and the recovery codes too. They are signed out everywhere, "
        "sign in with their password, and set up another. We tell them by e-mail. Make sure that it is they who ask: "
        "ring them on a number that you know."
    )
    permission = Permission.MANAGE_PEOPLE
    done = "The second step is reset. We have told them by e-mail."
    about: User

    @classmethod
    def is_offered(cls, about: User) -> bool:
        """While they have one."""
        return Authenticator.objects.filter(user=about).exists()

    def carry_out(self) -> None:
        """Reset it."""
        accounts.reset_second_factor(user=self.about, by=self.by)


class CloseAccount(VerbForm):
    """Let nobody sign in with an account."""

    slug = "close"
    heading = "Close the account"
    button = "Close it now"
    lead = (
        "They are signed out everywhere at once and cannot sign in until the account is opened again. Roles stay, and "
        "come back with it. If they have left for good, end their access on the People pages, where their work is "
        "handed over."
    )
    permission = Permission.MANAGE_PEOPLE
    done = "The account is closed."
    about: User

    @classmethod
    def is_offered(cls, about: User) -> bool:
        """While it is open."""
        return about.is_active

    def carry_out(self) -> None:
        """Close it."""
        closing.close(user=self.about, by=self.by)


class ReopenAccount(VerbForm):
    """Let somebody sign in again."""

    slug = "reopen"
    heading = "Open the account again"
    button = "Open it"
    lead = (
        "They sign in with the password and second step of before, and have the roles that were not ended meanwhile. "
        "Make sure that it is they who ask: ring them on a number that you know."
    )
    permission = Permission.MANAGE_PEOPLE
    done = "The account is open again."
    about: User

    @classmethod
    def is_offered(cls, about: User) -> bool:
        """While it is closed."""
        return not about.is_active

    def carry_out(self) -> None:
        """Open it."""
        closing.reopen(user=self.about, by=self.by)


class UntieAccount(VerbForm):
    """Let an organisation's account open somebody's no more."""

    slug = "untie"
    heading = "Untie the organisation’s account"
    button = "Untie it"
    lead = (
        "They are signed out everywhere, and the account of their organisation with which they signed in opens theirs "
        "no more. The next one with their address, which the organisation vouches for, is tied instead. Make sure that "
        "it is still they who have the address: ring them on a number that you know."
    )
    permission = Permission.MANAGE_PEOPLE
    done = "The organisation’s account is untied."
    about: User

    @classmethod
    def is_offered(cls, about: User) -> bool:
        """While one is tied."""
        return closing.is_tied(about)

    def carry_out(self) -> None:
        """Untie it."""
        closing.untie(user=self.about, by=self.by)
