"""What the embedded default keeps for itself in its data folder."""

import os
import secrets
import tempfile
from pathlib import Path


def kept_secret_key(data_folder: Path) -> str:
    """The secret key of this data folder, made on first use and readable by its owner only.

    Several processes may start at once: the key is written whole beside its place, then linked into it,
    and the first link wins.
    """
    place = data_folder / "secret-key"
    if not place.exists():
        data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=data_folder)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, place)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return place.read_text()
