"""A card for each recommendation: labels down the side, values beside them. A table of cards becomes a tidy table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from reviews.importing.understanding.cells import continues
from reviews.importing.understanding.columns import LABELS, OUR_OWN, Column, Headings
from reviews.importing.understanding.layouts import WORDED, Layout, find_layout
from reviews.importing.understanding.tables import Cell, Row, Table, clean

_NUMBERED = re.compile(
    r"^(?:recommendation|rec)\.?(?: no\.?| number)?\s+([a-z]{0,3}\d+(?:\.\d+)*[a-z]?)\W*$", re.IGNORECASE
)
_FEWEST = 3  # labels that a card has at least
_LONGEST = 8  # words of a label
_LOOK_AT = 100  # rows that show whether a table is one of cards


@dataclass
class _Card:
    """The values of one card by their labels, as far as it has been read."""

    row: Row
    values: dict[str, Cell] = field(default_factory=dict)
    last: str = ""


def tidied(table: Table, known: Headings = OUR_OWN) -> Table:
    """A table of cards as a table with one row a card; any other table as it is."""
    if table.prose or not table.rows:
        return table
    layout = find_layout(table, known)
    if layout and (not _is_labelled(table, known) or _is_headed(layout, known)):
        return table
    cards = list(_cards(table, known))
    labels = list(dict.fromkeys(label for card in cards for label in card.values))
    meant = {known.surely(label) for label in labels}
    if not cards or len(meant) < _FEWEST or not meant.intersection(WORDED):
        return table
    if sum(len(card.values) for card in cards) * 2 < len(table.rows):  # most of it is something else
        return table
    heading = Row(table.rows[0].number, tuple(Cell(label) for label in labels))
    return replace(table, rows=(heading, *(_row(card, labels) for card in cards)))


def _is_headed(layout: Layout, known: Headings) -> bool:
    """Whether the heading is one beyond doubt: most of its cells are labels, and none of them a value beside one."""
    labels = [heading for heading in layout.headings if known.surely(heading.printed)]
    return len(labels) >= _FEWEST and len(labels) * 2 > len(layout.headings)


def _is_labelled(table: Table, known: Headings) -> bool:
    """Whether most rows begin with a label. In a plan of rows only the heading does."""
    labels = [_is_label(row.cell(0).text, known) for row in table.rows[:_LOOK_AT]]
    return sum(labels) * 5 >= len(labels) * 3


def what_label(text: str, known: Headings = OUR_OWN) -> Column | None:
    """What a label of a card says that its value is, where it is known for one. A number in it is its reference."""
    label = text.strip(" :")
    if _NUMBERED.match(label):
        return Column.RECOMMENDATION
    return known.surely(label) or (Column.AGENCY if known.is_either(label) else None) if _is_short(label) else None


def _is_short(label: str) -> bool:
    return len(label.split()) <= _LONGEST


def _is_label(text: str, known: Headings) -> bool:
    label = text.rstrip(" :")
    return not _NUMBERED.match(label) and bool(what_label(label, known))


def _row(card: _Card, labels: list[str]) -> Row:
    where = card.row.cells[0].place
    return replace(card.row, cells=tuple(card.values.get(label, Cell(place=where)) for label in labels))


def _cards(table: Table, known: Headings) -> Iterator[_Card]:
    """Each card of a table: a new one begins where a label comes again."""
    card: _Card | None = None
    for row in table.rows:
        pairs = list(_pairs(row, known))
        for label, value in pairs:
            if card is None or ((value.text or value.colour) and card.values.get(label, Cell()).text):
                if card and card.values:
                    yield card
                card = _Card(row)
            card.values[label], card.last = value, label
        if not pairs and card and card.last and row.own and row.own[0] > 0:
            _go_on(card, row.cells[row.own[0]])
    if card and card.values:
        yield card


def _go_on(card: _Card, cell: Cell) -> None:
    """Words beside no label go on with the value above them."""
    value = card.values[card.last]
    card.values[card.last] = replace(value, text=clean(f"{value.text}{continues(value, cell)}{cell.text}"))


def _pairs(row: Row, known: Headings) -> Iterator[tuple[str, Cell]]:
    """The labels of a row, each with the cell beside it. A number in a label is the reference of its card."""
    shown = [cell for cell in row.cells if not cell.covered]
    taken = -1
    for number, cell in enumerate(shown):
        if number <= taken:
            continue
        text = cell.text.rstrip(" :")
        numbered = _NUMBERED.match(text)
        if numbered:
            yield LABELS[Column.REFERENCE], replace(cell, text=numbered[1], width=1)
            text = LABELS[Column.RECOMMENDATION]
        # A file need not hold its empty cells.
        beside = shown[number + 1] if number + 1 < len(shown) else Cell(place=cell.place)
        if not (numbered or _is_label(text, known)):
            continue
        if not numbered or beside.text:
            yield text, replace(beside, width=1, below=False)
        taken = number + 1
