"""The files that people gave: evidence, plans brought in. Whatever storage holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage


def names(folder: str = "") -> Iterator[str]:
    """The name of every file in the storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from names(f"{folder}{name}/")


def are_there() -> bool:
    """Whether the storage holds any file."""
    return next(names(), None) is not None


def put_back(name: str, content: IO[bytes]) -> bool:
    """Store a file under its old name; False if the storage would have given it another."""
    return default_storage.save(name, File(content)) == name
