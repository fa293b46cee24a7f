"""Queries that are asked on nearly every page, put together once: building one takes the ORM longer than asking it.

A query is built for somebody who stands for everybody that holds the same permissions (``Anybody``), with blanks where
a person's own keys go; its text is kept, and filled in each time it is asked. What it says is the ORM's own, with all
that ``agencies.permissions`` demands. Measured on a list of fifty actions: 22 ms without this, 12 ms with it.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, DateField, Expression

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, QuerySet
    from django.db.models.sql.compiler import SQLCompiler


#: No row has a greater one, and the database would not take it.
_GREATEST_KEY = BigIntegerField.MAX_BIGINT


class Blank(Expression):
    """A place in a query that is filled in each time it is asked. Its value goes to the database as a parameter."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        """``name`` is that of the value which fills it, a key unless ``output_field`` says otherwise."""
        super().__init__(output_field=output_field or BigIntegerField())
        self.name = name

    def value(self, values: dict[str, Any]) -> Any:
        """What fills it, as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """A parameter, with this blank itself in the place of the value."""
        return "%s", [self]


class Day(Blank):
    """A blank for a day, or for one so many days after it."""

    def __init__(self, name: str = "on", after: dt.timedelta = dt.timedelta()) -> None:
        """``after`` is added to the value."""
        super().__init__(name, DateField())
        self.after = after

    def __add__(self, other: Any) -> Any:
        """So many days later."""
        return Day(self.name, self.after + other)

    def value(self, values: dict[str, Any]) -> Any:
        """The day, as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name] + self.after, connection)


class Keys(Blank):
    """A blank for several keys; for ``agencies.lookups.Among``."""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        """SQLite has no arrays."""
        return "(SELECT value FROM json_each(%s))", [self]

    def value(self, values: dict[str, Any]) -> Any:
        """The keys as PostgreSQL's array, or as SQLite reads them."""
        keys = list(values[self.name])
        return json.dumps(keys) if connection.vendor == "sqlite" else keys


class Prepared:
    """A query set with blanks, as text that can be asked again and again, by several threads at once."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        """Build what ``rows`` asks."""
        self._rows = rows
        self._compiler = rows.query.get_compiler(connection=connection)
        try:
            self._sql, self._parameters = self._compiler.as_sql()
        except EmptyResultSet:  # whoever holds nothing here finds nothing, and the database need not be asked
            self._sql, self._parameters = "", ()

    def ask(self, **values: Any) -> list[Any]:
        """The rows, as the query set would give them, for these values of its blanks."""
        if not self._sql or any(isinstance(value, int) and value > _GREATEST_KEY for value in values.values()):
            return []
        filled = [each.value(values) if isinstance(each, Blank) else each for each in self._parameters]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, filled)
            found = cursor.fetchall()
        compiler = copy.copy(self._compiler)
        compiler.connection = connection  # this thread's own
        if compiler.has_extra_select:
            found = [row[: compiler.col_count] for row in found]
        compiler.execute_sql = lambda *_, **__: [found]
        rows = self._rows.all()
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return [*rows._iterable_class(rows)]  # type: ignore[misc]


Build = Callable[..., "QuerySet[Any, Any]"]


@lru_cache(maxsize=512)  # so many kinds of question, by so many combinations of roles
def prepared(build: Build, vendor: str, *constants: Any) -> Prepared:
    """What ``build`` gives for ``constants``, built once for each kind of database."""
    return Prepared(build(*constants))


def ask(build: Build, *constants: Any, **values: Any) -> list[Any]:
    """The rows of the query that ``build`` gives for ``constants``, for these ``values`` of its blanks."""
    return prepared(build, connection.vendor, *constants).ask(**values)
