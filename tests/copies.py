"""The standing cast as a copy: making it takes five hundred statements, writing its rows again about thirty."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import time_machine
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection, models, transaction
from django.utils import timezone

from agencies.models import User
from tests.world import World, make_world

Statement = tuple[str, tuple[Any, ...] | None]

#: By the day, and by the key of the newest permission: emptying the database gives permissions other keys.
_originals: dict[tuple[dt.date, int], Original] = {}


@dataclass(frozen=True)
class Original:
    """A cast that was made and rolled back again, with the statements that write every row of it."""

    made_at: dt.datetime
    world: bytes
    statements: list[Statement]


def copy_world() -> World:
    """The standing cast in an empty database, as ``make_world`` makes it on this day by the test's clock."""
    if User.objects.exists():
        return make_world()  # the keys of the copied rows may be taken
    now = timezone.now()
    key = now.date(), Permission.objects.latest("pk").pk
    original = _originals.get(key)
    if original is None or original.made_at > now:
        original = _originals[key] = _make_original()
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in original.statements:
            cursor.execute(sql, values)
    return pickle.loads(original.world)  # noqa: S301 -- what this process itself has pickled


def _make_original() -> Original:
    now = timezone.now().replace(second=0, microsecond=0)  # not after any test that begins in the same minute
    with transaction.atomic(), time_machine.travel(now, tick=False):
        world, rows = pickle.dumps(make_world()), _all_rows()
        transaction.set_rollback(True)
    with transaction.atomic():
        statements = _writing(rows)
        transaction.set_rollback(True)
    return Original(now, world, statements)


def _all_rows() -> list[list[models.Model]]:
    ours = [model for app in ("agencies", "reviews") for model in apps.get_app_config(app).get_models(True)]
    return [rows for model in ours if (rows := list(model._base_manager.all()))]


def _writing(rows: list[list[models.Model]]) -> list[Statement]:
    """What Django says to the database as it writes these rows: said again, it is ten times as quick."""
    said: list[Statement] = []

    def listen(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT"):
            said.append((sql, tuple(values)))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(listen):
        for same in rows:
            type(same[0])._base_manager.bulk_create(same)
    return said if connection.vendor == "sqlite" else [_at_once(said)]


def _at_once(said: list[Statement]) -> Statement:
    """All of it in one way to the server and back, the values written into the words."""
    from django.db.backends.postgresql.psycopg_any import mogrify

    return ";".join(mogrify(sql, values, connection.connection) for sql, values in said), None
