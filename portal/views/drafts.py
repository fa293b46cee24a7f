"""Drafts: what the script of a form asks for, one's own that were not sent, and throwing one away.

The script asks to keep the words now, or a file now. Without scripts the form does it itself.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agencies.refusals import Refused
from portal.access import person_of
from portal.desk import desk_of
from portal.templatetags.dates import clock
from portal.unsent import keeps_words
from portal.views.methods import PAGES
from reviews import drafts, waiting_files
from reviews.reading.own_words import unsent_of


@require_POST
@keeps_words
@login_required
def action_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what stands in the form, as a draft."""
    desk = desk_of(request, pk)
    if desk.acting is None:
        raise PermissionDenied("acts for no agency that could do this")
    form = desk.form(request.POST)
    try:
        desk.keep(form, request.POST.get("source", ""))
    except Refused as refused:
        return JsonResponse({"problem": refused.sentence}, status=400)
    except drafts.AlreadySent:
        return JsonResponse({"problem": "This update has been sent already."}, status=409)
    return JsonResponse({"saved": clock(timezone.now())})


@require_POST
def action_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one file until its form is sent. The script asks, so that who is signed out is told, and led nowhere."""
    if not request.user.is_authenticated:
        problem = "You are signed out, so this file is not kept. Sign in again, then choose it again."
        return JsonResponse({"problem": problem}, status=401)
    desk = desk_of(request, pk)
    if not desk.offered:
        raise PermissionDenied("acts for no agency that could do this")
    file, token = request.FILES.get("file"), drafts.token_of(request.POST.get("token", ""))
    if file is None or token is None:
        return JsonResponse({"problem": "Choose a file."}, status=400)
    try:
        row = waiting_files.stage(action=desk.action, by=desk.user, token=token, file=file)
    except Refused as refused:
        return JsonResponse({"problem": refused.sentence}, status=400)
    return JsonResponse({"pk": row.pk, "name": row.file_name, "size": filesizeformat(row.size)})


@require_safe
@login_required
def draft_list(request: HttpRequest) -> HttpResponse:
    """What one has written and not sent, also about actions that one's agency answers for no more."""
    return render(request, "portal/drafts/list.html", {"unsent": unsent_of(person_of(request))})


@PAGES
@login_required
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away one's draft: asked once more, with the words, for there is no way back."""
    user = person_of(request)
    mine = next((each for each in unsent_of(user) if each.draft.pk == pk), None)
    if mine is None:
        raise Http404
    if request.method == "POST":
        drafts.discard_draft(draft=mine.draft, by=user)
        messages.success(request, "What you had written is thrown away.")
        return redirect("action-detail", mine.draft.action_id) if mine.reads_action else redirect("draft-list")
    return render(request, "portal/drafts/discard.html", {"mine": mine, "draft": mine.draft})
