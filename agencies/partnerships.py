"""What a partnership is called, and whom people write to with questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies import audit
from agencies.models import Partnership
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission

if TYPE_CHECKING:
    from django.db.models import Field

    from agencies.actors import System
    from agencies.models import User

#: What ``describe`` takes, by the model's names.
FACTS = ("name", "group_name", "contact_email")


@transaction.atomic
def describe(*, partnership: Partnership, by: User | System, **facts: str) -> Partnership:
    """Say what a partnership and its Strategic Group are called, and the address for questions.

    Every paper prints the names as they are at that moment, and every mail and page that says "ask the coordinator"
    gives the address. ``facts`` are any of ``FACTS``; an empty address is none.
    """
    partnership = Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    require(by, Permission.EDIT_PLAN, partnership)
    for name, value in facts.items():
        if name not in FACTS:
            raise TypeError(f"{name} is no such fact of a partnership")
        setattr(partnership, name, " ".join(value.split()))
    try:
        partnership.clean_fields(exclude={field.name for field in Partnership._meta.fields} - set(facts))
    except ValidationError as invalid:
        field, (sentence, *_) = next(iter(invalid.message_dict.items()))
        raise Refused(f"{_called(field)}: {sentence}", field=field) from invalid
    partnership.save(update_fields=[*facts])
    audit.record("partnership.described", by=by, about=partnership, partnership=partnership.pk)
    return partnership


def _called(field: str) -> str:
    words = str(cast("Field[Any, Any]", Partnership._meta.get_field(field)).verbose_name)
    return f"{words[:1].upper()}{words[1:]}"
