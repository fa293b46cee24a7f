"""A database as one file, taken while people work, and put back into a database that has no tables.

SQLite's and PostgreSQL's own means do the work: the backup API, and pg_dump and pg_restore.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg.conninfo import make_conninfo

from config.keeping.refusals import CannotGoOn

Counts = dict[str, int]


def kind() -> str:
    """Which database this portal has: `sqlite` or `postgresql`."""
    return connection.vendor


def is_empty() -> bool:
    """Whether the database holds no table at all."""
    return not connection.introspection.table_names()


def applied() -> list[str]:
    """The migrations that the database has seen."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def counts() -> Counts:
    """How many rows each table holds."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- our own tables
            found[table] = int(cursor.fetchone()[0])
    return found


def take(place: Path) -> tuple[Counts, list[str]]:
    """Write the database as it stands at one moment to a new file; its rows by table and its migrations."""
    return _take_sqlite(place) if kind() == "sqlite" else _take_postgresql(place)


def put_back(place: Path) -> None:
    """Fill the empty database from a file that `take` wrote: all of it, or nothing."""
    if kind() == "sqlite":
        with sqlite3.connect(place) as source:
            connection.ensure_connection()
            source.backup(connection.connection)
        source.close()
    else:
        one = ["--exit-on-error", "--single-transaction"]
        _run("pg_restore", *one, "--no-owner", "--no-privileges", f"--dbname={_address()}", str(place))


def _take_sqlite(place: Path) -> tuple[Counts, list[str]]:
    """One step of the backup API: it reads as of one moment, and those who write do not wait for it."""
    connection.ensure_connection()
    target = sqlite3.connect(place)
    try:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, complete by itself
        (verdict,) = target.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise CannotGoOn("The database is damaged (PRAGMA quick_check). Restore the last good backup.")
        tables = [name for (name,) in target.execute(_TABLES)]
        found = {name: target.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
        seen = [f"{app}.{name}" for app, name in target.execute("SELECT app, name FROM django_migrations")]
    finally:
        target.close()
    return found, sorted(seen)


def _take_postgresql(place: Path) -> tuple[Counts, list[str]]:
    """pg_dump and our own counting share one snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        whole = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run("pg_dump", *whole, f"--file={place}", f"--dbname={_address()}")
        return counts(), applied()


def _address() -> str:
    """How libpq finds this database, without the password, which is nobody's to read in a list of processes."""
    connection.ensure_connection()
    parameters = dict(connection.connection.info.get_parameters())
    return make_conninfo("", **{name: value for name, value in parameters.items() if name not in NOT_LIBPQ})


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools; its words go to the terminal."""
    environment = os.environ | {"PGPASSWORD": connection.connection.info.password}
    try:
        done: Any = subprocess.run([program, *arguments], env=environment, check=False)
    except FileNotFoundError:
        raise CannotGoOn(
            f"{program} is not on this machine. It comes with PostgreSQL's client tools "
            "(Debian: postgresql-client), in the server's version or later."
        ) from None
    if done.returncode != 0:
        raise CannotGoOn(f"{program} did not succeed; its own words stand above. It must not be older than the server.")


NOT_LIBPQ = ("client_encoding",)  # Django's own wish for the connection
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
