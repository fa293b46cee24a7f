"""Update this action, and say that it is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from portal.access import action_or_404, person_of
from portal.forms.progress import ClaimForm, ReportForm, UpdateForm
from reviews import policies, progress, reporting
from reviews.reading.carrying import Acting, acting_for, start_of

if TYPE_CHECKING:
    from reviews.models import Action

PAGES = require_http_methods(["GET", "HEAD", "POST"])


@PAGES
@login_required
def action_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Report progress: the last answer carried forward, sent or kept as a draft."""
    action = action_or_404(person_of(request), pk)
    offered = acting_for(action, person_of(request))
    acting = chosen(request, offered)
    why_not = policies.why_not_update(action)
    if acting is None or (why_not and request.method != "POST"):
        return instead_of_a_form(request, action, offered, why_not, heading="Update this action")
    return _form_page(request, action, acting, UpdateForm, "portal/progress/update.html", several=len(offered) > 1)


@PAGES
@login_required
def action_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the action is complete: what was done, when, what changed, and what shows it."""
    action = action_or_404(person_of(request), pk)
    everybody = acting_for(action, person_of(request))
    offered = [each for each in everybody if each.part.is_leading] or everybody
    acting = chosen(request, offered)
    why_not = policies.why_not_claim(action, acting.part) if acting else policies.why_not_update(action)
    if acting is None or (why_not and request.method != "POST"):
        return instead_of_a_form(request, action, offered, why_not, heading="Say that it is complete")
    return _form_page(request, action, acting, ClaimForm, "portal/progress/claim.html", several=len(offered) > 1)


def chosen(request: HttpRequest, offered: list[Acting]) -> Acting | None:
    """For whom one acts: the agency that the address names, or the only one there is; None when it is still to ask."""
    named = request.GET.get("agency", "")
    if not named and len(offered) == 1:
        return offered[0]
    return next((each for each in offered if str(each.agency.pk) == named), None)


def instead_of_a_form(
    request: HttpRequest, action: Action, offered: list[Acting], why_not: str, *, heading: str
) -> HttpResponse:
    """Why there is no form now, or for which of several agencies it shall be. 403 for whoever acts for none."""
    if not offered:
        require(person_of(request), Permission.UPDATE_ACTION, action)
        if not why_not:
            raise PermissionDenied("acts for no agency that could do this")
    context = {"action": action, "heading": heading, "why_not": why_not, "offered": offered}
    return render(request, "portal/progress/instead.html", context)


def _form_page(
    request: HttpRequest, action: Action, acting: Acting, form_of: type[ReportForm], template: str, *, several: bool
) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    start = start_of(action, acting.agency, user, with_draft=form_of is UpdateForm and "afresh" not in request.GET)
    options: dict[str, Any] = {"acting": acting, "start": start, "today": today}
    since: list[Any] = []
    if request.method == "POST":
        form = form_of(request.POST, request.FILES, **options)
        if isinstance(form, UpdateForm) and "draft" in request.POST:
            if _keep_draft(request, action, acting, form):
                return redirect("action-detail", action.pk)
        elif form.is_valid():
            since = _send(request, action, acting, form)
            if not since and form.is_valid():
                return redirect("action-detail", action.pk)
        form.ask_for_files_again()
    else:
        form = form_of(**options)
    context = {"action": action, "acting": acting, "form": form, "start": start, "since": since, "several": several}
    return render(request, template, context)


def _keep_draft(request: HttpRequest, action: Action, acting: Acting, form: UpdateForm) -> bool:
    """Keep the words for their author; False when one of them cannot be read, which the form then says."""
    report = form.draft()
    if report is None:
        return False
    progress.save_draft(action=action, agency=acting.agency, by=person_of(request), report=report)
    words = "Your draft is kept. Only you can see it; nothing is sent yet."
    messages.success(request, words + " Files are not part of it." if form.pieces() else words)
    return True


def _send(request: HttpRequest, action: Action, acting: Acting, form: ReportForm) -> list[Any]:
    """Send the report. What came since its author looked is given back, and shown; then they press again."""
    completion = form.completion()
    try:
        reporting.send(
            action=action,
            agency=acting.agency,
            by=person_of(request),
            report=form.report(),
            on=form.cleaned_data["on"],
            completion=completion,
            given_by=form.cleaned_data.get("given_by", ""),
            pieces=form.pieces(),
            seen=form.has_seen(),
        )
    except Refused as refused:
        form.refuse(refused)
        return []
    except reporting.Overtaken as overtaken:
        form.show_newest(overtaken.since[0].pk)
        form.add_error(None, "Somebody has reported for this agency since you opened this page. Yours is not sent yet.")
        return list(overtaken.since)
    group = action.review.partnership.group_name
    messages.success(
        request, f"Thank you. The {group} now looks at it." if completion else "Your update is sent. Thank you."
    )
    return []
