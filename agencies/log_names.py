"""Names for the ids and codes of the logs: who, what was done and to what, as far as the reader may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agencies.models import Agency, AuditEntry, FormerName, Opened, User
from agencies.permissions import objects_for
from agencies.roles import Permission, RoleCode
from agencies.scoped_links import link_to
from agencies.scoped_lists import shortened

#: What a row may be part of, by which people know it; read with it.
PARTS = ("user", "agency", "partnership", "review", "recommendation", "action")
#: How deep: an update is part of an action, and that of a review.
DEPTH = 2
#: What a number in the details is the number of.
OF: dict[str, str] = {
    "agency": "agencies.agency",
    "successor": "agencies.agency",
    "contact": "agencies.contact",
    "evidence": "reviews.evidence",
    "former_name": "agencies.formername",
    "invitation": "agencies.invitation",
    "membership": "agencies.membership",
    "part": "reviews.assignment",
    "review": "reviews.review",
    "update": "reviews.progressupdate",
}
#: The event says of which kind the row is whose number stands under this name.
ROW = "row"
OF_EVENT: dict[str, str] = {
    "action": "reviews.signoff",
    "decision": "reviews.signoff",
    "milestone": "reviews.milestone",
    "reader": "reviews.reader",
    "target_date": "reviews.targetdate",
}
#: Kinds that have no list of their own in the admin site, and what lets somebody see them within another's page.
UNLISTED: dict[str, Permission] = {
    "agencies.invitation": Permission.MANAGE_PEOPLE,
    "reviews.reader": Permission.READ_PEOPLE,
}
Thing = tuple[str, int]


def give_names(rows: list[Any], request: HttpRequest, site: admin.AdminSite) -> None:
    """Let each row of a log know ``who`` it was, ``which`` agency they saw as, and the ``things`` that it speaks of.

    Two queries for people and agencies and one for each kind of thing, however many rows there are.
    """
    agencies = Agency.objects.in_bulk({pk for row in rows if (pk := getattr(row, "seen_as", 0))})
    things: dict[Thing, SafeString | str] = {
        **_things({thing for row in rows for thing in _spoken_of(row)}, request, site)
    }
    people = User.objects.in_bulk({_person(row) for row in rows} | _people_among(rows))
    things |= {(User._meta.label_lower, pk): _plain(person, request, site) for pk, person in people.items()}
    former = FormerName.objects.in_bulk({row.detail["former_name"] for row in rows if _tells_of_a_name(row)})
    things |= {(FormerName._meta.label_lower, pk): str(name) for pk, name in former.items()}
    for row in rows:
        row.who = people.get(_person(row))
        row.which = agencies.get(getattr(row, "seen_as", 0))
        row.things = things


def about(row: Any) -> SafeString | str:
    """What a row of a log is about: its name, and the way there, where its reader may see it; else its number."""
    if not row.about_id:
        return "–"
    called = _called(row.about_kind)
    found = row.things.get((row.about_kind, row.about_id))
    return format_html("{}: {}", called, found) if found else f"{called} {row.about_id}"


def details(entry: Any) -> SafeString | str:
    """What else an entry says, a line each, with names for numbers."""
    lines = [(name.replace("_", " "), _told(entry, name, value)) for name, value in entry.detail.items()]
    return format_html_join(SafeString("<br>"), "{}: {}", lines) if lines else "–"


def _told(entry: Any, name: str, value: Any) -> Any:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(each).replace("_", " ") for each in value)
    if name == "role" and value in RoleCode.values:
        return RoleCode(value).label
    return entry.things.get((_kind(entry, name), value)) or str(value).replace("_", " ")


def _kind(entry: Any, name: str) -> str:
    """Of which kind the number under ``name`` is; nothing where it is none."""
    return OF_EVENT.get(entry.event.partition(".")[0], "") if name == ROW else OF.get(name, "")


def _spoken_of(row: Any) -> Iterable[Thing]:
    if row.about_id:
        yield row.about_kind, row.about_id
    for name, value in getattr(row, "detail", {}).items():
        if (kind := _kind(row, name)) and isinstance(value, int) and not isinstance(value, bool):
            yield kind, value


def _things(wanted: set[Thing], request: HttpRequest, site: admin.AdminSite) -> dict[Thing, SafeString | str]:
    """Those of ``wanted`` that the reader sees in the admin site."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, key in wanted:
        by_kind[kind].add(key)
    found: dict[Thing, SafeString | str] = {}
    for kind, keys in by_kind.items():
        model = _model(kind)
        if model is None or model is User or not (permission := _view_permission(model, kind, site)):
            continue
        seen = objects_for(request.user, permission, model)
        for row in seen.filter(pk__in=keys).select_related(*_with(model)).order_by("pk"):
            found[kind, row.pk] = in_words(row) if kind in UNLISTED else link_to(row, in_words(row))
    return found


def _view_permission(model: type[Model], kind: str, site: admin.AdminSite) -> Permission | None:
    """What lets somebody see rows of ``model`` there; nothing where no page shows them."""
    if site.is_registered(model):
        return site.get_model_admin(model).view_permission  # type: ignore[attr-defined]
    return UNLISTED.get(kind)


def in_words(row: Any) -> str:
    """A row by what people call it: the review's reference and the action's number stand before its own words."""
    action = getattr(row, "action", None)
    review = getattr(action or row, "review", None)
    before = [*([review.reference] if review else []), *([f"action {action.label}"] if action else [])]
    return shortened(" · ".join([*before, str(row)]), 100)


def _with(model: type[Model], depth: int = DEPTH) -> list[str]:
    """The relations of ``model`` by which its rows are told, and theirs."""
    found = []
    for each in model._meta.fields:
        if isinstance(each, ForeignKey) and (each.name in PARTS or model._meta.model_name == "succession"):
            found.append(each.name)
            deeper = _with(each.related_model, depth - 1) if depth > 1 else []
            found += [f"{each.name}__{name}" for name in deeper]
    return found


def _plain(person: User, request: HttpRequest, site: admin.AdminSite) -> SafeString | str:
    """A person by name; only who looks after all accounts opens theirs."""
    return link_to(person) if site.get_model_admin(User).has_view_permission(request) else str(person)


def _people_among(rows: list[Any]) -> set[int]:
    return {row.about_id for row in rows if row.about_kind == User._meta.label_lower and row.about_id}


def _tells_of_a_name(row: AuditEntry | Opened) -> bool:
    """Whether a person was called otherwise before: told, as names are, to whoever may read the entry."""
    return "former_name" in getattr(row, "detail", {})


def _person(row: AuditEntry | Opened) -> int:
    """The number of the person who did it; 0 for the portal itself."""
    if isinstance(row, Opened):
        return row.person_id
    number = row.actor.removeprefix("user:")
    return int(number) if number.isdecimal() else 0


def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def _called(kind: str) -> str:
    """What a kind of thing is called on pages; of one that is no more, its code."""
    model = _model(kind)
    return str(model._meta.verbose_name) if model else kind.rpartition(".")[2]
