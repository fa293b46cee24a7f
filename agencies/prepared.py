"""Queries that are asked on nearly every page, built once: the ORM takes 1-3 ms for what the database does in 0.5."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Expression

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, QuerySet
    from django.db.models.sql.compiler import SQLCompiler


class Blank(Expression):
    """A place in a query that is filled in each time it is asked. Its value goes to the database as a parameter."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        """``name`` is that of the argument which fills it."""
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """A parameter, with this blank itself in the place of the value."""
        return "%s", [self]


class Prepared:
    """A query with ``Blank`` places, as rows of plain values: whole numbers, words and yes or no, but no dates."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        """``build`` gives the query, of ``values_list``; it is called once for each kind of database."""
        self._build = build
        self._built: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def __call__(self, **values: str | int) -> list[tuple[Any, ...]]:
        """The rows for these values of its blanks."""
        if connection.vendor not in self._built:
            self._built[connection.vendor] = self._build().query.sql_with_params()
        sql, parameters = self._built[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[each.name] if isinstance(each, Blank) else each for each in parameters])
            return cursor.fetchall()
