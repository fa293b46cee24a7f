"""The account of who looked at what, written at the doors: one row a person, thing and day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.cache import cache
from django.utils import timezone

from agencies.models import Opened

if TYPE_CHECKING:
    from django.db.models import Model

    from agencies.models import User

#: What was written is remembered for so many seconds, so that who comes back to a page costs the database nothing.
REMEMBERED = 24 * 60 * 60

#: What is read only inside an agency, as models' labels; who read it there is not told outside.
INSIDE = ("reviews.submission", "reviews.stagedfile")

#: What a row of a case may be part of, the nearest first.
PART_OF = ("action", "recommendation", "review", "agency")


def opened(row: Model, *, by: User, partnership: int | None = None) -> None:
    """Write that ``by`` opened ``row`` today, unless that is written already.

    ``partnership`` is the id of its partnership, where the caller has it at hand.
    """
    on, kind, seen_as = timezone.localdate(), row._meta.label_lower, by.seeing_as or 0
    key = f"opened:{on}:{by.pk}:{kind}:{row.pk}:{seen_as}"
    if not cache.add(key, 1, timeout=REMEMBERED):
        return
    entry = Opened(
        on=on,
        person_id=by.pk,
        partnership_id=partnership or partnership_of(row),
        about_kind=kind,
        about_id=row.pk,
        seen_as=seen_as,
    )
    try:
        Opened.objects.bulk_create([entry], ignore_conflicts=True)
    except BaseException:
        cache.delete(key)  # what is not written is not remembered as written
        raise


def partnership_of(row: Any) -> int | None:
    """The id of the partnership to which ``row`` belongs, by what it is part of; None where that leads nowhere."""
    if hasattr(row, "partnership_id"):
        return cast("int | None", row.partnership_id)
    parent = next((getattr(row, name) for name in PART_OF if hasattr(row, name)), None)
    return partnership_of(parent) if parent is not None else None
