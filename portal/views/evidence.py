"""Evidence by itself: given, opened, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import Permission
from portal.access import action_or_404, evidence_or_404, person_of
from portal.forms.evidence import EvidenceQuestions, WithdrawForm
from portal.views.progress import PAGES, chosen, instead_of_a_form
from reviews import evidence, policies
from reviews.reading.carrying import acting_for


@PAGES
@login_required
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add evidence to an action without reporting anew."""
    user = person_of(request)
    action = action_or_404(user, pk)
    offered = acting_for(action, user)
    acting = chosen(request, offered)
    why_not = policies.why_not_update(action)
    if acting is None or (why_not and request.method != "POST"):
        return instead_of_a_form(request, action, offered, why_not, heading="Add evidence")
    form = EvidenceQuestions(request.POST, request.FILES) if request.method == "POST" else EvidenceQuestions()
    if form.is_bound and form.is_valid():
        pieces = form.pieces() or [evidence.Piece()]
        try:
            evidence.attach_all(action=action, agency=acting.agency, by=user, on=timezone.localdate(), pieces=pieces)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Your evidence is added.")
            return redirect("action-detail", action.pk)
    if form.is_bound:
        form.ask_for_files_again()
    return render(request, "portal/evidence/add.html", {"action": action, "acting": acting, "form": form})


@PAGES
@login_required
def evidence_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back evidence that was given by mistake."""
    user = person_of(request)
    piece = evidence_or_404(user, pk)
    recording = holds(user, Permission.RECORD_FOR_AGENCY, piece.action)
    if not recording and not holds(user, Permission.UPDATE_ACTION, piece.agency):
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
    answer = FileResponse(file, as_attachment=True, filename=piece.file_name, content_type=piece.content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer
