"""People: who belongs to an agency or partnership, who is invited, what they may do, and how they leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agencies import confirming, invitations, memberships
from agencies.accounts import may_reset_second_factor, reset_second_factor
from agencies.contacts import lasting
from agencies.models import Agency, Invitation, Membership, Partnership
from agencies.people import agencies_seen_by, partnerships_seen_by, people_of
from agencies.permissions import holds, objects_for
from agencies.refusals import Refused
from agencies.roles import Permission, RoleCode
from agencies.typed_words import printable
from portal.access import belonging_or_404, person_of, place_or_404
from portal.forms.base import PortalForm
from portal.forms.people import InviteForm, LeaveForm, RoleForm
from portal.pressing import pressed_once
from portal.views.methods import PAGES
from reviews import leaving
from reviews.reading.unled import unled, with_open_actions

A_PAGE = 50

Container = type[Agency | Partnership]


def address_of(place: Agency | Partnership) -> str:
    """The People page of an agency or partnership."""
    return reverse("people-agency" if isinstance(place, Agency) else "people-partnership", args=[place.pk])


def page_of_agency(pk: int, **_: Any) -> str:
    """The People page of the agency with this key."""
    return reverse("people-agency", args=[pk])


def _page_of_place(pk: int, kind: Container) -> str:
    return page_of_agency(pk) if kind is Agency else reverse("people-partnership", args=[pk])


def _page_of(model: type[Membership | Invitation]) -> Callable[..., str]:
    """The page of people where a membership or an invitation stands."""
    return lambda pk: _page_with(model._default_manager.get(pk=pk))


def _page_with(row: Membership | Invitation) -> str:
    if row.role == RoleCode.PANEL_READER:
        return reverse("people-panel", args=[row.container.pk])
    return address_of(row.container)


@require_safe
@login_required
def people_list(request: HttpRequest) -> HttpResponse:
    """The agencies whose people one looks after; a lead of one agency is led there at once."""
    user = person_of(request)
    words = " ".join(printable(request.GET.get("words", "")).split())[:200]
    partnerships = list(partnerships_seen_by(user))
    rows = agencies_seen_by(user, words=words)
    only = list(rows[:2]) if not partnerships and not words else []
    if len(only) == 1:
        return redirect("people-agency", only[0].pk)
    without_lead = unled(agencies_seen_by(user)).count() if partnerships else 0
    is_narrowed = request.GET.get("lead") == "none" and bool(partnerships)
    page = Paginator(with_open_actions(unled(rows) if is_narrowed else rows), A_PAGE).get_page(request.GET.get("page"))
    may_add = set(objects_for(user, Permission.EDIT_PLAN, Partnership).values_list("pk", flat=True))
    context = {"page": page, "partnerships": partnerships, "words": words, "may_add": may_add}
    return render(
        request, "portal/people/list.html", context | {"without_lead": without_lead, "is_narrowed": is_narrowed}
    )


@require_safe
@login_required
def place(request: HttpRequest, pk: int, kind: Container) -> HttpResponse:
    """Who belongs here, who is invited, and who left."""
    container = place_or_404(request.user, kind, pk)
    shown = people_of(container, seen_by=person_of(request), now=timezone.now())
    context = {"place": container, "is_agency": kind is Agency, "shown": shown, "today": timezone.localdate()}
    manages = holds(request.user, Permission.MANAGE_PEOPLE, container)
    others = objects_for(request.user, Permission.READ_PEOPLE, Agency).exclude(
        pk=container.pk if kind is Agency else None
    )
    context |= {
        "has_list": others.exists(),  # who looks after one agency only is led here by the list of agencies
        "manages": manages,
        "may_word": manages,
        "may_confirm": manages and kind is Agency and bool(shown.people),
        "may_reset": person_of(request).is_superuser,  # of whoever has the admin door
    }
    if kind is Agency:
        context["contacts"] = lasting(container, timezone.localdate())
        context["ends_on"] = confirming.ends_on(container)
        context["may_reset"] = holds(request.user, Permission.MANAGE_PEOPLE, container.partnership)
    return render(request, "portal/people/place.html", context)


@PAGES
@login_required
@pressed_once(to=_page_of_place)
def invite(request: HttpRequest, pk: int, kind: Container) -> HttpResponse:
    """Invite somebody by mail."""
    container, user = place_or_404(request.user, kind, pk), person_of(request)
    roles = memberships.grantable(user, container)
    if not roles:
        raise PermissionDenied("may grant no role here")
    form = InviteForm(request.POST if request.method == "POST" else None, roles=roles)
    if form.is_bound and form.is_valid():
        try:
            invited = invitations.invite(container=container, by=user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"The invitation goes to {invited.email}. It can be accepted for seven days.")
            return redirect(address_of(container))
    return render(request, "portal/people/invite.html", _about(container, form=form))


@PAGES
@login_required
@pressed_once(to=_page_of(Membership))
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role in the same place."""
    user = person_of(request)
    membership: Membership = belonging_or_404(user, Membership, pk)
    if membership.user_id == user.pk:
        raise PermissionDenied("nobody gives a role to themselves")
    roles = [code for code in memberships.grantable(user, membership.container) if code != membership.role]
    if not roles:
        raise Http404
    work, heirs = leaving.work_of(membership, seen_by=user), leaving.heirs_of(membership)
    form = RoleForm(request.POST if request.method == "POST" else None, roles=roles, heirs=heirs, offers=work.has_any)
    if form.is_bound and form.is_valid():
        try:
            after = leaving.change_role(membership=membership, by=user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{membership.user} is now {after.get_role_display()}.")
            if ownerless := leaving.ownerless_after(membership):
                messages.warning(request, ownerless)
            return redirect(address_of(membership.container))
    about = _about(membership.container, form=form, membership=membership, work=work, is_oneself=False)
    return render(request, "portal/people/role.html", about)


@PAGES
@login_required
@pressed_once(to=_page_of(Membership))
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's access, and say who takes over: one screen."""
    user = person_of(request)
    membership: Membership = belonging_or_404(user, Membership, pk)
    work, heirs = leaving.work_of(membership, seen_by=user), leaving.heirs_of(membership)
    sent = request.POST if request.method == "POST" else None
    form = LeaveForm(sent, heirs=heirs, of_partnership=membership.agency_id is None)
    if form.is_bound and form.is_valid():
        try:
            ended = leaving.leave(membership=membership, by=user, to=form.cleaned_data["to"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{membership.user} has no access here any more. What they wrote stays.")
            if ownerless := form.cleaned_data["to"] and leaving.ownerless_after(ended):
                messages.warning(request, ownerless)
            return redirect(address_of(membership.container) if membership.user_id != user.pk else "home")
    about = _about(
        membership.container, form=form, membership=membership, work=work, is_oneself=membership.user == user
    )
    return render(request, "portal/people/leave.html", about)


@require_POST
@login_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that everybody on the page belongs there still."""
    agency = place_or_404(request.user, Agency, pk, Permission.MANAGE_PEOPLE)
    shown = request.POST.getlist("who")
    try:
        number = confirming.confirm(agency=agency, by=person_of(request), on=timezone.localdate(), shown=shown)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        people = "1 person is" if number == 1 else f"{number} people are"
        messages.success(request, f"Thank you. {people} confirmed; we ask again in half a year.")
    return redirect(address_of(agency))


@PAGES
@login_required
@pressed_once(to=_page_of(Membership))
def reset_second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a second step that somebody has lost, so that they can set up another."""
    user = person_of(request)
    rows = objects_for(user, Permission.READ_PEOPLE, Membership).filter(until=None)
    membership = get_object_or_404(rows.select_related("user", "agency__partnership", "partnership"), pk=pk)
    if not may_reset_second_factor(user, membership.user):
        raise PermissionDenied("this person's second step is not theirs to reset")
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            reset_second_factor(user=membership.user, by=user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"The second step of {membership.user} is reset. We have told them by e-mail.")
            return redirect(address_of(membership.container))
    return render(
        request, "portal/people/second_step.html", _about(membership.container, form=form, of=membership.user)
    )


@PAGES
@login_required
@pressed_once(to=_page_of(Invitation))
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an open invitation again, or take it back."""
    user = person_of(request)
    invited: Invitation = belonging_or_404(user, Invitation, pk)
    form = PortalForm(request.POST if request.method == "POST" else None)
    again = "again" in request.POST
    if again or "withdraw" in request.POST:
        try:
            (invitations.resend if again else invitations.withdraw)(invitation=invited, by=user)
        except Refused as refused:
            form.refuse(refused)
        else:
            said = "The invitation is sent again." if again else "The invitation is withdrawn. Its link opens no more."
            messages.success(request, said)
            return redirect(_page_with(invited))
    state, is_offered = invited.state(timezone.now()), invitations.is_still_offered(invited)
    about = _about(invited.container, form=form, invitation=invited, state=state, is_offered=is_offered)
    about["place_url"] = _page_with(invited)
    return render(request, "portal/people/invitation.html", about)


def _about(place: Agency | Partnership, **facts: Any) -> dict[str, Any]:
    return {"place": place, "place_url": address_of(place), **facts}
