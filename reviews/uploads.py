"""Which files are taken in: by what is in them and by their extension, which must agree."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import PurePath
from typing import IO, Any, cast

from django.core.files import File

from agencies.refusals import Refused
from reviews.attached import Attached, NotAMail, to_mail, to_outlook_mail

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


def _is_mail(stream: IO[bytes], depth: int = 0) -> bool:
    """A mail as it was sent: it begins with its headers, and says from whom and when; what it brings may be taken."""
    content = stream.read(MOST_BYTES)
    head = content[: 256 * 1024]
    if b"\0" in head:
        return False
    headers = BytesHeaderParser().parsebytes(head)
    is_one = not headers.defects and {"from", "date"} <= {name.lower() for name in headers.keys()}  # noqa: SIM118
    return is_one and _brings_what_may_be_taken(to_mail, content, depth)


def _is_outlook_mail(stream: IO[bytes], depth: int = 0) -> bool:
    """A mail as Outlook keeps it: a compound file with the entries of a message, and no other document."""
    return _brings_what_may_be_taken(to_outlook_mail, stream.read(MOST_BYTES), depth)


def _brings_what_may_be_taken(read: Callable[[bytes], list[Attached]], content: bytes, depth: int) -> bool:
    """False where it is no mail that can be read; Refused where something is attached that is not taken by itself."""
    if depth == MOST_DEEP:
        return False
    try:
        attached = read(content)
    except NotAMail:
        return False
    for file in attached:
        names = [clean_name(name) for name in file.names]
        kinds = [_extension(name) for name in names]
        first = io.BytesIO(file.content)
        if not all(kind in _WITH_A_MAIL for kind in kinds) or not _agrees(kinds[0], first, depth + 1):
            raise Refused(
                f"This mail has “{names[0]}” attached, which is not a kind of file that can be taken, or not what its "
                "name says. Save the mail without it.",
                field="file",
            )
    return True


def _agrees(extension: str, stream: IO[bytes], depth: int = 0) -> bool:
    """Whether what is in the file fits its extension."""
    if extension in _MAILS:
        return _MAILS[extension](stream, depth)
    return _WITH_A_MAIL[extension][1](stream)


def _extension(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()


#: So many mails within mails are opened.
MOST_DEEP = 4
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
_MAILS: dict[str, Callable[[IO[bytes], int], bool]] = {"eml": _is_mail, "msg": _is_outlook_mail}
#: What mail programs add by themselves: pictures of a signature, appointments, cards, and what signs a mail.
_WITH_A_MAIL = ALLOWED | {
    "gif": ("image/gif", _starts(b"GIF87a", b"GIF89a")),
    "ics": ("text/calendar", _starts(b"BEGIN:VCALENDAR")),
    "vcf": ("text/vcard", _starts(b"BEGIN:VCARD")),
    "p7s": ("application/pkcs7-signature", _starts(b"\x30")),
}


def checked(file: File, extensions: tuple[str, ...] = tuple(ALLOWED)) -> Upload:
    """Look at ``file`` before it is kept; Refused, with what to do, when it cannot be taken."""
    name = clean_name(file.name or "")
    extension = _extension(name)
    if extension not in extensions:
        raise Refused(
            f"“{name}” is not a kind of file that can be taken. Use one of: {', '.join(extensions)}.", field="file"
        )
    size = file.size or 0
    if size == 0:
        raise Refused(f"“{name}” is empty. Choose another file.", field="file")
    if size > MOST_BYTES:
        raise Refused(f"“{name}” is larger than 20 MB. Choose a smaller file, or give a link.", field="file")
    content_type, _ = ALLOWED[extension]
    file.seek(0)
    fits = _agrees(extension, cast("IO[bytes]", file))
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
