"""Begin and end to see the portal as an agency's people do."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies import audit
from agencies.models import Agency
from portal.access import agency_to_see_as, person_of
from portal.seeing import KEPT_AS


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def see_as(request: HttpRequest, pk: int) -> HttpResponse:
    """What it means; posted, it begins."""
    agency = agency_to_see_as(person_of(request), pk)
    if request.method != "POST":
        return render(request, "portal/seeing/begin.html", {"agency": agency})
    request.session[KEPT_AS] = agency.pk
    audit.record("agency.seen_as", by=person_of(request), about=agency, partnership=agency.partnership_id)
    return redirect("home")


@require_POST
@login_required
def see_as_end(request: HttpRequest) -> HttpResponse:
    """Back to oneself, and to the agency's page in oversight."""
    agency: Agency | None = getattr(request, "seeing_as", None)
    request.session.pop(KEPT_AS, None)
    if agency is None:
        return redirect("home")
    audit.record("agency.seen_as_ended", by=person_of(request), about=agency, partnership=agency.partnership_id)
    messages.success(request, f"You see the portal as yourself again, not as {agency}.")
    return redirect(reverse("admin:agencies_agency_change", args=[agency.pk]))
