"""What was typed into a form that came without a session, kept for whoever opened the form.

Each form carries a stamp, signed by us: who opened it, and at which address. What came with it waits for that person,
and is offered to them alone when they open the form again, wherever they sign in. The stamp grants nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
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
#: For how long they wait.
KEPT_FOR = dt.timedelta(days=7)

_SALT = "agencies.kept"
_AS_LONG = dt.timedelta(days=2)
_NOT_TYPED = ("csrfmiddlewaretoken", presses.FIELD, FIELD)
_SEVERAL = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


def stamp(user: User, address: str) -> str:
    """What a form carries that ``user`` opens at ``address``."""
    return signing.dumps([user.pk, address], salt=_SALT)


def keep(request: HttpRequest) -> int | None:
    """Keep what was posted, if it comes from a form that we gave out for this address; the key of whose it is."""
    try:
        person, address = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=_AS_LONG)
    except (signing.BadSignature, ValueError):
        return None
    typed = {
        _sayable(name): [*map(_sayable, values)] for name, values in request.POST.lists() if name not in _NOT_TYPED
    }
    if address != request.path or sum(len(value) for values in typed.values() for value in values) > MOST_LETTERS:
        return None
    if not User.objects.filter(pk=person, is_active=True).exists():
        return None
    mine = KeptForm.objects.filter(user=person)
    mine.update_or_create(user_id=person, address=address, defaults={"typed": typed, "kept_at": timezone.now()})
    newest = list(mine.order_by("-kept_at").values_list("pk", flat=True)[:MOST_FORMS])
    mine.exclude(pk__in=newest).delete()
    return int(person)


def offered(request: HttpRequest, *, at: str = "", having: str = "") -> dict[str, Any]:
    """What the person who asks for this page typed there, or at the address ``at``, before: once; else nothing.

    ``having`` names a field of the form that is meant, where several are sent to one address.
    """
    since = timezone.now() - KEPT_FOR
    waiting = KeptForm.objects.filter(user=request.user.pk, address=at or request.path, kept_at__gte=since)
    found = (waiting.filter(typed__has_key=having) if having else waiting).first()
    if found is None:
        return {}
    found.delete()
    return {name: values[0] if len(values) == 1 else values for name, values in found.typed.items()}


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
    """Forget what nobody came back for. For the daily housekeeping."""
    KeptForm.objects.filter(kept_at__lt=now - KEPT_FOR).delete()


def _sayable(words: str) -> str:
    return words.replace("\x00", "")  # no database keeps it
