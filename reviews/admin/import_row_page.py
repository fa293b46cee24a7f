"""The page of one row of a plan that is being brought in: mended, cut in two, left out or put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse

from agencies import kept
from agencies.models import User
from agencies.refusals import Refused
from reviews.admin.import_page import page_of
from reviews.admin.import_row_forms import CutForm, RowForm, carry_out, form_pressed, only_asked
from reviews.importing.staged import StagedRow, row_of
from reviews.models import PlanImport

if TYPE_CHECKING:
    from django.http import HttpRequest

#: What goes with a form beside its fields: which button it was, and which field was asked for alone.
_PRESSED = ("do", "only")


def row_page(request: HttpRequest, staged: PlanImport, number: int, context: Mapping[str, Any]) -> HttpResponseBase:
    """One row to mend; pressed, back to its place in the plan once that is done."""
    row = row_of(staged, number)
    if row is None:
        raise Http404
    typed = {} if request.method == "POST" else kept.offered(request)
    form = _form(request, row, typed)
    if form.is_bound and form.is_valid():
        try:
            row = carry_out(form, staged, row, request.POST, cast(User, request.user))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return HttpResponseRedirect(page_of(request, staged.pk, row))
    sent: Mapping[str, Any] = request.POST if form.is_bound else typed
    shown = {
        "row": row,
        "form": form,
        "back": page_of(request, staged.pk, row),
        "pressed": [(name, sent[name]) for name in _PRESSED if sent.get(name)] if form.fields else [],
    }
    return TemplateResponse(request, "admin/reviews/planimport/row.html", {**context, **shown})


def after(request: HttpRequest, pk: int, number: int) -> str:
    """Where a press of this row led: its place in the plan, while it is there."""
    staged = PlanImport.objects.filter(pk=pk).first()
    return page_of(request, pk, row_of(staged, number) if staged else None)


def _form(request: HttpRequest, row: StagedRow, typed: Mapping[str, Any]) -> forms.Form:
    """The form that was sent, that which shows what was kept of one, or all the fields of the row."""
    if request.method == "POST":
        return form_pressed(request.POST, row)
    press = typed.get("do", "mend")
    if not typed or press not in ("mend", "cut"):  # nothing was typed beside the other buttons
        return RowForm(row=row)
    form = CutForm(row=row) if press == "cut" else RowForm(row=row, only=only_asked(typed))
    kept.fill(form, typed)
    messages.info(request, kept.SAID)
    return form
