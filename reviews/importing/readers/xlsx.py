"""Reads an Excel workbook, in one pass over each sheet: words, real dates, fills, what is merged or hidden.

openpyxl builds every cell of every sheet, and twice where there are formulas; this keeps what a plan is read from.
Macros are a part of the file that is never opened.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from reviews.importing.readers import DAMAGED, TOO_LARGE
from reviews.importing.readers.sheet import Book, read_sheet, text_of
from reviews.importing.readers.styles import Style, read_styles
from reviews.importing.understanding.tables import Table, Unreadable

_MAIN = "xl/workbook.xml"
_MAX_PART = 20 * 1024 * 1024  # bytes of a part that is read whole
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_DAMAGE = (
    etree.XMLSyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    OverflowError,
    TypeError,
    EOFError,
)


def read(data: bytes) -> list[Table]:
    """The visible sheets of a workbook, in its order."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _tables(archive)
    except _DAMAGE as error:
        raise Unreadable(DAMAGED) from error


def _tables(archive: zipfile.ZipFile) -> list[Table]:
    main = _whole(archive, _MAIN)
    parts = _related(archive)
    properties = main.find("{*}workbookPr")
    by_kind = {kind: name for kind, name in parts.values() if name in archive.NameToInfo}
    book = Book(
        styles=_styles(archive, by_kind),
        strings=list(_strings(archive, by_kind["sharedStrings"])) if "sharedStrings" in by_kind else [],
        since_1904=properties is not None and properties.get("date1904") in ("1", "true", "on"),
    )
    found = []
    for sheet in main.iterfind("{*}sheets/{*}sheet"):
        kind, part = parts[next(value for name, value in sheet.items() if name.endswith("}id"))]
        if kind == "worksheet" and sheet.get("state", "visible") == "visible":
            with archive.open(part) as content:
                found.append(read_sheet(book, sheet.get("name", ""), elements(content, "row", "mergeCell", "col")))
    if not found:
        raise Unreadable(DAMAGED)
    return found


def _related(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """What the workbook holds, by number: the kind of each part and its name."""
    root = _whole(archive, "xl/_rels/workbook.xml.rels")
    return {
        one.get("Id"): (
            one.get("Type", "").rsplit("/", 1)[-1],
            posixpath.normpath(posixpath.join("xl", one.get("Target", ""))).lstrip("/"),
        )
        for one in root.iterfind("{*}Relationship")
    }


def _styles(archive: zipfile.ZipFile, parts: dict[str, str]) -> list[Style]:
    if "styles" not in parts:
        return []
    theme = _bytes(archive, parts["theme"]) if "theme" in parts else b""
    return read_styles(_whole(archive, parts["styles"]), theme)


def _strings(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    """The words that cells share."""
    with archive.open(part) as content:
        for item in elements(content, "si"):
            yield text_of(item)


def elements(content: IO[bytes], *names: str) -> Iterator[Any]:
    """Each element of these names as it ends, let go once it was looked at. Excel declares no document type."""
    first = True
    for _, element in etree.iterparse(content, tag=[f"{{*}}{name}" for name in names], remove_comments=True, **_SAFE):
        if first and element.getroottree().docinfo.internalDTD is not None:
            raise Unreadable(DAMAGED)
        first = False
        yield element
        element.clear(keep_tail=False)
        parent = element.getparent()
        while element.getprevious() is not None:
            del parent[0]


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _MAX_PART:
        raise Unreadable(TOO_LARGE)
    return archive.read(name)


def _whole(archive: zipfile.ZipFile, name: str) -> Any:
    root = etree.fromstring(_bytes(archive, name), etree.XMLParser(remove_comments=True, **_SAFE))
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(DAMAGED)
    return root
