"""Restricted reviews: the lead names who reads, and whoever is named accepts confidentiality before anything opens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.models import Agency, Partnership
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from portal.access import person_of, place_or_404
from portal.forms.readers import AcceptForm, NamingForm, StatementForm
from portal.keeping import show_kept
from portal.views.methods import PAGES
from portal.views.people import address_of
from reviews import readers
from reviews.models import Promise, Reader
from reviews.reading.restricted import may_be_named, namings_of, restricted_reviews_of


@require_safe
@login_required
def namings(request: HttpRequest, pk: int) -> HttpResponse:
    """The restricted reviews in which an agency has a part, and who there reads each."""
    agency = place_or_404(request.user, Agency, pk, Permission.MANAGE_PEOPLE)
    context = {"place": agency, "place_url": address_of(agency), "namings": namings_of(agency)}
    return render(request, "portal/people/namings.html", context)


@PAGES
@login_required
def name_readers(request: HttpRequest, pk: int, review_pk: int) -> HttpResponse:
    """Tick who of the agency reads one restricted review."""
    user = person_of(request)
    agency = place_or_404(user, Agency, pk, Permission.MANAGE_PEOPLE)
    review = get_object_or_404(restricted_reviews_of(agency), pk=review_pk)
    people = may_be_named(agency, user)
    live = Reader.objects.filter(review=review, agency=agency, until__isnull=True)
    named = set(live.values_list("user_id", flat=True))
    form = NamingForm(request.POST if request.method == "POST" else None, people=people, named=named)
    if form.is_bound and form.is_valid():
        try:
            was = request.POST.getlist("was")
            shown = {who.pk for who in people if str(who.pk) in was}
            readers.set_named(review=review, agency=agency, people=form.chosen(), among=people, shown=shown, by=user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"It is kept who reads {review.reference} at {agency}.")
            return redirect("people-readers", agency.pk)
    back = reverse("people-readers", args=[agency.pk])
    context = {"place": agency, "place_url": back, "review": review, "form": form, "people": people, "named": named}
    return render(request, "portal/people/name_readers.html", context)


@PAGES
@login_required
def confidentiality(request: HttpRequest, pk: int) -> HttpResponse:
    """The statement of a partnership, for whoever is named there; accepted once, before anything opens."""
    user = person_of(request)
    named = Reader.objects.filter(user=user, review__partnership=pk, agency__isnull=False, until__isnull=True)
    if not named.exists():
        raise Http404
    partnership = Partnership.objects.get(pk=pk)
    waiting = list(readers.waiting_for(user).filter(review__partnership=partnership).select_related("review"))
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            readers.accept(partnership=partnership, by=user, seen=request.POST.get("seen", ""))
        except Refused as refused:
            partnership.refresh_from_db()
            form.refuse(refused)
        else:
            messages.success(request, "Thank you. The actions of the restricted review are now among yours.")
            return redirect("action-list")
    accepted = Promise.objects.filter(user=user, partnership=partnership).first()
    context = {"partnership": partnership, "waiting": waiting, "accepted": accepted, "form": form}
    context["seen"] = readers.mark_of(partnership)
    return render(request, "portal/people/confidentiality.html", context)


@PAGES
@login_required
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Word the partnership's statement."""
    user = person_of(request)
    partnership = place_or_404(user, Partnership, pk)
    require(user, Permission.MANAGE_PEOPLE, partnership)
    data = request.POST if request.method == "POST" else None
    form = StatementForm(data, initial={"text": partnership.confidentiality_statement})
    seen = request.POST.get("seen", "") or show_kept(request, form).get("seen", "")
    if form.is_bound and form.is_valid():
        try:
            readers.word_statement(partnership=partnership, text=form.cleaned_data["text"], by=user, seen=seen)
        except Refused as refused:
            partnership.refresh_from_db()
            form.refuse(refused)
        else:
            messages.success(request, "The statement is kept. Whoever is named from now on accepts these words.")
            return redirect(address_of(partnership))
    context = {"place": partnership, "place_url": address_of(partnership), "form": form}
    context |= {
        "seen": readers.mark_of(partnership),
        "changed_since": bool(seen) and seen != readers.mark_of(partnership),
    }
    return render(request, "portal/people/statement.html", context)
