"""Say that a milestone of an action was reached."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from agencies.refusals import Refused
from portal.access import action_or_404, person_of
from portal.forms.milestones import ReachedForm
from portal.pressing import pressed_once
from portal.views.methods import PAGES
from reviews import milestones
from reviews.models import Milestone
from reviews.reading.one_action import read_action


def _action_of(pk: int, step: int) -> str:
    """The page after it: the action."""
    return reverse("action-detail", args=[pk])


@PAGES
@login_required
@pressed_once(to=_action_of)
def milestone_reached(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """A lead agency says on which day a step towards the action was reached."""
    user, today = person_of(request), timezone.localdate()
    action = action_or_404(user, pk)
    milestone = Milestone.objects.in_force().filter(action=action, pk=step).first()
    if milestone is None:
        raise Http404
    if not read_action(action, user, today).may_say_reached:
        raise PermissionDenied("says of no milestone here that it was reached")
    form = ReachedForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_bound and form.is_valid():
        try:
            milestones.achieve(milestone=milestone, by=user, on=form.cleaned_data["on"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved: this milestone was reached.")
            return redirect("action-detail", pk)
    context = {"action": action, "milestone": milestone, "form": form}
    return render(request, "portal/action/reached.html", context)
