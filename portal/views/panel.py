"""People of a review's panel: invited to read it until a day, and ended before."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.models import Partnership
from agencies.permissions import holds, objects_for, require
from agencies.refusals import Refused
from agencies.roles import Permission, RoleCode
from portal.access import one_or_404, person_of, place_or_404
from portal.forms.readers import LastDayForm, PanelForm
from portal.pressing import pressed_once
from portal.views.methods import PAGES
from portal.views.people import address_of
from reviews import panel, readers
from reviews.models import Reader


def page_of(pk: int) -> str:
    """The page of the panels of the partnership with this key."""
    return reverse("people-panel", args=[pk])


def _page_of_reader(pk: int) -> str:
    return page_of(Reader.objects.select_related("review").get(pk=pk).review.partnership_id)


@require_safe
@login_required
def panel_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reads which review as its panel does, until when, and who was asked to."""
    partnership = place_or_404(request.user, Partnership, pk)
    context = {
        "place": partnership,
        "place_url": address_of(partnership),
        "panel": panel.panel_of(partnership, now=timezone.now()),
        "manages": holds(request.user, Permission.MANAGE_PEOPLE, partnership),
    }
    return render(request, "portal/people/panel.html", context)


@PAGES
@login_required
@pressed_once(to=page_of)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite somebody of a panel by mail."""
    user = person_of(request)
    partnership: Partnership = place_or_404(user, Partnership, pk, Permission.MANAGE_PEOPLE)
    offered = panel.reviews_to_open(user, partnership)
    form = PanelForm(request.POST if request.method == "POST" else None, reviews=offered)
    if form.is_bound and form.is_valid():
        try:
            invited = panel.invite(by=user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"The invitation goes to {invited.email}. It can be accepted for seven days.")
            return redirect(page_of(partnership.pk))
    context = {"place": partnership, "place_url": page_of(partnership.pk), "form": form}
    return render(request, "portal/people/panel_invite.html", context)


@PAGES
@login_required
@pressed_once(to=_page_of_reader)
def reader(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody of a panel another last day, or end their reading now."""
    user = person_of(request)
    rows = objects_for(user, Permission.READ_PEOPLE, Reader).filter(role=RoleCode.PANEL_READER, until=None)
    found: Reader = one_or_404(rows.select_related("review__partnership", "user"), pk)
    require(user, Permission.MANAGE_PEOPLE, found.review.partnership)
    form = LastDayForm(request.POST if request.method == "POST" else None, initial={"ends_on": found.ends_on})
    if form.is_bound and ("end" in request.POST or form.is_valid()):
        try:
            if "end" in request.POST:
                readers.end(reader=found, by=user)
                said = f"{found.user} does not read {found.review.reference} any more."
            else:
                readers.read_until(reader=found, by=user, **form.cleaned_data)
                said = "The last day is kept."
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said)
            return redirect(page_of(found.review.partnership_id))
    place = found.review.partnership
    context = {"place": place, "place_url": page_of(place.pk), "form": form, "reader": found}
    return render(request, "portal/people/panel_reader.html", context)
