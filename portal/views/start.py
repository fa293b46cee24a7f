"""The first page, and the short pages that the footer leads to."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.access import person_of
from reviews.reading.lists import places_of


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """People of agencies start at their actions, other readers at plans or counts; others sign in first."""
    places = places_of(person_of(request))
    if places.own_actions:
        return redirect("action-list")
    if places.plans:
        return redirect("review-list")
    if places.counts:
        return redirect("count-list")
    return render(request, "portal/start/home.html")


@require_safe
@login_required
def your_account(request: HttpRequest) -> HttpResponse:
    """What a person may change about how they sign in."""
    return render(request, "portal/start/your_account.html", {"second_step": is_mfa_enabled(request.user)})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How usable the portal is, and whom to tell when it is not."""
    return render(request, "portal/start/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about the people who sign in, and the cookies."""
    cookies = {"session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}
    return render(request, "portal/start/privacy.html", {"cookies": cookies})
