"""Starts the sandbox for one file and takes its answer: the same for the page and for the command."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from reviews.importing.sandbox import MAX_OUTPUT, TOO_MUCH
from reviews.importing.understanding.columns import Headings
from reviews.importing.understanding.tables import Unreadable

logger = logging.getLogger(__name__)

SECONDS = 10  # by the clock; the sandbox limits its processor time itself
_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Reading:
    """What the sandbox read of a file: ``about`` the whole, and its rows as JSON values."""

    about: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As the command prints it and the staged import keeps it."""
        return {**self.about, "rows": self.rows}


def read_file(
    data: bytes, name: str, known: Collection[str] = (), headings: Mapping[str, str] | None = None
) -> Reading:
    """Read a plan in the sandbox; ``headings`` gives the columns that people chose, by headings as they are shown.

    Raises Unreadable with a sentence for the person who brought the file, and ValueError for no column that there is.
    """
    Headings.corrected(headings or {})
    options = {"name": name, "known": sorted(known), "headings": dict(headings or {})}
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed:
        given.write(json.dumps(options).encode() + b"\n")
        given.write(data)
        given.seek(0)
        _run(given, printed)
        printed.seek(0)
        return _parse(printed.read(MAX_OUTPUT + 1))


def _run(given: IO[bytes], printed: IO[bytes]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-B", "-E", "-s", "-m", "reviews.importing.sandbox"],
        stdin=given,
        stdout=printed,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},  # nothing of ours: no key, no address of a database
        start_new_session=True,
        close_fds=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise Unreadable(TOO_MUCH) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _parse(output: bytes) -> Reading:
    """The answer, whole or not at all: one that stops short is a sandbox that was stopped."""
    try:
        lines = [json.loads(line) for line in output.splitlines()]
    except ValueError:
        lines = []
    if lines and "unreadable" in lines[0]:
        if error := lines[0].get("error"):
            logger.warning("the sandbox met %s", error)
        raise Unreadable(lines[0]["unreadable"], lines[0].get("tables", ()))
    rows = [line["row"] for line in lines[1:-1]]
    if len(lines) < 2 or lines[-1].get("end") != len(rows):
        raise Unreadable(TOO_MUCH)
    return Reading(lines[0], rows)
