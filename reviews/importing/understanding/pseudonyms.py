"""Names that mean something only inside one review: pseudonyms ("University A") and general words ("Infant School").

Two reviews that both print such a name mostly mean two bodies, so it errs towards asking: what is taken for one of
these is asked for again, while one that is missed would show the plan of one review to a body of another.
"""

from __future__ import annotations

import re

#: A letter or a number for a body. Headings of papers are numbered too, and mean none.
_LETTERED = re.compile(
    r"^(?!(?:appendix|annex|section|part|table|page|phase|figure|theme|schedule|recommendation|action|version|draft|rec"
    r"|objective|priority|strand|column|sheet|item)\b)(?:the )?(?:[\w' -]+ )?(?:[A-Z]|[0-9]{1,2})$",
    re.IGNORECASE,
)
_SOMEBODY = (
    r"(?:adult|child|baby|infant|victim|perpetrator|deceased|suspect|offender|family|mother|father|brother|sister|son"
    r"|daughter|husband|wife|partner|friend|employee|tenant|client|mr|mrs|ms|miss|dr)"
)
#: "Adult A's employer", "the victim's GP", "Mr B's landlord": somebody of the review's, by whom a body is named.
_OF_SOMEBODY = re.compile(
    rf"^(?:the )?{_SOMEBODY}\.?(?: (?:[A-Z]|\d{{1,2}})(?:'s)? \w|'s \w)|^(?:the )?[A-Z]'s \w|^(?:his|her|their) \w",
    re.I,
)
#: "Another school", "a neighbouring council": not one of here, and which depends on the review.
_ANOTHER = re.compile(r"^(?:the |an? )?(?:another|other|neighbouring|previous|former|out of area) \w", re.IGNORECASE)
#: "Employer of the victim": the same, the other way round.
_FOR_SOMEBODY = re.compile(
    rf"(?P<kind>.+?) (?:of|for|to|used by|attended by) (?:the |his |her |their )?{_SOMEBODY}s?\b", re.IGNORECASE
)
#: Kinds of bodies of which a borough has several.
_KINDS = frozenset((
    "academy", "academies", "accommodation", "agency", "bank", "centre", "charity", "church", "clinic", "college",
    "company", "dentist", "doctor", "employer", "firm", "gp", "home", "hospice", "hospital", "hostel", "hotel",
    "housing association", "housing provider", "housing society", "landlord", "mosque", "nursery", "nurseries",
    "optician", "organisation", "pharmacy", "pharmacies", "practice", "practitioner", "preschool", "prison",
    "provider", "refuge", "school", "shelter", "solicitor", "surgery", "surgeries", "synagogue", "temple", "trust",
    "university", "universities", "workplace", "playgroup", "childminder", "lawyer", "pub",
    "club", "supermarket", "shop", "gym", "restaurant", "workshop", "garage",
))  # fmt: skip
#: What stands before such a word and still names no one body.
_GENERAL = frozenset((
    "a", "an", "the", "of", "and", "for", "with", "in", "or", "pre", "acute", "adult", "adults", "all", "alcohol",
    "boarding", "boys", "care", "carer", "carers", "catholic", "child", "childrens", "children", "commercial",
    "community", "comprehensive", "criminal", "day", "defence", "dental", "domestic", "abuse", "violence",
    "domiciliary", "drug", "drugs", "early", "years", "education", "employment", "english", "estate", "eye", "faith",
    "families", "family", "fertility", "first", "form", "foundation", "further", "general", "girls", "grammar",
    "health", "high", "higher", "home", "homecare", "homeless", "hospital", "housing", "independent", "infant",
    "infants", "junior", "juniors", "language", "law", "learning", "legal", "leisure", "letting", "lettings", "local",
    "lower", "maternity", "medical", "mental", "middle", "mixed", "multi", "needs", "nhs", "nursery", "nursing",
    "online", "people", "peoples", "primary", "private", "provider", "public", "recruitment", "registered", "rehab",
    "rehabilitation", "religious", "relevant", "residential", "secondary", "senior", "sexual", "sheltered", "sixth",
    "social", "solicitors", "special", "specialist", "state", "student", "substance", "misuse", "support", "supported",
    "teaching", "temp", "temporary", "town", "training", "university", "upper", "urgent", "village", "voluntary",
    "walk", "womens", "women", "mens", "youth", "young", "sports", "gp", "gps", "college", "school", "practice",
    "sector", "both", "each", "church", "england", "c", "e", "ce", "rc", "roman", "counselling", "therapy",
    "mediation", "security", "cleaning", "taxi", "travel", "building", "construction", "retail",
    "fostering", "adoption",
    "childcare", "after", "food", "victim", "victims", "perpetrator", "perpetrators", "deceased", "mother", "mothers",
    "father", "fathers", "suspect", "offender", "attended", "by", "his", "her", "their", "s", "tenant", "employee",
))  # fmt: skip


def is_anonymous(name: str) -> bool:
    """Whether a name is a pseudonym or a general word ("University A", "Infant School"): it means nothing elsewhere."""
    words = " ".join(name.replace("’", "'").replace("‘", "'").split())
    before, inside = _apart(words)
    lettered = re.sub(r"[()]", " ", words)
    if _LETTERED.match(" ".join(lettered.split())):
        return True
    if _OF_SOMEBODY.match(words) or _ANOTHER.match(re.sub(r"-", " ", words)):
        return True
    if (found := _FOR_SOMEBODY.match(words)) and _is_kind(_small(found["kind"])):
        return True
    return _is_kind(before) and all(_is_general(word) for word in inside)


def _apart(words: str) -> tuple[list[str], list[str]]:
    """The words of a name in small letters, and those of a bracket after it."""
    found = re.fullmatch(r"([^()]*?)\s*\(([^()]*)\)\W*", words)
    before, inside = (found[1], found[2]) if found else (words, "")
    return _small(before), _small(inside)


def _small(words: str) -> list[str]:
    return re.sub(r"[^\w ]", "", re.sub(r"[-/&,–]", " ", words.casefold())).split()


def _is_kind(words: list[str]) -> bool:
    """Whether these words end in a kind of body and name none: no other word is a name of its own."""
    ends = {" ".join(words[-count:]) for count in (1, 2) if len(words) >= count}
    kind = next((end for end in ends if end in _KINDS or end.removesuffix("s") in _KINDS), None)
    return kind is not None and all(_is_general(word) for word in words[: -len(kind.split())])


def _is_general(word: str) -> bool:
    return word in _GENERAL or word in _KINDS or word.removesuffix("s") in _KINDS
