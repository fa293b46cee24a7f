"""Which row is which action: by the same words, by number and place, by likeness; and when somebody is asked."""

import time

import pytest

from reviews.importing.again.likeness import Card, pair

TRAIN = "Train every member of staff who meets the public in asking about abuse at home."
GUIDE = "Print a guide to local help in the four languages most spoken in the borough."
SHARE = "Agree with the health trust how what is known of a risk is shared the same day."
AUDIT = "Look through twenty closed cases each quarter and tell the board what was missed."
WORDS = (TRAIN, GUIDE, SHARE, AUDIT)


def cards(*words, first=1, numbered=True, **facts):
    """One card for each of these actions; numbered in their order."""
    return [
        Card(first + place, action=one, reference=str(place + 1) if numbered else "", **facts)
        for place, one in enumerate(words)
    ]


def actions(*words, **facts):
    return cards(*words, first=101, **facts)


def test_a_plan_that_was_renumbered_pairs_by_its_words():
    rows = cards("Ask families what would have helped.", *WORDS)
    assert pair(rows, actions(*WORDS)).same == {2: 101, 3: 102, 4: 103, 5: 104}


def test_a_plan_in_another_order_pairs_by_its_words():
    assert pair(cards(*reversed(WORDS)), actions(*WORDS)).same == {1: 104, 2: 103, 3: 102, 4: 101}


def test_a_row_of_which_some_words_changed_is_the_same_even_without_a_number():
    changed = GUIDE.replace("four languages", "six languages").replace("Print", "Write and print")
    rows = cards(TRAIN, changed, SHARE, numbered=False)
    assert pair(rows, actions(TRAIN, GUIDE, SHARE, numbered=False)).same == {1: 101, 2: 102, 3: 103}


def test_a_row_that_was_written_anew_under_its_own_number_is_asked_about():
    found = pair(cards(TRAIN, AUDIT, SHARE), actions(TRAIN, GUIDE, SHARE))
    assert (found.same, found.unsure) == ({1: 101, 3: 103}, {2: (102,)})


def test_its_number_and_its_recommendation_make_it_the_same():
    def of(key, action):
        return Card(
            key, recommendation=SHARE, action=action, reference="1", action_reference="1.2", agencies=frozenset("a")
        )

    assert pair([of(1, AUDIT)], [of(101, GUIDE)]).same == {1: 101}


def test_a_row_that_was_split_in_two_is_asked_about():
    both = f"{TRAIN} {GUIDE}"
    found = pair(cards(TRAIN, GUIDE, SHARE, numbered=False), actions(both, SHARE, numbered=False))
    assert found.same == {3: 102}
    assert set(found.unsure.values()) == {(101,)}


def test_a_row_as_like_one_action_as_another_is_asked_about():
    one, other = f"{TRAIN} In the north.", f"{TRAIN} In the south."
    found = pair(cards(f"{TRAIN} In the north and south.", numbered=False), actions(one, other, numbered=False))
    assert (found.same, {key for keys in found.unsure.values() for key in keys}) == ({}, {101, 102})


def test_rows_that_say_the_same_are_told_apart_by_what_else_they_say():
    dates = ("2026-01-01", "2026-02-01", "2026-03-01")
    there = [Card(101 + place, action=TRAIN, rest=date) for place, date in enumerate(dates)]
    rows = [
        Card(1, action=TRAIN, rest=dates[2]),
        Card(2, action=TRAIN, rest="2026-05-05"),
        Card(3, action=TRAIN, rest=dates[0]),
    ]
    assert pair(rows, there).same == {1: 103, 2: 102, 3: 101}


def test_one_of_two_that_say_the_same_is_gone_and_the_other_changed_so_somebody_is_asked():
    there = [Card(101, action=TRAIN, rest="a"), Card(102, action=TRAIN, rest="b")]
    found = pair([Card(1, action=TRAIN, rest="c")], there)
    assert (found.same, found.unsure) == ({}, {1: (101, 102)})


def test_the_same_words_of_other_agencies_are_other_actions():
    there = [Card(101 + place, action=TRAIN, agencies=frozenset({name})) for place, name in enumerate("abc")]
    rows = [Card(1 + place, action=TRAIN, agencies=frozenset({name})) for place, name in enumerate("cab")]
    assert pair(rows, there).same == {1: 103, 2: 101, 3: 102}


def test_what_somebody_said_is_so_and_no_action_is_taken_twice():
    found = pair(cards(TRAIN, GUIDE), actions(TRAIN, GUIDE), {1: 102, 2: None})
    assert found.same == {1: 102}
    assert pair(cards(TRAIN), actions(TRAIN), {1: 999}).same == {}


@pytest.mark.parametrize(("rows", "there"), [((), WORDS), (WORDS, ()), ((), ()), (("", ""), ("", ""))])
def test_nothing_and_empty_words_are_borne(rows, there):
    assert len(pair(cards(*rows), actions(*there)).same) == min(len(rows), len(there))


def test_thousands_against_other_thousands_take_seconds():
    rows = cards(*(f"Hold a meeting about family {number} in ward {number % 40}" for number in range(4000)))
    there = actions(*(f"Visit school {number} to speak with year {number % 13} pupils" for number in range(4000)))
    started = time.process_time()
    assert not pair(rows, there).same
    assert time.process_time() - started < 5
