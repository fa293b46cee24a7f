"""The words of a Word document as a reader sees them: typed text, symbols, boxes, lists that Word numbers itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviews.export_mark import BETWEEN, BOOKMARK, STYLE, Says

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

#: What is not shown, or is shown elsewhere: what was deleted or moved away, a field's instructions, properties.
_UNSEEN = frozenset(
    f"{W}{name}"
    for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "trPr", "tcPr", "tbl")
) | {_FALLBACK}
_SIGNS = {f"{W}tab": " ", f"{W}cr": "\n", f"{W}br": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
#: Symbols that Word draws from a font of pictures, by the last two digits of their code in Wingdings.
_SYMBOLS = {
    "FC": "✓",
    "FE": "☑",
    "FB": "✗",
    "FD": "☒",
    "A8": "☐",
    "6F": "☐",
    "B7": "•",
    "A7": "▪",
    "D8": "➢",
    "E0": "→",
}
_BOXES = re.compile(r"([☐☑☒✓✔])")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST_DEEP = 9


@dataclass
class Lists:
    """The numbering of a document: what each list puts before its items, and how far it has counted.

    ``levels`` hold, by list and depth, the shape of the number, the words around it and where it begins; ``styles`` the
    list and depth of paragraphs that are numbered by their style.
    """

    levels: dict[tuple[str, int], tuple[str, str, int]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counted: dict[str, list[int]] = field(default_factory=dict)

    def label(self, number: str, level: int) -> str:
        """What stands before the next item of this list: ``2.``, ``b)``, ``•``; nothing where the list is unknown."""
        known = self.levels.get((number, level))
        if known is None or known[0] == "none":
            return ""
        shape, text, _ = known
        if shape == "bullet":
            return "•"
        counted = self.counted.setdefault(number, [])
        while len(counted) <= level:
            counted.append(self.levels.get((number, len(counted)), ("", "", 1))[2] - 1)
        counted[level] += 1
        del counted[level + 1 :]
        for deep, count in enumerate(counted):
            shape = self.levels.get((number, deep), ("decimal", "", 1))[0]
            text = text.replace(f"%{deep + 1}", _counted(shape, max(count, 1)))
        return text


def read_lists(numbering: Any, styles: Any = None) -> Lists:
    """The lists that ``numbering.xml`` defines, and the styles that number by them."""
    shapes: dict[tuple[str, int], tuple[str, str, int]] = {}
    for abstract in numbering.iter(f"{W}abstractNum"):
        for level in abstract.iter(f"{W}lvl"):
            depth = int(level.get(f"{W}ilvl") or 0)
            key = (abstract.get(f"{W}abstractNumId", ""), depth)
            shapes[key] = (_value(level, "numFmt"), _value(level, "lvlText"), int(_value(level, "start") or 1))
    lists = Lists()
    for number in numbering.iter(f"{W}num"):
        name = number.get(f"{W}numId", "")
        for (abstract, depth), shape in shapes.items():
            if abstract == _value(number, "abstractNumId"):
                lists.levels[name, depth] = shape
    for style in styles.iter(f"{W}style") if styles is not None else ():
        numbered = style.find(f"{W}pPr/{W}numPr")
        if numbered is not None:
            lists.styles[style.get(f"{W}styleId", "")] = _item_of(numbered)
    return lists


def _item_of(numbered: Any) -> tuple[str, int]:
    depth = _value(numbered, "ilvl")
    return _value(numbered, "numId"), min(int(depth) if depth.isdecimal() else 0, _MOST_DEEP)


def _value(element: Any, name: str) -> str:
    found = element.find(f"{W}{name}")
    return str(found.get(f"{W}val") or "") if found is not None else ""


def _counted(shape: str, count: int) -> str:
    if shape in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26)
        return letter if shape == "lowerLetter" else letter.upper()
    if shape in ("lowerRoman", "upperRoman"):
        roman = ""
        for value, sign in _ROMAN:
            times, count = divmod(count, value) if value != 10 else (min(count // 10, 50), count % 10)
            roman += sign * times
        return roman if shape == "lowerRoman" else roman.upper()
    return str(count)


def paragraph_words(paragraph: Any, lists: Lists) -> str:
    """The words of one paragraph, with the number or bullet that Word puts before it."""
    words = "".join(_parts(paragraph)).strip()
    numbered = paragraph.find(f"{W}pPr/{W}numPr")
    styled = paragraph.find(f"{W}pPr")
    by_style = lists.styles.get(_value(styled, "pStyle")) if styled is not None else None
    item = _item_of(numbered) if numbered is not None else by_style
    if item is None:
        return words
    label = lists.label(*item)
    if not words:
        return label.rstrip(".)•")
    return f"{label} {words}" if label else words


def _parts(element: Any) -> Iterator[str]:
    for part in element:
        tag = part.tag
        if tag in _UNSEEN:
            continue
        if tag == f"{W}t":
            yield part.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == f"{W}sym":
            yield _symbol(part)
        elif (tag == f"{W}r" and _is_hidden(part)) or (tag == f"{W}sdt" and is_placeholder(part)):
            continue
        elif isinstance(tag, str):
            yield from _parts(part)


def _symbol(part: Any) -> str:
    code = str(part.get(f"{W}char") or "")[-2:].upper()
    if "wingdings" in str(part.get(f"{W}font") or "").lower():
        return _SYMBOLS.get(code, "•")
    return "•" if code == "B7" else ""


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in ("0", "false")


def is_placeholder(control: Any) -> bool:
    """Whether a content control shows only its invitation to enter something."""
    return control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def ticked(words: str) -> str:
    """The words of a cell with boxes: those behind ticked boxes; an empty box alone says nothing."""
    if "☐" not in words:
        return words
    pieces = _BOXES.split(words)
    chosen = [(box, text.strip()) for box, text in zip(pieces[1::2], pieces[2::2], strict=True) if box != "☐"]
    return "\n".join([pieces[0], *(text or box for box, text in chosen)])


def said_in(paragraphs: Sequence[Any], lists: Lists) -> list[tuple[str, str]]:
    """What each paragraph of a cell says, by its style, with its words to the letter; the style of others is empty.

    ``place`` comes with where the row stood in the plan. Nothing where the document is none of ours.
    """
    if not any(_says(paragraph) for paragraph in paragraphs):
        return []
    found: list[tuple[str, str]] = []
    for paragraph in paragraphs:
        says = _says(paragraph)
        as_they_are = says and paragraph.find(f"{W}pPr/{W}numPr") is None
        words = "".join(_to_the_letter(paragraph)) if as_they_are else paragraph_words(paragraph, lists)
        found.append((says, words))
        marks = (_PLACE.fullmatch(mark.get(f"{W}name") or "") for mark in paragraph.iter(f"{W}bookmarkStart"))
        found += [(PLACE, f"{mark[1]} {mark[2]}") for mark in marks if mark]
    return found


def _says(paragraph: Any) -> str:
    properties = paragraph.find(f"{W}pPr")
    return _OURS.get(_value(properties, "pStyle").lower(), "") if properties is not None else ""


def _to_the_letter(element: Any) -> Iterator[str]:
    for part in element:
        if part.tag == f"{W}tab":
            yield "\t"
        elif part.tag == f"{W}t":
            yield part.text or ""
        elif part.tag in _SIGNS:
            yield _SIGNS[part.tag]
        elif part.tag == f"{W}r" and _is_between(part):
            yield "\n"
        elif isinstance(part.tag, str) and part.tag not in _UNSEEN:
            yield from _to_the_letter(part)


def _is_between(run: Any) -> bool:
    properties = run.find(f"{W}rPr")
    return properties is not None and _value(properties, "rStyle").lower() == _style(BETWEEN)


def _style(name: str) -> str:
    return name.replace(" ", "").lower()


_OURS = {_style(f"{STYLE}{says}"): says.value for says in Says}
#: Where a row stood in the plan, among what its paragraphs say.
PLACE = "place"
_PLACE = re.compile(BOOKMARK.format(r"(\d{1,5})", r"(\d{1,5})"))
