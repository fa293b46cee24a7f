"""Which field a heading means: the headings seen in real plans, what is like them, and what a person said of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from reviews.importing.understanding.vocabulary import EITHER, HEADINGS, LABELS, SIGNS, WEAK, Column

__all__ = ("LABELS", "OUR_OWN", "Column", "Headings", "as_shown", "column_for", "is_either", "plain")

_BY_HEADING = {heading: column for column, headings in HEADINGS.items() for heading in headings}
_LONG = [heading for heading in _BY_HEADING if len(heading) >= 6 and heading not in WEAK]
#: Both in one column, whichever stands first.
_BOTH = re.compile(
    r"^(?:lead |responsible )?(?:agenc(?:y|ies)|organi[sz]ations?|services?)(?: and)?(?: their)? recommendations?\b"
    r"|^recommendations?(?: and| with)(?: the)?(?: lead| responsible)? (?:agency|organi[sz]ation|service)\b"
)
#: What makes a target date one that was put off: "Timescale (revised)".
_PUT_OFF = re.compile(r"\b(?:if )?(?:revised|new|extended|amended|updated|rescheduled)\b")
_MOST_WORDS = 9  # of a heading that is known by a sign in it


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """A heading in small letters, without punctuation."""
    return re.sub(r"\s+", " ", re.sub(r"[^a-z0-9 ]", "", re.sub(r"[/\n&+-]", " ", heading.lower()))).strip()


@lru_cache(maxsize=4096)
def column_for(heading: str) -> Column | None:
    """The field that this heading means, if only by a word in it; None when it is like none of those known.

    Of a heading of several lines the whole counts, else its last line, else its first.
    """
    words = plain(re.sub(r"\([^)]*\)?", " ", heading)) or plain(heading)
    by_sign = _by_sign(words) if len(words.split()) <= _MOST_WORDS and words not in EITHER else None
    return surely(heading) or _BY_HEADING.get(words) or by_sign


@lru_cache(maxsize=4096)
def surely(heading: str) -> Column | None:
    """The field that this heading means where it is one of those known, or a slip of one; as ``column_for``."""
    first, _, last = heading.partition("\n")
    return _surely(heading) or (_surely(last.rsplit("\n", 1)[-1]) or _surely(first) if last else None)


def is_known(heading: str) -> bool:
    """Whether this is one of the headings that are known, to the letter."""
    return plain(heading) in _BY_HEADING


def _surely(heading: str) -> Column | None:
    if heading.strip(" .:") in ("#", "№"):
        return Column.REFERENCE
    words = plain(heading)
    if not words or len(words) > 120 or words in EITHER:
        return None
    # A heading may have an explanation after it: "Scope of recommendation (i.e. local or regional)".
    short = plain(re.sub(r"\([^)]*\)?", " ", heading))
    if words in WEAK:
        return None
    if column := _put_off(words) or _BY_HEADING.get(words) or _BY_HEADING.get(short):
        return column
    if _BOTH.search(words):
        return Column.AGENCY_AND_RECOMMENDATION
    begun = [known for known in _LONG if " " in known and words.startswith(f"{known} ")]
    if begun:
        return _BY_HEADING[max(begun, key=len)]
    return _misspelt(words)


def _put_off(words: str) -> Column | None:
    """The date that another one was put off to."""
    date = " ".join(_PUT_OFF.sub(" ", words, count=1).split())
    return Column.REVISED_DATE if date != words and _BY_HEADING.get(date) == Column.TARGET_DATE else None


def _misspelt(words: str) -> Column | None:
    """The heading of which this is a slip of one letter or two: "Recomendation", "Nextsteps"."""
    if len(words) < 5:
        return None
    most = 1 if len(words) < 9 else 2
    found = process.extractOne(words, _LONG, scorer=OSA.distance, score_cutoff=most)
    return _BY_HEADING[found[0]] if found and _same_begin(words, found[0]) else None


def _same_begin(words: str, known: str) -> bool:
    return words[0] == known[0] and not re.search(r"\d", words)


def _by_sign(words: str) -> Column | None:
    return next((column for column, sign in SIGNS if sign.search(words)), None)


def is_either(heading: str) -> bool:
    """Whether this heading is one that may mean an agency or a person."""
    return plain(heading) in EITHER


def as_shown(heading: str) -> str:
    """A heading as a page shows it: in one line."""
    return " ".join(heading.split())


@dataclass(frozen=True)
class Headings:
    """What headings mean: as a person said, who saw them; else by our own lights.

    ``said`` holds columns by headings as they are shown, in small letters; ``IGNORE`` leaves a column out.
    """

    said: Mapping[str, Column] = field(default_factory=dict)

    @classmethod
    def corrected(cls, said: Mapping[str, str]) -> Headings:
        """By what was said of headings as they are shown. Raises ValueError for a column that there is not."""
        return cls({as_shown(heading).casefold(): Column(column) for heading, column in said.items()})

    def was_said(self, heading: str) -> Column | None:
        """The column that a person chose for this heading."""
        return self.said.get(as_shown(heading).casefold()) if self.said else None

    def column(self, heading: str) -> Column | None:
        """The column that this heading means; None when it is like none of those known."""
        return self.was_said(heading) or column_for(heading)

    def is_either(self, heading: str) -> bool:
        """Whether this heading may mean an agency or a person, and nobody said which."""
        return not self.was_said(heading) and is_either(heading)

    def surely(self, heading: str) -> Column | None:
        """The column of a heading that is known, or of which somebody said so; not by a word in it alone."""
        return self.was_said(heading) or surely(heading)

    def meaning(self, heading: str) -> Column | None:
        """As ``column``, with what may be an agency or a person taken for an agency."""
        return Column.AGENCY if self.is_either(heading) else self.column(heading)


OUR_OWN = Headings()
