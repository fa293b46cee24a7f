"""How our own text files are known again, and how their cells are kept from being run as formulas.

Nothing here imports Django: the reader of strangers' files uses it too.
"""

from __future__ import annotations

#: The heading of the last column of our exports: a file that has it was written by ``portal.papers.csv``.
EXPORT_MARK = "As at (from Review actions)"

#: What stands below the title of a sheet that we wrote, and below the table of a document.
EXPORT_NOTE = "From Review actions: change what you like in the table and bring it in again."

#: A cell that begins so may be run as a formula by a spreadsheet, or was guarded already.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "'")


def guarded(text: str) -> str:
    """``text`` with one apostrophe more where a spreadsheet might run it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given. Only for files that carry the mark: elsewhere an apostrophe is the writer's own."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text
