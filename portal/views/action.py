"""Your actions, and one action."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import action_or_404, person_of
from portal.forms.filters import ActionFilters
from reviews.reading import lists
from reviews.reading.one_action import read_action
from reviews.release import led_by

A_PAGE = 50


@require_safe
@login_required
def action_list(request: HttpRequest) -> HttpResponse:
    """The actions of every agency to which one belongs, what is late first."""
    user, on = person_of(request), timezone.localdate()
    actions = lists.own_actions(user)
    agencies = lists.own_agencies(user)
    filters = ActionFilters(request.GET, agencies=agencies, reviews=lists.reviews_of(actions))
    wanted = filters.wanted()
    found = lists.with_agencies(lists.narrowed(actions, on=on, **wanted).latest_first(on), user)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "agencies": agencies,
        "several_partnerships": len({agency.partnership_id for _, agency in agencies}) > 1,
        "led": led_by(user),
        "closed_to_them": lists.waiting_for_confidentiality(user),
        "counts": lists.counts(actions, on),
        "filters": filters,
        "filtered": bool(wanted),
        "page": page,
        "rows": lists.rows(page, on),
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
