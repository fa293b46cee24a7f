"""A button pressed twice does once what it does, and the second press is answered as the first was.

Each form carries a mark (``{% press_mark %}``), by which ``agencies.presses`` knows a press again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from agencies import presses

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    View = Callable[..., HttpResponseBase]


def pressed_once(to: Callable[..., str]) -> Callable[[View], View]:
    """For a page behind ``login_required`` whose form does one thing.

    ``to`` says, of what the page's address names, where one is led when it is done.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def once(request: HttpRequest, **named: Any) -> HttpResponseBase:
            return presses.once(request, lambda: view(request, **named), to=lambda: to(**named))

        return once

    return decorate
