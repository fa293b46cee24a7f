"""Words as people type and paste them, without what cannot be seen and what would show other words than are there."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

#: Control characters, halves of characters, and places in a font of one's own: no paper can print them.
_UNSEEN = ("Cc", "Cs", "Co")
#: Marks that turn the direction of what follows, by which a name can be made to look like another. No name needs them:
#: Arabic and Hebrew letters carry their own direction. What joins letters or keeps them apart (U+200C, U+200D) stays,
#: as words of Persian, Urdu and Hindi and many emoji are written with it.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def with_plain_ends(words: str) -> str:
    """``words`` whose lines end as we keep them, whatever a browser, a page break or an old machine writes there."""
    return re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", words)


def printable(words: str) -> str:
    """``words`` without what no page or paper can show, or what turns their direction; line ends and tabs stay."""
    words = words.replace("\uf0b7", "•")  # a bullet as Word's symbol font has it
    return "".join(c for c in words if c in "\n\t" or (c not in _TURNS and unicodedata.category(c) not in _UNSEEN))


def clean_words(field: forms.Field) -> None:
    """Let a ``field`` of words take them in cleaned, one of a single line in a single line. It is this form's own copy.

    What strips nothing (``strip=False``) takes a file's text in as it is; what are no words stays as it is.
    """
    if not isinstance(field, forms.CharField) or not field.strip:
        return
    as_before, has_lines = field.to_python, isinstance(field.widget, forms.Textarea)

    def to_python(value: Any) -> Any:
        if isinstance(value, str):
            value = printable(with_plain_ends(value))
            value = value if has_lines else " ".join(value.split())
        return as_before(value)

    field.to_python = to_python  # type: ignore[method-assign]
