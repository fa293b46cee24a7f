"""What was typed on the pages of a plan that is being brought in, and came without a session, shown there again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse

from agencies import kept
from agencies.keys import key_of
from reviews.admin.import_headings import HeadingsForm
from reviews.importing import staging

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest

    from reviews.models import PlanImport

OVERTAKEN = (
    "This plan was settled anew while you were away. The form shows what you typed, not what stands: look at it again "
    "before you press."
)


def offer_again(request: HttpRequest, form: forms.Form, staged: PlanImport, *, marked: str) -> None:
    """Show in ``form`` what was kept of it. Two forms are sent to the plan's address: ``marked`` is a field of this."""
    typed = {} if form.is_bound else kept.offered(request, having=marked)
    if not typed:
        return
    kept.fill(form, typed)
    messages.info(request, kept.SAID)
    seen = key_of(str(typed.get("seen", "")))
    if seen is not None and staging.settled_since(staged, seen):
        messages.warning(request, OVERTAKEN)


def headings_of(request: HttpRequest, staged: PlanImport) -> HeadingsForm:
    """The form of the headings; sent without a session, it is shown as it was filled in."""
    form = HeadingsForm(staged=staged)
    typed = kept.offered(request, at=reverse("admin:reviews_import_headings", args=[staged.pk]))
    if typed:
        kept.fill(form, typed)
        form.was_kept = True
        messages.info(request, kept.SAID)
    return form
