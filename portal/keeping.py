"""What was typed into a form of the portal that came without a session: kept for whoever opened it, and offered.

``{% kept_mark form %}`` in a form does both: it carries who opened it (``agencies.kept``), and shows what waits there.
Updates, whose words become drafts and are handed over when somebody leaves, have their own way (``portal.unsent``).
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render

from agencies import kept

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

#: What a page answers that is not this person's to open.
_SHUT = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)

Form = TypeVar("Form", bound="forms.BaseForm")


class KeepingMiddleware:
    """Keeps what nobody who is signed in has sent, before the page asks them to sign in, and forgets what was taken.

    Whoever may not open the page any more is shown what they had typed there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Remember what comes next."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what became of the request."""
        response = self.get_response(request)
        is_sent = request.method == "POST" and isinstance(response, HttpResponseRedirectBase)
        is_shut = response.status_code in _SHUT and response.get("Content-Type", "").startswith("text/html")
        if not (is_sent or is_shut) or not request.user.is_authenticated or getattr(request, "seeing_as", None):
            return response
        if is_sent:
            kept.taken(request)
            return response
        return _their_words(request, response) or response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Keep a form that carries its stamp, and lead to sign-in and back to it; nothing for any other request."""
        if request.method != "POST" or request.user.is_authenticated or kept.keep(request) is None:
            return None
        messages.info(
            request, "Your session had ended. We kept what you typed: sign in, and it is there." + about_files(request)
        )
        return redirect_to_login(request.get_full_path())


def _their_words(request: HttpRequest, response: HttpResponse) -> HttpResponse | None:
    """A page with what this person had typed at an address that is not theirs to open any more; None where nothing."""
    typed = kept.shut_out(request)
    if not typed:
        return None
    return render(request, "portal/shut_out.html", {"typed": typed}, status=response.status_code)


def about_files(request: HttpRequest) -> str:
    """What to say of files that came with the words: they are kept for nobody, as no session says who sent them."""
    return " Choose your files again: files are not kept." if request.FILES else ""


def show_kept(request: HttpRequest, form: forms.BaseForm) -> dict[str, Any]:
    """Show in ``form``, which is opened anew, what its person typed there before, and give it; else nothing."""
    if form.is_bound or request.method != "GET" or not request.user.is_authenticated:
        return {}
    if typed := kept.offered(request):
        kept.fill(form, typed)
        form.shows_kept = True  # type: ignore[attr-defined]
    return typed


def opened(request: HttpRequest, form_class: type[Form]) -> Form:
    """A form that is opened anew, with what its person typed there before: for one whose files wait by its token."""
    typed = kept.offered(request) if request.method == "GET" else {}
    form = form_class(initial=typed)
    if typed:
        form.shows_kept = True  # type: ignore[attr-defined]
    return form
