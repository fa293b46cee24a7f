"""Your actions, and one action."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import action_or_404, person_of
from portal.forms.filters import ActionFilters
from portal.paging import A_PAGE, Whole, paged
from reviews.reading import lists
from reviews.reading.one_action import read_action


@require_safe
@login_required
def action_list(request: HttpRequest) -> HttpResponse:
    """The actions of every agency to which one belongs, what is late first."""
    user, on = person_of(request), timezone.localdate()
    agencies, counted = lists.own_agencies(user), lists.own_counts(user, on)
    counts = sum(counted.values(), lists.Counts())
    reviews = lists.reviews_with(counted)
    filters = ActionFilters(request.GET, agencies=agencies, reviews=reviews)
    wanted = filters.wanted()
    if wanted:
        found = lists.narrowed(lists.own_actions(user), on=on, **wanted).latest_first(on)
        page = paged(lists.with_drafts(found, user), request)
    else:
        page = paged(Whole(counts.total, lambda start: lists.latest_own(user, on, start, start + A_PAGE)), request)
    context = {
        "agencies": agencies,
        "several_partnerships": len({agency.partnership_id for _, agency in agencies}) > 1,
        "led": [agency for _, agency in agencies if agency.leads],  # type: ignore[attr-defined]
        "closed_to_them": lists.waiting_for_confidentiality(user),
        "counts": counts,
        "filters": filters,
        "filtered": bool(wanted),
        "page": page,
        "rows": lists.rows(page, [review for _, review in reviews], user, on),
    }
    return render(request, "portal/action/list.html", context)


@require_safe
@login_required
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One action: what is asked and by when, where it stands, and what became of it so far."""
    user = person_of(request)
    action = action_or_404(user, pk)
    whole = request.GET.get("history") == "whole"
    shown = read_action(action, user, timezone.localdate(), whole_history=whole)
    return render(request, "portal/action/detail.html", {"action": action, "shown": shown})
