"""What was typed into a form of oversight that came without a session, kept for whoever opened the form.

Each form carries a stamp, signed by us: who opened it, and at which address. What came with it waits in the session of
the browser that sent it; after signing in it is offered there to that person alone, and to nobody else.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core import signing

from agencies import presses

if TYPE_CHECKING:
    from django.http import HttpRequest

    from agencies.models import User

#: The hidden field in which a form carries its stamp.
FIELD = "opened"
#: So many letters are kept, far more than any of the forms takes.
MOST_LETTERS = 100_000

_SALT = "agencies.kept"
_PLACE = "kept_form"
_AS_LONG = dt.timedelta(days=2)
_NOT_TYPED = ("csrfmiddlewaretoken", presses.FIELD, FIELD)


def stamp(user: User, address: str) -> str:
    """What a form carries that ``user`` opens at ``address``."""
    return signing.dumps([user.pk, address], salt=_SALT)


def keep(request: HttpRequest) -> bool:
    """Keep what was posted, if it comes from a form that we gave out for this address; whether it is kept."""
    try:
        said = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=_AS_LONG)
    except signing.BadSignature:
        return False
    typed = {name: list(values) for name, values in request.POST.lists() if name not in _NOT_TYPED}
    if said[1] != request.path or sum(len(value) for values in typed.values() for value in values) > MOST_LETTERS:
        return False
    request.session[_PLACE] = {"of": said[0], "address": request.path, "typed": typed}
    return True


def offered(request: HttpRequest) -> dict[str, Any]:
    """What the person who asks for this page typed there before, once; nothing otherwise.

    What somebody else typed in this browser is thrown away.
    """
    found = request.session.get(_PLACE)
    if not found or (found["of"] == request.user.pk and found["address"] != request.path):
        return {}
    del request.session[_PLACE]
    if found["of"] != request.user.pk:
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in found["typed"].items()}
