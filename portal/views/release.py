"""Where an agency's leads release what its people write: what waits, one of them, and whether it is wanted at all."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agencies import access_log
from agencies.keys import key_of
from agencies.models import Agency
from agencies.permissions import holds, objects_for, require
from agencies.refusals import Refused
from agencies.releasing import may_release, set_release
from agencies.roles import Permission
from portal.access import person_of, submission_or_404
from portal.forms.reasons import ReturnForm
from portal.keeping import show_kept
from portal.pressing import pressed_once
from portal.views.evidence import handed_over
from portal.views.methods import PAGES
from reviews import release, waiting_files
from reviews.models import Submission
from reviews.reading.waiting import hidden_at, waiting_at
from reviews.reporting import Overtaken


@PAGES
@login_required
def agency_release(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for release at an agency, and whether its updates wait; for its leads and the coordinator."""
    user = person_of(request)
    agency = objects_for(user, Permission.READ_AGENCY, Agency).filter(pk=pk).first()
    if agency is None:
        raise Http404
    require(user, Permission.MANAGE_PEOPLE, agency)
    if request.POST.get("required") in ("yes", "no"):
        required = request.POST.get("required") == "yes"
        set_release(agency=agency, required=required, by=user)
        how = "wait until a lead releases them" if required else "go out at once"
        messages.success(request, f"Updates of {agency} now {how}.")
        return redirect("agency-release", pk)
    waiting = waiting_at(agency, user)
    context = {"agency": agency, "waiting": waiting, "hidden": hidden_at(agency, user)}
    return render(request, "portal/release/agency.html", context)


def _next_of(pk: int) -> str:
    """The page after a decision: the action that it is about."""
    return reverse("action-detail", args=[Submission.objects.get(pk=pk).action_id])


@PAGES
@login_required
@pressed_once(to=_next_of)
def submission_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits, in full: its author reads it, a lead releases or returns it."""
    user = person_of(request)
    row = submission_or_404(user, pk)
    form = ReturnForm(request.POST) if request.method == "POST" else ReturnForm()
    show_kept(request, form)  # here, for words that are kept are shown also where nothing waits any more
    if request.method == "POST":
        if "take_back" not in request.POST and not may_release(user, row.agency):
            raise PermissionDenied("only the agency's leads release what its people write")
        if answer := _decide(request, row, form):
            return answer
        row = submission_or_404(user, pk)
    waits, reads = row.outcome == Submission.Outcome.WAITING, holds(user, Permission.READ_ACTION, row.action)
    may = may_release(user, row.agency) and waits and reads
    since = release.newer_than(row) if may else []
    context = {
        "row": row,
        "action": row.action,
        "reads": reads,
        "since": since,
        "seen": since[0].pk if since else 0,
        "is_mine": waits and reads and row.author == user,
        "completion": release.completion_of(row),
        "pieces": release.pieces_of(row, waiting_files.of_form(action=row.action, by=row.author, token=row.token)),
        "may": may,
        "takes_back": may and release.takes_back_claim(row),
        "form": form,
    }
    return render(request, "portal/release/submission.html", context)


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def submission_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file that waits with it, for its author and whoever releases it."""
    user = person_of(request)
    row = submission_or_404(user, pk)
    waiting = waiting_files.of_form(action=row.action, by=row.author, token=row.token)
    piece = next((each for each in waiting if each.pk == file), None)
    if piece is None:
        raise Http404
    access_log.opened(piece, by=user, partnership=row.action.review.partnership_id)
    try:
        return handed_over(
            release.open_file(submission=row, file=piece, by=user),
            name=piece.file_name,
            content_type=piece.content_type,
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("submission-detail", pk)


def _decide(request: HttpRequest, row: Submission, form: ReturnForm) -> HttpResponse | None:
    user = person_of(request)
    try:
        if "take_back" in request.POST:
            draft = release.take_back(submission=row, by=user)
            messages.success(request, "You have it back, as a draft. Nobody else reads it.")
            address = reverse("action-update", args=[row.action_id])
            return redirect(f"{address}?agency={row.agency_id}&draft={draft.pk}")
        if "release" in request.POST:
            release.release(submission=row, by=user, seen=key_of(request.POST.get("seen", "")) or 0)
            messages.success(request, f"The update is released. It says that {row.author} wrote it.")
        else:
            if not form.is_valid():
                return None
            release.send_back(submission=row, by=user, reason=form.cleaned_data["reason"])
            messages.success(request, f"Returned to {row.author}, as a draft, with your words.")
    except Refused as refused:
        messages.error(request, refused.sentence)
        # Words that were written to its author are shown with the page, to be taken elsewhere.
        return None if form.data.get("reason") else redirect("submission-detail", row.pk)
    except Overtaken:  # the page comes back, with what came beside it
        return redirect("submission-detail", row.pk)
    return redirect("action-detail", row.action_id)
