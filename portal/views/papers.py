"""The update report of a review: as a page, and to take away."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access import person_of, review_or_404
from portal.forms.papers import AsAtForm
from portal.papers import layouts, taking
from portal.papers.formats import FORMATS, export
from reviews.as_at import plan_as_at
from reviews.reading.naming import without_strangers_people


@require_safe
@login_required
def review_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The update report as at a day, today unless another is asked for."""
    user = person_of(request)
    review = review_or_404(user, pk)
    today = timezone.localdate()
    form = AsAtForm(request.GET, today=today)
    on = form.cleaned_data["as_at"] if form.is_valid() else today
    downloads = [(heading, _links(pk, layout, on)) for layout, heading in layouts.TITLES.items()]
    paper = layouts.update_report(without_strangers_people(plan_as_at(review, on), user))
    context = {"review": review, "paper": paper, "form": form, "downloads": downloads}
    return render(request, "portal/papers/report.html", context)


def _links(pk: int, layout: str, on: dt.date) -> list[tuple[str, str]]:
    """Each format of a layout: what the link says, and where it leads."""
    chosen = urlencode({"as_at": on.isoformat(), "layout": layout})
    return [
        (form.words, f"{reverse('review-export', args=(pk, extension))}?{chosen}")
        for extension, form in FORMATS.items()
    ]


@require_safe
@login_required
def review_export(request: HttpRequest, pk: int, extension: str) -> HttpResponse:
    """The plan as a file, as the update report unless ``layout`` says another. Each time is written down."""
    user = person_of(request)
    review = review_or_404(user, pk)
    layout = request.GET.get("layout", layouts.UPDATE_REPORT)
    if extension not in FORMATS or layout not in layouts.LAYOUTS:
        raise Http404
    form = AsAtForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        raise BadRequest("the day of the paper cannot be read")
    on = form.cleaned_data["as_at"]
    file = export(without_strangers_people(plan_as_at(review, on), user), extension, layout)
    taking.write_down(review, by=user, extension=extension, layout=layout, as_at=on)
    return HttpResponse(
        file.data,
        content_type=file.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
