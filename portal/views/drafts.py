"""What the script of a form asks for: keep the words now, keep a file now. Without scripts the form does it itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.refusals import Refused
from portal.desk import desk_of
from portal.templatetags.dates import clock
from portal.unsent import keeps_words
from reviews import drafts


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
@login_required
def action_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one file until its form is sent."""
    desk = desk_of(request, pk)
    if not desk.offered:
        raise PermissionDenied("acts for no agency that could do this")
    file, token = request.FILES.get("file"), drafts.token_of(request.POST.get("token", ""))
    if file is None or token is None:
        return JsonResponse({"problem": "Choose a file."}, status=400)
    try:
        row = drafts.stage_file(action=desk.action, by=desk.user, token=token, file=file)
    except Refused as refused:
        return JsonResponse({"problem": refused.sentence}, status=400)
    return JsonResponse({"pk": row.pk, "name": row.file_name, "size": filesizeformat(row.size)})
