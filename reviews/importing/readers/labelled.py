"""Text that has a label before each value, a line each: "Action: Write a guide." It becomes a table of cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reviews.importing.understanding.cards import what_label
from reviews.importing.understanding.columns import Column
from reviews.importing.understanding.tables import MAX_ROWS, Cell, Row, Table, Unreadable, clean

_BULLETS = " -*•"
_LONGEST = 60  # letters of a label
_FEWEST = 3  # different labels that are known


@dataclass
class _Pair:
    """A label, and the lines of its value; the line and page on which it stands."""

    number: int
    place: str
    label: str
    value: list[str]

    @property
    def row(self) -> Row:
        return Row(self.number, (Cell(clean(self.label), self.place), Cell(clean("\n".join(self.value)), self.place)))


def what_is_labelled(line: str) -> Column | None:
    """What the label at the beginning of a line says that the value behind it is, where it is one that is known."""
    label, colon, _ = line.partition(":")
    return what_label(label.lstrip(_BULLETS)) if colon and len(label) <= _LONGEST else None


def read_labelled(lines: Iterable[tuple[int, str, str]]) -> list[Table]:
    """The text above the first label that is known, and a table of labels and values; nothing where few are known.

    ``lines`` are numbers, places and words. A line without a label goes on with the value above it.
    """
    above: list[Row] = []
    pairs: list[_Pair] = []
    meant: set[Column] = set()
    count = 0
    for number, place, words in lines:
        if not words.strip():
            continue
        label, _, value = words.partition(":")
        if column := what_is_labelled(words):
            pairs.append(_Pair(number, place, label.lstrip(_BULLETS), [value]))
            meant.add(column)
        elif pairs:
            pairs[-1].value.append(words)
        else:
            above.append(Row(number, (Cell(clean(words), place),)))
        count += bool(pairs)
    if len(meant) < _FEWEST or len(pairs) * 3 < count:  # most of it is something else
        return []
    if len(pairs) > MAX_ROWS:
        raise Unreadable(f"The text has more than {MAX_ROWS:,} lines. Delete those that are not the plan.")
    prose = [Table("Text above", tuple(above), prose=True)] if above else []
    return [*prose, Table("Text", tuple(pair.row for pair in pairs), flows=True)]
