"""Small random partnerships, and who may do what in them worked out in plain Python from the same facts.

Nothing here reads ``agencies.permissions`` or the registered paths: the rules are written down a second time, from
docs and tables, so that a mistake in one of the two shows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from agencies import memberships
from agencies.actors import EXAMPLE
from agencies.models import Agency, AgencyUserPermission, AuditEntry, Membership, Partnership, Succession, User
from agencies.roles import ROLES, Container
from reviews.models import Action, Assignment, Evidence, Reader, Review, ReviewUserPermission
from tests import factories as make

AGENCY_ROLES = [code for code, role in ROLES.items() if role.on == Container.AGENCY]
PARTNERSHIP_ROLES = [code for code, role in ROLES.items() if role.on == Container.PARTNERSHIP]

#: What has become of a membership or a reading: it lasts; it ended; it ended and guardian's row was left behind by
#: mistake; it lasts and guardian's row is missing.
LASTS, ENDED, STALE, SHADOWLESS = FATES = ("lasts", "ended", "stale", "shadowless")

fates = st.sampled_from((LASTS, LASTS, LASTS, ENDED, STALE, SHADOWLESS))


@dataclass(frozen=True)
class Facts:
    """What is drawn. Agencies 0 and 1 and reviews 0 and 1 are of partnership 0, the others of partnership 1."""

    memberships: dict[tuple[int, str, int], tuple[str, str]]  # person, "agency" or "partnership", place → role, fate
    restricted: list[bool]  # of each review
    assignments: dict[tuple[int, int], bool]  # action, agency → whether it lasts
    readings: dict[tuple[int, int], tuple[int | None, str]]  # person, review → naming agency (None: panel), fate
    evidence: list[tuple[int, int]]  # action, agency
    inactive: bool  # person 0
    took_over: tuple[bool, bool] = (False, False)  # agency 1 from agency 0, agency 3 from agency 2


@st.composite
def facts(draw: Any) -> Facts:
    """Any world: two partnerships with two agencies, two reviews and two actions a review each, and two people.

    Person 0 is the one that is asked about, and has much; person 1 is there to be mistaken for them.
    """
    inside = [(action, agency) for action in range(8) for agency in range(4) if action // 4 == agency // 2]
    at_agencies = st.none() | st.tuples(st.sampled_from(AGENCY_ROLES), fates)
    in_partnerships = st.sampled_from((None, None, None, *PARTNERSHIP_ROLES))
    members = {(who, "agency", place): draw(at_agencies) for who in range(2) for place in range(4)}
    for place in range(2):
        if role := draw(in_partnerships):
            members[0, "partnership", place] = (role, draw(fates))
    readings = {}
    for review in range(4):
        own = (None, 2 * (review // 2), 2 * (review // 2) + 1)
        if draw(st.booleans()):
            readings[0, review] = (draw(st.sampled_from(own)), draw(fates))
    parts = {pair: draw(st.sampled_from((None, True, True, False))) for pair in inside}
    return Facts(
        memberships={key: value for key, value in members.items() if value},
        restricted=draw(st.lists(st.booleans(), min_size=4, max_size=4)),
        assignments={pair: lasts for pair, lasts in parts.items() if lasts is not None},
        readings=readings,
        evidence=[pair for pair in inside if draw(st.booleans())],
        inactive=draw(st.integers(0, 9)) == 0,
        took_over=(draw(st.booleans()), draw(st.booleans())),
    )


@dataclass
class Made:
    """The rows made from facts; action ``i`` is of review ``i // 2``, review ``i`` of partnership ``i // 2``."""

    facts: Facts
    people: list[User] = field(default_factory=list)
    partnerships: list[Partnership] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)

    # --- the oracle -------------------------------------------------------------------------------------------------

    def has(self, person: int, permission: str, kind: str, place: int) -> bool:
        """Whether the person holds the permission on this agency or partnership itself."""
        role, fate = self.facts.memberships.get((person, kind, place), ("", ENDED))
        return fate == LASTS and permission in ROLES[role].may and self.is_active(person)

    def reads(self, person: int, permission: str, review: int) -> bool:
        """Whether the person holds the permission on this review itself."""
        agency, fate = self.facts.readings.get((person, review), (None, ENDED))
        role = ROLES["panel_reader" if agency is None else "named_reader"]
        return fate == LASTS and permission in role.may and self.is_active(person)

    def is_active(self, person: int) -> bool:
        """Person 0 may be switched off."""
        return not (person == 0 and self.facts.inactive)

    def enters(self, person: int, review: int, agency: int) -> bool:
        """Whether the restriction of the review is none for this person at this agency."""
        named_by, _ = self.facts.readings.get((person, review), (None, ENDED))
        named = named_by == agency and self.reads(person, "enter_restricted", review)
        return named or not self.facts.restricted[review]

    def answers(self, action: int) -> list[int]:
        """The agencies that have a part in the action now."""
        return [agency for (number, agency), lasts in self.facts.assignments.items() if lasts and number == action]

    def on_review(self, person: int, permission: str, review: int) -> bool:
        """By the partnership, or by the review itself."""
        return self.has(person, permission, "partnership", review // 2) or self.reads(person, permission, review)

    def by_agency(self, person: int, permission: str, action: int, agency: int) -> bool:
        """By an agency that has a part in the action."""
        return self.has(person, permission, "agency", agency) and self.enters(person, action // 2, agency)

    def on_action(self, person: int, permission: str, action: int) -> bool:
        """By the review, or by one of its agencies."""
        own = any(self.by_agency(person, permission, action, agency) for agency in self.answers(action))
        return own or self.on_review(person, permission, action // 2)

    def may(self, person: int, permission: str, row: Any) -> bool:
        """The whole rule, for any row of the made world."""
        return RULES[type(row)](self, person, permission, row)


def _agency(made: Made, person: int, permission: str, row: Agency) -> bool:
    number = made.agencies.index(row)
    return made.has(person, permission, "agency", number) or made.has(person, permission, "partnership", number // 2)


def _membership(made: Made, person: int, permission: str, row: Membership) -> bool:
    if row.agency:
        return _agency(made, person, permission, row.agency)
    return made.has(person, permission, "partnership", made.partnerships.index(row.partnership))


def _reader(made: Made, person: int, permission: str, row: Reader) -> bool:
    overseen = made.has(person, permission, "partnership", made.reviews.index(row.review) // 2)
    return overseen or bool(row.agency and made.has(person, permission, "agency", made.agencies.index(row.agency)))


def _assignment(made: Made, person: int, permission: str, row: Assignment) -> bool:
    action, agency = made.actions.index(row.action), made.agencies.index(row.agency)
    own = row.until is None and made.by_agency(person, permission, action, agency)
    return own or made.on_review(person, permission, action // 2)


def _evidence(made: Made, person: int, permission: str, row: Evidence) -> bool:
    action, agency = made.actions.index(row.action), made.agencies.index(row.agency)
    own = agency in made.answers(action) and made.by_agency(person, permission, action, agency)
    heir = agency + 1 if agency % 2 == 0 and made.facts.took_over[agency // 2] else None
    if heir in made.answers(action) and agency not in made.answers(action):
        own = made.by_agency(person, permission, action, heir)
    return own or made.has(person, permission, "partnership", action // 4)


def _of_action(made: Made, person: int, permission: str, row: Any) -> bool:
    return made.on_action(person, permission, made.actions.index(row.action))


RULES: dict[type, Any] = {
    Partnership: lambda made, who, what, row: made.has(who, what, "partnership", made.partnerships.index(row)),
    Agency: _agency,
    Membership: _membership,
    AuditEntry: lambda made, who, what, row: any(
        made.has(who, what, "partnership", place)
        for place, partnership in enumerate(made.partnerships)
        if partnership.pk == row.partnership_id
    ),
    Review: lambda made, who, what, row: made.on_review(who, what, made.reviews.index(row)),
    Reader: _reader,
    Action: lambda made, who, what, row: made.on_action(who, what, made.actions.index(row)),
    Assignment: _assignment,
    Evidence: _evidence,
}


def build(drawn: Facts) -> Made:
    """Make the rows that the facts tell of."""
    made = Made(drawn)
    made.people = [make.a_person(password=None) for _ in range(2)]
    made.partnerships = [make.a_partnership() for _ in range(2)]
    made.agencies = [make.an_agency(made.partnerships[number // 2]) for number in range(4)]
    made.reviews = [
        make.a_review(made.partnerships[number // 2], is_restricted=drawn.restricted[number]) for number in range(4)
    ]
    for number in range(8):
        made.actions.append(make.an_action(make.a_recommendation(made.reviews[number // 2])))
    _join(made)
    for (action, agency), lasts in drawn.assignments.items():
        ended = {} if lasts else {"until": make.TODAY}
        make.an_assignment(made.actions[action], made.agencies[agency], **ended)
    for (person, review), (agency, fate) in drawn.readings.items():
        _read(made, made.people[person], made.reviews[review], agency, fate)
    for action, agency in drawn.evidence:
        make.a_link(made.actions[action], made.agencies[agency])
    for place in (place for place, yes in enumerate(drawn.took_over) if yes):
        old, new = made.agencies[2 * place : 2 * place + 2]
        Succession.objects.create(predecessor=old, successor=new, on=make.TODAY)
    if drawn.inactive:
        User.objects.filter(pk=made.people[0].pk).update(is_active=False)
        made.people[0].refresh_from_db()
    return made


def _join(made: Made) -> None:
    for (person, kind, place), (role, fate) in made.facts.memberships.items():
        container = (made.agencies if kind == "agency" else made.partnerships)[place]
        membership = make.join(made.people[person], role, container)
        if fate == ENDED:
            memberships.end(membership=membership, by=EXAMPLE)
        elif fate == STALE:
            Membership.objects.filter(pk=membership.pk).update(until=dt.date(2026, 1, 1))
        elif fate == SHADOWLESS:
            rows = AgencyUserPermission if kind == "agency" else memberships.PartnershipUserPermission
            rows.objects.filter(user=made.people[person], content_object=container).delete()


def _read(made: Made, person: User, review: Review, agency: int | None, fate: str) -> None:
    reader = make.a_reader(person, review, agency=None if agency is None else made.agencies[agency])
    if fate in (ENDED, STALE):
        Reader.objects.filter(pk=reader.pk).update(until=make.TODAY)
    if fate in (ENDED, SHADOWLESS):
        ReviewUserPermission.objects.filter(user=person, content_object=review).delete()
