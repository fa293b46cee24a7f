"""What is attached to a mail that was saved as a file. Nothing of it is judged here."""

from __future__ import annotations

import io
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import collapse_rfc2231_value

import olefile

#: What a mail holds at most, of attachments, lines, and lines of parts within parts. An honest one of 20 MB with a
#: dozen forwarded in it has a third of that; over more the library sits for minutes.
MOST_ATTACHED, MOST_LINES, MOST_WORK = 200, 1_000_000, 8_000_000
#: So many lines begin as those do that part it.
MOST_DELIMITERS = 5_000
#: What a mail says itself, in one way or several.
_BODIES = ("text/plain", "text/html", "text/calendar", "text/enriched", "text/rfc822-headers", "text/x-amp-html")
_BOUNDARY = re.compile(rb"boundary\*?\d*\*?\s*=", re.IGNORECASE)
_DELIMITER = re.compile(rb"[\r\n]--")

#: How Outlook calls what every message has, an attachment, its names (long and short), its content, and an object.
_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_"
_NAMES = ("3707001F", "3707001E", "3704001F", "3704001E")
_CONTENT, _OBJECT = "__substg1.0_37010102", "__substg1.0_3701000D"
_OF_A_MESSAGE = (_PROPERTIES, _ATTACHMENT, "__substg1.0_", "__recip_version1.0_", "__nameid_version1.0")


class NotAMail(Exception):
    """It is none, or one that nobody can read."""


@dataclass(frozen=True)
class Attached:
    """A file that is attached to a mail, by every name that it gives itself: mail programs choose different ones."""

    names: tuple[str, ...]
    content: bytes


def to_mail(content: bytes) -> list[Attached]:
    """What is attached to a mail as it was sent, also to mails within it. NotAMail for what cannot be read."""
    lines = content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    is_long = lines > MOST_LINES or lines * len(_BOUNDARY.findall(content)) > MOST_WORK
    if is_long or len(_DELIMITER.findall(content)) > MOST_DELIMITERS:
        raise NotAMail
    try:
        found = [*_parts(BytesParser().parsebytes(content))]
    except Exception as error:  # a stranger's file breaks the library in ways of its own
        raise NotAMail from error
    if len(found) > MOST_ATTACHED:
        raise NotAMail
    return found


def _parts(mail: Message) -> Iterator[Attached]:
    for part in mail.walk():
        if part.is_multipart():
            continue
        told = (part.get_param("filename", header="content-disposition"), part.get_param("name"))
        names = tuple(dict.fromkeys(_read(each) for each in told if each))
        if not names and part.get_content_type() in _BODIES:
            continue
        content = part.get_payload(decode=True)
        yield Attached(names or (_unnamed(part),), content if isinstance(content, bytes) else b"")


def _unnamed(part: Message) -> str:
    return f"unnamed{mimetypes.guess_extension(part.get_content_type()) or ''}"


def _read(name: str | tuple[str | None, str | None, str]) -> str:
    """A file's name in plain letters, however it was sent."""
    plain = collapse_rfc2231_value(name)
    try:
        return str(make_header(decode_header(plain)))
    except (HeaderParseError, LookupError, ValueError):
        return plain


def to_outlook_mail(content: bytes) -> list[Attached]:
    """The same of a mail as Outlook keeps it: a compound file with the entries of a message, and no others."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            return [*_attachments(file, len(content))]
    except Exception as error:  # as above
        raise NotAMail from error


def _attachments(file: olefile.OleFileIO, size: int) -> Iterator[Attached]:
    places = [tuple(path) for path in file.listdir(streams=True, storages=True)]
    streams = {tuple(path) for path in file.listdir()}
    boxes = [place for place in places if place[-1].startswith(_ATTACHMENT)]
    if (_PROPERTIES,) not in streams or not all(place[0].startswith(_OF_A_MESSAGE) for place in places):
        raise NotAMail
    if len(boxes) > MOST_ATTACHED or sum(file.get_size(list(path)) for path in streams) > size:
        raise NotAMail  # what overlaps is read over and over
    for box in boxes:
        found = ((*box, f"__substg1.0_{name}") for name in _NAMES)
        names = tuple(_letters(file.openstream(list(name)).read(), name[-1]) for name in found if name in streams)
        if (*box, _CONTENT) in streams:
            yield Attached(names or ("",), file.openstream([*box, _CONTENT]).read())
        elif (*box, _OBJECT) in places and (*box, _OBJECT, _PROPERTIES) not in streams:
            yield Attached(("an object of another program",), b"")  # not a mail within, whose own are among the boxes


def _letters(words: bytes, called: str) -> str:
    said = words.decode("utf-16-le" if called.endswith("F") else "cp1252", errors="replace")
    return said.partition("\0")[0]
