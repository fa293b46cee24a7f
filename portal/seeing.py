"""Seeing the portal as an agency's people do: read-only, for those who oversee it, and said on every page.

The session keeps only the agency's number. On each request it is asked anew whether the person may, and their rights
are then those of an observer of that agency: ``agencies.permissions`` answers so, in its one place. Nobody is signed in
as somebody else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from agencies import kept
from agencies.models import Agency
from agencies.permissions import objects_for
from agencies.roles import Permission
from portal import unsent

KEPT_AS = "seeing_as"
#: What one may still send while one sees as an agency: to end that, and to sign out.
MAY_BE_SENT = frozenset({"see-as-end", "account_logout"})


class SeeingAsMiddleware:
    """Lets a person see as the agency that their session names, while they may; refuses what is sent meanwhile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Remember what comes next."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Narrow the person's rights for this request."""
        number = request.session.get(KEPT_AS)
        if number is not None and request.user.is_authenticated:
            agency = objects_for(request.user, Permission.SEE_AS, Agency).filter(pk=number).first()
            if agency is None:  # the right has ended, and so has what rested on it
                del request.session[KEPT_AS]
            else:
                request.user.seeing_as = agency.pk
                request.seeing_as = agency  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Refuse every change, and the admin site, where one acts as oneself."""
        agency = getattr(request, "seeing_as", None)
        match = request.resolver_match
        if agency is None or match is None:
            return None
        if "admin" in match.app_names:
            messages.info(request, f"You are looking at the portal as {agency}. End that to go back to oversight.")
            return redirect("home")
        if request.method in ("GET", "HEAD", "OPTIONS") or match.view_name in MAY_BE_SENT:
            return None
        is_kept = unsent.put_by(request) or kept.keep(request) is not None
        if is_kept and match.view_name == "action-draft":  # the script of the form asks
            return JsonResponse({"problem": "What you wrote is kept. Stop seeing as an agency to go on."}, status=403)
        return render(request, "portal/seeing/refused.html", {"agency": agency, "kept": is_kept}, status=403)
