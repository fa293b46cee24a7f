"""The first page, and the short pages that the footer leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agencies.models import Agency
from agencies.people import left_by
from agencies.permissions import held_in
from agencies.roles import Container, Permission
from portal.access import person_of
from reviews import panel
from reviews.reading.lists import Places, places_of

if TYPE_CHECKING:
    from agencies.models import User


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
    return render(request, "portal/start/home.html", _what_ended(person_of(request)))


def _what_ended(user: User) -> dict[str, Any]:
    """Where somebody who reads nothing here belonged, what they read, and whom to ask about it."""
    left, read = left_by(user), panel.read_before(user)
    places = [row.container for row in left]
    boards = [place.partnership if isinstance(place, Agency) else place for place in places]
    boards += [reader.review.partnership for reader in read]
    return {"left": left, "read": read, "partnerships": list(dict.fromkeys(boards))}


@require_safe
@login_required
def your_account(request: HttpRequest) -> HttpResponse:
    """What a person may change about how they sign in."""
    return render(request, "portal/start/your_account.html", {"second_step": is_mfa_enabled(request.user)})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What one does here, for each in their part, and whom to ask."""
    places = places_of(request.user) if request.user.is_authenticated else Places()
    leads = bool(held_in(request.user, Permission.NAME_READERS, Container.AGENCY)) if places.own_actions else False
    reports = bool(held_in(request.user, Permission.UPDATE_ACTION, Container.AGENCY)) if places.own_actions else False
    return render(request, "portal/start/help.html", {"places": places, "leads": leads, "reports": reports})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How usable the portal is, and whom to tell when it is not."""
    return render(request, "portal/start/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about the people who sign in, and the cookies."""
    cookies = {"session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME}
    context = {"cookies": cookies, "notice": settings.PRIVACY_NOTICE_URL}
    return render(request, "portal/start/privacy.html", context)
