"""Reads a Word document: its tables cell by cell, and the paragraphs around them, in the order of the document.

python-docx would build every part of the file; this reads the one part that holds the words, and the one that numbers
its lists. Neither may declare entities or a document type, which Word never writes.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from reviews.importing.readers import DAMAGED, TOO_LARGE
from reviews.importing.readers.wordtext import (
    PLACE,
    Lists,
    W,
    is_placeholder,
    paragraph_words,
    read_lists,
    said_in,
    ticked,
)
from reviews.importing.understanding.tables import MAX_COLUMNS, MAX_ROWS, Cell, Row, Table, Unreadable, clean

#: The names of the same elements in a file saved as *Strict Open XML*.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = W.strip("{}").encode()
MAX_PART = 40 * 1024 * 1024  # bytes of the part with the words: a plan of a hundred pages has two million
_MOST_SPAN = 63  # columns that Word allows


def read(data: bytes) -> list[Table]:
    """The tables of the document and, as tables of their own, the paragraphs around them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = _part(archive, "word/document.xml").find(f"{W}body")
            lists = _lists(archive)
        if body is None:
            raise Unreadable(DAMAGED)
        return _Document(lists).read(body)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError) as error:
        raise Unreadable(DAMAGED) from error


def _lists(archive: zipfile.ZipFile) -> Lists:
    names = ("word/numbering.xml", "word/styles.xml")
    numbering, styles = (_part(archive, name) if name in archive.namelist() else None for name in names)
    return read_lists(numbering, styles) if numbering is not None else Lists()


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    if archive.getinfo(name).file_size > MAX_PART:
        raise Unreadable(TOO_LARGE)
    content = archive.read(name).replace(_STRICT, _USUAL)
    # Word writes UTF-8 and no document type. Another encoding could hide one from this look.
    if b"<!" in content.split(b"<w:body", 1)[0].replace(b"<!--", b"") or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(DAMAGED)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(DAMAGED)
    return root


@dataclass
class _Document:
    """A document while it is being read."""

    lists: Lists
    found: list[Table] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)  # paragraphs since the last table
    tables: int = 0
    page: int = 1
    paged: bool = False
    rows: int = 0

    def read(self, body: Any) -> list[Table]:
        self.paged = next(body.iter(f"{W}lastRenderedPageBreak"), None) is not None
        self._blocks(body)
        self._end_prose()
        return self.found

    def _blocks(self, parent: Any) -> None:
        for block in _content(parent):
            if block.tag == f"{W}p":
                self._turn(block)
                self._paragraph(block)
            elif block.tag == f"{W}tbl":
                self._table(block)

    def _paragraph(self, paragraph: Any) -> None:
        words = clean(paragraph_words(paragraph, self.lists))
        if words:
            number = len(self.waiting) + 1
            self.waiting.append(Row(number, (Cell(words, f"text, paragraph {number}"),)))

    def _turn(self, block: Any) -> None:
        """Count the pages that Word broke when it last showed the document."""
        self.page += sum(1 for _ in block.iter(f"{W}lastRenderedPageBreak"))

    def _end_prose(self) -> None:
        if self.waiting:
            self.found.append(Table(f"Text {len(self.found) + 1}", tuple(self.waiting), prose=True))
            self.waiting = []

    def _table(self, table: Any) -> None:
        self._end_prose()
        self.tables += 1
        name = f"Table {self.tables}"
        mark = len(self.found)
        grid = _Grid(_widths(table))
        for number, row in enumerate(_rows(table), start=1):
            self.rows += 1
            if self.rows > MAX_ROWS:
                raise Unreadable(f"The document has more than {MAX_ROWS:,} rows in its tables. Delete other tables.")
            where = f"page {self.page}, {name.lower()}, row {number}" if self.paged else f"{name}, row {number}"
            grid.take(number, [self._cell(cell, row) for cell in _cells(row)], row, where)
            self._turn(row)
        rows = tuple(row for row in grid.rows() if row.filled)
        if rows:
            ours = any(cell.parts for row in rows for cell in row.cells)
            self.found.insert(mark, Table(name, rows, flows=not ours, ours=ours))

    def _cell(self, cell: Any, row: Any) -> tuple[Any, Cell]:
        """A cell with its words. A table inside it is a table of its own where the cell is only its frame."""
        parts = said_in([block for block in _content(cell) if block.tag == f"{W}p"], self.lists)
        if parts:
            words = "\n".join(words for says, words in parts if says != PLACE)
            return cell, Cell(words, colour=_colour(cell), parts=tuple(parts))
        nested = [block for block in _content(cell) if block.tag == f"{W}tbl"]
        framed = bool(nested) and sum(1 for other in _cells(row) if other is cell or _has_words(other)) == 1
        lines = []
        for block in _content(cell):
            if block.tag == f"{W}p":
                lines.append(paragraph_words(block, self.lists))
            elif block.tag == f"{W}tbl" and framed:
                self._table(block)
            elif block.tag == f"{W}tbl":
                lines += [" – ".join(filter(None, self._flat(inner))) for inner in _rows(block)]
        return cell, Cell(clean(ticked("\n".join(lines))), colour=_colour(cell))

    def _flat(self, row: Any) -> list[str]:
        return [clean(self._cell(cell, row)[1].text).replace("\n", "; ") for cell in _cells(row)]


def _content(parent: Any) -> Iterator[Any]:
    """The blocks of a body, row or cell, also those inside content controls; not those that were deleted."""
    for child in parent:
        if child.tag == f"{W}sdt":
            held = child.find(f"{W}sdtContent")
            if held is not None and not is_placeholder(child):
                yield from _content(held)
        elif child.tag in (f"{W}customXml", f"{W}ins", f"{W}smartTag"):
            yield from _content(child)
        elif isinstance(child.tag, str):
            yield child


def _rows(table: Any) -> Iterator[Any]:
    for row in _content(table):
        if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None:
            yield row


def _cells(row: Any) -> Iterator[Any]:
    return (cell for cell in _content(row) if cell.tag == f"{W}tc")


def _has_words(element: Any) -> bool:
    return any((text.text or "").strip() for text in element.iter(f"{W}t"))


def _widths(table: Any) -> list[int]:
    widths = [str(column.get(f"{W}w") or "") for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    return [int(width) if width.isdecimal() and int(width) else 1 for width in widths[: _MOST_SPAN * 2]]


def _number(element: Any, path: str, least: int) -> int:
    found = element.find("/".join(f"{W}{part}" for part in path.split("/")))
    value = str(found.get(f"{W}val") or "") if found is not None else ""
    return max(least, min(int(value), _MOST_SPAN)) if value.isdecimal() else least


@dataclass(frozen=True)
class _Placed:
    """A cell by the grid columns that it covers."""

    start: int
    end: int
    cell: Cell


@dataclass
class _Grid:
    """The rows of one table on the grid that Word keeps, whose lines few rows follow exactly."""

    widths: list[int]
    placed: list[tuple[int, str, list[_Placed]]] = field(default_factory=list)

    def take(self, number: int, cells: list[tuple[Any, Cell]], row: Any, where: str) -> None:
        """One row: each cell where it begins and ends, those merged with the cell above with its words."""
        above = {one.start: one for one in self.placed[-1][2]} if self.placed else {}
        at = _number(row, "trPr/gridBefore", 0)
        found: list[_Placed] = []
        for cell, taken in cells:
            span = _number(cell, "tcPr/gridSpan", 1)
            merge, across = cell.find(f"{W}tcPr/{W}vMerge"), cell.find(f"{W}tcPr/{W}hMerge")
            if merge is not None and merge.get(f"{W}val") != "restart" and at in above and not taken.text:
                taken = replace(above[at].cell, below=True)  # noqa: PLW2901
            if across is not None and across.get(f"{W}val") != "restart" and found:
                found[-1] = replace(found[-1], end=at + span)
            else:
                found.append(_Placed(at, at + span, taken))
            at += span
            if at > MAX_COLUMNS:
                break
        self.placed.append((number, where, found))

    def rows(self) -> Iterator[Row]:
        """The rows with their cells in the columns that most rows have."""
        starts = self._columns()
        middles = self._middles(starts)
        for number, where, placed in self.placed:
            cells = [Cell(place=f"{where}, column {column + 1}") for column in range(len(starts))]
            free = 0
            for one in placed:
                covered = [column for column, middle in enumerate(middles) if self._holds(one, middle)]
                first = max(free, covered[0] if covered else _nearest(starts, one.start))
                if first >= len(cells):
                    first = len(cells) - 1
                if first < free:  # no column is left for it: its words go with the cell before it
                    words = clean(f"{cells[first].text}\n{one.cell.text}")
                    cells[first] = replace(cells[first], text=words)
                    continue
                width = max(1, len(covered))
                cells[first] = replace(one.cell, place=cells[first].place, width=width)
                for column in range(first + 1, min(first + width, len(cells))):
                    cells[column] = replace(cells[column], covered=True)
                free = first + width
            yield Row(number, tuple(cells))

    def _columns(self) -> list[int]:
        """Where the columns begin: as in the rows that have most cells in all."""
        patterns = Counter(tuple(one.start for one in placed) for _, _, placed in self.placed)
        best = max(patterns, key=lambda pattern: (patterns[pattern] * len(pattern), len(pattern)), default=())
        return list(best)

    def _edge(self, column: int) -> int:
        known = self.widths[:column]
        return sum(known) + (column - len(known)) * (self.widths[-1] if self.widths else 1)

    def _middles(self, starts: list[int]) -> list[float]:
        last = max((one.end for _, _, placed in self.placed for one in placed), default=0)
        ends = [*starts[1:], last]
        return [(self._edge(start) + self._edge(end)) / 2 for start, end in zip(starts, ends, strict=True)]

    def _holds(self, one: _Placed, middle: float) -> bool:
        return self._edge(one.start) <= middle < self._edge(one.end)


def _nearest(starts: list[int], start: int) -> int:
    return min(range(len(starts)), key=lambda column: abs(starts[column] - start))


def _colour(cell: Any) -> str:
    shade = cell.find(f"{W}tcPr/{W}shd")
    fill = str(shade.get(f"{W}fill") or "") if shade is not None else ""
    return fill.upper() if re.fullmatch(r"[0-9A-Fa-f]{6}", fill) and fill.upper() != "FFFFFF" else ""
