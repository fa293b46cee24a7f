"""Name who at an agency sees to an action."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from agencies.refusals import Refused
from portal.access import part_or_404, person_of
from portal.forms.owner import OwnerForm
from portal.pressing import pressed_once
from portal.views.methods import PAGES
from reviews import parts


def _action_of(pk: int, agency: int) -> str:
    """The page after it: the action."""
    return reverse("action-detail", args=[pk])


@PAGES
@login_required
@pressed_once(to=_action_of)
def action_owner(request: HttpRequest, pk: int, agency: int) -> HttpResponse:
    """An agency's lead says who sees to an action there, so that reminders reach them."""
    user = person_of(request)
    part = part_or_404(user, pk, agency)
    offered = parts.could_own(part, on=timezone.localdate())
    initial = {"owner": parts.owner_key(part)}
    form = OwnerForm(request.POST if request.method == "POST" else None, offered=offered, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            parts.give_owner(assignment=part, by=user, **offered[form.cleaned_data["owner"]])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Saved: who sees to it at {part.agency}.")
            return redirect("action-detail", pk)
    return render(request, "portal/action/owner.html", {"action": part.action, "part": part, "form": form})
