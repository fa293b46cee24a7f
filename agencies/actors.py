"""Who does a thing: a person, or the portal itself under a name of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agencies.models import User


@dataclass(frozen=True)
class System:
    """The portal acting without a person: a command, the schedule, the example data."""

    name: str


COMMAND = System("command")
SCHEDULE = System("schedule")
EXAMPLE = System("example")


def person(by: User | System) -> User | None:
    """The person behind ``by``; None when the portal itself acts."""
    return None if isinstance(by, System) else by
