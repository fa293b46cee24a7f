"""A condition whose plan no database can get badly wrong: whether a key is among a few that are fetched first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Subquery

from agencies.prepared import Keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


class Among(Func):
    """Whether the column ``lookup`` is one of ``keys``, a query of a single column that does not look at the row.

    PostgreSQL turns ``IN (SELECT …)`` into a join, and without statistics, as after a restore, chooses one that takes
    minutes. An array is fetched once, before anything else, and each condition on it can use the column's index.
    """

    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " IN "

    def __init__(self, lookup: str, keys: QuerySet[Any, Any] | Keys) -> None:
        """``lookup`` goes by foreign keys only, so that no row is found twice."""
        super().__init__(F(lookup), keys if isinstance(keys, Keys) else Subquery(keys))
        self._array = "" if isinstance(keys, Keys) else "ARRAY"
        if isinstance(keys, Keys) and keys.one:
            self.arg_joiner = " = "

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """As a comparison with any element of an array, or with the only key."""
        if self.arg_joiner == " = ":
            return self.as_sql(compiler, connection, **context)
        return self.as_sql(
            compiler, connection, template="%(expressions)s)", arg_joiner=f" = ANY ({self._array}", **context
        )


def among(lookup: str, keys: Sequence[int] | Keys) -> Q:
    """Whether the column ``lookup`` is one of ``keys``, which are known, or will be when the query is asked."""
    return Q(Among(lookup, keys)) if isinstance(keys, Keys) else Q((f"{lookup}__in", keys))
