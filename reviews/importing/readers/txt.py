"""Reads text that was pasted or saved from a document: columns by tabs, pages by form feeds, cells cut by pages."""

from __future__ import annotations

import csv as quoted
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator

from reviews.importing.readers.aligned import read_aligned
from reviews.importing.readers.csv import read as read_csv
from reviews.importing.readers.encodings import decode
from reviews.importing.readers.labelled import read_labelled, what_is_labelled
from reviews.importing.readers.printed import Printed
from reviews.importing.understanding.cells import names_a_body
from reviews.importing.understanding.layouts import find_layout
from reviews.importing.understanding.tables import MAX_COLUMNS, MAX_ROWS, Cell, Row, Table, Unreadable, clean

#: What a page prints of itself.
_FOOTER = re.compile(r"^(?:page\s+)?(\d{1,3})(?:\s*(?:of|/)\s*(\d{1,3}))?$", re.IGNORECASE)
_MARKING = re.compile(
    r"(?:official|restricted|confidential|protect(?:ed)?|not protectively marked|sensitive|private)"
    r"(?:\s*[-–:]?\s*(?:sensitive|confidential|and confidential|government use))?$",
    re.IGNORECASE,
)
_MANY = re.compile(r"\t|\S {2,}\S")  # a line with columns
_FEW = 4  # words of a heading in a table that is no plan
#: A cell of several lines as a spreadsheet copies it: in quotation marks, which end in a later line.
_OPEN_QUOTE = re.compile(r'(?:^|\t)"(?:[^"\n]|"")*\n', re.MULTILINE)


def read(data: bytes) -> list[Table]:
    """The text above the first line with a tab, and the one table that begins there; text without a tab as CSV."""
    text = _without_running_heads(re.sub(r"\r\n?", "\n", decode(data)))
    if "\t" not in text:
        return _without_tabs(text, data)
    rows = list(_rows(text))
    first = next((number for number, row in enumerate(rows) if len(row.cells) > 1), 0)
    above, table = rows[:first], rows[first:]
    return [
        *([Table("Text above", tuple(above), prose=True)] if above else []),
        *(Table(f"Table {count}", tuple(part), flows=True) for count, part in enumerate(_tables(table), start=1)),
    ]


def _without_running_heads(text: str) -> str:
    """The text without what each of its pages prints at its head or foot: a title, a marking, a name of the file."""
    pages = [page.split("\n") for page in text.split("\f")]
    edges = [{_numberless(line) for line in _edge(page)} for page in pages]
    counts = Counter(line for edge in edges for line in edge)
    again = {line for line, count in counts.items() if count > 1 and count * 2 > len(pages)}
    cleaned = ["\n".join("" if _is_running(line, again) else line for line in page) for page in pages]
    return "\f".join([_first_page(pages[0], again), *cleaned[1:]])


def _first_page(lines: list[str], again: set[str]) -> str:
    """The first page keeps the title that the others repeat, above the table; not a marking."""
    top = next((number for number, line in enumerate(lines) if _MANY.search(line)), 0)
    below = ["" if _is_running(line, again) else line for line in lines[top:]]
    return "\n".join([*("" if _MARKING.match(line.strip()) else line for line in lines[:top]), *below])


def _is_running(line: str, again: set[str]) -> bool:
    if _MARKING.match(line.strip()):
        return True
    return _numberless(line) in again and not names_a_body(line.strip()) and not what_is_labelled(line)


def _edge(page: list[str]) -> list[str]:
    """The first and last lines of a page that have words and no columns."""
    columns = [number for number, line in enumerate(page) if _MANY.search(line.strip())] or [len(page) - 1]
    below = page[columns[-1] + 1 :]
    if not any("\t" in line for line in page):  # what follows at once may be the rest of a row
        below = list(itertools.dropwhile(str.strip, below))
    return [line for line in (*page[: columns[0]], *below) if line.strip()]


def _numberless(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _without_tabs(text: str, data: bytes) -> list[Table]:
    """Text in columns by another sign, or by spaces as a PDF's text has them."""
    separated: list[Table] = []
    try:
        separated = read_csv(data)
    except Unreadable:
        if not (found := _labelled(text) or _aligned(text)):
            raise
        return found
    return separated if any(map(find_layout, separated)) else _labelled(text) or _aligned(text) or separated


def _labelled(text: str) -> list[Table]:
    paged = "\f" in text
    return read_labelled(
        (number, _where(number, page, paged=paged), values[0])
        for number, page, values in _pages(text)
        if not _is_footer(values[0], paged=paged)
    )


def _aligned(text: str) -> list[Table]:
    paged = "\f" in text
    pages = itertools.groupby(((number, page, values[0]) for number, page, values in _pages(text)), lambda one: one[1])
    return read_aligned([line for _, lines in pages for line in _without_footer(list(lines), paged=paged)], paged=paged)


def _without_footer(page: list[tuple[int, int, str]], *, paged: bool) -> list[Printed]:
    """The lines of a page, without what it prints of itself at its head and foot."""
    worded = [at for at, (_, _, words) in enumerate(page) if words.strip()]
    edges = {*worded[:1], *worded[-1:]}
    return [
        Printed(number, part, "" if _is_footer(words, paged=paged and at in edges) else words.rstrip())
        for at, (number, part, words) in enumerate(page)
    ]


def _tables(rows: list[Row]) -> Iterator[list[Row]]:
    """The plan, and each table of another width that begins below it with a heading of its own."""
    begun, width = 0, len(rows[0].cells) if rows else 0
    for number, (above, row, below) in enumerate(zip(rows, rows[1:], rows[2:], strict=False), start=1):
        apart = row.number - above.number > 1 or len(above.cells) == 1
        if apart and len(row.cells) == len(below.cells) != width and _is_heading(row):
            yield rows[begun:number]
            begun, width = number, len(row.cells)
    yield rows[begun:]


def _is_heading(row: Row) -> bool:
    texts = [cell.text for cell in row.cells]
    return len(texts) > 1 and all(text and len(text.split()) <= _FEW and text[-1] not in ".;," for text in texts)


def _rows(text: str) -> Iterator[Row]:
    paged = "\f" in text
    count = 0
    for number, page, values in _lines(text):
        if not any(value.strip() for value in values):
            continue
        if len(values) == 1 and _is_footer(values[0], paged=paged):
            continue
        count += 1
        if count > MAX_ROWS:
            raise Unreadable(f"The text has more than {MAX_ROWS:,} lines. Delete those that are not the plan.")
        where = _where(number, page, paged=paged)
        cells = [Cell(clean(value), where) for value in values[:MAX_COLUMNS]]
        yield Row(number, tuple(cells))


def _where(number: int, page: int, *, paged: bool) -> str:
    return f"page {page}, line {number}" if paged else f"line {number}"


def _is_footer(line: str, *, paged: bool) -> bool:
    words = clean(line)
    found = _FOOTER.match(words)
    if not found or not (paged or words.lower().startswith("page")):
        return False
    return not found[2] or int(found[1]) <= int(found[2])


def _lines(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Each line with its number, its page and its cells."""
    if _OPEN_QUOTE.search(text):
        reader = quoted.reader(io.StringIO(text.replace("\f", "\n"), newline=""), delimiter="\t")
        try:
            for values in reader:
                yield reader.line_num, 1, values
        except quoted.Error as error:
            raise Unreadable("A cell of the text is far too long: a quotation mark is open. Check it.") from error
        return
    yield from _pages(text)


def _pages(text: str) -> Iterator[tuple[int, int, list[str]]]:
    page = 1
    for number, part in enumerate(text.split("\n"), start=1):
        for turn, line in enumerate(part.split("\f")):
            page += turn > 0
            yield number, page, line.split("\t")
