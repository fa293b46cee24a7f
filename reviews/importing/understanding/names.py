"""Bodies and posts as plans print them: which names stand in a cell, and which of them mean something elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from reviews.importing.understanding.persons import BODY_ENDS, is_surely_a_person
from reviews.importing.understanding.pseudonyms import is_anonymous

#: Bodies whose own name has "and" between two words that could each end a name.
_ONE_BODY = re.compile(
    r"\b(?:police and (?:crime|fire)|police, (?:crime|fire) and (?:crime|fire)|fire and rescue"
    r"|health and (?:wellbeing|social|care)|housing and (?:support|care)"
    r"|school and (?:college|nursery)|hospitals? and (?:community|health)|care and (?:support|health)|probation and)\b",
    re.IGNORECASE,
)
_POST_END = re.compile(
    r"\b(?:managers?|leads?|officers?|director|nurse|midwife|doctor|gp|co-?ordinators?|inspector|superintendent|sergeant"
    r"|chief executive|head|secretary|secretariat|chair|consultant|workers?|practitioner|administrator|advis[eo]r"
    r"|supervisor|principal|headteacher|analyst|partner)s?$",
    re.IGNORECASE,
)
_POST_START = re.compile(
    r"^(?:(?:deputy|assistant|associate|interim|acting|executive) )*(?:head|director|chief \w+|chair|manager|lead|"
    r"(?:detective |chief )*(?:inspector|superintendent|sergeant)|named (?:gp|nurse|doctor|midwife)|"
    r"(?:clinical|medical) director|dci|det\.? (?:chief )?insp|supt|ds|di|dsu)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"^(?:to be (?:confirmed|agreed|identified|advised)|tb[cad]|n/?a|none|unknown|various|\?+|-+|–)\W*$", re.I
)
_MANY = (
    r"(?:agencies|partners|partnerships|organi[sz]ations|bodies|services|schools|practices|gps|providers|trusts"
    r"|departments|directorates|teams|authorities|members|signatories)"
)
_EACH = (
    r"(?:agency|partner|partnership|organi[sz]ation|body|service|school|practice|gp|provider|trust|department"
    r"|directorate|team|authority|member|signatory)"
)
_ALL = re.compile(
    rf"^(?:all|everyone|everybody)\W*$|^all\b(?! saints| souls| hallows).*\b{_MANY}\b|^(?:each|every)\b.*\b{_EACH}\b",
    re.IGNORECASE,
)
#: Two or three words, each with one capital: a person where a post stands beside it.
_PERSON = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?[A-Z][a-z’']+(?: [A-Z]\.?)?(?: [A-Z][a-z’']+(?:-[A-Z][a-z]+)?){1,2}"
)


_ABBREVIATION = re.compile(r"[A-Z][A-Z&]{1,7}")
#: One word that stands for a body where another such stands beside it.
_SECTORS = frozenset(("police", "probation", "health", "housing", "education"))
_COMMA = re.compile(r",\s+(?!(?:fire|crime) and (?:fire|crime)\b)(?:and\s+)?", re.IGNORECASE)
#: What a cell may put before the name of its body.
_LABEL = re.compile(r"^(?:lead|lead agency|agency|organisation|responsible)\s*[:–-]\s*(?=\S)", re.IGNORECASE)


#: What numbers a name in a list of several.
_NUMBER = r"(?:(?:\d{1,2}|[a-h]|i{1,3}|iv)[.)]|[A-H]\))\s+"
_BROKEN = re.compile(r"\n(?=\(|(?:and|of|for)\b)|(?<=[–&-])\n|(?<=\band)\n|(?<=\bof)\n|(?<=\bfor)\n")


@dataclass(frozen=True)
class Addressees:
    """Who stands in an agency's cell: bodies as printed, and what is a post or a person instead."""

    agencies: tuple[str, ...] = ()
    owner: str = ""
    code: str = ""


def read_addressees(text: str, known: Collection[str] = ()) -> Addressees:
    """The bodies that an agency's cell names. ``known`` are names, in small letters, that stand alone elsewhere."""
    lines = [_LABEL.sub("", tidy(line)) for line in _whole_lines(text)]
    parts = [part for line in lines for part in _split(line, known) if part]
    if not parts or all(_UNKNOWN.match(part) for part in parts):
        return Addressees(code="unknown_agency")
    parts = _with_their_posts(parts, known)
    bodies = [part for part in parts if part.casefold() in known or not _is_surely_somebody(part)]
    owner = "\n".join(part for part in parts if part not in bodies)
    if not bodies:
        return Addressees(owner=owner, code="unknown_agency")
    code = "all_agencies" if any(_ALL.match(body) for body in bodies) else ""
    return Addressees(tuple(dict.fromkeys(bodies)), owner, code)


def _is_surely_somebody(part: str) -> bool:
    return isinstance(part, _Somebody) or is_surely_a_person(part) or (is_post(part) and not _ALL.match(part))


class _Somebody(str):
    """A part of a cell that names a person or a post, as its place beside a body tells."""

    __slots__ = ()


def _whole_lines(text: str) -> list[str]:
    """The lines of a cell, with those put together that its width broke: before a bracket, after a dash or "and"."""
    return _BROKEN.sub(" ", text).split("\n")


def _with_their_posts(parts: list[str], known: Collection[str]) -> list[str]:
    """The parts of a cell, each person in one with the post that stands below the name."""
    found: list[str] = []
    for part in parts:
        before = found[-1] if found else ""
        person = _PERSON.fullmatch(before) and not _stands_alone(before, known)
        if person and is_post(part) and len(parts) > 2:
            found[-1] = f"{before}, {part}"
        else:
            found.append(part)
    return found if any(not is_post(part) for part in found) else parts


def is_post(text: str) -> bool:
    """Whether this is a job title and not a body."""
    words = _without_bracket(text)
    if _POST_START.match(words):
        return True
    return bool(_POST_END.search(words)) and not _ends_a_body(words)


def tidy(text: str) -> str:
    """A name without bullets before it, or a footnote's star and stops after it."""
    return re.sub(rf"^[\s•▪*–-]+(?:{_NUMBER})?|^\(?{_NUMBER}|[\s*;,]+$", "", text)


def _split(text: str, known: Collection[str]) -> list[str]:
    """The names in one line. A sign always divides; "and" and commas only where each side is a name of its own."""
    if text.casefold() in known:
        return [text]
    parts = [part.strip() for part in re.split(r"\s*[|;]\s*|\s+/\s*|\s*/\s+", text)]
    if len(parts) == 1 and re.search(r"[A-Za-z)]/[A-Za-z]", text) and "and/or" not in text.lower():
        halves = [half for half in text.split("/") if half.strip()]
        if all(_could_stand(half, known) for half in halves):
            parts = [half.strip() for half in halves]
    return [name for part in parts for name in _split_words(part, known)]


def _split_words(text: str, known: Collection[str]) -> list[str]:
    if text.casefold() in known:
        return [text]
    commas = [part.strip() for part in _COMMA.split(text)]
    if len(commas) > 1 and all(_could_stand(part, known) for part in commas):
        return [name for part in commas for name in _split_words(part, known)]
    if listed := _listed(text, known):
        return listed
    if beside := _beside_commas(commas, known) or _beside(text, known):
        return beside
    for match in re.finditer(r"\s+(?:and|&|\+)\s+", text):
        left, right = text[: match.start()].strip(), text[match.end() :].strip()
        protected = any(one.start() < match.end() and one.end() > match.start() for one in _ONE_BODY.finditer(text))
        if _is_known(left, known) and _is_known(right, known):
            return [left, right]
        begins = _stands_alone(left, known) and _stands_alone(left.split(",")[0], known)  # not "Adults, Health"
        if not protected and begins and _stands_alone(right, known):
            return [left, *_split_words(right, known)]
    return [text]


def _listed(text: str, known: Collection[str]) -> list[str]:
    """The names of "Police, Health and CSC": a list, because one of its parts is a name that needs no other word."""
    parts = [part.strip() for part in re.split(r",\s+(?:(?:and|&)\s+)?|\s+(?:and|&)\s+", text)]
    ends = re.search(r",.*\s(?:and|&)\s[^,]*$|,.*,", text)
    if len(parts) == 2 and "," not in text and all(map(_is_short, parts)):  # "NHS and Police"
        ends = re.search("and|&", text)
    if not ends or any(not part[:1].isupper() for part in parts) or _ONE_BODY.search(text):
        return []
    if any(is_post(part) or is_surely_a_person(part) for part in parts):
        return []
    alone = any(_is_known(part, known) or _ABBREVIATION.fullmatch(part) or part == "Police" for part in parts)
    return parts if alone else []


def _is_short(part: str) -> bool:
    return bool(_ABBREVIATION.fullmatch(part)) or part.lower() in _SECTORS


def _beside_commas(commas: list[str], known: Collection[str]) -> list[str]:
    """A post or person and the body it is in, or a body and who in it: divided by commas."""
    first, *others = commas
    if others and _is_somebody(first) and _stands_alone(others[-1], known):
        return [_Somebody(", ".join(commas[:-1])), others[-1]]
    if others and _stands_alone(first, known) and all(is_post(one) or is_surely_a_person(one) for one in others):
        return [first, _Somebody(", ".join(others))]
    return []


def _beside(text: str, known: Collection[str]) -> list[str]:
    """A body and a post or person of it, with a dash, colon or bracket between: the body first."""
    bracket = re.fullmatch(r"([^()]+?)\s*\(([^()]+)\)", text)
    halves = [bracket[1], bracket[2]] if bracket else re.split(r"\s+[–—-]\s+|\s*:\s+", text)
    if len(halves) != 2:
        return []
    for body, other in (halves, halves[::-1]):
        somebody = _is_somebody(other.split(",")[0]) or (is_post(other) and not bracket)
        if somebody and _stands_alone(body, known) and not _is_somebody(body):
            return [body, _Somebody(other)]
    return []


def _is_somebody(text: str) -> bool:
    """Whether this is a post, or seems to be a person and no body."""
    return is_post(text) or bool(_PERSON.fullmatch(text) and not _ends_a_body(text) and not is_anonymous(text))


def _is_known(text: str, known: Collection[str]) -> bool:
    return text.casefold() in known or _without_bracket(text).casefold() in known


def _could_stand(text: str, known: Collection[str]) -> bool:
    return _stands_alone(text, known) or bool(_ABBREVIATION.fullmatch(text.strip()))


def _stands_alone(text: str, known: Collection[str]) -> bool:
    """Whether this is a whole name: known, an ending of a body with a word before it, or a post of somebody."""
    words = _without_bracket(text)
    if _is_known(text, known):
        return True
    return _ends_a_body(words) and (len(words.split()) > 1 or words.lower() == "police") and not words[0].islower()


def _ends_a_body(words: str) -> bool:
    last = re.sub(r"\W+$", "", words).rsplit(" ", 1)[-1].lower()
    return last in BODY_ENDS or last == "england"


def _without_bracket(text: str) -> str:
    return re.sub(r"\s*\([^)]*\)\s*$", "", text).strip()
