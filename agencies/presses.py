"""One press of a button is carried out once, however often it arrives.

Each form that is shown carries a mark of its own. The mark with all that was entered makes the press, and the press
goes into the first audit entry of what it led to; there the database takes it once for each person. The same form sent
again with other words, or with the button of another row, is another press.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect

from agencies.models import AuditEntry, User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

#: The hidden field in which a form carries its mark.
FIELD = "press"

_now: ContextVar[UUID | None] = ContextVar("press", default=None)


def fresh() -> str:
    """A mark for a form that is about to be shown."""
    return str(uuid4())


def press_of(request: HttpRequest) -> UUID | None:
    """The press that ``request`` is; None where nothing was posted or the form carried no mark.

    It tells nothing of the words: whoever wanted to try some would have to know the mark, which is not kept.
    """
    if request.method != "POST" or not request.POST.get(FIELD):
        return None
    told = [(name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"]
    files = [(name, [(file.name, file.size) for file in kept]) for name, kept in request.FILES.lists()]
    entered = json.dumps([request.path, sorted(told), sorted(files)])
    return UUID(bytes=hashlib.sha256(entered.encode()).digest()[:16])


@contextmanager
def carrying_out(press: UUID | None) -> Iterator[None]:
    """What is audited within is what ``press`` led to."""
    before = _now.set(press)
    try:
        yield
    finally:
        _now.reset(before)


def taken() -> UUID | None:
    """The press that is being carried out, to the first who asks: one entry speaks for it."""
    press = _now.get()
    _now.set(None)
    return press


def carried_out(press: UUID | None, *, by: User) -> AuditEntry | None:
    """What ``press`` of ``by`` led to, if it has been carried out."""
    if press is None:
        return None
    return AuditEntry.objects.filter(actor=f"user:{by.pk}", press=press).first()


def once(request: HttpRequest, do: Callable[[], HttpResponseBase], *, to: Callable[[], str]) -> HttpResponseBase:
    """Answer by ``do``, which carries this press out. Where it has been, lead ``to`` the page that comes next.

    The first press may have taken the row away, or the right to it: the second is no stranger who gets 404.
    """
    press = press_of(request)
    if press is None:
        return do()

    def is_done() -> bool:
        return carried_out(press, by=cast(User, request.user)) is not None

    if is_done():
        return _done(request, to())
    try:
        with carrying_out(press):
            answer = do()
    except (Http404, PermissionDenied, IntegrityError):
        if not is_done():  # by the same press, at this moment
            raise
        return _done(request, to())
    is_refused = answer.status_code == 200
    return _done(request, to()) if is_refused and is_done() else answer


def _done(request: HttpRequest, address: str) -> HttpResponse:
    if not len(messages.get_messages(request)):  # else what the first press said has not been read yet
        messages.success(request, "It is done. Your second press changed nothing more.")
    return redirect(address)
