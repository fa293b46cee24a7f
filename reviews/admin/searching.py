"""How a list of actions is searched: by their own words, and by the names of the agencies that answer for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from agencies.finding import MOST_WORDS
from agencies.models import Agency
from reviews.models import Assignment

if TYPE_CHECKING:
    from reviews.models import Action


def searched(actions: QuerySet[Action], typed: str, fields: Iterable[str]) -> QuerySet[Action]:
    """The ``actions`` that have each word of ``typed`` in one of ``fields``, or in the name of an agency of theirs."""
    for bit in list(smart_split(typed))[:MOST_WORDS]:
        is_phrase = len(bit) > 1 and bit[0] in "\"'" and bit[0] == bit[-1]
        actions = actions.filter(_found_by(unescape_string_literal(bit) if is_phrase else bit, fields))
    return actions


def _found_by(word: str, fields: Iterable[str]) -> Q:
    """Agencies are few and asked first: to join each action with all of its agencies would multiply the rows."""
    named = Agency.objects.filter(name__icontains=word).values("pk")
    some = Q(pk__in=Assignment.objects.current().filter(agency__in=named).values("action"))
    for field in fields:
        some |= Q(**{f"{field}__icontains": word})
    return some
