"""What a person holds on which containers: asked in one query, and remembered for no longer than one request.

guardian's row and the live membership must agree, so that a row left behind by mistake grants nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, Value

from agencies.lookups import Among
from agencies.prepared import Blank, Build, Keys, ask
from agencies.roles import ROLES, SEEN_AS_AGENCY, Container

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from agencies.models import User

    GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class _Kept:
    """How permissions on one kind of container are kept: guardian's rows and the memberships they shadow."""

    rows: type[Model]
    memberships: str


@dataclass(frozen=True)
class Holdings:
    """The ids of the containers on which somebody holds each permission, in order, and the codes of all their roles."""

    by_permission: Mapping[tuple[str, str], tuple[int, ...] | Keys] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()

    def on(self, container: Container, permission: str) -> Any:
        """The ids of the containers of this kind on which ``permission`` is held."""
        return self.by_permission.get((container.value, permission), ())

    @cached_property
    def kinds(self) -> frozenset[tuple[str, str]]:
        """What is held on some container of each kind."""
        return frozenset(self.by_permission)

    def permissions(self) -> frozenset[str]:
        """Every permission that is held anywhere."""
        return frozenset(permission for _, permission in self.by_permission)


@dataclass(frozen=True)
class Anybody:
    """Stands in a prepared query for everybody who holds the same on some container, whichever that is."""

    kinds: frozenset[tuple[str, str]]
    is_superuser: bool
    is_active = is_authenticated = True
    pk = Blank("person")

    @property
    def holdings(self) -> Holdings:
        """A blank for each kind of container on which something is held."""
        return Holdings({kind: Keys(" ".join(kind)) for kind in self.kinds})


_kept: dict[Container, _Kept] = {}
#: What was asked during the request at hand, by person; None outside requests, where everything is asked anew.
_remembered: ContextVar[dict[int, Holdings] | None] = ContextVar("_remembered", default=None)


def register_container(container: Container, rows: type[Model], memberships: str) -> None:
    """Say which guardian rows hold the permissions on ``container``, and which relation leads to its memberships."""
    _kept[container] = _Kept(rows, memberships)


def holdings_of(user: User | AnonymousUser | Anybody) -> Holdings:
    """What ``user`` holds now, or held a moment ago in the same request.

    Whoever looks at the portal as an agency's people do holds what its observers hold there, and nothing elsewhere.
    """
    if isinstance(user, Anybody):
        return user.holdings
    if user.pk is None:
        return Holdings()
    if user.seeing_as is not None:
        return Holdings({(Container.AGENCY.value, held.value): (user.seeing_as,) for held in SEEN_AS_AGENCY})
    remembered = _remembered.get()
    if remembered is None:
        return _asked([user.pk])[user.pk]
    if user.pk not in remembered:
        remembered |= _asked([user.pk])
    return remembered[user.pk]


def is_waived(user: User | AnonymousUser) -> bool:
    """Whether *who may* is not asked of ``user``: a site administrator, who sees as themselves."""
    return user.is_superuser and getattr(user, "seeing_as", None) is None


def ask_for(user: User | AnonymousUser, build: Build, *constants: Any, **values: Any) -> list[Any]:
    """The rows of ``build(user, *constants)``, a query that is put together once for everybody who holds the same."""
    held = holdings_of(user) if user.is_active else Holdings()
    who = Anybody(held.kinds, user.is_active and is_waived(user))
    own = {" ".join(kind): keys for kind, keys in held.by_permission.items()}
    return ask(build, who, *constants, person=user.pk, **own, **values)


def forget() -> None:
    """Ask anew from here on: memberships have changed, or may have while a lock was waited for."""
    if remembered := _remembered.get():
        remembered.clear()


def remember_for_one_request(get_response: GetResponse) -> GetResponse:
    """Middleware: who asks for a page is asked for once what they hold, and not a dozen times."""

    def respond(request: HttpRequest) -> HttpResponse:
        token = _remembered.set({})
        try:
            return get_response(request)
        finally:
            _remembered.reset(token)

    return respond


@contextmanager
def remembered_for(people: Iterable[int]) -> Iterator[None]:
    """Ask at once what all these people hold, and remember it for as long as this lasts."""
    token = _remembered.set(_asked(people))
    try:
        yield
    finally:
        _remembered.reset(token)


def _asked(people: Iterable[int]) -> dict[int, Holdings]:
    """What each of ``people`` holds, in one query."""
    roles: dict[tuple[int, str, int], list[str]] = defaultdict(list)
    shadows: list[tuple[int, str, str, int]] = []
    for is_role, person, container, said, pk in ask(_question, people=people):
        if is_role:
            roles[person, container, pk].append(said)
        else:
            shadows.append((person, container, said, pk))
    held: dict[int, dict[tuple[str, str], set[int]]] = defaultdict(lambda: defaultdict(set))
    for person, container, permission, pk in shadows:
        here = roles[person, container, pk]
        if any(permission in ROLES[role].may and ROLES[role].on == container for role in here):
            held[person][container, permission].add(pk)
    codes: dict[int, set[str]] = defaultdict(set)
    for (person, _, _), here in roles.items():
        codes[person].update(here)
    return {
        person: Holdings({key: tuple(sorted(pks)) for key, pks in held[person].items()}, frozenset(codes[person]))
        for person in people
    }


def _question() -> QuerySet[Any, Any]:
    """The live roles of some people, and guardian's rows, each with its container."""
    parts = []
    for container, kept in _kept.items():
        place = kept.rows._meta.get_field("content_object").related_model._meta.get_field(kept.memberships).field  # type: ignore[union-attr]
        live = _theirs(place.model).filter(until=None, **{f"{place.name}__isnull": False})
        parts.append(live.values_list(Value(1), "user_id", Value(container.value), "role", place.attname))
        held = Value(0), "user_id", Value(container.value), "permission__codename", "content_object_id"
        parts.append(_theirs(kept.rows).values_list(*held))
    return parts[0].union(*parts[1:], all=True)


def _theirs(model: type[Model]) -> QuerySet[Any, Any]:
    return model._default_manager.order_by().filter(Q(Among("user", Keys("people"))))
