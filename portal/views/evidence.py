"""Evidence by itself: given, opened, withdrawn."""

from __future__ import annotations

from typing import IO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agencies.keys import key_of
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import Permission
from portal.access import evidence_or_404, person_of
from portal.desk import Desk, desk_of
from portal.forms.evidence import EvidenceQuestions
from portal.forms.reasons import WithdrawForm
from portal.keeping import opened
from portal.pressing import pressed_once
from portal.views.methods import PAGES
from portal.views.progress import instead_of_a_form
from reviews import evidence, policies, waiting_files
from reviews.models import Evidence


@PAGES
@login_required
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add evidence to an action without reporting anew."""
    desk = desk_of(request, pk)
    why_not = policies.why_not_update(desk.action)
    if not why_not and desk.acting and desk.acting.is_own and desk.waits(""):
        why_not = f"A lead of {desk.agency} releases what is given. Give evidence with an update, and it waits."
    if desk.acting is None or (why_not and request.method != "POST"):
        return instead_of_a_form(request, desk, why_not, heading="Add evidence")
    if request.method == "POST":
        form = EvidenceQuestions(request.POST, request.FILES)
    else:
        form = opened(request, EvidenceQuestions)
    if form.is_bound:
        desk.take_files(request, form)
        if "remove" in request.POST:
            waiting_files.unstage(pk=key_of(request.POST["remove"]) or 0, by=desk.user, token=form.form_token)
        elif form.is_valid() and _add(request, desk, form):
            return redirect("action-detail", pk)
    context = {
        "action": desk.action,
        "acting": desk.acting,
        "form": form,
        "waiting": desk.waiting(form),
        "files_url": desk.address("action-files"),
    }
    return render(request, "portal/evidence/add.html", context)


def _add(request: HttpRequest, desk: Desk, form: EvidenceQuestions) -> bool:
    """Attach everything that the form holds; what is there already, from a press before, is there."""
    try:
        evidence.attach_all(
            action=desk.action,
            agency=desk.agency,
            by=desk.user,
            on=timezone.localdate(),
            pieces=form.pieces(desk.waiting(form)) or [evidence.Piece()],
            once=True,
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, "Your evidence is added.")
    return True


@PAGES
@login_required
@pressed_once(to=lambda pk: reverse("action-detail", args=[Evidence.objects.get(pk=pk).action_id]))
def evidence_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back evidence that was given by mistake."""
    user = person_of(request)
    piece = evidence_or_404(user, pk)
    recording = holds(user, Permission.RECORD_FOR_AGENCY, piece.action)
    if not recording and not evidence.reports_for_it(piece, user):
        raise PermissionDenied("withdraws evidence of no agency of theirs")
    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm()
    if form.is_bound and form.is_valid():
        try:
            evidence.withdraw(evidence=piece, by=user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The evidence is withdrawn.")
            return redirect("action-detail", piece.action_id)
    return render(request, "portal/evidence/withdraw.html", {"piece": piece, "action": piece.action, "form": form})


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand over a file, as something to keep and never as something to show in the portal's own pages."""
    piece = evidence_or_404(person_of(request), pk)
    try:
        file = evidence.open_file(evidence=piece, by=person_of(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("action-detail", piece.action_id)
    return handed_over(file, name=piece.file_name, content_type=piece.content_type)


def handed_over(file: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """A file as something to keep, which no browser takes for a page of the portal."""
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer
