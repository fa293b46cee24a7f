"""Whether words seem to hold a person's name. It errs both ways, so it only ever asks somebody to look."""

from __future__ import annotations

import re

from reviews.importing.understanding.names import is_post, tidy
from reviews.importing.understanding.persons import BODY_ENDS, NOT_NAMES, surely_a_person

_WORD = r"[A-Z][a-z’']+(?:-[A-Z][a-z]+)?"
_PERSON = rf"({_WORD} (?:[A-Z]\.? )?{_WORD})"
#: What follows a name that begins a line, and few other words.
_DOES = (
    r"(?: to (?:report|chase|follow|lead|attend|circulate|liaise|contact|draft|send|check)"
    r"| has (?:now )?left| is in post| leads?| chairs?| attends| presented)\b"
)
_CUES = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sgt|PC|DC|DS|DI|DCI|Sister|Cllr)\.?"
    rf" (?:[A-Z]\.? )?(?:{_WORD})(?: {_WORD})?)"
    rf"|\b(?:led|chaired|delivered|facilitated|written|overseen|managed|supervised|coordinated|completed|trained|held)"
    rf" by {_PERSON}"
    rf"|\b(?:manager|leader|lead|nurse|worker|officer|co-?ordinator|chair|head|director|practitioner|doctor|colleague"
    rf"|named|with|by|from|contact(?:ed)?) ?,? ?{_PERSON}"
    r"(?= (?:who|leads?|is|has|will|to|was|of|and|on|at|by|for)\b|[,.)]|$)"
    rf"|(?:^|[.;:•–-] |\n){_PERSON}(?={_DOES})"
    rf"|{_PERSON}(?= \((?:IDVA|ISVA|DCI|DI|DS|DC|PC|GP|LADO|CEO|SRO)\))"
    r"|\b([a-z]{2,}\.[a-z]{2,}\d{0,2})@"
    rf"|\(({_WORD} {_WORD}(?:, [^)]*)?)\)"
)
_IN_BRACKETS = re.compile(
    rf"\b(?:contact|lead|leader|manager|worker|officer|co-?ordinator|chair|nurse|practitioner|person|colleague)"
    rf" \(({_WORD})\)",
    re.I,
)
#: Without this nothing that is looked for can be there. Most cells have no capitals but where a sentence begins.
_CAPITALS = re.compile(r"[A-Z][\w.’'-]* [A-Z]|\([A-Z]|[a-z]@")


def names_a_person(text: str) -> str:
    """The words in ``text`` that seem to be a person's name; empty where none do. It may err both ways."""
    if not _CAPITALS.search(text):
        return ""
    for match in _CUES.finditer(text):
        found = next((group for group in match.groups() if group), match.group(0))
        if _like_a_person(found):
            return found
    bracketed = _IN_BRACKETS.search(text)
    return bracketed[1] if bracketed and bracketed[1][0].isupper() and _like_a_person(bracketed[1]) else ""


def owner_names_a_person(text: str) -> str:
    """The person named in the cell of an owner, where people stand before their posts, or after them."""
    if is_post(re.split(r"[,(–\n]", text)[0]):
        return surely_a_person(text)
    for line in re.split(r"\n|;", text):
        first = re.split(r"[,(–]| - ", tidy(line))[0].strip()
        if re.fullmatch(_PERSON, first) and _like_a_person(first) and not is_post(first):
            return first
    return surely_a_person(text) or names_a_person(text)


def _like_a_person(found: str) -> bool:
    words = re.findall(r"[A-Za-z’']+", re.split(r",", found)[0])
    if found.islower():  # the name in an address
        return not any(word in NOT_NAMES | BODY_ENDS for word in words)
    return bool(words) and not any(re.sub(r"’s|'s$", "", word.lower()) in NOT_NAMES | BODY_ENDS for word in words)
