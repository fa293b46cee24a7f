"""A second step for everyone who has the admin door, asked for on each request of theirs behind sign-in.

It guards the portal as much as the admin site: whoever oversees reads there what is restricted, and looks after people.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from agencies import kept
from agencies.accounts import end_sessions
from portal import unsent
from portal.views.errors import ASKED_BY_SCRIPT

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


#: What is open to them before: what sets a second step up or uses it, what signs out, and what is everybody's.
OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "openid_connect_login",
        "openid_connect_callback",
        "sign-in-again",
        "accessibility",
        "help",
        "privacy",
        "health",
        "health-ready",
        "health-part",
        "metrics",
    }
)
#: What a session calls the page that somebody wanted before they had a second step.
CAME_FOR = "came_for"
#: The library's pages about second steps, by what their names begin with.
ABOUT_STEPS = "mfa_"


class SecondFactorMiddleware:
    """Stands before every page behind sign-in. allauth has no setting that enforces a second factor, so this does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Remember what comes next."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on: which page it is, is known only once the address is resolved."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Send people with the admin door who gave no second step to set one up, or to use theirs."""
        if not settings.SECOND_FACTOR_REQUIRED or _is_open(request):
            return None
        user = request.user
        if not user.is_authenticated or not user.is_staff or used_second_factor(request):
            return None
        is_kept = unsent.put_by(request) or kept.keep(request) is not None
        return _ask(request, is_kept=is_kept)


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = (match and match.view_name) or ""
    return match is None or name in OPEN or name.startswith(ABOUT_STEPS)


def _ask(request: HttpRequest, *, is_kept: bool) -> HttpResponse:
    match = request.resolver_match
    if match and match.url_name in ASKED_BY_SCRIPT:
        said = "What you wrote is kept. " if is_kept else ""
        return JsonResponse({"problem": f"{said}Open this page again: it asks for your second step."}, status=403)
    if is_kept:
        messages.info(request, "We kept what you typed. It is there when you open the page again.")
    if is_mfa_enabled(request.user, FACTORS):
        question = reverse("mfa_reauthenticate")
        return HttpResponseRedirect(f"{question}?{urlencode({'next': request.get_full_path()})}")
    messages.info(
        request, "Set up a second step to go on. Your role asks for one, as it opens more than an agency's own."
    )
    # Where they go on once they have a second step; what was sent cannot be sent again by going there.
    request.session[CAME_FOR] = request.get_full_path() if request.method == "GET" else reverse("home")
    return HttpResponseRedirect(reverse("mfa_index"))


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session has been opened, or confirmed since, with a second step."""
    # Without the person the records are always empty, which would lock everyone out.
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def watch() -> None:
    """Have sessions end when somebody adds, removes or renews a factor. Called once, when the app starts."""
    for change in (signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset):
        change.connect(_changed, dispatch_uid="portal.second_factor")


def _changed(*, request: HttpRequest, user: Any, signal: Any = None, authenticator: Any = None, **_: Any) -> None:
    """All other sessions of the person end; the one in which they changed it goes on.

    Who sets a factor up shows at that moment that they have it, and is not asked for it once more; who takes the last
    one away has given none any more.
    """
    end_sessions(user)
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
        UserSession.objects.create_from_request(request)
        if signal is signals.authenticator_added and authenticator.type in FACTORS:
            record_authentication(request, user, method="mfa", type=authenticator.type)
        elif not is_mfa_enabled(user, FACTORS):
            records = get_authentication_records(request, user)
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [row for row in records if row.get("method") != "mfa"]
