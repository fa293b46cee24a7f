"""What people do about their own account beside the library's pages."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from portal.access import person_of


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, in another browser."""
    session = get_object_or_404(UserSession, pk=pk, user=person_of(request))
    session.end()
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")
