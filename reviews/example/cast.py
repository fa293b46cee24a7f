"""Who is in the example: partnerships, agencies and invented people, as tables."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import AgencyKind
from agencies.roles import RoleCode

#: Everybody in the example signs in with this. It opens nothing anywhere else.
PASSWORD = "for-example-only"  # noqa: S105

HARINGEY, MARLBRIDGE = "haringey", "marlbridge"

PARTNERSHIPS: dict[str, dict[str, str]] = {
    HARINGEY: {
        "name": "Haringey Community Safety Partnership",
        "group_name": "Violence Against Women and Girls Strategic Group",
        "contact_email": "coordinator@haringey.example",
    },
    MARLBRIDGE: {
        "name": "Marlbridge Community Safety Partnership",
        "contact_email": "coordinator@marlbridge.example",
    },
}


@dataclass(frozen=True)
class Body:
    """An agency: ``published`` is what the Adult A papers call it where they do not give its name."""

    key: str
    name: str
    kind: AgencyKind
    published: str = ""
    short: str = ""


_K = AgencyKind
AGENCIES: dict[str, tuple[Body, ...]] = {
    HARINGEY: (
        # Addressed by the Adult A review.
        Body("operational", "VAWG Operational Group", _K.GROUP),
        Body("advisory", "Violence Against Women and Girls Advisory Group", _K.GROUP),
        Body("strategic", "VAWG Strategic Group", _K.GROUP),
        Body("haga", "Haringey Advisory Group on Alcohol (HAGA)", _K.CHARITY, short="HAGA"),
        Body("daat", "Drug and Alcohol Action Team", _K.COUNCIL, short="DAAT"),
        Body("hospital", "North Middlesex University Hospital Trust", _K.HEALTH),
        Body("university-a", "Lea Marshes University", _K.EDUCATION, published="University A"),
        Body("university-b", "Northern Heights University", _K.EDUCATION, published="University B"),
        Body("probation-trust", "London Probation Trust", _K.PROBATION),
        Body("solicitor", "Farrow and Pell Solicitors", _K.OTHER, published="Solicitor"),
        Body("school", "Elm Grove School", _K.EDUCATION, published="School"),
        Body("circle", "Circle 33 Housing Association", _K.HOUSING),
        Body("practice", "Turnpike Surgery", _K.HEALTH, published="General Practice"),
        Body("haringey-ccg", "Haringey Clinical Commissioning Group", _K.HEALTH),
        Body("enfield-ccg", "Enfield Clinical Commissioning Group", _K.HEALTH),
        Body("children", "Haringey Children and Young People's Service", _K.COUNCIL, short="CYPS"),
        # Take part in the reviews of today.
        Body("police", "Borough Police", _K.POLICE),
        Body("adults", "Haringey Adult Social Care", _K.COUNCIL),
        Body("mental-health", "Riverside Mental Health NHS Trust", _K.HEALTH),
        Body("homes", "Lea Bridge Homes", _K.HOUSING),
        Body("lantern", "Lantern Domestic Abuse Service", _K.CHARITY),
        Body("probation", "North London Probation", _K.PROBATION),
        Body("icb", "North Central Integrated Care Board", _K.HEALTH, short="ICB"),
        Body("home-office", "Home Office", _K.NATIONAL),
    ),
    MARLBRIDGE: (
        Body("m-police", "Marlbridge Police", _K.POLICE),
        Body("m-homes", "Marlbridge Homes", _K.HOUSING),
        Body("m-health", "Marlbridge Community Health Trust", _K.HEALTH),
    ),
}

#: Agencies that have no accounts: somebody to write to. Agency, name, post.
CONTACTS: tuple[tuple[str, str, str], ...] = (
    ("school", "Ines Whitlock", "Head teacher"),
    ("solicitor", "Rafe Pell", "Partner"),
    ("practice", "Odile Marchant", "Practice manager"),
    ("home-office", "Jo Tamworth", "Review correspondence"),
)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in. ``places`` are pairs of a role and the key of an agency or partnership."""

    mailbox: str
    name: str
    places: tuple[tuple[RoleCode, str], ...] = ()
    partnership: str = HARINGEY
    site_administrator: bool = False
    also: str = ""

    @property
    def email(self) -> str:
        """The address with which they sign in."""
        return f"{self.mailbox}@{self.partnership}.example"


_R = RoleCode


def _both(lead: str, member: str, agency: str, partnership: str = HARINGEY) -> tuple[Person, Person]:
    return (
        Person(f"{agency.removeprefix('m-')}.lead", lead, ((_R.AGENCY_LEAD, agency),), partnership),
        Person(f"{agency.removeprefix('m-')}.member", member, ((_R.AGENCY_MEMBER, agency),), partnership),
    )


PEOPLE: tuple[Person, ...] = (
    Person("coordinator", "Ruth Okello", ((_R.COORDINATOR, HARINGEY),)),
    Person("chair", "Douglas Ferrant", ((_R.GROUP_CHAIR, HARINGEY),)),
    Person("group", "Meera Sandhu", ((_R.GROUP_MEMBER, HARINGEY),)),
    Person("councillor", "Vera Lundqvist", ((_R.PARTNERSHIP_OBSERVER, HARINGEY),)),
    Person("panel", "Imogen Hale", also="Independent chair: reads the restricted review DARDR-2026-1"),
    *_both("Amara Finch", "Joel Marsden", "police"),
    *_both("Hugh Castellan", "Bea Ormond", "hospital"),
    *_both("Nadia Voss", "Tom Ashdown", "mental-health"),
    *_both("Cleo Wattling", "Sam Irving", "adults"),
    *_both("Farida Noor", "Kit Pargeter", "children"),
    *_both("Gwen Tully", "Ade Bankole", "homes"),
    *_both("Rosa Delgado", "Mina Cho", "lantern"),
    *_both("Peter Stannard", "Lucy Brand", "probation"),
    *_both("Wren Halloran", "Idris Vale", "daat"),
    *_both("Esther Quayle", "Colin Reeve", "haga"),
    Person(
        "two.agencies",
        "Tariq Bellamy",
        ((_R.AGENCY_MEMBER, "icb"), (_R.AGENCY_MEMBER, "hospital")),
    ),
    Person("observer", "Oona Priest", ((_R.AGENCY_OBSERVER, "police"),)),
    Person("coordinator", "Silas Merrow", ((_R.COORDINATOR, MARLBRIDGE),), MARLBRIDGE),
    Person("chair", "Honor Blythe", ((_R.GROUP_CHAIR, MARLBRIDGE),), MARLBRIDGE),
    *_both("Petra Lusk", "Owen Farr", "m-police", MARLBRIDGE),
    *_both("Dora Winslow", "Ned Asher", "m-homes", MARLBRIDGE),
    Person("admin", "Site Administrator", partnership="portal", site_administrator=True),
)

#: In restricted reviews: review, agency, and the mailbox of the person whom its lead names.
NAMED_READERS: tuple[tuple[str, str, str], ...] = (
    ("DARDR-2026-1", "police", "police.lead"),
    ("DARDR-2026-1", "lantern", "lantern.lead"),
)
