"""In which letters a text is written: as its bytes tell, for few texts say."""

from __future__ import annotations

import re


def decode(data: bytes) -> str:
    """The text: UTF-16 or UTF-8 where it is that, else what Excel writes on Windows, or on an old Mac."""
    if wide := wide_encoding(data):
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("mac_roman" if _is_from_mac(data) else "cp1252", errors="replace")


def wide_encoding(data: bytes) -> str:
    """The encoding of text of two bytes a letter, with its mark or without; nothing for other text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:2000]
    for name, noughts, letters in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if noughts and noughts.count(0) * 10 > len(noughts) * 8 and not letters.count(0):
            return name
    return ""


def _is_from_mac(data: bytes) -> bool:
    """Whether typographic marks stand where a Mac put them: in Windows' own set these are capitals with accents."""
    mac = re.findall(rb"[a-z ,.(][\xd0-\xd5\xa5](?=[A-Za-z0-9 ,.)\r\n])", data[:200_000])
    windows = re.findall(rb"[\x91-\x97]", data[:200_000])
    return len(mac) > len(windows)
