"""Whether backups go on being made, where a setting names the folder in which they lie."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from reviews.inspection.findings import Finding, counted

#: A night's backup, and a morning to notice that there was none.
OLDEST = dt.timedelta(hours=36)
_UNIT = "See whether portal-backup.timer is on and what portal-backup.service logged; make one by manage.py backup."


def newest(folder: Path) -> dt.datetime | None:
    """When the newest backup in ``folder`` was done; None where there is none. Raises OSError where nobody may look."""
    times = [file.stat().st_mtime for file in folder.iterdir() if file.name.endswith(".tar.gz")]
    return dt.datetime.fromtimestamp(max(times), tz=dt.UTC) if times else None


def newest_in_words(now: dt.datetime) -> str:
    """How old the newest is, to stand behind what it is about; nothing where there is none."""
    try:
        last = newest(Path(settings.BACKUP_FOLDER))
    except OSError:
        return ""
    return f", the newest {_age(now - last)} old" if last else ""


def backups(now: dt.datetime) -> Iterator[Finding]:
    """Find that the newest backup is old, that there is none, or that nobody can tell."""
    try:
        last = newest(Path(settings.BACKUP_FOLDER))
    except OSError as error:
        cure = "Name in BACKUP_FOLDER where this machine's backups lie, and look from the machine that makes them."
        yield Finding(f"The folder of the backups cannot be looked into ({type(error).__name__}).", cure)
        return
    if last is None:
        yield Finding("There is no backup in BACKUP_FOLDER.", _UNIT)
    elif now - last > OLDEST:
        yield Finding(f"The newest backup is {_age(now - last)} old.", _UNIT)


def _age(age: dt.timedelta) -> str:
    """In days from two days on, else in hours."""
    hours = int(age.total_seconds() // 3600)
    return counted(hours // 24, "day", "days") if hours >= 48 else counted(hours, "hour", "hours")
