"""How an agency comes, and what becomes of it: renamed, taken over by another, closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from agencies import directory, succession
from agencies.models import Agency, Membership, Partnership, User
from agencies.permissions import objects_for, require
from agencies.refusals import Refused
from agencies.roles import Permission
from portal.access import one_asked_for, person_of, place_or_404
from portal.forms.agencies import AddAgencyForm, CloseForm, RenameForm, SucceedForm
from portal.forms.base import PortalForm
from portal.pressing import pressed_once
from portal.views.methods import PAGES
from portal.views.people import address_of, page_of_agency
from reviews import succeeding
from reviews.models import Review
from reviews.reading.restricted import Naming, namings_of
from reviews.succeeding import Access


def _agency(request: HttpRequest, pk: int) -> Agency:
    agency: Agency = place_or_404(request.user, Agency, pk)
    require(request.user, Permission.EDIT_PLAN, agency.partnership)
    return agency


def _page_of_partnership(pk: int) -> str:
    return reverse("people-partnership", args=[pk])


def _answer(
    request: HttpRequest,
    agency: Agency,
    form: PortalForm,
    template: str,
    do: Callable[[dict[str, Any]], str],
    **shown: Any,
) -> HttpResponse:
    """Carry out what was sent and lead to the agency's people, or show the form with what is wrong."""
    if form.is_bound and form.is_valid():
        try:
            said = do(form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said)
            return redirect(address_of(agency))
    context = {"place": agency, "place_url": address_of(agency), "form": form} | shown
    return render(request, f"portal/agency/{template}.html", context)


@PAGES
@login_required
@pressed_once(to=_page_of_partnership)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """An agency that no plan has named; where another is to take over from one (``after``), one is led back there."""
    partnership: Partnership = place_or_404(request.user, Partnership, pk, Permission.EDIT_PLAN)
    form = AddAgencyForm(request.POST if request.method == "POST" else None)
    others = Agency.objects.filter(partnership=partnership, closed_on=None)
    after = one_asked_for(others, request.GET.get("after", ""))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data | {"other_names": form.cleaned_data["other_names"].splitlines()}
        try:
            added = directory.add_agency(partnership=partnership, by=person_of(request), **data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{added} is added. Nobody belongs there yet.")
            to = f"{reverse('agency-succeed', args=[after.pk])}?to={added.pk}" if after else address_of(added)
            return redirect(to)
    context = {"place": partnership, "place_url": address_of(partnership), "form": form, "after": after}
    return render(request, "portal/agency/add.html", context)


@PAGES
@login_required
@pressed_once(to=page_of_agency)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """The same agency under another name."""
    agency, by = _agency(request, pk), person_of(request)
    form = RenameForm(request.POST if request.method == "POST" else None, initial={"name": agency.name})

    def do(data: dict[str, Any]) -> str:
        return f"It is now called {succession.rename(agency=agency, by=by, **data)}."

    return _answer(request, agency, form, "rename", do)


@PAGES
@login_required
@pressed_once(to=page_of_agency)
def succeed(request: HttpRequest, pk: int) -> HttpResponse:
    """Another agency takes over, with the actions and people that are ticked."""
    agency, by = _agency(request, pk), person_of(request)
    parts = list(succeeding.open_parts(agency).select_related("owner_contact"))
    live = Membership.objects.filter(agency=agency, until__isnull=True, user__is_active=True)
    people = live.exclude(user=by).select_related("user").order_by("user__name", "pk")
    others = Agency.objects.filter(partnership=agency.partnership_id, closed_on=None).exclude(pk=agency.pk)
    data = request.POST if request.method == "POST" else None
    initial = {"on": timezone.localdate(), "successor": one_asked_for(others, request.GET.get("to", ""))}
    form = SucceedForm(data, others=others, parts=parts, people=people, initial=initial)

    def do(data: dict[str, Any]) -> str:
        given = data | {"access": data["access"] or Access.KEPT, "people": list(data["people"])}
        going = [part.action_id for part in parts if data["actions"] is None or part.action_id in data["actions"]]
        moved = succeeding.succeed(predecessor=agency, by=by, **given)
        return " ".join(_said(data["successor"], moved, going, by))

    restricted = [naming for naming in _namings(agency, by) if naming.readers]
    return _answer(
        request, agency, form, "succeed", do, restricted=restricted, of_contacts=[p for p in parts if p.owner_contact]
    )


def _namings(agency: Agency, by: User) -> list[Naming]:
    """The restricted reviews in which the agency has a part, with who is named, as far as ``by`` reads their plans."""
    readable = set(objects_for(by, Permission.READ_PLAN, Review).values_list("pk", flat=True))
    return [naming for naming in namings_of(agency) if naming.review.pk in readable]


def _said(successor: Agency, moved: int, actions: list[int], by: User) -> Iterator[str]:
    yield f"{successor} has taken over {moved} action{'' if moved == 1 else 's'}."
    if number := succeeding.ownerless(successor).filter(action__in=actions).count():
        yield f"For {number} of them nobody at {successor} is named who sees to it."
    if reviews := [naming.review.reference for naming in _namings(successor, by) if not naming.readers]:
        yield f"Nobody there reads {', '.join(reviews)}, which is restricted, until somebody is named."


@PAGES
@login_required
@pressed_once(to=page_of_agency)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """It exists no longer, and nobody took over, or all that was to go has gone."""
    agency, by = _agency(request, pk), person_of(request)
    data = request.POST if request.method == "POST" else None
    live = Membership.objects.filter(agency=agency, until__isnull=True).select_related("user").order_by("user__name")
    form = CloseForm(data, people=len(live), initial={"on": timezone.localdate()})

    @transaction.atomic
    def do(data: dict[str, Any]) -> str:
        succeeding.close(agency=agency, by=by, on=data["on"])
        if data.get("ends"):
            succeeding.end_access(agency=agency, by=by)
        return f"{agency} is closed. Its history stays."

    return _answer(request, agency, form, "close", do, people=live, parts=list(succeeding.open_parts(agency)))
