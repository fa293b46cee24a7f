"""Cells that hold two things, or that lost their column: an agency run into its recommendation, a status moved left."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from reviews.importing.understanding.marks import Key, read_mark
from reviews.importing.understanding.names import is_post, tidy
from reviews.importing.understanding.persons import BODY_ENDS
from reviews.importing.understanding.pseudonyms import is_anonymous
from reviews.importing.understanding.tables import Cell, Row

_LONGEST_NAME = 160
_DAY_NOUGHT = dt.date(1899, 12, 30)  # from which spreadsheets count
_SMALL = frozenset(
    ("a", "and", "at", "for", "from", "in", "of", "on", "the", "to", "with", "&", "/", "|", "+", "-", "–")
)
#: Words with which a recommendation begins and no name does.
_BEGINS_WORDS = re.compile(
    r"^(?:to|that|should|must|will|all|any|each|every|ensure|consider|review|develop|provide|this|these|there|it|when"
    r"|where|if|for|in|on)\b",
    re.IGNORECASE,
)
#: What numbers a recommendation and names nobody.
_NUMBERED = re.compile(r"^(?:recommendation|rec|action|theme)\b\W*\d", re.IGNORECASE)
#: Where a recommendation begins behind a name that runs into it.
_OPENS = re.compile(r"(?<=\s)(?:To [a-z]|(?:Should|Must|Will|Needs? to|That)\b|The [A-Za-z]|(?:An?|All|This|It) [a-z])")
_CERTAIN = re.compile(r"(?:To [a-z]|Should\b|Must\b)")
_BETWEEN = re.compile(r"^([^:–\n]{3,120}?)\s*(?::|\s–|\s-)\s+(?=\S)")


@dataclass(frozen=True)
class Apart:
    """A cell taken apart. ``is_subject`` marks a name that is the subject of the words, which then keep it."""

    agency: str
    words: str
    is_subject: bool = False


def take_apart(text: str, known: Collection[str] = ()) -> Apart:
    """The agency and the recommendation in one cell; no agency where none can be made out.

    ``known`` are names in small letters; the longest that fits is taken.
    """
    first, _, rest = text.partition("\n")
    if rest and looks_like_name(first):
        return Apart(first, re.sub(r"^[–-] (?=[^\n]+$)", "", rest))
    between = _BETWEEN.match(text)
    rest = text[between.end() :] if between else ""
    if between and looks_like_name(between[1]) and (_CERTAIN.match(rest) or _is_body(between[1], known)):
        return Apart(between[1], rest)
    return _run_in(text, known) or _known_before(text, known) or Apart("", text)


def _run_in(text: str, known: Collection[str]) -> Apart | None:
    """A name that runs straight into a recommendation beginning with a capital letter."""
    for match in _OPENS.finditer(text[: _LONGEST_NAME + 20]):
        name = text[: match.start()].strip()
        if not looks_like_name(name):
            return None
        if _CERTAIN.match(match[0]) or _is_body(name, known):
            return Apart(name, text[match.start() :])
    return None


def _known_before(text: str, known: Collection[str]) -> Apart | None:
    small = text.casefold()
    for name in sorted(known, key=len, reverse=True):
        if not small.startswith(name) or small[len(name) : len(name) + 1].isalnum():
            continue
        rest = text[len(name) :].lstrip(" *")
        if re.match(r"(?:and|&|/|\||,)\s", rest):
            return None  # the beginning of several names, of which the others are not known
        if re.match(r"[a-z]", rest):
            return Apart(text[: len(name)], text, is_subject=True)
        return Apart(text[: len(name)], rest.lstrip(" :–-\n"))
    return None


def looks_like_name(text: str) -> bool:
    """Whether these words could be the name of a body, and not a sentence: capitals, and nothing that begins one."""
    name = tidy(text)
    if not name or "\n" in name or len(name) > _LONGEST_NAME or name.endswith((".", "?", "!")) or name[0].islower():
        return False
    if _BEGINS_WORDS.match(name) or _NUMBERED.match(name):
        return False
    words = re.sub(r"\([^)]*\)", "", name).split()
    return bool(words) and all(word.lower() in _SMALL or not word.strip("“”‘’'\"")[:1].islower() for word in words)


def _is_body(name: str, known: Collection[str]) -> bool:
    """Whether a name ends as bodies' names do, is known, or stands for a body."""
    plain = re.sub(r"\s*\([^)]*\)$", "", tidy(name))
    last = re.sub(r"\W+$", "", plain).rsplit(" ", 1)[-1].lower()
    return plain.casefold() in known or last in BODY_ENDS or is_anonymous(plain) or name.rstrip().endswith("*")


def names_a_body(text: str, known: Collection[str] = ()) -> bool:
    """Whether a line that stands alone is the name of a body."""
    return looks_like_name(text) and not is_post(text) and _is_body(text, known)


def aligned(row: Row, status: int) -> Row:
    """A row whose page lost an empty cell: its last cell is a status and stands left of the status column."""
    last = len(row.cells) - 1
    if not 0 < last < status or any(cell.width > 1 for cell in row.cells):
        return row
    cell = row.cells[last]
    if not read_mark(cell.text, Key()).status:
        return row
    missing = tuple(replace(cell, text="", colour="") for _ in range(status - last))
    return replace(row, cells=(*row.cells[:last], *missing, cell))


def dated(cell: Cell) -> Cell:
    """A cell of a column of dates, in which a number counts days as spreadsheets do: it is that day, to be checked."""
    if cell.date or not re.fullmatch(r"[2-7]\d{4}(?:\.0)?", cell.text):
        return cell
    day = _DAY_NOUGHT + dt.timedelta(days=int(cell.text[:5]))
    return replace(cell, date=day)


def continues(old: Cell, new: Cell) -> str:
    """What joins the two halves of a cell that a page cut: a space inside a sentence, else a line break."""
    inside = not re.search(r"[.!?:;]\W*$", old.text) or new.text[:1].islower()
    return " " if old.text and inside else "\n"
