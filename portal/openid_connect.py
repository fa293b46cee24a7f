"""Sign-in by an organisation's own accounts: only for people who have an account or an invitation here.

The provider says who somebody is; it grants nothing. Our own second factor is asked as after a password.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import ProviderException
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.shortcuts import render

from agencies import invitations
from agencies.accounts import MOST_LETTERS
from agencies.models import User
from agencies.refusals import Refused
from agencies.typed_words import printable
from portal import signing_in_again

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest

log = logging.getLogger(__name__)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Lets in whom the provider knows by a proved address, if that address has a part here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """No: who may come was decided before anybody knocks."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Put what the provider told aside before anything of it is kept: a known account would be saved with it.

        A key that no database can look for is a fault of the provider's.
        """
        if sociallogin.account.uid != printable(sociallogin.account.uid):
            raise ProviderException("a key with characters that nobody can print")
        sociallogin.told, sociallogin.account.extra_data = sociallogin.account.extra_data, {}
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account behind the address that the provider vouches for, once; later its own key is enough.

        Who is signed in comes back from showing once more who they are, and from nothing else.
        """
        if sociallogin.state.get("process") == signing_in_again.AGAIN and request.user.is_authenticated:
            raise ImmediateHttpResponse(signing_in_again.came_back(request, sociallogin))
        if request.user.is_authenticated or sociallogin.state.get("process") == "connect":
            raise Http404
        if sociallogin.is_existing:
            return
        with transaction.atomic():
            person = self._person(sociallogin)
            is_tied = person is not None and _is_tied(person, sociallogin.account.provider)
            if person is not None and not is_tied:
                sociallogin.connect(request, person)
        if person is None or is_tied:
            why = "tied to another key" if is_tied else "no account and no invitation"
            log.info("sign-in by provider refused: %s", why)
            raise ImmediateHttpResponse(render(request, "socialaccount/nobody_here.html", status=403))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        """Say that it did not work, without the provider's words, and keep what class of error it was."""
        log.warning("sign-in by provider failed: %s", type(told.get("exception")).__name__)
        raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))

    def _person(self, sociallogin: SocialLogin) -> User | None:
        claims = sociallogin.told
        said = claims.get("userinfo") or claims.get("id_token") or claims
        email = User.objects.normalize_email(str(said.get("email") or ""))
        if not email or email != printable(email) or not is_proved(email, said):
            return None
        if person := User.objects.filter(email=email).first():
            return person
        try:
            name = " ".join(printable(str(said.get("name") or "")).split()) or email
            return invitations.join_known(email=email, name=name[:MOST_LETTERS])
        except Refused:
            return None


def _is_tied(person: User, provider: str) -> bool:
    """Whether another key of this provider opens the account already: its address may be somebody else's by now.

    A mailbox goes to a successor, and a directory's entries are changed by helpdesks. Two at one moment wait here.
    """
    User.objects.select_for_update().get(pk=person.pk)
    return SocialAccount.objects.filter(user=person, provider=provider).exists()


def is_proved(email: str, said: dict[str, Any]) -> bool:
    """Whether the provider vouches for the address, or its domain is the organisation's own.

    Microsoft Entra says ``xms_edov`` where it was set up to, and nothing otherwise; hence the setting. A provider that
    says no is believed, whatever the domain: guests bring addresses that others gave out.
    """
    told = [str(said[name]).lower() for name in ("email_verified", "xms_edov") if said.get(name) is not None]
    if told:
        return all(word in ("true", "1") for word in told)
    return email.rpartition("@")[2] in {domain.lower() for domain in settings.OIDC_DOMAINS}
