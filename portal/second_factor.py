"""A second factor for everyone who may enter the admin site, asked for on each request there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agencies import kept
from agencies.accounts import end_sessions

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SecondFactorMiddleware:
    """Stands before the admin site. allauth has no setting that enforces a second factor, so this does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Remember what comes next."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on: which door it is, is known only once the address is resolved."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Send people who come to the admin site without a second factor to set one up, or to use theirs."""
        match = request.resolver_match
        if not settings.SECOND_FACTOR_REQUIRED or match is None or "admin" not in match.app_names:
            return None
        user = request.user
        if not user.is_authenticated or not user.is_staff or used_second_factor(request):
            return None
        kept.keep(request)
        if is_mfa_enabled(user, FACTORS):
            question = reverse("mfa_reauthenticate")
            return HttpResponseRedirect(f"{question}?{urlencode({'next': request.get_full_path()})}")
        messages.info(request, "Set up a second factor to enter the admin site.")
        return HttpResponseRedirect(reverse("mfa_index"))


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session has been opened, or confirmed since, with a second factor."""
    # Without the person the records are always empty, which would lock everyone out.
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def watch() -> None:
    """Have sessions end when somebody adds, removes or renews a factor. Called once, when the app starts."""
    for change in (signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset):
        change.connect(_changed, dispatch_uid="portal.second_factor")


def _changed(*, request: HttpRequest, user: Any, **_: Any) -> None:
    """All other sessions of the person end; the one in which they changed it goes on."""
    end_sessions(user)
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
        UserSession.objects.create_from_request(request)
