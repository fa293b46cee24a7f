"""What was typed into a form of the portal that came without a session: kept for whoever opened it, and offered.

``{% kept_mark form %}`` in a form does both: it carries who opened it (``agencies.kept``), and shows what waits there.
Updates, whose words become drafts and are handed over when somebody leaves, have their own way (``portal.unsent``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login

from agencies import kept

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

Form = TypeVar("Form", bound="forms.BaseForm")


class KeepingMiddleware:
    """Keeps what nobody who is signed in has sent, before the page asks them to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Remember what comes next."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on: which page it is, is known only once the address is resolved."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Keep a form that carries its stamp, and lead to sign-in and back to it; nothing for any other request."""
        if request.method != "POST" or request.user.is_authenticated or kept.keep(request) is None:
            return None
        messages.info(
            request, "Your session had ended. We kept what you typed: sign in, and it is there." + about_files(request)
        )
        return redirect_to_login(request.get_full_path())


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
