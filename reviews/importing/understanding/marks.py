"""Statuses as plans write them: words, colours by the document's own key, ticks under a heading."""

from __future__ import annotations

import colorsys
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reviews.importing.understanding.dates import leading_date
from reviews.importing.understanding.tables import Row, Table

COMPLETE, AWAITING, IN_PROGRESS, ONGOING, NOT_STARTED, NOT_PURSUED = (
    "complete",
    "awaiting",
    "in_progress",
    "ongoing",
    "not_started",
    "not_pursued",
)

#: Whole cells, in small letters, without a full stop. domain words, section 4.2.
_WORDS: dict[str, str] = {
    **dict.fromkeys(("complete", "completed", "achieved", "action complete", "action completed", "done",
                     "fully complete", "implemented", "signed off", "closed", "delivered", "finished", "fulfilled",
                     "discharged", "action closed", "fully implemented", "met", "fully met", "100%", "100% complete",
                     "actioned", "fully achieved", "action delivered", "action achieved"), COMPLETE),
    **dict.fromkeys(("complete, awaiting sign off", "complete awaiting sign off", "awaiting sign off"), AWAITING),
    **dict.fromkeys(("in progress", "on target", "on track", "work in progress", "lagging", "started", "underway",
                     "under way", "partially complete", "partly complete", "on target to achieve",
                     "partially achieved", "progressing", "delayed", "in development", "commenced", "in hand",
                     "partial", "partly", "partially", "in part",
                     "action commenced", "partially implemented", "partly met", "partially met", "on schedule",
                     "behind schedule", "at risk", "off track", "slipped", "nearly complete", "almost complete",
                     "in train", "initiated", "partly achieved", "action in progress", "work has started",
                     "action started", "being progressed", "in process"), IN_PROGRESS),
    **dict.fromkeys(("ongoing", "on going", "complete now ongoing", "continuous", "continuing", "recurring", "bau",
                     "business as usual", "ongoing action", "action ongoing", "work ongoing", "work is ongoing",
                     "rolling"), ONGOING),
    **dict.fromkeys(("not commenced", "not started", "not yet started", "future work", "not yet commenced",
                     "to be started", "yet to start", "not begun", "to do", "not due", "not yet due", "planned",
                     "yet to commence", "yet to be started", "no progress", "action not started", "not yet begun",
                     "to commence", "to be commenced", "0%"), NOT_STARTED),
    **dict.fromkeys(("superseded", "not accepted", "no longer applicable", "no longer required", "not pursued",
                     "rejected", "withdrawn", "not to be pursued", "cancelled", "discontinued", "abandoned", "declined",
                     "not agreed", "no further action", "not taken forward"), NOT_PURSUED),
    "not recorded": "",  # how our own papers print that a plan gave none
}  # fmt: skip

#: What our own papers print below a status, a line each: lateness, the sign-off, where each of several leads stands.
_BELOW = re.compile(r"(?:overdue by|due (?:today|in)|signed off on) ?[\w ]*|.+: (.+)")

#: What may follow and change nothing: a delay is lateness, a reason is a reason.
_BEGINNINGS: tuple[tuple[str, str], ...] = (
    (r"in progress\b\W*(?:with )?(?:minor|significant|some|slight|major)?\W*delays?", IN_PROGRESS),
    (r"(?:superseded|not accepted|no longer (?:applicable|required)|rejected|withdrawn|not pursued)\b", NOT_PURSUED),
)
#: What stands between a status and what is said beside it. A line break does not: what follows may be its opposite.
_PIECES = re.compile(r"[^\S\n]*[:;,(/&–—.][^\S\n]*|[^\S\n]+-[^\S\n]+")
_TWO_HALVES = re.compile(r"^(?:complete|completed|achieved)\b[ ,;–-]*(?:and|but|now)\b")
_COMPLETED_ON = re.compile(
    r"^(?:complete|completed|achieved)\s*[:,(–-]?\s*(?:on )?(?=\d|[a-z]{3,9} \d)"
    # What else is done has a day behind it, and not so many of something.
    r"|^(?:action )?(?:completed?|achieved|closed|done|delivered|implemented|finished|signed off|actioned)"
    r"\s*[:,(–-]?\s*(?:on )?(?:in )?(?=\d{1,2}[ /.]\d{1,2}[ /.]\d|(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*[ .’']+\d)"
)

COLOURS = {
    "red": "Red",
    "amber": "Amber",
    "green": "Green",
    "blue": "Blue",
    "grey": "Grey",
    "gray": "Grey",
    "yellow": "Yellow",
    "orange": "Amber",
    "purple": "Purple",
    "black": "Black",
    "white": "White",
}
_LETTERS = {"r": "Red", "a": "Amber", "g": "Green", "b": "Blue"}
#: The word of a group of headings, which stands before each of them.
_GROUP_BEFORE = re.compile(
    r"^(?:(?:current |action )?status|b?rag(?: status| rating)?)\s*[:–-]?\s+(?=\S)", re.IGNORECASE
)
_TICK_AFTER = re.compile(r"\s*\((?:tick|✓|✔|y/n|yes/no)\)|\s*\b(?:tick|y/n|yes/no)$", re.IGNORECASE)
_TICKS = re.compile(r"^(?:[✓✔☑√xX×☒]|yes|y|ü|tick|ticked|true)$", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """What a status cell comes to: a status or none, the code of what must be said, the day of completion it names."""

    status: str = ""
    code: str = ""
    completed_on: dt.date | None = None


@dataclass(frozen=True)
class Key:
    """The document's own key: which status a colour's name, or a fill, stands for."""

    names: dict[str, str] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)


def read_mark(text: str, key: Key) -> Mark:
    """The status that ``text`` means. A colour means what the document's own key says, and nothing without one."""
    words = _plain(_above(text))
    if not words:
        return Mark()
    if colour := colour_name(text):
        return of_colour(key.names.get(colour, ""))
    if words in _WORDS:
        return Mark(_WORDS[words], "" if _WORDS[words] else "blank_status")
    if (half := _TWO_HALVES.match(words)) and _WORDS.get(words[half.end() :].strip()) != COMPLETE:
        return Mark(COMPLETE, "conflicting_status", _date_within(text))
    if half or _COMPLETED_ON.match(words):
        return Mark(COMPLETE, "", _date_within(text))
    status = next((status for begin, status in _BEGINNINGS if re.match(begin, words)), "")
    return Mark(status) if status else _in_pieces(text, key)


def of_colour(status: str) -> Mark:
    """The status that the document's own key gives a colour; where it gives none, it is to be asked."""
    return Mark(status, "" if status else "ambiguous_status_colour")


def _plain(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text.lower()).strip(" .;,:*")


def _above(text: str) -> str:
    """The status in a cell of our own papers, without the lines that they print below it."""
    first, *below = text.split("\n")
    ours = [_BELOW.fullmatch(line.lower()) for line in below]
    if below and _plain(first) in _WORDS and all(one and (not one[1] or _plain(one[1]) in _WORDS) for one in ours):
        return first
    return text


def _in_pieces(text: str, key: Key) -> Mark:
    """A status beside a colour, a number, a tick or a reason: "Amber – in progress", "Ongoing: monthly audits".

    The words count, and a colour only where the document's own key says something else.
    """
    pieces = [piece.strip(" )") for piece in _PIECES.split(re.sub(r"[✓✔☑]", " ", text))]
    pieces = [piece for piece in pieces if piece]
    if pieces and pieces[0].isdigit():  # the number that a scale gives it
        pieces = pieces[1:]
    colours = [colour for piece in pieces if (colour := colour_name(piece))]
    words = [_plain(piece) for piece in pieces if not colour_name(piece)]
    status = _WORDS.get(words[0], "") if words else ""
    if words and re.fullmatch(r"[1-9]\d? ?%(?: complete)?", words[0]):
        status = IN_PROGRESS
    if not status or len(colours) > 1:
        return Mark(code="unknown_status")
    others = {_WORDS.get(word, ONGOING if word.startswith(("ongoing", "on going")) else "") for word in words[1:]}
    others |= {key.names.get(colour, "") for colour in colours}
    # What is both complete and ongoing is complete, and the cell says two things.
    both = others - {status, ""}
    return Mark(COMPLETE if COMPLETE in both else status, "conflicting_status" if both else "")


def _date_within(text: str) -> dt.date | None:
    match = re.search(r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d", text.lower())
    return leading_date(text[match.start() :])[0] if match else None


def colour_name(text: str) -> str:
    """The colour that a cell names, by word or by letter: "Amber"; empty when it names none."""
    words = text.strip(" .").lower()
    return COLOURS.get(words, "") or _LETTERS.get(words, "")


def fill_name(colour: str) -> str:
    """What people would call a fill: its hue as one of red, amber, green, blue, grey."""
    red, green, blue = (int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    if strength < 0.15:
        return "Black" if light < 0.15 else "" if light > 0.93 else "Grey"
    degrees = hue * 360
    names = ((18, "Red"), (48, "Amber"), (66, "Yellow"), (170, "Green"), (260, "Blue"), (330, "Purple"))
    return next((name for limit, name in names if degrees < limit), "Red")


def says_status(heading: str) -> str:
    """The status, or the colour, that a heading over ticks names: "Achieved (tick)", "Delivered?"; else nothing."""
    words = _GROUP_BEFORE.sub("", _TICK_AFTER.sub("", heading)).rstrip(" ?")
    return words if colour_name(words) or read_mark(words, Key()).status else ""


def is_tick(text: str) -> bool:
    """Whether a cell says only that its heading holds."""
    return bool(_TICKS.match(text.strip()))


def is_sign(text: str) -> bool:
    """Whether a cell holds a tick, or one sign that a tick may have become on its way."""
    sign = text.strip().lower()
    return is_tick(text) or (len(sign) == 1 and sign not in "-–—." and (not sign.isalnum() or sign in "p1"))


_PAIR = re.compile(r"\s*(\w{3,8}|[ragb])\s*(?:=|:|–|\s-\s|means|\()\s*(.{3,120})", re.IGNORECASE)
#: What a key in one line says before its first colour: "RAG key:", "Key to colours –".
_KEY = re.compile(r"\s*(?=[^:=]{0,40}\b(?:key|legend|b?rag|colou?rs?)\b)[^:=–]{3,40}(?::|\s[–-])\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\n;,|]|\.\s")


def find_key(tables: Iterable[Table]) -> Key:
    """The key to the colours, wherever in the file a colour's name stands beside its meaning.

    A colour that is explained in words that mean no status here makes a key too, and is not in it.
    """
    names: dict[str, str] = {}
    fills: dict[str, str] = {}
    seen: set[str] = set()
    for colour, status, fill in (one for table in tables for row in table.rows for one in _explained(row)):
        seen.add(colour)
        if status and colour not in names:
            names[colour] = status
            if fill:
                fills[fill] = status
    return Key(names, fills) if len(seen) > 1 and names else Key()


def _explained(row: Row) -> Iterator[tuple[str, str, str]]:
    """Each colour that a line explains: by name, the status it stands for if any, and its fill where that is shown."""
    for line in (line for cell in row.cells for line in _BETWEEN.split(cell.text)):
        for words in (line, _KEY.sub("", line, count=1)):
            pair = _PAIR.fullmatch(words)  # "Green = completed" in one cell
            if pair and (colour := colour_name(pair[1])):
                yield colour, _meaning(pair[2]), ""
                break
    for left, right in zip(row.cells, row.cells[1:], strict=False):
        colour = colour_name(left.text)
        if not left.text and left.colour:  # the colour itself, beside its meaning
            colour = fill_name(left.colour)
        if colour and re.search(r"[a-z]{3}", right.text):
            yield colour, _meaning(right.text), left.colour


def _meaning(text: str) -> str:
    """The status that a key's words describe: they say more than a status cell does."""
    words = re.sub(r"[\s-]+", " ", text.lower()).strip(" .")
    if len(words) > 120:
        return ""
    tests = (
        (r"\bnot (?:yet )?(?:started|commenced|begun)", NOT_STARTED),
        (r"\bnot pursued|superseded|no longer|rejected|withdrawn|not accepted", NOT_PURSUED),
        (r"^(?:action )?(?:fully )?(?:complete|completed|achieved|closed)\b", COMPLETE),
        (r"\bon ?going\b", ONGOING),
        (
            r"\bon (?:track|target)|in progress|started|under ?way|delay|behind|off (?:track|target)|at risk",
            IN_PROGRESS,
        ),
        (r"\b(?:overdue|late|missed|slipped|slipping|past (?:its|the|their))\b", IN_PROGRESS),
    )
    return next((status for test, status in tests if re.search(test, words)), "")
