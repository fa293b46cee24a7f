"""Reads text whose columns stand under one another by spaces alone, as it comes out of a published PDF.

A heading is looked for first: its words say where the columns begin. The gaps between them are then where fewest lines
have letters. A cell may go on over several lines, and a row over a page.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviews.importing.cells import looks_like_name, names_a_body
from reviews.importing.columns import OUR_OWN, Column
from reviews.importing.marks import Key, colour_name, read_mark
from reviews.importing.tables import MAX_COLUMNS, MAX_ROWS, Cell, Row, Table, Unreadable, clean

_CHUNK = re.compile(r"\S+(?: \S+)*")
_TALLEST = 4  # lines of a heading
_LONGEST_LINE = 600
_MOST_LINES = 200_000
_WORDED = {Column.RECOMMENDATION, Column.ACTION, Column.AGENCY_AND_RECOMMENDATION}
#: What numbers a row in its first column, alone or before its words.
_NUMBER = re.compile(
    r"(?:(?:recommendation|rec|r|action)\.? ?)?\d{1,3}(?:\.\d{1,2})*[a-z]?[.):]?(?:\s|$)", re.IGNORECASE
)
_SHORT = 4  # words of a line of a heading
_ITEM = re.compile(r"(?:[•▪➢*–-]|\(?[a-z0-9]{1,3}[.)]) ")


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
class _Heading:
    """Where a heading ends, and its columns: where each begins and ends, and what is printed over it."""

    lines: int
    spans: list[tuple[int, int]]
    texts: list[str]

    @property
    def first(self) -> Column | None:
        """What the first column means."""
        return OUR_OWN.meaning(self.texts[0])

    @property
    def status(self) -> int | None:
        """The column of the status."""
        return next((at for at, text in enumerate(self.texts) if OUR_OWN.meaning(text) == Column.STATUS), None)

    @property
    def known(self) -> set[Column]:
        return {column for text in self.texts if (column := OUR_OWN.meaning(text))}


@dataclass
class _Row:
    """A row while its lines come in: the words of each column, line by line."""

    first: Printed
    cells: list[list[str]]
    alone: bool = False
    width: int = 1

    def said(self, column: int | None) -> bool:
        """Whether the words of a column are a status and need no other line."""
        return column is not None and column < len(self.cells) and _is_status(" ".join(self.cells[column]))

    def ends(self, column: int) -> bool:
        """Whether the words of a column are a sentence that ended, or none."""
        return not self.cells[column] or self.cells[column][-1].endswith((".", "!", "?", ";"))


def read_aligned(lines: Sequence[Printed], *, paged: bool) -> list[Table]:
    """The tables of a text in which no sign parts the columns; none where it holds no such table."""
    lines = [line for line in lines if len(line.words) <= _LONGEST_LINE]
    if len(lines) > _MOST_LINES:
        raise Unreadable(f"The text has more than {_MOST_LINES:,} lines. Delete those that are not the plan.")
    headings = list(_headings(lines))
    if not headings:
        return []
    above = [Row(line.number, (Cell(words, _where(line, paged=paged)),)) for line in lines[: headings[0][0]]
             if (words := clean(line.words))]  # fmt: skip
    first = headings[0][1]
    rows = [_Row(lines[headings[0][0]], [[words] for words in first.texts])]
    ends = [number for number, _ in headings[1:]] + [len(lines)]
    for (number, heading), end in zip(headings, ends, strict=True):
        alike = len(heading.spans) == len(first.spans)
        _take(rows, heading if alike else first, lines[number + heading.lines : end])
    if len(rows) < 2:
        return []
    return [*([Table("Text above", tuple(above), prose=True)] if above else []), _table(rows, paged=paged)]


def _table(found: list[_Row], *, paged: bool) -> Table:
    rows = [_finished(row, paged=paged) for row in found]
    if len(rows) > MAX_ROWS:
        raise Unreadable(f"The text has more than {MAX_ROWS:,} rows. Delete those that are not the plan.")
    return Table("Table 1", tuple(rows), flows=True)


def _where(line: Printed, *, paged: bool) -> str:
    return f"page {line.page}, line {line.number}" if paged else f"line {line.number}"


def _headings(lines: Sequence[Printed]) -> Iterator[tuple[int, _Heading]]:
    """Each heading with the number of its first line. Its second line may read like one too, and is none."""
    end = 0
    for number in range(len(lines)):
        if number >= end and (heading := _heading(lines[number : number + _TALLEST])):
            yield number, heading
            end = number + heading.lines


def _heading(lines: Sequence[Printed]) -> _Heading | None:
    """A heading that begins at the first of these lines, over as many of them as give most columns a meaning."""
    if not lines or len(lines[0].chunks) < 2:
        return None
    best: _Heading | None = None
    for count in range(1, len(lines) + 1):
        chunks = lines[count - 1].chunks
        if not chunks or any(len(words.split()) > _SHORT + (count == 1) * 4 for _, _, words in chunks):
            break
        found = _columns(lines[:count])
        goes_on = all(not words[0].isupper() and not words[0].isdigit() for _, _, words in chunks)
        if best is None or len(found.known) > len(best.known) or (goes_on and len(found.known) == len(best.known)):
            best = found
    if best is None or len(best.known) < 2 or len(best.known) * 2 < len(best.spans) or not best.known & _WORDED:
        return None
    return best


def _columns(lines: Sequence[Printed]) -> _Heading:
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
    return _Heading(len(lines), spans[:MAX_COLUMNS], texts)


def _edges(heading: _Heading, lines: Sequence[Printed]) -> list[int]:
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


def _parted(line: Printed, edges: Sequence[int]) -> list[str] | None:
    """The words of each column in a line; None for a line that runs across columns."""
    cells = [""] * (len(edges) + 1)
    for start, end, _ in line.chunks:
        within = [edge for edge in edges if start < edge < end]
        cuts = [cut for edge in within if (cut := _gap(line.words, edge)) is not None]
        if len(cuts) < len(within) or (len(within) > 1 and len(line.chunks) == 1):
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


def _take(rows: list[_Row], heading: _Heading, lines: Sequence[Printed]) -> None:
    """Divide the lines below a heading into rows."""
    edges = _edges(heading, lines)
    parted = [(line, _parted(line, edges)) for line in lines]
    numbered = sum(bool(cells and _NUMBER.match(cells[0])) for _, cells in parted) > 1
    blanks = _blank_lines_divide(parted)
    blank = True
    for line, cells in parted:
        if not line.words.strip():
            blank = True
            continue
        row = rows[-1]
        if cells is None:
            rows.append(_Row(line, [[clean(line.words)]], alone=True, width=len(heading.spans)))
        elif not any(cells[1:]) and _is_name(heading, cells[0], blank=blank, ended=not blanks and row.ends(0)):
            rows.append(_Row(line, [[cells[0]]], alone=True))
        elif (
            len(rows) == 1
            or row.alone
            or _begins(row, cells, status=heading.status, numbered=numbered, blank=blank and blanks)
        ):
            rows.append(_Row(line, [[words] if words else [] for words in cells]))
        else:
            for above, words in zip(row.cells, cells, strict=False):
                above.extend([words] if words else [])
        blank = False


def _is_name(heading: _Heading, words: str, *, blank: bool, ended: bool) -> bool:
    """Whether words that stand alone in the first column name the agency of the rows below them."""
    if heading.first in (Column.AGENCY, Column.AGENCY_AND_RECOMMENDATION) and blank:
        return looks_like_name(words)
    return (blank or ended) and names_a_body(words)


def _blank_lines_divide(parted: Sequence[tuple[Printed, list[str] | None]]) -> bool:
    """Whether what follows a blank line mostly begins in the first column beside other words."""
    after = [
        cells
        for (above, _), (line, cells) in itertools.pairwise(parted)
        if cells and line.words.strip() and not above.words.strip()
    ]
    return bool(after) and sum(bool(cells[0]) and sum(map(bool, cells)) > 1 for cells in after) * 2 > len(after)


def _begins(row: _Row, cells: list[str], *, status: int | None, numbered: bool, blank: bool) -> bool:
    """Whether a line begins a row, and does not go on with the one above."""
    if status is not None and row.said(status) and _is_status(cells[status]) and sum(map(bool, cells)) > 2:
        return True
    if numbered:
        return bool(_NUMBER.match(cells[0])) or (blank and not cells[0] and sum(map(bool, cells)) > 2)
    if blank:
        return bool(cells[0]) or sum(map(bool, cells)) > 2
    if not cells[0] or not (cells[0][0].isupper() or cells[0][0].isdigit()) or sum(map(bool, cells)) < 2:
        return False
    return row.ends(0) and bool(cells[-1] or sum(map(bool, cells)) * 2 > len(cells))


def _finished(row: _Row, *, paged: bool) -> Row:
    where = _where(row.first, paged=paged)
    return Row(row.first.number, tuple(Cell(clean(_joined(lines)), where, width=row.width) for lines in row.cells))


def _is_status(words: str) -> bool:
    return bool(read_mark(words, Key()).status or colour_name(words))


def _joined(lines: Sequence[str]) -> str:
    """The lines of a cell as its writer had them: the edge of a column breaks no sentence, and no hyphened word."""
    words = ""
    for line in lines:
        if not words or _ITEM.match(line):
            words += f"\n{line}"
        else:
            words += line if re.search(r"\w-$", words) else f" {line}"
    return words


def printed_lines(lines: Iterator[tuple[int, int, str]]) -> list[Printed]:
    """Lines with their numbers and pages, as they are printed."""
    return [Printed(number, page, words.rstrip()) for number, page, words in lines]
