"""A button pressed twice does once what it does, and the second press is answered as the first was.

Each form carries a mark (``{% press_mark %}``), by which ``agencies.presses`` knows a press again. Where the first one
took the row away, or the right to it, the second is no stranger who gets 404: it is led to the page that comes next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from agencies import presses
from portal.access import person_of

if TYPE_CHECKING:
    View = Callable[..., HttpResponse]


def pressed_once(to: Callable[..., str]) -> Callable[[View], View]:
    """For a page behind ``login_required`` whose form does one thing.

    ``to`` says, of what the page's address names, where one is led when it is done.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def once(request: HttpRequest, **named: Any) -> HttpResponse:
            press, by = presses.press_of(request), person_of(request)
            if press is None:
                return view(request, **named)

            def is_done() -> bool:
                return presses.carried_out(press, by=by) is not None

            if is_done():
                return _done(request, to(**named))
            try:
                with presses.carrying_out(press):
                    answer = view(request, **named)
            except (Http404, PermissionDenied, IntegrityError):
                if not is_done():  # by the same press, at this moment
                    raise
                return _done(request, to(**named))
            is_refused = answer.status_code == 200
            return _done(request, to(**named)) if is_refused and is_done() else answer

        return once

    return decorate


def _done(request: HttpRequest, address: str) -> HttpResponse:
    if not len(messages.get_messages(request)):  # else what the first press said has not been read yet
        messages.success(request, "It is done. Your second press changed nothing more.")
    return redirect(address)
