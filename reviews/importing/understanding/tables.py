"""What every reader yields, whatever the format: tables of cells that know where they stand."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from reviews.export_mark import EXPORT_NOTE

#: The most rows and columns that are read of one sheet. The longest plan seen has a few hundred rows.
MAX_ROWS = 20_000
MAX_COLUMNS = 200
#: The most letters of one cell; Excel itself stops at a third of it.
MAX_LETTERS = 100_000

_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)

_BREAKS = re.compile(r"_x000D_|\r\n?|[\v\f\u2028\u2029]")
_LINE_ENDS = re.compile(r"\r\n?")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


class Unreadable(Exception):
    """The file cannot be read as a plan. Its text is a sentence for the person who brought it.

    ``tables`` are those that were found in it and are no plan as far as anybody has said, as ``found`` tells of them:
    a person who says what their headings mean may make one a plan.
    """

    def __init__(self, sentence: str, tables: Sequence[Mapping[str, Any]] = ()) -> None:
        """Say what is wrong, and which tables there are."""
        super().__init__(sentence)
        self.tables = list(tables)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it shows, where it stands, and what the file says beside the words.

    ``date`` is set for a real date of a workbook, ``month_only`` where the cell shows only its month. ``below`` marks a
    cell that is merged with the one above and repeats its words; ``width`` counts the columns it is merged across;
    ``covered`` marks the rest of such a cell. ``lost`` marks a formula of which the file keeps no value. ``parts`` are
    the paragraphs of a document of our own, each with what it says.
    """

    text: str = ""
    place: str = ""
    date: dt.date | None = None
    month_only: bool = False
    colour: str = ""
    below: bool = False
    width: int = 1
    covered: bool = False
    lost: bool = False
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its number as the person sees it."""

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False

    def cell(self, index: int) -> Cell:
        """The cell in this column; an empty one where the row is shorter."""
        return self.cells[index] if index < len(self.cells) else Cell()

    @property
    def filled(self) -> list[int]:
        """The columns in which this row has words of its own or by a merged cell."""
        return [index for index, cell in enumerate(self.cells) if cell.text or cell.lost]

    @property
    def own(self) -> list[int]:
        """The columns in which this row has words that are not carried down from above."""
        return [index for index in self.filled if not self.cells[index].below]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, a whole csv file, or one table of a document.

    ``flows`` marks a table of a document or of pasted text: pages may have cut it, and it may go on in the next one.
    ``prose`` marks the paragraphs around such tables, one a row. ``ours`` marks a table that this portal wrote.
    """

    name: str
    rows: tuple[Row, ...]
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    flows: bool = False
    prose: bool = False
    ours: bool = False


def clean(value: object) -> str:
    """The words of a cell: spaces collapsed, what cannot be seen taken out, empty lines gone, line breaks kept."""
    words = str(value)
    if len(words) > MAX_LETTERS:
        raise Unreadable(f"A cell of the file holds more than {MAX_LETTERS:,} letters, which no plan does.")
    if words.isascii() and words.isprintable() and "  " not in words and "_x000D_" not in words:
        return words.strip()
    return _cleaned(words)


@lru_cache(maxsize=8192)
def _cleaned(words: str) -> str:
    text = words if words.isascii() else unicodedata.normalize("NFC", words).translate(_UNSEEN)
    text = _CONTROLS.sub("", _BREAKS.sub("\n", text))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def kept(value: object) -> str:
    """The words of a cell that this portal wrote, to the letter; what no cell can hold is gone."""
    words = str(value)
    if len(words) > MAX_LETTERS:
        return clean(words)
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", words))


class Taking:
    """Takes the words of one cell after the other: tidied, but as they are once a file has said that it is ours."""

    def __init__(self) -> None:
        """Begin with a file of which nothing is known."""
        self.ours = False

    def __call__(self, value: object) -> str:
        """The words of the next cell."""
        if self.ours:
            return kept(value)
        words = clean(value)
        self.ours = words == EXPORT_NOTE
        return words


@lru_cache(maxsize=4096)
def letters(index: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    name, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def place(sheet: str, row: int, column: int) -> str:
    """Where a cell stands, in the form that a spreadsheet's *Go to* takes: ``Adult A!B7``."""
    cell = f"{letters(column)}{row}"
    return f"{sheet}!{cell}" if sheet else cell
