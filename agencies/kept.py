"""What was typed into a form that came without a session, kept for whoever opened the form.

Each form carries a stamp, signed by us: who opened it, and at which address. What came with it waits for that person,
and is offered to them alone when they open the form again, wherever they sign in: until that form is taken, or a day
has passed since they saw it. The stamp grants nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core import signing
from django.db.models import Q
from django.utils import timezone

from agencies import presses
from agencies.models import KeptForm, User

if TYPE_CHECKING:
    from django.http import HttpRequest

#: The hidden field in which a form carries its stamp.
FIELD = "opened"
#: What a page says that shows what was kept.
SAID = "We kept what you typed. Nothing is saved yet: look at it, and press again."
#: So many letters are kept, more than any of the forms takes: a plan that was pasted is the longest.
MOST_LETTERS = 650_000
#: So many forms of one person wait at most; the oldest go first.
MOST_FORMS = 20
#: For how long they wait, and for how long they are offered again to whoever has seen them.
KEPT_FOR = dt.timedelta(days=7)
SHOWN_FOR = dt.timedelta(days=1)

_SALT = "agencies.kept"
_AS_LONG = dt.timedelta(days=2)
_A_CODE = re.compile(r"[a-z0-9_-]*")
_NOT_TYPED = ("csrfmiddlewaretoken", presses.FIELD, FIELD)
_SEVERAL = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


def stamp(request: HttpRequest, address: str = "") -> str:
    """What a form carries that is shown now and sent to ``address``, or to the page itself.

    It says which words of before the form shows, so that they are forgotten once it is taken.
    """
    address = address or request.path
    return signing.dumps([request.user.pk, address, *_shown(request).get(address, ())], salt=_SALT)


def keep(request: HttpRequest) -> int | None:
    """Keep what was posted, if it comes from a form that we gave out for this address; the key of whose it is."""
    if (said := _said(request)) is None:
        return None
    person, _ = said
    typed = _typed(request)
    if sum(len(value) for values in typed.values() for value in values) > MOST_LETTERS:
        return None
    if not User.objects.filter(pk=person, is_active=True).exists():
        return None
    request.kept_now = True  # type: ignore[attr-defined]
    mine = KeptForm.objects.filter(user=person)
    facts = {"typed": typed, "kept_at": timezone.now(), "shown_at": None}
    mine.update_or_create(user_id=person, address=request.path, defaults=facts)
    newest = list(mine.order_by("-kept_at").values_list("pk", flat=True)[:MOST_FORMS])
    mine.exclude(pk__in=newest).delete()
    return person


def offered(request: HttpRequest, *, at: str = "", having: str = "") -> dict[str, Any]:
    """What the person who asks for this page typed there, or at the address ``at``, before; else nothing.

    ``having`` names a field of the form that is meant, where several are sent to one address.
    """
    address, now = at or request.path, timezone.now()
    if "\0" in address:  # which PostgreSQL cannot even look for
        return {}
    waiting = KeptForm.objects.filter(_is_offered(now), user=request.user.pk, address=address)
    found = (waiting.filter(typed__has_key=having) if having else waiting).first()
    if found is None:
        return {}
    if found.shown_at is None:
        KeptForm.objects.filter(pk=found.pk, shown_at=None).update(shown_at=now)
    _shown(request)[address] = [found.pk, having]
    return {name: values[0] if len(values) == 1 else values for name, values in found.typed.items()}


def taken(request: HttpRequest) -> None:
    """Forget what the form showed that was posted here and taken in. What came of it just now is kept."""
    said = None if hasattr(request, "kept_now") else _said(request)
    person, shown = said or (None, [])
    if person is not None and person == request.user.pk and len(shown) == 2:
        key, having = shown
        if not having or having in request.POST:
            KeptForm.objects.filter(pk=key, user=person, shown_at__isnull=False).delete()


def shut_out(request: HttpRequest) -> list[tuple[str, str]]:
    """The words that the person who asks typed at an address that is not theirs to open any more, by their fields.

    What they post there now, in a form that was theirs when they opened it, is among them.
    """
    if request.method == "POST":
        if (said := _said(request)) is None or said[0] != request.user.pk:
            return []
        keep(request)
    found = [
        (name.replace("_", " ").capitalize(), value)
        for name, said in offered(request).items()
        for value in (said if isinstance(said, list) else [said])
    ]
    return [(name, value) for name, value in found if not _A_CODE.fullmatch(value.strip())]


def _said(request: HttpRequest) -> tuple[int, list[Any]] | None:
    """Who opened the form that was posted, and which words it showed; None for none that we gave out for here."""
    try:
        person, address, *shown = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=_AS_LONG)
    except (signing.BadSignature, ValueError):
        return None
    return (int(person), shown) if address == request.path else None


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {_sayable(name): [*map(_sayable, values)] for name, values in request.POST.lists() if name not in _NOT_TYPED}


def _shown(request: HttpRequest) -> dict[str, list[Any]]:
    """The rows that this page shows, by the address to which their forms are sent."""
    if not hasattr(request, "kept_shown"):
        request.kept_shown = {}  # type: ignore[attr-defined]
    return cast("dict[str, list[Any]]", request.kept_shown)  # type: ignore[attr-defined]


def _is_offered(now: dt.datetime) -> Q:
    return Q(kept_at__gte=now - KEPT_FOR) & (Q(shown_at=None) | Q(shown_at__gte=now - SHOWN_FOR))


def fill(form: forms.BaseForm, typed: Mapping[str, Any]) -> None:
    """Show ``typed`` in ``form``. A box that is not ticked, or none of several, was not sent, and so is no answer."""
    for name, field in form.fields.items():
        several = isinstance(field, _SEVERAL)
        if isinstance(field.widget, forms.MultiWidget):  # a day in its three boxes
            form.initial[name] = field.widget.value_from_datadict(typed, {}, name)  # type: ignore[arg-type]
        elif name in typed:
            value = typed[name]
            form.initial[name] = [value] if several and not isinstance(value, list) else value
        elif several or isinstance(field, forms.BooleanField):
            form.initial[name] = [] if several else False


def sweep(*, now: dt.datetime) -> None:
    """Forget what nobody came back for, and what was seen. For the daily housekeeping."""
    KeptForm.objects.exclude(_is_offered(now)).delete()


def _sayable(words: str) -> str:
    return words.replace("\x00", "")  # no database keeps it
