"""Forms: a date as day, month and year, and what is said of a question without an answer."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django import forms
from django.core.exceptions import ValidationError

from agencies.models import Agency
from portal.forms.base import PortalForm
from portal.forms.fields import AddressField, DayMonthYearField, LineField, RowsField, WordsField
from tests.world import World


class OneDate(PortalForm):
    """Asks for a date and nothing else."""

    target = DayMonthYearField(label="Target date")


class Questions(PortalForm):
    """One question of each kind."""

    progress = forms.CharField(label="Progress")
    agency = forms.ChoiceField(label="Which agency?", choices=[("a", "A")])
    file = forms.FileField(label="Evidence")
    sure = forms.BooleanField(label="I am sure")
    worded = forms.CharField(label="Reason", error_messages={"required": "Say why the date should move"})


def typed(day: str = "", month: str = "", year: str = "") -> OneDate:
    return OneDate({"target_day": day, "target_month": month, "target_year": year})


@pytest.mark.parametrize("month", ["2", "02", "feb", "February", " Feb "])
def test_a_month_may_be_a_number_or_a_word(month: str) -> None:
    form = typed("28", month, "2016")
    assert form.is_valid()
    assert form.cleaned_data["target"] == dt.date(2016, 2, 28)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "Give a date for “Target date”"),
        ({"day": "28", "month": "2"}, "The date must include a year"),
        ({"year": "2016"}, "The date must include a day and a month"),
        ({"day": "31", "month": "2", "year": "2016"}, "Enter a real date for “Target date”, like 28 2 2016"),
        ({"day": "1", "month": "2", "year": "16"}, "Enter a real date for “Target date”, like 28 2 2016"),
        ({"day": "1", "month": "x", "year": "2016"}, "Enter a real date for “Target date”, like 28 2 2016"),
        ({"day": "1", "month": "²", "year": "2016"}, "Enter a real date for “Target date”, like 28 2 2016"),
        ({"day": "<b>", "month": "2", "year": "2016"}, "Enter a real date for “Target date”, like 28 2 2016"),
        ({"day": "2147483648", "month": "2", "year": "2016"}, "Enter a real date for “Target date”, like 28 2 2016"),
        ({"day": "1", "month": "2147483648", "year": "2016"}, "Enter a real date for “Target date”, like 28 2 2016"),
        (
            {"day": "9" * 5000, "month": "9" * 5000, "year": "2016"},
            "Enter a real date for “Target date”, like 28 2 2016",
        ),
    ],
)
def test_what_is_wrong_with_a_date(parts: dict[str, str], message: str) -> None:
    assert typed(**parts).errors["target"] == [message]


def test_what_was_typed_stands_in_the_boxes_again() -> None:
    page = str(typed("31", "<x>", "2016"))
    assert 'value="31"' in page
    assert "&lt;x&gt;" in page


def test_a_box_is_as_long_as_what_belongs_into_it() -> None:
    page = str(OneDate())
    for part, most in (("day", 2), ("month", 9), ("year", 4)):
        (box,) = re.findall(rf'<input[^>]*name="target_{part}"[^>]*>', page)
        assert f'maxlength="{most}"' in box


def test_an_address_has_no_more_letters_than_are_kept() -> None:
    for parts, fits in ((3, True), (4, False)):
        address = f"{'a' * 50}@{'b.' * 2}{('c' * 60 + '.') * parts}org"
        assert len(address) <= 320, "Django's own takes it"
        if fits:
            assert AddressField().clean(address) == address
        else:
            with pytest.raises(ValidationError, match="254 letters at most"):
                AddressField().clean(address)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["9" * 19, "9" * 5000, "-1", "\N{ARABIC-INDIC DIGIT THREE}", "x", "", "1.5", "\0"])
def test_rows_are_chosen_by_their_numbers(key: str, world: World) -> None:
    field = RowsField(queryset=Agency.objects.all(), required=False)
    assert list(field.clean([str(world.here.agencies.police.pk)])) == [world.here.agencies.police]
    with pytest.raises(ValidationError, match="not on this list"):
        field.clean([key])


def test_a_date_that_is_known_is_filled_in() -> None:
    page = str(OneDate(initial={"target": dt.date(2016, 2, 28)}))
    assert all(f'value="{part}"' in page for part in ("28", "2", "2016"))


def test_the_same_day_written_otherwise_is_no_change() -> None:
    field = DayMonthYearField()
    assert not field.has_changed(dt.date(2016, 2, 28), ["28", "feb", "2016"])
    assert field.has_changed(dt.date(2016, 2, 28), ["27", "2", "2016"])
    assert field.has_changed(None, ["31", "2", "2016"])
    assert not field.has_changed(None, ["", "", ""])


def test_what_is_missing_is_named() -> None:
    assert {name: messages[0] for name, messages in Questions({}).errors.items()} == {
        "progress": "Fill in “Progress”",
        "agency": "Choose an answer to “Which agency?”",
        "file": "Choose a file for “Evidence”",
        "sure": "Tick “I am sure” to go on",
        "worded": "Say why the date should move",
    }


@pytest.mark.parametrize("kind", [LineField, WordsField])
def test_words_turn_the_direction_of_nothing(kind: type[forms.CharField]) -> None:
    assert kind().clean("\u202eleoJ\u200e \u05d3\u05d5\u05d3\u2069") == "leoJ \u05d3\u05d5\u05d3"
