"""Where the link of an invitation leads. Opening it uses nothing up; pressing the button does."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from agencies import invitations
from agencies.models import Agency, Invitation, User
from agencies.refusals import Refused
from agencies.roles import ROLES, Permission, RoleCode
from portal.access import person_of
from portal.forms.base import PortalForm
from portal.forms.people import JoinForm
from portal.views.methods import PAGES


@PAGES
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever is new chooses name and password; whoever has an account signs in and accepts."""
    found = invitations.of_secret(secret)
    if found is None:
        return render(request, "portal/invitation/closed.html", status=404)
    if why := invitations.why_not_accept(secret):
        if request.user.is_authenticated and found.accepted_by_id == request.user.pk:
            return redirect("home")
        return render(request, "portal/invitation/closed.html", {"why": why}, status=410)
    if request.user.is_authenticated:
        return _accept(request, found, secret)
    if account := User.objects.filter(email=found.email).first():
        return render(
            request, "portal/invitation/accept.html", {"invitation": found, "is_closed": not account.is_active}
        )
    return _join(request, found, secret)


def _accept(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    person = person_of(request)
    form = PortalForm(request.POST if request.method == "POST" else None)
    context = {"invitation": found, "is_theirs": person.email == found.email, "form": form}
    if request.method == "POST":
        try:
            taken = invitations.accept(secret=secret, by=person)
        except Refused as refused:
            form.refuse(refused)
        except PermissionDenied:
            context["is_theirs"] = False
        else:
            person.refresh_from_db()
            update_session_auth_hash(request, person)  # a role with the admin door has ended all other sessions
            messages.success(request, welcome(taken))
            return redirect("home")
    return render(request, "portal/invitation/accept.html", context, status=200 if context["is_theirs"] else 403)


def _join(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None, invitation=found)
    if form.is_bound and form.is_valid():
        try:
            person = invitations.join(secret=secret, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Welcome, {person}. {welcome(found)}")
            return perform_login(request, person, email_verification="none", redirect_url="/")
    return render(request, "portal/invitation/join.html", {"invitation": found, "form": form})


def welcome(taken: Invitation) -> str:
    """What one is now, and what to do first."""
    place = taken.container
    now = f"You are now {taken.get_role_display()}, {place}."
    if taken.role == RoleCode.PANEL_READER:
        return f"{now} Below is the review that you may read."
    if not isinstance(place, Agency):
        return now
    if Permission.UPDATE_ACTION in ROLES[taken.role].may:
        return f"{now} Below are its actions, what is late first. Open one to report on it."
    return f"{now} Below are its actions, what is late first. Open one to read it."
