"""Writes many rows of one model at once: by COPY where the database is PostgreSQL, elsewhere as Django does."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

#: Fewer rows than this are written as fast by an INSERT.
WORTH_A_COPY = 50
BATCH = 500


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
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk
    values = attrgetter(*(field.attname for field in fields))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key.column, len(rows)]
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            setattr(row, key.attname, number)
            row._state.adding, row._state.db = False, connection.alias
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(values(row))


def _point(model: type[Any], rows: Sequence[Any]) -> None:
    """Let rows that were made before what they point at was written know its key now."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            for row in rows:
                if getattr(row, field.attname) is None and (target := row._state.fields_cache.get(field.name)):
                    setattr(row, field.attname, target.pk)
