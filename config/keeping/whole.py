"""The whole portal out, and back in."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.migrations.loader import MigrationLoader
from django.utils.crypto import salted_hmac

from config.keeping import archive, databases, files
from config.keeping.refusals import CannotGoOn


@dataclass(frozen=True)
class Kept:
    """How much a backup holds, and what whoever has it should know."""

    made_at: str
    tables: int
    rows: int
    files: int
    warnings: tuple[str, ...] = ()


def back_up(place: Path, *, with_files: bool, now: dt.datetime) -> Kept:
    """Write the portal to a new file, while people work. The database is of one moment; the files follow.

    A file is stored before the row that names it, so that every file of the database's moment is among them.
    """
    if place.exists():
        raise CannotGoOn(f"{place} exists already. A backup is never written over another: choose a new name.")
    if not place.parent.is_dir():
        raise CannotGoOn(f"The folder {place.parent} does not exist.")
    with archive.written(place) as writer, tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        snapshot = Path(folder) / archive.DATABASE
        rows, migrations = databases.take(snapshot)
        with snapshot.open("rb") as content:
            writer.add(archive.DATABASE, content, snapshot.stat().st_size)
        if settings.EMBEDDED and (key := settings.DATA_DIR / "secret-key").exists():
            with key.open("rb") as content:
                writer.add(archive.KEY, content, key.stat().st_size)
        number = _add_files(writer) if with_files else 0
        manifest = archive.Manifest(
            made_at=now.isoformat(timespec="seconds"),
            database=databases.kind(),
            migrations=migrations,
            rows=rows,
            key_mark=key_mark(settings.SECRET_KEY),
            with_files=with_files,
        )
        writer.finish(manifest)
    return Kept(manifest.made_at, len(rows), sum(rows.values()), number)


def restore(place: Path) -> Kept:
    """Bring a backup back into an empty place. Everything is looked at before anything is written."""
    if not place.is_file():
        raise CannotGoOn(f"There is no file {place}.")
    _refuse_over_data()
    manifest = archive.checked(place)
    _refuse_what_does_not_fit(manifest)
    if manifest.with_files and files.are_there():
        raise CannotGoOn(
            "There are files in the store already, and a restore never goes over data. Give it an empty DATA_DIR (or "
            "bucket). Nothing was changed."
        )
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        for name, content in archive.members(place):
            if name in (archive.DATABASE, archive.KEY):
                archive.copy(content, Path(folder) / name)
        databases.put_back(Path(folder) / archive.DATABASE)
        if settings.EMBEDDED and (key := Path(folder) / archive.KEY).exists():
            os.replace(key, settings.DATA_DIR / "secret-key")  # in an empty place nothing is bound to the one it had
    number = _put_files_back(place)
    if databases.counts() != manifest.rows:
        raise CannotGoOn("The tables do not hold what the backup holds. Empty the place, and restore again.")
    warnings = tuple(_warnings(manifest))
    return Kept(manifest.made_at, len(manifest.rows), sum(manifest.rows.values()), number, warnings)


def key_mark(key: str) -> str:
    """By which a secret key is known again without being told."""
    return salted_hmac("config.keeping", "which key", secret=key, algorithm="sha256").hexdigest()[:16]


def _add_files(writer: archive.Writer) -> int:
    number = 0
    for name in files.names():
        try:
            size = default_storage.size(name)
            content = default_storage.open(name)
        except FileNotFoundError:
            continue  # taken away since the list was made, after the database's moment
        with content:
            writer.add(f"{archive.FILES}{name}", content, size)
        number += 1
    return number


def _put_files_back(place: Path) -> int:
    number = 0
    for name, content in archive.members(place):
        if name.startswith(archive.FILES):
            if not files.put_back(name.removeprefix(archive.FILES), content):
                raise CannotGoOn("The store gave a file another name. Empty the place, and restore again.")
            number += 1
    return number


def _refuse_over_data() -> None:
    if not databases.is_empty():
        raise CannotGoOn(
            "The database has tables already, and a restore never goes over data. Give it an empty database (a new "
            "DATA_DIR in the embedded default). Nothing was changed."
        )


def _refuse_what_does_not_fit(manifest: archive.Manifest) -> None:
    if manifest.database != databases.kind():
        raise CannotGoOn(
            f"The backup is of {manifest.database}, and DATABASE_URL leads to {databases.kind()}. A backup goes back "
            "into the kind of database that it came from. Nothing was changed."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}
    if newer := [name for name in manifest.migrations if name not in known]:
        raise CannotGoOn(
            f"The backup is of a later version of the portal (it knows {newer[-1]}, this one does not). Install that "
            "version, or a later one, and restore with it. Nothing was changed."
        )


def _warnings(manifest: archive.Manifest) -> list[str]:
    said = []
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    brought = settings.EMBEDDED and archive.KEY in manifest.sha256
    if not brought and manifest.key_mark not in map(key_mark, keys):
        said.append(
            "SECRET_KEY is not the one that this backup was made with, nor among SECRET_KEY_FALLBACKS: people's second "
            "factors cannot be read. Set the old one, in either place."
        )
    if not manifest.with_files:
        said.append("The backup was made without files: bring evidence and imports back from where you keep them.")
    return said
