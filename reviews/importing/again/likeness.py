"""Which row of a file is which action of a plan: by the same words, by reference and place, and by likeness.

Pure: rows and actions are cards. Words that are the same count before references, so that a plan may be renumbered,
put in another order or gain rows in its middle. What is only like something is paired when nothing else is as like it;
otherwise somebody is asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

SURE = 85.0  # from here on, two that are like each other are the same, unless another is as like
WEAK = 62.0  # from here on, somebody is asked
MARGIN = 8.0  # so much more like than any other
WORDS = 55.0  # least likeness of the words alone, unless the recommendation is the same
REWRITTEN = 35.0  # least likeness at which a row with the same number in the same place may have been written anew
UNLIKE = 45.0  # words less like than this say nothing, unless a number or the recommendation is the same

MOST_ASKED = 5
_CANDIDATES = 12
_RARE = 40  # words that stand in more actions than this tell none of them from the others


@dataclass(frozen=True)
class Card:
    """What tells one row from another. ``key`` is a row's number, or the key of an action; words are plain.

    ``rest`` is whatever else tells apart rows that say the same.
    """

    key: int
    recommendation: str = ""
    action: str = ""
    reference: str = ""
    action_reference: str = ""
    agencies: frozenset[Hashable] = frozenset()
    rest: Hashable = ()

    @property
    def words(self) -> str:
        """Recommendation and action."""
        return f"{self.recommendation} {self.action}".strip()


@dataclass
class Pairs:
    """``same``: row → action. ``unsure``: row → the actions that it may be, likest first. Every other row is new."""

    same: dict[int, int] = field(default_factory=dict)
    unsure: dict[int, tuple[int, ...]] = field(default_factory=dict)


#: What is the same, from everything down to the words. Only the last two leave agencies aside.
_EXACT: tuple[Callable[[Card], Hashable], ...] = (
    lambda c: (c.reference, c.action_reference, c.recommendation, c.action, c.agencies, c.rest),
    lambda c: (c.reference, c.action_reference, c.recommendation, c.action, c.agencies),
    lambda c: (c.recommendation, c.action, c.agencies, c.rest),
    lambda c: (c.recommendation, c.action, c.agencies),
    lambda c: (c.reference, c.action_reference, c.recommendation, c.action),
    lambda c: (c.recommendation, c.action),
)


def pair(rows: Sequence[Card], actions: Sequence[Card], said: Mapping[int, int | None] | None = None) -> Pairs:
    """Pair ``rows`` with ``actions``, both in plan order. ``said`` is what is known: a row's action, or None: new."""
    said, pairs = said or {}, Pairs()
    there = {card.key for card in actions}
    for number, key in said.items():
        if key in there and key not in pairs.same.values():
            pairs.same[number] = key
    taken = set(pairs.same.values())
    left = [row for row in rows if row.key not in said]
    open_ = [action for action in actions if action.key not in taken]
    for level, key_of in enumerate(_EXACT):
        left, open_ = _pair_exactly(left, open_, key_of, pairs, strictly=level > 0)
    if left and open_:
        _Likeness(rows, actions, pairs).settle(left, open_)
    return pairs


def _pair_exactly(
    rows: list[Card], actions: list[Card], key_of: Callable[[Card], Hashable], pairs: Pairs, *, strictly: bool
) -> tuple[list[Card], list[Card]]:
    """Pair those with the same key, in order. ``strictly``: not where there are more of them on one side."""
    by_key: dict[Hashable, list[Card]] = defaultdict(list)
    for action in actions:
        by_key[key_of(action)].append(action)
    of_rows: dict[Hashable, list[Card]] = defaultdict(list)
    for row in rows:
        of_rows[key_of(row)].append(row)
    paired: set[int] = set()
    for key, group in of_rows.items():
        found = by_key.get(key, ())
        if strictly and len(found) != len(group):
            continue
        for row, action in zip(group, found, strict=False):
            pairs.same[row.key] = action.key
            paired.add(action.key)
    return [row for row in rows if row.key not in pairs.same], [one for one in actions if one.key not in paired]


class _Likeness:
    """Rows and actions that no exact key has paired: the likest pair first."""

    def __init__(self, rows: Sequence[Card], actions: Sequence[Card], pairs: Pairs) -> None:
        self.pairs = pairs
        self.places = {action.key: place for place, action in enumerate(actions)}
        self.expected = self._expected(rows)

    def _expected(self, rows: Sequence[Card]) -> dict[int, set[int]]:
        """Where an action would stand to have the neighbour of the row beside it, before it or after it."""
        expected: dict[int, set[int]] = defaultdict(set)
        for step, ordered in ((1, rows), (-1, rows[::-1])):
            place = -1 if step == 1 else len(self.places)
            for row in ordered:
                if row.key in self.pairs.same:
                    place = self.places[self.pairs.same[row.key]]
                else:
                    place += step
                    expected[row.key].add(place)
        return expected

    def settle(self, rows: Sequence[Card], actions: Sequence[Card]) -> None:
        """Pair what is surely the same; note what somebody is to be asked."""
        likely = self._likely(rows, actions)
        by_row: dict[int, dict[int, float]] = defaultdict(dict)
        by_action: dict[int, dict[int, float]] = defaultdict(dict)
        for score, _, row, action in likely:
            by_row[row][action] = by_action[action][row] = score
        for score, certain, row, action in likely:
            if certain and row in by_row and action in by_action and _stands_out(score, by_row[row], by_action[action]):
                self.pairs.same[row] = action
                for other in by_action.pop(action):
                    by_row[other].pop(action, None)
                for other in by_row.pop(row):
                    by_action.get(other, {}).pop(row, None)
        for row, found in by_row.items():
            if found:
                best = sorted(found, key=lambda key: (-found[key], self.places[key]))
                self.pairs.unsure[row] = tuple(best[:MOST_ASKED])

    def _likely(self, rows: Sequence[Card], actions: Sequence[Card]) -> list[tuple[float, bool, int, int]]:
        find = _finder(actions)
        found = []
        for row in rows:
            for action in find(row):
                score, certain = self._score(row, action)
                if score:
                    found.append((score, certain, row.key, action.key))
        return sorted(found, key=lambda one: (-one[0], one[2], self.places[one[3]]))

    def _score(self, row: Card, action: Card) -> tuple[float, bool]:
        words = likeness(row, action)
        score = words
        recommended = bool(row.recommendation) and row.recommendation == action.recommendation
        numbered = bool(row.reference) and row.reference == action.reference
        score += 10 * numbered
        if row.action_reference and row.action_reference == action.action_reference:
            score += 25 if numbered or not (row.reference and action.reference) else 10
        score += 8 * (bool(row.agencies) and row.agencies == action.agencies)
        in_place = self.places[action.key] in self.expected[row.key]
        score += 15 * in_place
        if numbered and in_place and words >= REWRITTEN:
            score = max(score, WEAK)
        if score < WEAK or not (words >= UNLIKE or numbered or recommended):
            return 0.0, False
        return score, score >= SURE and (words >= WORDS or recommended)


def _stands_out(score: float, of_row: Mapping[int, float], of_action: Mapping[int, float]) -> bool:
    """Whether no other pair, of this row or of this action, is as like."""
    rivals = sorted((*of_row.values(), *of_action.values()), reverse=True)
    return len([rival for rival in rivals if rival > score - MARGIN]) == 2  # the pair itself, from either side


def likeness(one: Card, other: Card) -> float:
    """How like the words of two cards are, of 100. What is done weighs more than why."""
    if one.action and other.action and (one.recommendation or other.recommendation):
        why = fuzz.ratio(one.recommendation, other.recommendation)
        return 0.35 * why + 0.65 * fuzz.ratio(one.action, other.action)
    return fuzz.ratio(one.words, other.words)


def _finder(actions: Sequence[Card]) -> Callable[[Card], Iterable[Card]]:
    """What finds the actions worth a closer look: of the same number or recommendation, or with rare words in common.

    Where there are few, all are; a plan of thousands against another of thousands is not compared each with each.
    """
    if len(actions) <= _CANDIDATES:
        return lambda row: actions
    by_token: dict[Hashable, list[Card]] = defaultdict(list)
    for action in actions:
        for token in _tokens(action):
            by_token[token].append(action)
    by_key = {action.key: action for action in actions}

    def find(row: Card) -> list[Card]:
        shared: Counter[int] = Counter()
        for token in _tokens(row):
            found = by_token.get(token, ())
            if len(found) <= _RARE:
                shared.update(action.key for action in found)
        return [by_key[key] for key, _ in shared.most_common(_CANDIDATES)]

    return find


def _tokens(card: Card) -> set[Hashable]:
    tokens: set[Hashable] = set(card.words.casefold().split())
    if card.reference:
        tokens.add(("reference", card.reference))
    if card.action_reference:
        tokens.add(("action", card.action_reference))
    tokens.add(("recommendation", card.recommendation))
    return tokens
