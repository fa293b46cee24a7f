"""One file that holds a portal: a tar of its database, its files and, of the embedded default, its key.

The last member is `manifest.json`: when, of which database, the rows of each table, the SHA-256 of everything. An
archive without it is not whole. Nothing is encrypted: whoever has the file has every word in the portal.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from config.keeping.refusals import CannotGoOn

FORMAT = 1
MANIFEST, DATABASE, KEY, FILES = "manifest.json", "database", "secret-key", "files/"
CHUNK = 1024 * 1024
NOT_WHOLE = "{} is no whole backup of this portal: {}. Nothing was changed; take another."


@dataclass
class Manifest:
    """What an archive says of itself."""

    made_at: str
    database: str
    migrations: list[str]
    rows: dict[str, int]
    key_mark: str
    with_files: bool
    sha256: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


class HashingReader(io.RawIOBase):
    """Passes on what it reads and takes the SHA-256 of it."""

    def __init__(self, source: IO[bytes]) -> None:
        """Read from `source`."""
        self.source = source
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Some bytes."""
        data = self.source.read(size)
        self.digest.update(data)
        return data


class Writer:
    """An archive being made. It has its name only once it is whole."""

    def __init__(self, place: Path) -> None:
        """Begin beside `place`, for this account's eyes only."""
        self.place = place
        handle, draft = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        self.draft = Path(draft)
        self.file = os.fdopen(handle, "wb")
        self.tar = tarfile.open(fileobj=self.file, mode="w:gz", compresslevel=6)  # noqa: SIM115 -- ended by `finish`
        self.sha256: dict[str, str] = {}

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Put in one file of a size that is known."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        reader = HashingReader(content)
        self.tar.addfile(member, reader)
        self.sha256[name] = reader.digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Say what it holds, write it to the disk, and give it its name."""
        manifest.sha256 = self.sha256
        said = json.dumps(asdict(manifest), indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(said), 0o600
        self.tar.addfile(member, io.BytesIO(said))
        self.tar.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.draft.replace(self.place)


@contextmanager
def written(place: Path) -> Iterator[Writer]:
    """An archive to put things into; if anything goes wrong, nothing of it is left."""
    writer = Writer(place)
    try:
        yield writer
    finally:
        writer.file.close()
        writer.draft.unlink(missing_ok=True)


def checked(place: Path) -> Manifest:
    """What a whole and undamaged archive says of itself: every byte of it is read first."""
    found: dict[str, str] = {}
    said: dict[str, Any] | None = None
    try:
        for name, content in members(place):
            if name == MANIFEST:
                said = json.load(content)
            else:
                found[name] = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise CannotGoOn(NOT_WHOLE.format(place, f"it cannot be read ({type(error).__name__})")) from None
    if said is None:
        raise CannotGoOn(NOT_WHOLE.format(place, "its list of contents is missing"))
    if said.get("format") != FORMAT:
        raise CannotGoOn(NOT_WHOLE.format(place, "it was made by another version, which must read it"))
    manifest = Manifest(**said)
    if manifest.sha256 != found:
        differ = {name for name in {*found, *manifest.sha256} if found.get(name) != manifest.sha256.get(name)}
        raise CannotGoOn(NOT_WHOLE.format(place, f"{len(differ)} of its parts are damaged or missing"))
    return manifest


def members(place: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Each part of an archive with its content, in order. Only plain files are parts."""
    with tarfile.open(place, "r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise tarfile.ReadError
            yield member.name, content


def copy(content: IO[bytes], place: Path) -> None:
    """Write a part to a new file of this account's own."""
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        shutil.copyfileobj(content, target, CHUNK)
