"""A virus scanner of the people who run the portal, asked about every file before it is kept.

The portal brings none. ``UPLOAD_SCANNER`` names a command that reads a file on its standard input and answers as
clamdscan does: 0 nothing was found, 1 something was, anything else it cannot say. What it cannot say is not kept.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
from collections.abc import Sequence
from enum import Enum

from django.conf import settings
from django.core.files import File

from agencies.refusals import Refused

log = logging.getLogger(__name__)


class Answer(Enum):
    """What a scanner says of a file."""

    CLEAN = 0
    INFECTED = 1
    UNKNOWN = 2  # it is not there, takes too long, or has a fault


def check_clean(file: File | bytes, *, name: str) -> None:
    """Have ``file`` scanned, where a scanner is set up. Refused when something is found in it, and when nobody can say.

    It may take as long as ``UPLOAD_SCANNER_SECONDS``: for outside of transactions.
    """
    if not settings.UPLOAD_SCANNER:
        return
    answer = asked(settings.UPLOAD_SCANNER, _content(file))
    if answer is Answer.INFECTED:
        log.warning("a file was refused: the scanner found something in it")
        raise Refused(
            f"“{name}” is not kept: the virus scanner found something in it. Do not open it again, and tell your IT "
            "department. What you wrote is not touched by this.",
            field="file",
        )
    if answer is Answer.UNKNOWN:
        raise Refused(
            f"“{name}” is not kept: the virus scanner did not answer, and no file is kept without it. Try again in "
            "some minutes. If it goes on, tell whoever looks after this portal.",
            field="file",
        )


def asked(command: Sequence[str], content: bytes) -> Answer:
    """What the scanner ``command`` says of ``content``. It learns nothing of the portal's settings."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    try:
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        ) as scanner:
            try:
                scanner.communicate(content, timeout=settings.UPLOAD_SCANNER_SECONDS)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(scanner.pid, signal.SIGKILL)  # with whatever it has started
    except OSError as error:
        log.error("the scanner of uploads cannot be started: %s", type(error).__name__)
        return Answer.UNKNOWN
    if scanner.returncode in (Answer.CLEAN.value, Answer.INFECTED.value):
        return Answer(scanner.returncode)
    log.error("the scanner of uploads did not answer: it ended with %s", scanner.returncode)
    return Answer.UNKNOWN


def _content(file: File | bytes) -> bytes:
    if isinstance(file, bytes):
        return file
    file.seek(0)
    content: bytes = file.read()
    file.seek(0)
    return content
