"""People at an agency who have no account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies import contacts
from agencies.models import Agency, Contact
from agencies.permissions import objects_for, require
from agencies.refusals import Refused
from agencies.roles import Permission
from portal.access import one_or_404, person_of, place_or_404
from portal.forms.people import ContactForm
from portal.keeping import show_kept
from portal.pressing import pressed_once
from portal.views.methods import PAGES
from portal.views.people import address_of, page_of_agency


@PAGES
@login_required
@pressed_once(to=page_of_agency)
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note somebody new."""
    agency = place_or_404(request.user, Agency, pk, Permission.MANAGE_PEOPLE)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            added = contacts.add(agency=agency, by=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{added} is noted as a contact.")
            return redirect(address_of(agency))
    context = {"place": agency, "place_url": address_of(agency), "form": form, "contact": None}
    return render(request, "portal/people/contact.html", context)


@PAGES
@login_required
@pressed_once(to=lambda pk: page_of_agency(Contact.objects.get(pk=pk).agency_id))
def contact_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend what is noted, or note that they are there no more."""
    user = person_of(request)
    rows = objects_for(user, Permission.READ_AGENCY, Contact).filter(until=None)
    contact: Contact = one_or_404(rows.select_related("agency__partnership"), pk)
    require(user, Permission.MANAGE_PEOPLE, contact.agency)
    initial = {"name": contact.name, "post": contact.post, "email": contact.email}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    seen = request.POST.get("seen", "") or show_kept(request, form).get("seen", "")
    if "end" in request.POST or (form.is_bound and form.is_valid()):
        try:
            if "end" in request.POST:
                contacts.end(contact=contact, by=user)
            else:
                contacts.change(contact=contact, by=user, seen=seen, **form.cleaned_data)
        except Refused as refused:
            contact.refresh_from_db()
            form.refuse(refused)
        else:
            messages.success(request, "It is kept.")
            return redirect(address_of(contact.agency))
    context = {"place": contact.agency, "place_url": address_of(contact.agency), "form": form, "contact": contact}
    mark = contacts.mark_of(contact)
    context |= {"seen": mark, "changed_since": bool(seen) and seen != mark}
    return render(request, "portal/people/contact.html", context)
