"""What a corrected plan changes in place, noted beside it so that it can be set back: facts that have no dated rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from reviews.models import Action, Assignment, Recommendation

#: A fact by the label of its model, its key and its field.
Facts = dict[tuple[str, int], dict[str, Any]]
_FIELDS: tuple[tuple[type[Any], str, tuple[str, ...]], ...] = (
    (Action, "pk__in", ("reference", "agency_response", "text", "sort_key")),
    (Recommendation, "actions__in", ("reference", "scope", "text")),
    (Assignment, "action__in", ("until", "ended_at", "owner_as_worded")),
)
#: Where ``PlanImport.made`` keeps what facts were and became, and which themes were given.
WAS, THEMES = "was", "themes"
#: What other rows say: it is worked out from them again, never set back.
WORKED_OUT = ("text", "sort_key")


def facts_of(actions: Collection[int]) -> Facts:
    """The facts of ``actions``, of their recommendations and of the parts in them."""
    found: Facts = {}
    for model, lookup, names in _FIELDS:
        for row in model.everything.filter(**{lookup: actions}).values("pk", *names):
            found[model._meta.label, row.pop("pk")] = row
    through = Recommendation.themes.through.objects.filter(recommendation__actions__in=actions)
    for pk in through.values_list("pk", flat=True):
        found[THEMES, pk] = {}
    return found


def changed(before: Facts, after: Facts) -> dict[str, list[Any]]:
    """What ``made`` keeps of a change: what facts were, and the parts and themes that are new."""
    made: dict[str, list[Any]] = {}
    for (label, pk), now in after.items():
        was = before.get((label, pk))
        if was is None:
            made.setdefault(label, []).append(pk)
        elif differs := {name: plain(value) for name, value in was.items() if value != now[name]}:
            made.setdefault(WAS, []).append([label, pk, differs, {name: plain(now[name]) for name in differs}])
    return made


def plain(value: Any) -> Any:
    """A fact as ``made`` keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def merged(made: Mapping[str, list[Any]], more: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Both together."""
    return {label: [*made.get(label, ()), *more.get(label, ())] for label in {**made, **more}}
