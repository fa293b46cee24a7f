"""The plans that a person may read as a whole, and one of them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import person_of, review_or_404
from portal.forms.filters import ActionFilters
from portal.paging import paged
from reviews.reading import lists, plan
from reviews.reading.counting import counts_for
from reviews.reading.lists import places_of


@require_safe
@login_required
def review_list(request: HttpRequest) -> HttpResponse:
    """The reviews whose plans one may read, with how they stand."""
    page = paged(plan.plans_read_by(person_of(request)), request)
    rows = plan.plan_rows(page, timezone.localdate())
    return render(request, "portal/plan/list.html", {"page": page, "rows": rows})


@require_safe
@login_required
def count_list(request: HttpRequest) -> HttpResponse:
    """How the plans of one's partnerships stand, in numbers alone."""
    user = person_of(request)
    if not places_of(user).counts:
        raise Http404
    return render(request, "portal/plan/counts.html", {"found": counts_for(user, timezone.localdate())})


@require_safe
@login_required
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: the facts of its review, how it stands, and its recommendations with their actions."""
    user, on = person_of(request), timezone.localdate()
    review = review_or_404(user, pk)
    actions = plan.actions_in_order(review)
    filters = ActionFilters(request.GET, agencies=plan.agencies_in(review, user))
    wanted = filters.wanted()
    tally = plan.tally(actions, on)
    found = lists.with_drafts(lists.narrowed(actions, on=on, **wanted), user)
    page = paged(found, request, total=None if wanted else tally.total)
    context = {
        "review": review,
        "tally": tally,
        "filters": filters,
        "filtered": bool(wanted),
        "page": page,
        "groups": plan.grouped(lists.rows(page, [review], user, on)),
        "without_action": plan.without_action(review) if page.number == 1 and not wanted else [],
    }
    return render(request, "portal/plan/detail.html", context)
