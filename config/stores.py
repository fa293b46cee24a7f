"""Database, cache and files, each as Django's settings take them: the embedded one, or the one that is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.object_storage import file_store

Store = dict[str, Any]

#: Measured with eight writing processes: no failed transaction with these, hundreds without.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


#: What is asked again and again is planned once for a connection: planning was two thirds of what it cost.
POSTGRESQL = {"server_side_binding": True, "prepare_threshold": 5}


def database(asked: Store, *, pooled: bool = False) -> Store:
    """The database of an address that was read, with what the portal wants of its kind.

    ``pooled`` says that a pooler before PostgreSQL gives each transaction another connection: nothing is kept on one.
    """
    if "sqlite" in asked["ENGINE"]:
        return asked | {"OPTIONS": dict(SQLITE)}
    if pooled:
        return asked | {"CONN_MAX_AGE": 0, "DISABLE_SERVER_SIDE_CURSORS": True}
    asked = asked | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return asked | {"OPTIONS": POSTGRESQL | asked.get("OPTIONS", {})}


def cache(redis: str) -> Store:
    """The cache that all web processes share at the address ``redis``; without one, this process's own memory."""
    if not redis:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "config.cache.PatientCache",
        "LOCATION": redis,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }


def files(address: str, folder: Path) -> Store:
    """The place of evidence, imports and papers: the bucket at ``address``, or else ``folder``, which nobody serves."""
    if address:
        return file_store(address)
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "base_url": None},
    }
