"""What a paper consists of, whatever its format."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from reviews.export_mark import Says
from reviews.export_words import said_day


class Look(Enum):
    """How a paragraph of a cell is set."""

    PLAIN = ""
    STRONG = "strong"
    SMALL = "small"


@dataclass(frozen=True)
class Paragraph:
    """Some words of a cell, and what of an action they say."""

    words: str
    look: Look = Look.PLAIN
    says: Says = Says.NOTE


Cell = tuple[Paragraph, ...]


@dataclass(frozen=True)
class Heading:
    """A column: what is printed over it, and its share of the width in hundredths."""

    words: str
    share: int


@dataclass(frozen=True)
class Group:
    """Rows under one name (an organisation, or several jointly); the name may be empty."""

    name: str
    footnotes: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    #: The names of which ``name`` is made; for each row, which recommendation of the plan it is and which action.
    names: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Paper:
    """A report on one plan, ready to be rendered."""

    reference: str
    title: str
    subtitle: str
    publisher: str
    on: dt.date
    introduction: tuple[str, ...]
    headings: tuple[Heading, ...]
    groups: tuple[Group, ...]
    key: tuple[tuple[str, str], ...]
    recorded_later: tuple[str, ...]
    name: str

    def file_name(self, extension: str) -> str:
        """What the paper is called when it is taken away: plan, layout, day; nothing of the case."""
        stem = re.sub(r"[^A-Za-z0-9]+", "-", f"{self.reference}-{self.name}").strip("-")
        return f"{stem}-{self.on.isoformat()}.{extension}"


day = said_day


def printable(text: str) -> str:
    """``text`` without characters that an office file cannot hold, or that turn the direction of what follows."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n")
    return "".join(c for c in text if c in "\n\t" or not _unprintable(c))


def _unprintable(character: str) -> bool:
    turns = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return unicodedata.category(character) in ("Cc", "Cs", "Cn") or character in turns
