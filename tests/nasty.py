"""What nobody should type, and somebody will: values for any field, and more for fields of one kind."""

from __future__ import annotations

import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

LONG_NUMBERS = ("2147483648", "9223372036854775808", "-9223372036854775809", "9" * 19, "9" * 5000)
OTHER_NUMBERS = ("0", "-1", "1e309", "NaN", "\N{ARABIC-INDIC DIGIT THREE}", "\N{SUPERSCRIPT TWO}", "1_000")
#: One more than each of the columns of words holds, and more than any line does.
TOO_LONG = tuple("x" * number for number in (31, 41, 61, 101, 121, 201, 255, 301, 501, 1001, 5001, 120_000))
UNSEEN = (
    "",
    " \t\r\n",
    "a\0b",
    "\x1b[2J\x07\x7f",
    "\u202egnp.exe\u2066",
    "\ufeff\u200b\u2028",
    "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}@example.org",
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{WOMAN}" * 30,
    "e\u0301" * 500,
)
MARKUP = ("<script>alert(1)</script>{{ 7 * 7 }}", "'; DROP TABLE reviews_action; --", "=cmd|' /C calc'!A0", "../../etc")
ANY = (*LONG_NUMBERS, *OTHER_NUMBERS, *TOO_LONG, *UNSEEN, *MARKUP)

_HOST = ".".join(["b" * 60] * 3)
ADDRESSES = (
    f"{'a' * 60}@{_HOST}.{'c' * 8}.org",
    f"{'a' * 60}@{_HOST}.{'c' * 60}.org",
    "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}@example.org",
    "a\u202e@example.org",
    "a@\N{LATIN SMALL LETTER SHARP S}.example",
)
LINKS = ("https://[::1", f"https://{'x' * 64}.org/", f"https://example.org/{'x' * 981}", "javascript:alert(1)", "//x")
DAYS = ("0001-01-01", "9999-12-31", "2026-02-31", "0000-00-00", "1900-01-01", "31/12/2026", "2999-12-31")
#: By how the name of a field ends.
PARTS_OF_A_DAY = {"_day": ("31", "2147483648"), "_month": ("2147483648", "feb"), "_year": ("0001", "9999", "1900")}
FILES = (
    ("plan.xlsx", b"PK\x03\x04 and no more"),
    ("plan.docx", b"PK\x01\x02\x14\x03\x63" + b"\0" * 39 + b"PK\x05\x06\0\0\0\0\1\0\1\0\x2e" + b"\0" * 9),
    ("empty.pdf", b""),
    ("photo.pdf", b"\xff\xd8\xff\xe0 a picture"),
    ("run.exe", b"MZ\x90\0"),
    ("\u202egnp.csv", b"\xff\xfe\0"),
    ("../../x.csv", b"a,b\n" * 3),
    ("x" * 300 + ".docx", b"%PDF-1.7"),
    (".", b"%PDF-1.7\n%%EOF"),
    ("x" * 300 + ".pdf", b"%PDF-1.7\n%%EOF"),
    ("a\0b.pdf", b"%PDF-1.7\n%%EOF"),
)

#: What Django, its admin and we ourselves understand in a form although no box of it has that name.
POSTED_INSIDE = (
    *("_to_field", "_popup", "_changelist_filters", "_save", "_saveasnew", "_addanother", "_continue", "action"),
    *("_selected_action", "select_across", "index", "post", "pk", "id", "press", "seen", "opened", "draft", "agency"),
    *("form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-id", "next", "stamp"),
)
#: The same of an address.
ASKED_INSIDE = (
    *("_to_field", "_popup", "_changelist_filters", "_facets", "_source_model", "e", "o", "p", "all", "q", "next"),
    *("back", "finds", "words", "look_in", "look_for", "page", "problems", "agency", "draft", "about", "as_at", "on"),
    *("source", "row", "only", "layout", "pk", "pk__in", "id__exact"),
)
INSIDE = ("", "x", "1", *LONG_NUMBERS[:4], "a\0b", "-", "x" * 5001)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file under exactly this name; Django would tidy it for us."""
    file = SimpleUploadedFile("x", content)
    file._name = name
    return file


def for_a_field(kind: str, name: str, where: str, most: int) -> list[object]:
    """What to try in the field ``name`` of a form: what fits its kind, and up to ``most`` of the rest.

    Which of the rest, the place ``where`` says, so that it is spread over the forms, and each run tries the same.
    """
    if kind == "file":
        return [upload(*file) for file in spread(FILES, f"{where} {name}", 2 + most)]
    own: tuple[str, ...] = {"email": ADDRESSES, "url": LINKS, "date": DAYS, "number": LONG_NUMBERS}.get(kind, ())
    own += ("9" * 19,) if kind in ("select", "radio", "checkbox") else ()
    own += next((values for end, values in PARTS_OF_A_DAY.items() if name.endswith(end)), ())
    # What no box is for stands in nearly every form, and means the same in each.
    return [*own, *spread(ANY, f"{where} {name}", min(most, 4) if kind == "hidden" else most)]


def spread(values: tuple, where: str, most: int) -> list:
    """Up to ``most`` of ``values``, beginning where ``where`` says."""
    start = zlib.crc32(where.encode())
    return [values[(start + step) % len(values)] for step in range(min(most, len(values)))]
