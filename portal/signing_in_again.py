"""Showing once more who one is, for people without a password: by the organisation's own sign-in, done anew.

The library asks people with a password for it, or for a second step, before they change how they sign in, and of
everybody else it asks nothing. They go to the provider again, which is told to ask them (``prompt=login``), and what
counts is when it says that it did (``auth_time``), never that it knows their browser.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]

#: What our errand to the provider is called in the state that we keep of it.
AGAIN = "again"
#: By how many seconds the provider's clock may differ from ours.
CLOCKS_DIFFER = 60

log = logging.getLogger(__name__)


def provider_of(request: HttpRequest, user: AbstractBaseUser | AnonymousUser) -> Any:
    """The provider of ``user``, who has no password; None where there is none, or it is set up no more."""
    if not user.is_authenticated or user.has_usable_password():
        return None
    known = SocialAccount.objects.filter(user_id=user.pk).order_by("pk").last()
    try:
        return known and get_adapter(request).get_provider(request, provider=known.provider)
    except SocialApp.DoesNotExist:
        return None


def methods(request: HttpRequest, user: Any, others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How ``user`` may show once more who they are, the usual way first; ``others`` are what the library knows."""
    if provider := provider_of(request, user):
        ours = {"id": AGAIN, "description": f"Sign in with {provider.name} again", "url": reverse("sign-in-again")}
        return [ours, *others]
    if user.is_authenticated and not others:
        by_mail = {"id": "mail", "description": "Choose a password", "url": reverse("account_reset_password")}
        return [by_mail]
    return others


def is_recent(request: HttpRequest) -> bool:
    """Whether this session has shown it a moment ago, in whatever way."""
    records = get_authentication_records(request, request.user)
    times = [record["at"] for record in records if record.get("reauthenticated")]
    return bool(times) and time.time() - times[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def is_owed(request: HttpRequest, others: list[dict[str, Any]]) -> bool:
    """Whether somebody without a password has it to show, whom the library would let pass: it knows no way for them."""
    user = request.user
    return user.is_authenticated and not user.has_usable_password() and not others and not is_recent(request)


def before(view: View) -> View:
    """For a page of somebody without a password. What is posted to it is not put by: it is a password."""

    @wraps(view)
    def shown_first(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not user.has_usable_password() and not is_recent(request):
            way = get_account_adapter().get_reauthentication_methods(user)[0]["url"]
            return HttpResponseRedirect(f"{way}?{urlencode({'next': request.path})}")
        return view(request, *args, **named)

    return shown_first


def go(request: HttpRequest, provider: Any, *, after: str) -> HttpResponse:
    """The way to the provider; back here, then to ``after``."""
    told = {"prompt": "login", "max_age": "0"}
    data = {"began": time.time(), "after": after}
    return cast("HttpResponse", provider.redirect(request, process=AGAIN, data=data, auth_params=told))


def came_back(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Judge what the provider says of who came back from ``go``, and lead on, or say why not."""
    data = sociallogin.state.get("data") or {}
    if why := _why_not(request, sociallogin, began=data.get("began")):
        log.warning("sign-in by provider again refused: %s", why)
        return render(request, "socialaccount/not_again.html", {"why": why}, status=403)
    provider = sociallogin.account.provider
    record_authentication(request, request.user, "socialaccount", provider=provider, reauthenticated=True)
    return HttpResponseRedirect(f"{reverse('sign-in-again')}?{urlencode({'next': data.get('after') or ''})}")


def _why_not(request: HttpRequest, sociallogin: SocialLogin, *, began: Any) -> str:
    if not sociallogin.is_existing or sociallogin.user != request.user:
        return "other"
    when = (sociallogin.told.get("id_token") or {}).get("auth_time")
    if not isinstance(when, int | float) or not isinstance(began, int | float):
        return "untold"
    return "" if began - CLOCKS_DIFFER <= when <= time.time() + CLOCKS_DIFFER else "earlier"
