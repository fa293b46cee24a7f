"""Pages for when something is wrong: kind, short, and never a word about a case or whether a thing exists."""

from __future__ import annotations

import logging

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.views.decorators.csrf import requires_csrf_token

from agencies import kept
from portal import unsent

log = logging.getLogger(__name__)

#: What Django says of a form whose words, or questions, are more than it takes.
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
#: What the script of a form asks for, by their url names: it reads an answer, and no page.
ASKED_BY_SCRIPT = ("action-draft", "action-files")


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent what cannot be read; 413 where it is only more than a form may hold."""
    if isinstance(exception, TOO_MUCH):
        return too_much(request)
    return render(request, "400.html", status=400)


def too_much(request: HttpRequest) -> HttpResponse:
    """413: more than a form may hold. The script of a form that is written in is answered as it expects."""
    if request.resolver_match and request.resolver_match.url_name in ASKED_BY_SCRIPT:
        return JsonResponse(
            {"problem": "This is too long to be saved at once. Shorten it, or give it as a file."}, status=413
        )
    return render(request, "413.html", status=413)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: may see it, may not do this."""
    return render(request, "403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same page for what is not there and for what is not theirs."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that came too late or from elsewhere; its words are kept for whoever wrote them."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    if page in unsent.WRITING and (answer := unsent.rescue(request, forged=True)):
        return answer
    if answer := _kept(request):
        return answer
    if page == "action-check":  # the draft is kept, and waits on this very page for the press to be made anew
        return redirect(request.get_full_path())
    if page in ASKED_BY_SCRIPT:
        problem = "You have signed in again since this page was opened, so this is not kept. Open the page again."
        return JsonResponse({"problem": problem}, status=403)
    return render(request, "403_csrf.html", status=403)


def _kept(request: HttpRequest) -> HttpResponse | None:
    """Keep what was typed into a form; the way back to it for whoever opened it, after signing in."""
    whose = kept.keep(request)
    if whose is None or (request.user.is_authenticated and request.user.pk != whose):
        return None
    return redirect(request.get_full_path())  # which asks whoever is signed out to sign in first


def not_allowed(request: HttpRequest) -> HttpResponse:
    """405: an address opened in a way that it does not answer, mostly by reloading or a kept bookmark."""
    return render(request, "405.html", status=405)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: whatever failed, this page needs neither database, session nor context processors."""
    try:
        stylesheet = staticfiles_storage.url("portal/build/portal.css")
    except (ValueError, OSError):
        # The styles may be what failed. The page is readable without them.
        log.warning("The error page could not find its stylesheet")
        stylesheet = ""
    return HttpResponse(get_template("500.html").render({"stylesheet": stylesheet}), status=500)
