"""Which agency of the partnership a printed name means: by its name, another name, an abbreviation, or a slip in it.

Only agencies of one partnership are looked at. A pseudonym or a general word ("University A", "School") is matched by
the names that this review's own papers use, and never by anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import QuerySet
from rapidfuzz import fuzz, process

from agencies.actors import System
from agencies.models import Agency, Partnership, User
from agencies.permissions import objects_for
from agencies.roles import Permission
from agencies.succession import lineage
from reviews.importing.understanding.pseudonyms import is_anonymous
from reviews.models import PublishedName, Review

SLIP = 85  # least likeness, of 100, of each word of a name that is only misspelt
NEAR = 75  # least likeness at which an agency is suggested, and never taken, for a name
SUGGESTED = 5


class Sort(StrEnum):
    """How a printed name was matched."""

    MATCHED = "matched"
    SEVERAL = "several"
    NONE = "none"


@dataclass(frozen=True)
class Match:
    """What a printed name means: one agency, one of several, or none that is known.

    ``near`` are those several, or where none is known those whose names are like it: suggestions, never taken.
    """

    printed: str
    sort: Sort
    agency: Agency | None = None
    near: tuple[Agency, ...] = field(default=())


def agencies_open_to(by: User | System, partnership: Partnership) -> QuerySet[Agency]:
    """The agencies of ``partnership`` that ``by`` may choose from."""
    agencies = Agency.objects.filter(partnership=partnership)
    if isinstance(by, System):
        return agencies
    return agencies.filter(pk__in=objects_for(by, Permission.READ_AGENCY, Agency).order_by().values("pk"))


def known_names(agencies: QuerySet[Agency]) -> list[str]:
    """Every name by which these agencies go: the sandbox tells joint leads apart by them."""
    found = agencies.values_list("name", "names__name")
    return sorted({name for pair in found for name in pair if name})


class Names:
    """The agencies of one partnership by every name they go by; for ``review``, by what its papers call them too."""

    def __init__(self, agencies: QuerySet[Agency], review: Review | None = None) -> None:
        """Read them once; as many names as wanted can then be matched without a query."""
        self._agencies = list(agencies.prefetch_related("names"))
        self._by_name: dict[str, set[Agency]] = {}
        for agency in self._agencies:
            for name in (agency.name, *(other.name for other in agency.names.all())):
                for key in keys(name):
                    self._by_name.setdefault(key, set()).add(agency)
        self._published: dict[str, Agency] = {}
        if review is not None:
            for row in PublishedName.objects.filter(review=review).select_related("agency"):
                self._published[plain(row.name)] = row.agency

    def match(self, printed: str) -> Match:
        """What one printed name means."""
        if agency := self._published.get(plain(printed)):
            return self._one(printed, agency)
        if is_anonymous(printed):
            return Match(printed, Sort.NONE)
        found: set[Agency] = self._by_name.get(plain(printed), set())
        for key in () if found else keys(printed):
            found = found | self._by_name.get(key, set())
        found = found or self._misspelt(printed)
        if len(found) == 1:
            return self._one(printed, next(iter(found)))
        if found:
            return Match(printed, Sort.SEVERAL, near=tuple(sorted(found, key=str)))
        return Match(printed, Sort.NONE, near=self._near(printed))

    def _one(self, printed: str, agency: Agency) -> Match:
        """A match; where the agency no longer exists, with the one that took over from it."""
        heirs = [one for one in lineage(agency) if not one.closed_on] if agency.closed_on else [agency]
        if len(heirs) == 1:
            return Match(printed, Sort.MATCHED, heirs[0])
        return Match(printed, Sort.SEVERAL if heirs else Sort.NONE, near=tuple(heirs))

    def _misspelt(self, printed: str) -> set[Agency]:
        words = plain(printed).split()
        return {
            agency
            for name, agencies in self._by_name.items()
            if len(words) > 1 and _is_slip(words, name.split())
            for agency in agencies
        }

    def _near(self, printed: str) -> tuple[Agency, ...]:
        names = list(self._by_name)
        found = process.extract(plain(printed), names, scorer=fuzz.token_set_ratio, limit=SUGGESTED, score_cutoff=NEAR)
        near = {agency: None for name, _, _ in found for agency in self._by_name[name] if not agency.closed_on}
        return tuple(near)[:SUGGESTED]


def plain(name: str) -> str:
    """A name in small letters without punctuation or "the", "&" as "and"."""
    words = re.sub(r"[^\w ]", "", re.sub(r"[-/–]", " ", name.casefold().replace("&", " and "))).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def keys(name: str) -> list[str]:
    """The whole name, the name without its bracket, and the abbreviation in the bracket.

    Of "School (A)" the whole only, and of "School (DHR-1)" never "School": that is every school.
    """
    found = [plain(name)]
    bracket = None if is_anonymous(name) else re.search(r"\(([^)]{2,40})\)\s*$", name)
    if bracket:
        before = name[: bracket.start()]
        found += [*([] if is_anonymous(before) else [plain(before)]), plain(bracket[1])]
    return [key for key in dict.fromkeys(found) if key]


def _is_slip(words: list[str], others: list[str]) -> bool:
    """The same words but for the spelling of long ones: "North" and "South", "33" and "32" are not the same."""
    if len(words) != len(others):
        return False
    return all(
        one == other or (min(len(one), len(other)) > 3 and not one.isdigit() and fuzz.ratio(one, other) >= SLIP)
        for one, other in zip(words, others, strict=True)
    )
