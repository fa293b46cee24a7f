"""Who may do what to what: two questions, one answer.

``objects_for`` says *which* rows a person may act on and ``holds`` says whether they *may* act on one. Permissions
stand on containers (agency, partnership, review). Every other model says by which paths it is reached from them;
``reviews`` registers its own paths when it starts, so that nothing here knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from agencies.actors import System
from agencies.holdings import ask_for, holdings_of, is_waived, register_container
from agencies.lookups import Among, among
from agencies.prepared import Blank
from agencies.roles import Container, Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from agencies.models import User

Condition = Callable[["User"], Q]
#: From the ids of the containers on which a person holds a permission to a query of keys that they reach so.
Step = Callable[["User", tuple[int, ...]], QuerySet[Any, Any]]


@dataclass(frozen=True)
class Path:
    """One way from a model to a container.

    ``lookup`` names, by foreign keys only, what the row has of the container: the container itself, or one of the few
    things that ``step`` finds in it. ``among`` is for what may be many: rows, and which of their columns ``lookup`` is.
    ``where`` is what else must hold for the person who comes this way. ``near`` finds, by an index alone, keys among
    which are all that are reached this way: a list of what is one's own begins with them.
    """

    container: Container
    lookup: str
    where: Condition | None = None
    step: Step | None = None
    among: tuple[Step, str] | None = None
    near: Step | None = None


_paths: dict[type[Model], tuple[Path, ...]] = {}


def register(model: type[Model], *paths: Path) -> None:
    """Say by which paths ``model`` is reached from the containers."""
    _paths[model] = paths


def register_own_containers() -> None:
    """Register the containers and models of this app."""
    from agencies import models

    register_container(Container.AGENCY, models.AgencyUserPermission, "memberships")
    register_container(Container.PARTNERSHIP, models.PartnershipUserPermission, "memberships")
    register(models.Partnership, Path(Container.PARTNERSHIP, "pk"))
    register(models.Agency, Path(Container.AGENCY, "pk"), Path(Container.PARTNERSHIP, "partnership"))
    for part in (models.AgencyName, models.Contact):
        register(part, Path(Container.AGENCY, "agency"), Path(Container.PARTNERSHIP, "agency__partnership"))
    register(models.Succession, Path(Container.PARTNERSHIP, "predecessor__partnership"))
    for belonging in (models.Membership, models.Invitation):
        register(
            belonging,
            Path(Container.AGENCY, "agency"),
            Path(Container.PARTNERSHIP, "partnership"),
            Path(Container.PARTNERSHIP, "agency__partnership"),
        )
    for log in (models.AuditEntry, models.Opened):
        register(log, Path(Container.PARTNERSHIP, "partnership_id"))


def held_in(user: User | AnonymousUser, permission: str, container: Container) -> Any:
    """The ids of the containers on which ``user`` holds ``permission`` by a role of their own."""
    return holdings_of(user).on(container, permission)


def objects_for(user: User | AnonymousUser, permission: str, model: type[Model]) -> QuerySet[Any]:
    """The rows of ``model`` to which ``user`` may do what ``permission`` says; a filter to build on.

    Of a model that has not said how it is reached, nobody reaches anything; a permission that does not exist is held
    by nobody, site administrators included.
    """
    rows = model._default_manager.all()
    if not user.is_authenticated or not user.is_active or model not in _paths or permission not in Permission.values:
        return rows.none()
    if is_waived(user):
        return rows
    reached = [
        _reach(path, user, keys) for path in _paths[model] if (keys := held_in(user, permission, path.container))
    ]
    return rows.filter(reduce(or_, reached)) if reached else rows.none()


def reached_through(user: User, permission: str, model: type[Model], container: Container) -> QuerySet[Any]:
    """The rows of ``model`` that ``user`` reaches through one kind of container, by roles of their own.

    For lists of what is one's own: a site administrator's waiver, and roles on other containers, add nothing to them.
    By one path alone the database may begin with what is the person's own, however many rows there are besides.
    """
    rows = model._default_manager.all()
    keys = held_in(user, permission, container)
    if not keys or not user.is_active:
        return rows.none()
    reached = []
    for path in _paths[model]:
        if path.container == container:
            near = Q(Among(path.lookup, path.near(user, keys))) if path.near else Q()
            reached.append(near & _reach(path, user, keys))
    return rows.filter(reduce(or_, reached)) if reached else rows.none()


def _reach(path: Path, user: User, keys: tuple[int, ...]) -> Q:
    """The condition on a row; each part of it looks at the row alone, so that no plan of it is a bad one."""
    if path.among:
        step, column = path.among
        return _where(path, user, Q(Exists(step(user, keys).filter(**{column: OuterRef(path.lookup)}))))
    if path.step:
        return _where(path, user, Q(Among(path.lookup, path.step(user, keys))))
    return _where(path, user, among(path.lookup, keys))


def _where(path: Path, user: User, reached: Q) -> Q:
    return reached & path.where(user) if path.where else reached


def holds(user: User | AnonymousUser | System, permission: str, obj: Model) -> bool:
    """Whether ``user`` may do to ``obj`` what ``permission`` says. The portal itself may."""
    if isinstance(user, System):
        return True
    if obj.pk is None:
        return False
    return _holds_on_itself(user, permission, obj) or bool(ask_for(user, _this_one, permission, type(obj), pk=obj.pk))


def _holds_on_itself(user: User | AnonymousUser, permission: str, obj: Model) -> bool:
    """Whether ``obj`` is a container on which ``user`` holds ``permission``: that is known without asking again."""
    plain = (
        path
        for path in _paths.get(type(obj), ())
        if path.lookup == "pk" and not (path.where or path.step or path.among)
    )
    return user.is_active and any(obj.pk in held_in(user, permission, path.container) for path in plain)


def _this_one(user: User, permission: str, model: type[Model]) -> QuerySet[Any, Any]:
    return objects_for(user, permission, model).order_by().filter(pk=Blank("pk")).values_list("pk")


def held(user: User | AnonymousUser, permissions: Iterable[str], obj: Model) -> frozenset[str]:
    """Those of ``permissions`` that ``user`` holds on ``obj``, asked in one query."""
    wanted = tuple(permissions)
    answers = ask_for(user, _held, type(obj), wanted, pk=obj.pk)
    return frozenset(name for name, yes in zip(wanted, answers[0] if answers else (), strict=False) if yes)


def _held(user: User, model: type[Model], wanted: tuple[str, ...]) -> QuerySet[Any, Any]:
    asked = (Exists(objects_for(user, name, model).filter(pk=OuterRef("pk"))) for name in wanted)
    return model._default_manager.order_by().filter(pk=Blank("pk")).values_list(*asked)


def held_somewhere(user: User | AnonymousUser) -> frozenset[str]:
    """Every permission that ``user`` holds on some container: what a menu may offer. It opens no object."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if is_waived(user):
        return frozenset(Permission.values)
    return holdings_of(user).permissions()


def require(by: User | AnonymousUser | System, permission: str, obj: Model) -> None:
    """Raise PermissionDenied unless ``by`` holds ``permission`` on ``obj``."""
    if not holds(by, permission, obj):
        raise PermissionDenied(f"{permission} is not held on this {obj._meta.verbose_name}")


def is_registered(model: type[Model]) -> bool:
    """Whether ``model`` has said how it is reached; what has not is reached by nobody."""
    return model in _paths
