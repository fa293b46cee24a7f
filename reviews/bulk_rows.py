"""Makes and writes many rows at once: by COPY where the database is PostgreSQL, elsewhere as Django does."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from django.db import connection, models
from django.db.models.base import ModelState

#: Fewer rows than this are written as fast by an INSERT.
WORTH_A_COPY = 50
BATCH = 500


@contextmanager
def nothing_is_garbage() -> Iterator[None]:
    """While a long plan is built up hardly anything is garbage: to look for it again and again takes a fifth longer.

    What nothing points at is freed all the same, at once; only rows that point at one another wait for the end.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class Maker:
    """Makes new rows of one model that have some values in common.

    Django's own constructor looks at every field of every row and costs as much as writing it. Here it is asked once;
    the rows are the same. Relations are given as instances, which may be written later than the row is made.
    """

    def __init__(self, model: type[Any], **same: Any) -> None:
        """``same`` are the values that every row has."""
        first = model(**same)
        self._model, self._cached = model, dict(first._state.fields_cache)
        self._values = {name: value for name, value in vars(first).items() if name != "_state"}

    def __call__(self, **values: Any) -> Any:
        """A row with these values besides."""
        row: Any = object.__new__(self._model)
        row._state = state = ModelState()
        state.fields_cache = dict(self._cached)
        own = vars(row)
        own.update(self._values)
        for name, value in values.items():
            if isinstance(value, models.Model):
                state.fields_cache[name], own[f"{name}_id"] = value, vars(value)["id"]
            else:
                own[name] = value
        return row


def write(model: type[Any], rows: Sequence[Any]) -> None:
    """Insert new ``rows`` of ``model`` and give each its key. Rows that they point at are written before.

    A COPY costs a third of what Django's INSERT does. Call it in a transaction.
    """
    has_files = any(isinstance(field, models.FileField) for field in model._meta.concrete_fields)
    if connection.vendor == "postgresql" and len(rows) >= WORTH_A_COPY and not has_files:
        _copy(model, rows)
    else:
        model._default_manager.bulk_create(rows, batch_size=BATCH)


def _copy(model: type[Any], rows: Sequence[Any]) -> None:
    _point(model, rows)
    written = [
        field
        for field in model._meta.concrete_fields
        if not field.null or any(vars(row)[field.attname] is not None for row in rows)
    ]
    names = ", ".join(connection.ops.quote_name(field.column) for field in written)
    table, key, alias = connection.ops.quote_name(model._meta.db_table), model._meta.pk, connection.alias
    values = itemgetter(*(field.attname for field in written))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key.column, len(rows)]
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            setattr(row, key.attname, number)
            row._state.adding, row._state.db = False, alias
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(values(vars(row)))


def _point(model: type[Any], rows: Sequence[Any]) -> None:
    """Let rows that were made before what they point at was written know its key now."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            for row in [row for row in rows if vars(row)[field.attname] is None]:
                if target := row._state.fields_cache.get(field.name):
                    vars(row)[field.attname] = vars(target)["id"]
