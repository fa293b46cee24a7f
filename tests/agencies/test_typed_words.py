"""Words as people type and paste them: what is left out, and the names of every script that stay as they are."""

from __future__ import annotations

import pytest
from django import forms

from agencies.typed_words import clean_words, printable

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


class Asking(forms.Form):
    """Words, and what is none."""

    name = forms.CharField(max_length=20)
    words = forms.CharField(widget=forms.Textarea, required=False)
    text = forms.CharField(widget=forms.Textarea, required=False, strip=False)
    email = forms.EmailField(required=False)
    day = forms.DateField(required=False)


def asked(**said: str) -> Asking:
    form = Asking(said)
    for field in form.fields.values():
        clean_words(field)
    return form


@pytest.mark.parametrize("mark", TURNING)
def test_a_mark_that_turns_the_direction_is_left_out(mark: str) -> None:
    assert printable(f"Jo{mark}el") == "Joel"


@pytest.mark.parametrize(
    "name",
    [
        "\u0645\u062d\u0645\u062f \u0639\u0644\u064a",  # Arabic
        "\u05d3\u05d5\u05d3 \u05db\u05d4\u05df",  # Hebrew
        "\u0645\u06cc\u200c\u0631\u0648\u062f",  # Persian, whose letters U+200C keeps apart
        "\u0915\u094d\u200d\u0937",  # Hindi, whose letters U+200D joins
        "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
        "Zo\u00eb O\u2019Neill-\u0141ukasz",
        "line\n\tindented",
    ],
)
def test_names_and_words_of_every_script_stay(name: str) -> None:
    assert printable(name) == name


def test_what_no_paper_shows_is_left_out_of_a_field_of_words() -> None:
    form = asked(name="\u202eleoJ\u0007\0", email="joel\u200f@example.org", day="2026-01-02")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["name"], form.cleaned_data["email"]) == ("leoJ", "joel@example.org")


def test_lines_end_as_we_keep_them_and_one_line_stays_one() -> None:
    form = asked(name="Joel\r\n  Marsh", words="one\r\ntwo\rthree\vfour", text=" one\r\ntwo\vthree\u200f")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "Joel Marsh"
    assert form.cleaned_data["words"] == "one\ntwo\nthree\nfour"
    assert form.cleaned_data["text"] == " one\r\ntwo\vthree\u200f", "a file's text is read as it is"


def test_nothing_but_marks_is_no_answer() -> None:
    assert "name" in asked(name="\u202e\u200f \0").errors
