"""What people do about their own account beside the library's pages."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import password_set
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies import accounts
from agencies.refusals import Refused
from portal import signing_in_again
from portal.access import person_of
from portal.forms.people import NameForm
from portal.views.methods import PAGES

#: The library guards a changed password by the one before, and lets anybody set the first.
set_password = signing_in_again.before(password_set)


@require_safe
@login_required
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Show at the organisation's own sign-in who one is, then go on with what asked for it."""
    provider = signing_in_again.provider_of(request, person_of(request))
    if provider is None:
        asked = urlencode({"next": get_next_redirect_url(request) or "/"})
        return redirect(f"{reverse('account_reauthenticate')}?{asked}")
    if signing_in_again.is_recent(request):
        return resume_request(request) or redirect("your-account")
    after = get_next_redirect_url(request) or ""
    if "go" in request.GET:
        return signing_in_again.go(request, provider, after=after)
    there = f"?{urlencode({'next': after, 'go': '1'})}"
    others = [way for way in get_adapter().get_reauthentication_methods(request.user) if way["url"] != request.path]
    for way in others:
        way["url"] += f"?{urlencode({'next': after})}"
    context = {"provider": provider, "there": there, "reauthentication_alternatives": others}
    return render(request, "portal/account/again.html", context)


@PAGES
@login_required
def change_name(request: HttpRequest) -> HttpResponse:
    """Change one's own name."""
    user = person_of(request)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": user.name})
    if form.is_bound and form.is_valid():
        try:
            accounts.rename(user=user, by=user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Your name is changed.")
            return redirect("your-account")
    return render(request, "portal/account/name.html", {"form": form})


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, in another browser."""
    session = get_object_or_404(UserSession, pk=pk, user=person_of(request))
    session.end()
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")
