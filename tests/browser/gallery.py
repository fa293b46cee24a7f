"""Addresses that exist only in tests: every component on one page, and every error page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from portal.forms.base import PortalForm
from portal.forms.fields import DayMonthYearField
from portal.views import errors
from reviews.statuses import Lateness, Status, Timing

GALLERY = Path(__file__).with_name("gallery.html")


class EveryField(PortalForm):
    """One field of each kind."""

    progress = forms.CharField(
        label="Progress", widget=forms.Textarea, help_text="What was done since the last update."
    )
    reached = DayMonthYearField(label="When was it done?", help_text="For example, 28 2 2016.")
    status = forms.ChoiceField(label="Status", choices=Status.choices, widget=forms.RadioSelect)
    themes = forms.MultipleChoiceField(
        label="Themes",
        choices=[("t", "Training"), ("r", "Referral"), ("i", "Sharing information")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agency = forms.ChoiceField(label="Agency", choices=[("", "Choose one"), ("p", "Police"), ("h", "Housing")])
    evidence = forms.FileField(label="Evidence", help_text="Up to 20 MB.", widget=forms.FileInput)
    sure = forms.BooleanField(label="I have checked this with my manager", help_text="Your name stands beside it.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class SomeFilters(PortalForm):
    """The filters of a list."""

    says_optional = False
    text = forms.CharField(label="Words in the action", required=False)
    status = forms.ChoiceField(label="Status", choices=[("", "Any"), *Status.choices], required=False)
    late = forms.ChoiceField(label="How late", choices=[("", "Any"), *Lateness.choices], required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component; with ``?wrong`` the form has been sent empty."""
    messages.success(request, "Your update is sent.")
    messages.info(request, "The closing date has moved to 3 March 2016.")
    messages.warning(request, "Somebody else has updated this action since you opened it.")
    messages.error(request, "The file is too large. Nothing was saved.")
    today = dt.date(2016, 3, 11)
    context: dict[str, Any] = {
        "form": EveryField({"reached_day": "31", "reached_month": "feb"} if "wrong" in request.GET else None),
        "filters": SomeFilters(),
        "statuses": list(Status),
        "timings": [
            Timing(Lateness.NO_DATE),
            Timing(Lateness.ON_TIME, 60),
            Timing(Lateness.DUE_SOON, 3),
            Timing(Lateness.OVERDUE, -12),
        ],
        "today": today,
        "target": dt.date(2016, 2, 28),
        "paged": Paginator(range(300), 25).get_page(4),
    }
    return HttpResponse(engines["django"].from_string(GALLERY.read_text()).render(context, request))


def fails(request: HttpRequest) -> HttpResponse:
    """What a page with a mistake in it does."""
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/400/", errors.bad_request),
    path("gallery/403/", errors.forbidden),
    path("gallery/403-csrf/", errors.csrf_failure),
    path("gallery/405/", errors.not_allowed),
    path("gallery/500/", errors.server_error),
    path("gallery/fails/", fails),
    path("", include("config.urls")),
]
handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
