"""A second factor for everyone who may enter the admin site, asked for on each request there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

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
