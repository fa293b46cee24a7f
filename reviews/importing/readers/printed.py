"""Lines of text as they are printed, and the headings in them whose words stand over columns without a sign between.

A heading is known by its words. They say where the columns begin; the gaps between them are where fewest lines have
letters.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviews.importing.understanding.columns import OUR_OWN, Column, is_known
from reviews.importing.understanding.layouts import WORDED
from reviews.importing.understanding.tables import MAX_COLUMNS

_CHUNK = re.compile(r"\S+(?: \S+)*")
_TALLEST = 4  # lines of a heading
_WORDED = frozenset(WORDED)
_SHORT = 4  # words of a line of a heading, and of a piece of one twice as many


@dataclass(frozen=True)
class Printed:
    """A line of the text: its number, its page and its words where they stand."""

    number: int
    page: int
    words: str

    @property
    def chunks(self) -> list[tuple[int, int, str]]:
        """The pieces between gaps of two spaces and more: where each begins and ends, and its words."""
        return [(found.start(), found.end(), found[0]) for found in _CHUNK.finditer(self.words)]


@dataclass
class Heading:
    """Where a heading ends, and its columns: where each begins and ends, and what is printed over it."""

    lines: int
    spans: list[tuple[int, int]]
    texts: list[str]

    def where(self, column: Column) -> int | None:
        """Where the first column of this meaning stands."""
        return next((at for at, text in enumerate(self.texts) if OUR_OWN.meaning(text) == column), None)

    @property
    def known(self) -> set[Column]:
        """What its columns mean, as far as that is known."""
        return {column for text in self.texts if (column := OUR_OWN.meaning(text))}


def headings_in(lines: Sequence[Printed]) -> Iterator[tuple[int, Heading]]:
    """Each heading with the number of its first line. Its second line may read like one too, and is none."""
    end = 0
    for number in range(len(lines)):
        if number >= end and (heading := _heading(lines[number : number + _TALLEST])):
            yield number, heading
            end = number + heading.lines


def _heading(lines: Sequence[Printed]) -> Heading | None:
    """A heading that begins at the first of these lines, over as many of them as give most columns a meaning."""
    if not lines or len(lines[0].chunks) < 2:
        return None
    best: Heading | None = None
    for count in range(1, len(lines) + 1):
        chunks = lines[count - 1].chunks
        if not chunks or any(len(words.split()) > _SHORT + (count == 1) * 4 for _, _, words in chunks):
            break
        found = _columns(lines[:count])
        ended = count < len(lines) and not lines[count].words.strip() and bool(lines[count - 1].words.strip())
        if (
            best is None
            or len(found.known) > len(best.known)
            or (len(found.known) == len(best.known) and (ended or _goes_on(best, found)))
        ):
            best = found
    if best is None or len(best.known) < 2 or len(best.known) * 2 < len(best.spans) or not best.known & _WORDED:
        return None
    return best


def _goes_on(above: Heading, whole: Heading) -> bool:
    """Whether each column to which a line added words is the same heading still, and no value under it."""
    more = [text for text in whole.texts if text not in above.texts]
    olds = sorted(above.texts, key=len)  # of several that it might go on with, the longest
    before = {text: old for text in more for old in olds if text.startswith(f"{old} ")}
    return all(
        text in before
        and (
            text[len(before[text]) :].strip(" (")[:1].islower()
            or is_known(text)
            or (text.isupper() and any(letter.islower() for other in above.texts for letter in other))
        )
        for text in more
    )


def _columns(lines: Sequence[Printed]) -> Heading:
    """The columns of these lines: what stands above or below one another is one."""
    spans: list[tuple[int, int]] = []
    for start, end, _ in sorted(chunk for line in lines for chunk in line.chunks):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    texts = [
        " ".join(words for line in lines for start, _, words in line.chunks if first <= start < last)
        for first, last in spans[:MAX_COLUMNS]
    ]
    return Heading(len(lines), spans[:MAX_COLUMNS], texts)


def edges_of(heading: Heading, lines: Sequence[Printed]) -> list[int]:
    """Where each column but the first begins: in the gap before it in which fewest lines have a letter."""
    width = max((len(line.words) for line in lines), default=0) + 1
    letters = [0] * (width + 1)
    for line in lines:
        for start, end, _ in line.chunks:
            for at in range(start, end):
                letters[at] += 1
    edges = []
    for (_, end), (start, last) in itertools.pairwise(heading.spans):
        room = range(min(end, width), min(max(start, end) + 1, width))
        fewest = min((letters[at] for at in room), default=0)
        # Words may begin a little before their heading; they seldom reach under the next.
        edges.append(max((at for at in room if letters[at] == fewest), default=start))
        edges[-1] = min(edges[-1], last)
    return edges


def cut(line: Printed, edges: Sequence[int]) -> list[str] | None:
    """The words of each column in a line; None for a line that runs across columns."""
    cells = [""] * (len(edges) + 1)
    for start, end, _ in line.chunks:
        within = [edge for edge in edges if start < edge < end]
        cuts = [cut for edge in within if (cut := _gap(line.words, edge)) is not None]
        if len(cuts) < len(within) or (within and len(line.chunks) == 1):
            return None
        for first, last in itertools.pairwise((start, *cuts, end)):
            words = line.words[first:last].strip()
            begins = first + len(line.words[first:last]) - len(line.words[first:last].lstrip())
            column = sum(edge <= begins + 1 for edge in edges)
            cells[column] = f"{cells[column]} {words}".strip()
    return cells


def _gap(words: str, edge: int) -> int | None:
    """The space at which a line can be cut near an edge."""
    return next((at for at in (edge - 1, edge, edge - 2) if 0 <= at < len(words) and words[at] == " "), None)
