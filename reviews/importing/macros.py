"""Takes the macros out of a file: what is kept is the document that a plan was read from, and none of its code."""

from __future__ import annotations

import io
import re
import shutil
import zipfile

#: Parts of a workbook or document that hold code, or what only code needs.
_CODE = re.compile(r"^(?:xl|word)/(?:vba\w*\.(?:bin|xml)|macrosheets/|activex/|ctrlprops/|.*vbaproject)", re.IGNORECASE)
_CONTENT = "[Content_Types].xml"
_PLAIN = {
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml": (
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    ),
    b"application/vnd.ms-word.document.macroEnabled.main+xml": (
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    ),
}
#: An entry for a part that holds code: in the list of what parts are, or of what belongs to what.
_ENTRY = re.compile(
    rb"<(?:\w+:)?(?:Override|Relationship)\b[^>]*(?:vba|macrosheet|activex|ctrlprop)[^>]*/>", re.IGNORECASE
)


def without_macros(name: str, data: bytes) -> tuple[str, bytes]:
    """The name and content under which a file that was read is kept: an .xlsm becomes the .xlsx that it would be.

    The sandbox must have read it, which refuses what is damaged or unpacks to more than a plan can hold.
    """
    kept = f"{name[:-1]}x" if name.lower().endswith(".xlsm") else name
    if not data.startswith(b"PK"):
        return kept, data
    with zipfile.ZipFile(io.BytesIO(data)) as given:
        if kept == name and not any(_CODE.match(part) for part in given.namelist()):
            return name, data
        return kept, _rewritten(given)


def _rewritten(given: zipfile.ZipFile) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as kept:
        for part in given.infolist():
            if part.is_dir() or _CODE.match(part.filename):
                continue
            if part.filename == _CONTENT or part.filename.endswith(".rels"):
                kept.writestr(part.filename, _listed(given.read(part)))
                continue
            with given.open(part) as source, kept.open(part.filename, "w") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
    return stream.getvalue()


def _listed(entries: bytes) -> bytes:
    entries = _ENTRY.sub(b"", entries)
    for with_macros, plain in _PLAIN.items():
        entries = entries.replace(with_macros, plain)
    return entries
