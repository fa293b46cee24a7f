"""What an inspection finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and its cure. ``mended`` says that the inspection has put it right itself."""

    what: str
    cure: str
    mended: bool = False


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: "1 action", "2 actions"."""
    return f"{number} {one if number == 1 else many}"
