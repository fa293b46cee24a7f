"""The key that a form or an address sends: a row's number, or none that a database takes."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.keys import DIGITS, key_of
from tests.architecture.test_house_rules import ROOT, modules

KEYS = st.integers(min_value=0, max_value=10**DIGITS - 1)


@given(KEYS)
def test_every_number_that_a_row_can_have_is_read(key):
    assert key_of(str(key)) == key


@given(st.text() | st.text(string.digits) | st.text("0123456789٣²_-+ .e"))
def test_whatever_else_is_typed_is_no_key(typed):
    key = key_of(typed)
    plain = 0 < len(typed) <= DIGITS and set(typed) <= set(string.digits)
    assert key == (int(typed) if plain else None)


@pytest.mark.parametrize("typed", ["9" * 19, "9" * 5000, "\0", " 1", "1_000", "\N{SUPERSCRIPT TWO}", ""])
def test_what_the_database_or_python_would_fail_at_is_no_key(typed):
    assert key_of(typed) is None


#: These ask of words whether there are digits in them, for something else than a key that was sent.
OTHERS = {
    "agencies/keys.py",
    "agencies/scoped_lists.py",
    "agencies/days.py",
    "agencies/log_names.py",
    "portal/papers/sheet.py",
}


def test_nobody_else_decides_what_a_key_is():
    asks = {
        str(path)
        for path in modules()
        if path.parts[0] in ("agencies", "portal") or path.is_relative_to("reviews/admin")
        if re.search(r"\.is(digit|decimal|numeric)\b", (ROOT / path).read_text())
    }
    assert asks == OTHERS
