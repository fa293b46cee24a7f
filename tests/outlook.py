"""Mails as Outlook keeps them, made by hand: compound files by [MS-CFB], with the names of [MS-OXMSG]."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TypeAlias

SECTOR = 512
#: Below this a stream would stand in another table: the tests' are filled up to it.
LEAST = 4096
FREE, END, FAT_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5

Tree: TypeAlias = Mapping[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """A compound file that holds ``tree``: streams as bytes, storages as trees."""
    entries: list[list[object]] = [["Root Entry", ROOT, NONE, NONE, b""]]
    _put(tree, entries, 0)
    directory = -(-len(entries) * 128 // SECTOR)
    contents = [bytes(entry[4]).ljust(LEAST, b"\0") if entry[1] == STREAM else b"" for entry in entries]  # type: ignore[call-overload]
    wanted = directory + sum(-(-len(content) // SECTOR) for content in contents)
    tables = 1
    while tables * 128 < wanted + tables:
        tables += 1
    chains, fat, rows, body = tables, [FAT_SECTOR] * tables, b"", b""
    fat += [*range(chains + 1, chains + directory), END]
    for entry, content in zip(entries, contents, strict=True):
        start, number = (len(fat) if content else END), -(-len(content) // SECTOR)
        fat += [*range(len(fat) + 1, len(fat) + number), END] if number else []
        body += content.ljust(number * SECTOR, b"\0")
        rows += _row(entry, start, len(content))
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * SECTOR, b"\xff")
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                       0, tables, tables, 0, LEAST, END, 0, END, 0)  # fmt: skip
    sectors = [*range(tables), *[FREE] * (109 - tables)]
    return head + struct.pack("<109I", *sectors) + table + rows.ljust(directory * SECTOR, b"\0") + body


def _put(tree: Tree, entries: list[list[object]], parent: int) -> None:
    """Each entry is its next neighbour's left; the first is the parent's child."""
    before: tuple[int, int] = (parent, 3)
    for name, value in tree.items():
        kind = STREAM if isinstance(value, bytes) else STORAGE
        number = len(entries)
        entries.append([name, kind, NONE, NONE, value if isinstance(value, bytes) else b""])
        entries[before[0]][before[1]] = number
        before = (number, 2)
        if not isinstance(value, bytes):
            _put(value, entries, number)


def _row(entry: list[object], start: int, size: int) -> bytes:
    name, kind, right, child, _ = entry
    letters = str(name).encode("utf-16-le")
    return letters.ljust(64, b"\0") + struct.pack(
        "<HBBIII36xIQ", len(letters) + 2, kind, 1, NONE, right, child, start, size
    )


def attachment(name: str, content: bytes) -> Tree:
    """What stands in the storage of one attachment."""
    return {
        "__properties_version1.0": b"",
        "__substg1.0_3707001F": name.encode("utf-16-le"),
        "__substg1.0_37010102": content.ljust(LEAST),
    }


def message(*attached: Tree) -> Tree:
    """A message with these attachments."""
    boxes = {f"__attach_version1.0_#{number:08X}": box for number, box in enumerate(attached)}
    return {"__properties_version1.0": b"", "__substg1.0_0037001F": "Done".encode("utf-16-le"), **boxes}
