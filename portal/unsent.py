"""What was written in a form that can no longer be sent: session or access ended, or somebody else signed in.

Each form carries a stamp: who opened it, about what, and which form it is, signed by us. It proves whose the words are
when no session does, and it grants nothing: the words are kept for that person alone, or handed over as drafts are when
somebody leaves. One form leaves one draft, however often it is sent. Whose access ended is heard once from each form,
within a day of its opening: what comes first holds all that was typed before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User
from agencies.refusals import Refused
from portal.forms.fields import LineField, WordsField
from portal.forms.progress import UpdateForm
from portal.keeping import about_files
from reviews import drafts
from reviews.models import Action, Assignment
from reviews.progress import Report
from reviews.reading.carrying import Acting, Start

if TYPE_CHECKING:
    View = Callable[..., HttpResponse]

_SALT = "portal.writing"
#: The pages whose forms carry a stamp, by their url names.
WRITING = ("action-update", "action-claim", "action-draft")


@dataclass(frozen=True)
class Stamp:
    """Who opened a form, about which action, for which agency; and the form's own token."""

    user: User
    action: Action
    agency: Agency
    token: UUID

    @property
    def address(self) -> str:
        """The page on which the words are offered again."""
        return f"{reverse('action-update', args=[self.action.pk])}?agency={self.agency.pk}"


def stamp(user: User, action: Action, agency: Agency, token: UUID) -> str:
    """What the form ``token`` that ``user`` opens carries."""
    return signing.dumps([user.pk, action.pk, agency.pk, str(token)], salt=_SALT)


def stamp_of(request: HttpRequest) -> Stamp | None:
    """The stamp of the form that was posted; None when it carries none, a forged or an old one."""
    if (said := _said(request)) is None:
        return None
    user, action, agency, token = said
    rows = (
        User.objects.filter(pk=user).first(),
        Action.objects.filter(pk=action).select_related("review__partnership", "recommendation").first(),
        Agency.objects.filter(pk=agency).first(),
    )
    return Stamp(*rows, UUID(token)) if all(rows) else None  # type: ignore[arg-type]


def _said(request: HttpRequest, *, within: dt.timedelta = drafts.KEPT_FOR) -> tuple[int, int, int, str] | None:
    """The keys of person, action and agency in the stamp that was posted, and its token, if it was made ``within``."""
    try:
        said = signing.loads(request.POST.get("stamp", ""), salt=_SALT, max_age=within)
        user, action, agency, token = said
    except (signing.BadSignature, ValueError):  # forged or old, or of an earlier making
        return None
    return user, action, agency, token


def _is_as_usual(request: HttpRequest) -> bool:
    """Whether the form comes from the very person who opened it, who may still write there: nothing to rescue."""
    said = _said(request)
    if said is None:
        return True
    user, action, agency, _ = said
    return request.user.pk == user and drafts.may_write(request.user, Action(pk=action), Agency(pk=agency))


def keeps_words(view: View) -> View:
    """For the pages in ``WRITING``: what cannot be taken in from whoever sends it is kept for whoever wrote it."""

    @wraps(view)
    def kept_or_taken(request: HttpRequest, pk: int) -> HttpResponse:
        answer = rescue(request) if request.method == "POST" else None
        return answer or view(request, pk)

    return kept_or_taken


def rescue(request: HttpRequest, *, forged: bool = False) -> HttpResponse | None:
    """Keep the words, and say what became of them; None when they can be taken in as usual, or carry no stamp.

    ``forged``: the page's CSRF token is not this session's, as after signing in anew in another window.
    """
    written = None if not forged and _is_as_usual(request) else stamp_of(request)
    if written is None:
        return None
    same, nobody = request.user == written.user, not request.user.is_authenticated
    may = drafts.may_write(written.user, written.action, written.agency)
    form = _form_of(request, written)
    is_kept = form is not None and _keep(request, written, form, may=may)
    if form is None or (may and not is_kept):
        return None
    if request.resolver_match and request.resolver_match.url_name == "action-draft":
        return JsonResponse({"problem": _in_a_word(same=same or nobody, may=may, is_kept=is_kept)}, status=401)
    if may and nobody:
        messages.info(
            request, "Your session had ended. We kept what you wrote: sign in, and it is there." + about_files(request)
        )
        return redirect_to_login(written.address)
    if may and same:
        messages.info(
            request, "We kept what you wrote. Nothing is sent yet: look at it, and go on." + about_files(request)
        )
        return redirect(written.address)
    context = {"same": same or nobody, "written": written, "files": bool(request.FILES), "is_kept": is_kept}
    if not is_kept:
        context["words"] = _words(form)
    return render(request, "portal/progress/ended.html", context, status=403)


def put_by(request: HttpRequest) -> bool:
    """Keep the words of a page in ``WRITING`` whoever sends them; whether there were any to keep."""
    match = request.resolver_match
    written = stamp_of(request) if request.method == "POST" and match and match.url_name in WRITING else None
    if written is None or (form := _form_of(request, written)) is None:
        return False
    may = drafts.may_write(written.user, written.action, written.agency)
    return _keep(request, written, form, may=may)


def _in_a_word(*, same: bool, may: bool, is_kept: bool) -> str:
    if same and not may:
        became = "What you wrote is kept for your agency." if is_kept else "What you write now is not kept."
        return f"Your access to this action has ended. {became}"
    return "You are not signed in here any more. " + (
        "What you wrote is kept: open this page again, and go on." if is_kept else "What is written now is not kept."
    )


def _form_of(request: HttpRequest, written: Stamp) -> UpdateForm | None:
    """The form that was posted; None where the agency never had a part in the action."""
    part = Assignment.objects.filter(action=written.action, agency=written.agency).order_by("-on", "-pk").first()
    if part is None:
        return None
    start = Start(Report(), None, [])
    acting = Acting(part, is_own=False)
    return UpdateForm(request.POST, acting=acting, start=start, today=timezone.localdate())


def _keep(request: HttpRequest, written: Stamp, form: UpdateForm, *, may: bool) -> bool:
    """Keep what the form says; False where it is longer than any report, or its person is heard no more."""
    if not may and _said(request, within=drafts.LEAVER_HEARD_FOR) is None:
        return False
    try:
        return drafts.keep_unsent(
            action=written.action,
            agency=written.agency,
            of=written.user,
            token=written.token,
            answers=form.answers(),
        )
    except Refused:
        return False


def _words(form: UpdateForm) -> list[tuple[str, str]]:
    """What somebody had typed in words, under the labels of its fields: to be copied where it is not kept."""
    answers = form.answers()
    wordy = [name for name, field in form.fields.items() if isinstance(field, WordsField | LineField)]
    return [(str(form[name].label), answers[name]) for name in wordy if name in answers]
