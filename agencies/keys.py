"""The numbers of rows, as forms and addresses name them."""

from __future__ import annotations

#: No row's number has more digits.
DIGITS = 18


def key_of(typed: str) -> int | None:
    """The number of a row that somebody has sent; None where no row has such a number.

    Python fails at some thousand digits, and a database at twenty.
    """
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS else None
