"""How old the newest backup is, where a setting names the folder."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reviews.inspection.backups import backups, newest_in_words
from tests.clock import NOON


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.BACKUP_FOLDER = str(tmp_path)
    return tmp_path


def lies_in(folder: Path, name: str, age: dt.timedelta) -> None:
    """A file that was done so long ago."""
    (folder / name).write_bytes(b"x")
    at = (NOON - age).timestamp()
    os.utime(folder / name, (at, at))


@pytest.mark.parametrize(
    ("ages", "said", "is_wrong"),
    [
        ([2, 26, 50], ", the newest 2 hours old", False),
        ([36], ", the newest 36 hours old", False),
        ([37, 300], ", the newest 37 hours old", True),
        ([24 * 9], ", the newest 9 days old", True),
        ([], "", True),
    ],
)
def test_the_newest_counts(ages: list[int], said: str, is_wrong: bool, folder: Path) -> None:
    for number, hours in enumerate(ages):
        lies_in(folder, f"portal-{number}.tar.gz", dt.timedelta(hours=hours))
    lies_in(folder, "portal.tar.gz.part", dt.timedelta(0))  # not whole yet
    assert newest_in_words(NOON) == said
    found = [finding.what for finding in backups(NOON)]
    assert bool(found) is is_wrong
    if said and is_wrong:
        assert found == [f"The newest backup is{said.removeprefix(', the newest').removesuffix(' old')} old."]


def test_a_folder_that_is_not_there_is_found(folder: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER = str(folder / "elsewhere")
    (finding,) = backups(NOON)
    assert "cannot be looked into (FileNotFoundError)" in finding.what
    assert newest_in_words(NOON) == ""


def test_the_command_says_it_where_a_folder_is_named(folder: Path, settings: Any, db: None) -> None:
    lies_in(folder, "portal-2026.tar.gz", dt.timedelta(hours=5))
    assert "Backups, the newest 5 hours old: as it should be" in looked_over()
    lies_in(folder, "portal-2026.tar.gz", dt.timedelta(days=3))
    assert "! The newest backup is 3 days old." in looked_over()
    settings.BACKUP_FOLDER = ""
    assert "Backups" not in looked_over()


def looked_over() -> str:
    out = StringIO()
    with contextlib.suppress(CommandError):
        call_command("check_portal", stdout=out)
    return out.getvalue()
