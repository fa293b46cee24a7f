"""The mail that the embedded default writes to files instead of sending it, read for a page."""

from __future__ import annotations

import datetime as dt
import email
from dataclasses import dataclass
from email.policy import default as modern
from pathlib import Path

from django.conf import settings

#: What Django's file backend writes below each message.
BETWEEN = b"\n" + b"-" * 79 + b"\n"
ENDING = ".log"


@dataclass(frozen=True)
class KeptMail:
    """One message as its reader would see it."""

    to: str
    sender: str
    subject: str
    message_id: str
    text: str


@dataclass(frozen=True)
class KeptFile:
    """One file: ``name`` is its name without the ending; it holds one message, or those that were sent together."""

    name: str
    written_at: dt.datetime
    mails: tuple[KeptMail, ...]


def is_kept() -> bool:
    """Whether mail is kept in files here: only in the embedded default, where no mail server was named."""
    return bool(settings.EMBEDDED and not settings.EMAIL_URL)


def names() -> list[str]:
    """The files that hold mail, the newest first."""
    files = [(path.stat().st_mtime_ns, path.stem) for path in _folder().glob(f"*{ENDING}") if path.stat().st_size]
    return [name for _, name in sorted(files, reverse=True)]


def read(name: str) -> KeptFile | None:
    """One of ``names()``; None where there is none of that name."""
    path = _folder() / f"{name}{ENDING}"
    if path.parent != _folder() or not path.is_file():
        return None
    written_at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    parts = [part for part in path.read_bytes().split(BETWEEN) if part.strip()]
    return KeptFile(name, written_at, tuple(_mail(part) for part in parts))


def _mail(content: bytes) -> KeptMail:
    message = email.message_from_bytes(content, policy=modern)
    body = message.get_body(preferencelist=("plain",))
    return KeptMail(
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        message_id=str(message["Message-ID"] or ""),
        text=body.get_content() if body else "",
    )


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
