"""One reader for each format. Each takes the bytes of a file and yields tables of the same shape."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

from reviews.importing.readers.encodings import wide_encoding
from reviews.importing.understanding.tables import Table, Unreadable

Reader = Callable[[bytes], list[Table]]

#: The endings that may be brought in, with what people call the format.
FORMATS = {
    "docx": "a Word document",
    "xlsx": "an Excel workbook",
    "xlsm": "an Excel workbook with macros",
    "ods": "an OpenDocument spreadsheet",
    "csv": "a CSV file",
    "txt": "text",
}
MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 150 * 1024 * 1024
MAX_PARTS = 2_000

SAVE_AS = "Open it in Word, Excel or LibreOffice, save it as .docx or .xlsx and bring that in."
DAMAGED = (
    "The file is damaged or was cut off on its way. Ask for it again, or open it, save a new copy and bring that in."
)
TOO_LARGE = "The file unpacks to far more than any plan holds, so it was not opened."


def read(data: bytes, name: str) -> list[Table]:
    """The tables of a file, by what it contains; its ending must agree. Raises Unreadable with a sentence."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in FORMATS:
        raise Unreadable(f"A file whose name ends in .{ending or '?'} cannot be brought in. {SAVE_AS}")
    if not data:
        raise Unreadable("The file is empty.")
    if len(data) > MAX_BYTES:
        raise Unreadable(
            "The file is larger than 20 MB. Take out pictures and what is not the plan and bring it in again."
        )
    found = _sniff(data)
    if found == "csv" and ending == "txt":  # both are text; the ending says how its columns are told apart
        found = ending
    if found == "xlsx" and ending == "xlsm":  # the same but for its macros, which are never opened
        ending = found
    if found != ending:
        raise Unreadable(f"The file is called .{ending}, but it is {FORMATS[found]}. Give it the ending .{found}.")
    return _reader(found)(data)


def _reader(ending: str) -> Reader:
    if ending == "xlsx":
        from reviews.importing.readers.xlsx import read as reader
    elif ending == "docx":
        from reviews.importing.readers.docx import read as reader
    elif ending == "txt":
        from reviews.importing.readers.txt import read as reader
    elif ending == "ods":
        from reviews.importing.readers.ods import read as reader
    else:
        from reviews.importing.readers.csv import read as reader
    return reader


def _sniff(data: bytes) -> str:
    """Which of FORMATS the content is. Raises Unreadable with what it is instead, and what to do."""
    if data.startswith(b"PK"):
        return _sniff_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable(
                "The file is protected by a password. Take the password off, save it and bring it in again."
            )
        raise Unreadable(f"The file is in the old format of Excel or Word from before 2007. {SAVE_AS}")
    if data.startswith(b"%PDF"):
        raise Unreadable(
            "The file is a PDF. Ask for the plan as a Word document or spreadsheet, or save its text as .txt."
        )
    start = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"{\\rtf")):
        raise Unreadable(f"The file is a web page or a document under another name. {SAVE_AS}")
    if b"\0" in data and not wide_encoding(data):
        raise Unreadable(f"The file is not a table of text. {SAVE_AS}")
    return "csv"


def _sniff_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unreadable(TOO_LARGE)
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable(
                    "The file is protected by a password. Take it off, save the file and bring it in again."
                )
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "word/document.xml" in names:
                return "docx"
            if "content.xml" in names and b"opendocument.spreadsheet" in archive.read("mimetype"):
                if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise Unreadable("The file is protected by a password. Take it off, save it and bring it in again.")
                return "ods"
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable(DAMAGED) from error
    raise Unreadable(f"The file is a folder of other files, not a plan. {SAVE_AS}")
