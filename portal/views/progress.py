"""Update this action, up to saying that it is complete: write, check, send."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list

from agencies.keys import key_of
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission
from portal.access import person_of, update_or_404
from portal.desk import Desk, desk_of
from portal.forms.progress import UpdateForm
from portal.forms.reasons import TakeBackForm
from portal.pressing import pressed_once
from portal.unsent import keeps_words, stamp
from portal.views.methods import PAGES
from reviews import drafts, policies, progress, release, reporting, waiting_files
from reviews.models import Draft, ProgressUpdate, StagedFile, Submission
from reviews.statuses import Status


@PAGES
@keeps_words
@login_required
def action_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Report progress: the last answer carried forward, kept as a draft, and shown for a check before it is sent."""
    desk = desk_of(request, pk)
    return _write(request, desk, heading=desk.heading("Update this action", "Record an update"))


@PAGES
@keeps_words
@login_required
def action_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page, with “Complete” chosen."""
    desk = desk_of(request, pk, leading=True)
    heading = desk.heading("Say that it is complete", "Record that it is complete")
    why_not = policies.why_not_claim(desk.action, desk.acting.part) if desk.acting else ""
    if why_not and request.method != "POST":
        return instead_of_a_form(request, desk, why_not, heading=heading)
    return _write(request, desk, heading=heading, claiming=True)


@PAGES
@login_required
def action_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The update as it will stand, what came in the meantime beside it, and the one press that sends it."""
    desk = desk_of(request, pk)
    why_not = policies.why_not_update(desk.action)
    if desk.acting is None or (why_not and request.method != "POST"):
        return instead_of_a_form(request, desk, why_not, heading="Check your answers")
    draft = desk.draft()
    if request.method == "POST" and (draft is None or str(draft.token) != request.POST.get("token")):
        return _sent_before(request, desk)
    if draft is None:
        return redirect(desk.address("action-update"))
    form = desk.form_of(draft)
    waiting = desk.waiting(form)
    shown = request.method == "POST" and request.POST.get("version") == draft.saved_at.isoformat()
    # What was shown is judged as it is sent, under the lock.
    if not (form.is_valid() if shown else _may_be_sent(desk, form, waiting)):
        return redirect(desk.address("action-update") + "&problems=1")
    if not shown:
        return _check_page(request, desk, form, draft, waiting, changed=request.method == "POST")
    return _send(request, desk, form, draft, waiting)


@PAGES
@login_required
@pressed_once(to=lambda pk: reverse("action-detail", args=[ProgressUpdate.everything.get(pk=pk).action_id]))
def update_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an update that was a mistake."""
    update = update_or_404(person_of(request), pk)
    if not progress.may_void(update, person_of(request)):
        raise PermissionDenied("what an update reported is not theirs to take back any more")
    form = TakeBackForm(request.POST) if request.method == "POST" else TakeBackForm()
    if form.is_bound and form.is_valid():
        try:
            progress.void(update=update, by=person_of(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The update is taken back. It stays in the history, struck out.")
            return redirect("action-detail", update.action_id)
    return render(request, "portal/progress/take_back.html", {"update": update, "action": update.action, "form": form})


def instead_of_a_form(request: HttpRequest, desk: Desk, why_not: str, *, heading: str) -> HttpResponse:
    """Why there is no form now, with one's drafts to read; or for which of several agencies it shall be.

    403 for whoever acts for none and has nothing written.
    """
    acting = [each.agency for each in desk.offered]
    written = Draft.objects.filter(action=desk.action, author=desk.user).select_related("agency", "written_by")
    stuck = list(written if why_not else written.exclude(agency__in=acting))
    if not desk.offered and not stuck:
        require(person_of(request), Permission.UPDATE_ACTION, desk.action)
        if not why_not:
            raise PermissionDenied("acts for no agency that could do this")
    context = {"action": desk.action, "heading": heading, "why_not": why_not, "offered": desk.offered, "stuck": stuck}
    return render(request, "portal/progress/instead.html", context)


def _write(request: HttpRequest, desk: Desk, *, heading: str, claiming: bool = False) -> HttpResponse:
    why_not = policies.why_not_update(desk.action)
    if desk.acting is None or (why_not and request.method != "POST"):
        return instead_of_a_form(request, desk, why_not, heading=heading)
    if request.method == "POST":
        form = desk.form(request.POST, request.FILES)
        if answer := _take(request, desk, form):
            return answer
        return _form_page(request, desk, form, heading=heading)
    start = desk.start
    draft = None if "afresh" in request.GET else start.draft(request.GET.get("draft", ""))
    if draft and "problems" in request.GET:
        form = desk.form_of(draft)
        _may_be_sent(desk, form)
    else:
        form = desk.form(draft=draft, claiming=claiming)
    return _form_page(request, desk, form, heading=heading, draft=draft)


def _take(request: HttpRequest, desk: Desk, form: UpdateForm) -> HttpResponse | None:
    """Keep what was posted, then do what was pressed; nothing when the page has to come back with its problems."""
    if sent := _became(desk, form.form_token):
        if form.is_valid() and reporting.is_this_report(sent, desk.sending(form)):
            return _thank(request, desk, sent)
        # Written after it was sent: another update, by somebody who knows of the first.
        form.renew(**({"seen": sent.pk} if isinstance(sent, ProgressUpdate) else {}))
    is_kept = True
    try:  # the words first: whatever comes of the files, these stay
        desk.keep(form, request.POST.get("source", ""))
    except Refused as refused:
        form.refuse(refused)
        is_kept = False
    except drafts.AlreadySent:  # in another window, at this moment
        return _take(request, desk, form)
    desk.take_files(request, form)
    return _do_what_was_pressed(request, desk, form) if is_kept and "file" not in form.errors else None


def _do_what_was_pressed(request: HttpRequest, desk: Desk, form: UpdateForm) -> HttpResponse | None:
    if "remove" in request.POST:
        waiting_files.unstage(pk=key_of(request.POST["remove"]) or 0, by=desk.user, token=form.form_token)
        return redirect(desk.address("action-update") + "#files")
    if "draft" in request.POST:
        messages.success(request, "Your draft is kept. Only you can see it; nothing is sent yet.")
        return redirect("action-detail", desk.action.pk)
    return redirect(desk.address("action-check")) if _may_be_sent(desk, form) else None


def _may_be_sent(desk: Desk, form: UpdateForm, waiting: list[StagedFile] | None = None) -> bool:
    """Whether this could be sent as things stand; what stands against it the form then says.

    ``waiting`` are the files that wait with it, where they have been read.
    """
    if not form.is_valid():
        return False
    has_evidence = bool(form.pieces(desk.waiting(form) if waiting is None else waiting))
    try:
        reporting.check_can_send(desk.sending(form), has_evidence=has_evidence)
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _form_page(
    request: HttpRequest, desk: Desk, form: UpdateForm, *, heading: str, draft: Draft | None = None
) -> HttpResponse:
    start = form.start
    seen = key_of(str(form["seen"].value() or "")) or 0
    context = {
        "action": desk.action,
        "acting": desk.acting,
        "form": form,
        "start": start,
        "draft": draft,
        "others": [each for each in start.drafts if each != draft and each.token != form.form_token],
        "stamp": stamp(desk.user, desk.action, desk.agency, form.form_token),
        "heading": heading,
        "waiting": desk.waiting(form),
        "since": reporting.came_since(desk.action, desk.agency, seen),
        "save_url": desk.address("action-draft"),
        "files_url": desk.address("action-files"),
    }
    return render(request, "portal/progress/update.html", context)


def _check_page(
    request: HttpRequest,
    desk: Desk,
    form: UpdateForm,
    draft: Draft,
    waiting: list[StagedFile],
    *,
    changed: bool = False,
) -> HttpResponse:
    since = reporting.came_since(desk.action, desk.agency, form.has_seen())
    context: dict[str, Any] = {
        "action": desk.action,
        "acting": desk.acting,
        "sending": desk.sending(form),
        "answers": form.cleaned_data,
        "draft": draft,
        "waiting": waiting,
        "since": since,
        "seen": since[0].pk if since else form.has_seen(),
        "changed": changed,
        "write_url": desk.address("action-update"),
        "waits": desk.waits(form.told_by()),
        "is_claimed": desk.is_claimed,
        "others": desk.others_to_claim() if form.says_complete() else [],
        "given_before": desk.given_before() if form.says_complete() else [],
    }
    return render(request, "portal/progress/check.html", context)


def _send(request: HttpRequest, desk: Desk, form: UpdateForm, draft: Draft, waiting: list[StagedFile]) -> HttpResponse:
    sending, pieces = desk.sending(form), form.pieces(waiting)
    how: dict[str, Any] = {"seen": key_of(request.POST.get("seen", "")) or 0, "token": draft.token}
    sent: ProgressUpdate | Submission
    try:
        if desk.waits(sending.given_by):
            answers = draft.answers | {"link": form.cleaned_data["link"]}
            sent = release.hand_in(sending, answers=answers, has_evidence=bool(pieces), **how)
        else:
            sent = reporting.send(sending, pieces=pieces, **how)
    except Refused:  # between the check and the press; the page of the form says why
        return redirect(desk.address("action-update") + "&problems=1")
    except reporting.Overtaken:
        return _check_page(request, desk, form, draft, waiting)
    return _thank(request, desk, sent)


def _sent_before(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The press came twice, or the draft went elsewhere."""
    token = drafts.token_of(request.POST.get("token", ""))
    if token and (sent := _became(desk, token)):
        return _thank(request, desk, sent)
    messages.info(request, "Nothing was sent. This is what you have written so far.")
    return redirect(desk.address("action-update"))


def _became(desk: Desk, token: UUID) -> ProgressUpdate | Submission | None:
    """What became of the form ``token``."""
    sent = drafts.sent_from(desk.action, desk.user, token)
    return sent or drafts.handed_in_from(desk.action, desk.user, token)


def _thank(request: HttpRequest, desk: Desk, sent: ProgressUpdate | Submission) -> HttpResponse:
    if isinstance(sent, Submission):
        words = f"Handed in. A lead of {desk.agency} releases it; until then nobody outside {desk.agency} reads it."
        messages.success(request, words)
        return redirect("action-detail", desk.action.pk)
    messages.success(request, _thanks(desk, sent))
    return redirect("action-detail", desk.action.pk)


def _thanks(desk: Desk, sent: ProgressUpdate) -> str:
    """What has happened by ``sent``; ``desk`` is as it was before."""
    group = desk.action.review.partnership.group_name
    if sent.status == Status.AWAITING:
        if others := desk.others_to_claim():
            have = "has" if len(others) == 1 else "have"
            return f"Thank you. The {group} decides once {get_text_list(others, 'and')} {have} said so too."
        return f"Thank you. The {group} now looks at it."
    done = f"The update is recorded for {desk.agency}" if sent.given_by else "Your update is sent"
    if not desk.is_claimed:
        return f"{done}. Thank you."
    stays = "is taken back" if sent.status else "stays"
    return f"{done}, and the claim that this action is complete {stays}. Thank you."
