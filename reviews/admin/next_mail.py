"""Who will be mailed next: the same selection that the run will make, looked at beforehand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from agencies.models import Partnership
from agencies.permissions import objects_for
from agencies.roles import Permission
from agencies.typed_days import Day
from reviews.chasing import planning, selection
from reviews.models import Action, Review, Run, words_of

if TYPE_CHECKING:
    from agencies.models import User


#: So far from today a day may be looked at.
FURTHEST = dt.timedelta(days=366)


class ForDay(forms.Form):
    """Which day to look at."""

    on = Day(label="Reminders of", required=False)

    def clean_on(self) -> dt.date | None:
        """A day that the schedule can come to while the portal stands."""
        on: dt.date | None = self.cleaned_data["on"]
        if on and abs(on - timezone.localdate()) > FURTHEST:
            raise forms.ValidationError("Enter a day within a year of today.")
        return on


@dataclass(frozen=True)
class NextRun:
    """What one partnership's run of ``on`` would send. ``said`` says why it would send nothing at all."""

    partnership: Partnership
    on: dt.date
    digests: tuple[selection.Digest, ...]
    left_out: list[tuple[str, list[Action]]]
    said: str


def next_mail(page: Any, request: HttpRequest) -> TemplateResponse:
    """The page, for whoever runs the chasing of some partnership."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    form = ForDay(request.GET or None)
    asked = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    runs = next_runs(request.user, timezone.now(), asked)
    if runs and not form.errors:
        form = ForDay(initial={"on": runs[0].on})
    context = {
        **page.admin_site.each_context(request),
        "title": "Who will be mailed next",
        "opts": page.opts,
        "form": form,
        "runs": runs,
    }
    return TemplateResponse(request, "admin/reviews/run/next.html", context)


def next_runs(user: Any, now: dt.datetime, asked: dt.date | None = None) -> list[NextRun]:
    """For each partnership whose chasing ``user`` runs: the next run, or that of the day ``asked``."""
    partnerships = objects_for(user, Permission.RUN_CHASING, Partnership).order_by("name")
    return [_next_run(user, partnership, asked or planning.next_day(partnership, now)) for partnership in partnerships]


def _next_run(user: User, partnership: Partnership, on: dt.date) -> NextRun:
    said = _why_nothing(partnership, on)
    found = selection.Selection(partnership, on) if said else selection.due(partnership, on)
    visible = objects_for(user, Permission.READ_ACTION, Action).select_related("review", "recommendation")
    actions = visible.in_bulk({pk for keys in found.left_out.values() for pk in keys})
    left_out = [(words_of(why), [actions[pk] for pk in keys if pk in actions]) for why, keys in found.left_out.items()]
    return NextRun(partnership, on, found.digests, left_out, said)


def _why_nothing(partnership: Partnership, on: dt.date) -> str:
    if partnership.chasing_paused:
        return "Reminders are paused for this partnership."
    if Run.objects.filter(partnership=partnership, on=on).exists():
        return "The reminders of this day have been planned already. The runs and the send log show them."
    if not Review.objects.filter(partnership=partnership, chasing_from__isnull=False).exists():
        return "Reminders have not been started for any plan. A review's own page starts them."
    return ""
