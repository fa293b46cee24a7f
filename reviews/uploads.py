"""Which files are taken in: by what is in them and by their extension, which must agree."""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import PurePath
from typing import IO, Any

from django.core.files import File

from agencies.refusals import Refused

MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that was looked at and may be kept."""

    name: str
    extension: str
    content_type: str
    size: int


def _starts(*heads: bytes) -> Callable[[IO[bytes]], bool]:
    return lambda stream: stream.read(16).startswith(heads)


def _holds(member: str) -> Callable[[IO[bytes]], bool]:
    """A zipped office document is known by a member that every document of its kind has, and holds no macros."""

    def look(stream: IO[bytes]) -> bool:
        try:
            with zipfile.ZipFile(stream) as archive:
                names = archive.namelist()
                return member in names and not any(name.lower().endswith("vbaproject.bin") for name in names)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, struct.error):
            # Cut short, or of a making that the library reads only in part (NotImplementedError is a RuntimeError).
            return False

    return look


def _is_text(stream: IO[bytes]) -> bool:
    return b"\0" not in stream.read(64 * 1024)


def _is_mail(stream: IO[bytes]) -> bool:
    """A mail as it was sent: it begins with its headers, and says from whom and when."""
    head = stream.read(256 * 1024)
    if b"\0" in head:
        return False
    headers = BytesHeaderParser().parsebytes(head)
    return not headers.defects and {"from", "date"} <= {name.lower() for name in headers.keys()}  # noqa: SIM118


def _is_outlook_mail(stream: IO[bytes]) -> bool:
    """A mail as Outlook keeps it: a compound file with the entry that every message has, and no other document."""
    content = stream.read(MOST_BYTES)
    return content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and _MESSAGE in content


#: The name of that entry, as the file's own directory spells it.
_MESSAGE = "__properties_version1.0".encode("utf-16-le")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

ALLOWED: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "pdf": ("application/pdf", _starts(b"%PDF-")),
    "png": ("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _holds("word/document.xml")),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _holds("xl/workbook.xml")),
    "pptx": (f"{_OFFICE}.presentationml.presentation", _holds("ppt/presentation.xml")),
    "odt": (f"{_OPEN}.text", _holds("content.xml")),
    "ods": (f"{_OPEN}.spreadsheet", _holds("content.xml")),
    "txt": ("text/plain", _is_text),
    "csv": ("text/csv", _is_text),
    "eml": ("message/rfc822", _is_mail),
    "msg": ("application/vnd.ms-outlook", _is_outlook_mail),
}


def checked(file: File, extensions: tuple[str, ...] = tuple(ALLOWED)) -> Upload:
    """Look at ``file`` before it is kept; Refused, with what to do, when it cannot be taken."""
    name = clean_name(file.name or "")
    extension = PurePath(name).suffix.removeprefix(".").lower()
    if extension not in extensions:
        raise Refused(
            f"“{name}” is not a kind of file that can be taken. Use one of: {', '.join(extensions)}.", field="file"
        )
    size = file.size or 0
    if size == 0:
        raise Refused(f"“{name}” is empty. Choose another file.", field="file")
    if size > MOST_BYTES:
        raise Refused(f"“{name}” is larger than 20 MB. Choose a smaller file, or give a link.", field="file")
    content_type, agrees = ALLOWED[extension]
    file.seek(0)
    fits = agrees(file)
    file.seek(0)
    if not fits:
        raise Refused(
            f"“{name}” is not what its name says. Open it, save it again as .{extension}, and choose that file.",
            field="file",
        )
    return Upload(name, extension, content_type, size)


def clean_name(name: str) -> str:
    """A file's name without path, control and direction marks; at most 120 characters, extension kept."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))
    name = re.sub(r"\s+", " ", name).strip(" .") or "file"
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name[:120]
    return f"{stem[: 119 - len(extension)]}.{extension}" if len(extension) < 12 else name[:120]
