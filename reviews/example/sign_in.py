"""Who can sign in to the example, as the table that the launcher prints and the README shows."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.roles import ROLES
from reviews.example import cast

HEADINGS = ("Sign in as", "Name", "Who they are")


@dataclass(frozen=True)
class SignIn:
    """One line of the table."""

    email: str
    name: str
    role: str


def sign_ins() -> list[SignIn]:
    """Everybody in the example, in the order of the cast."""
    return [SignIn(person.email, person.name, _role(person)) for person in cast.PEOPLE]


def table() -> str:
    """The table in plain text, columns aligned. Members are left to its last line: each lead has one."""
    rows = [HEADINGS, *((one.email, one.name, one.role) for one in sign_ins() if ".member@" not in one.email)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"  {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}" for row in rows]
    return "\n".join([*lines, "", "  Each agency lead has a colleague: police.member@haringey.example, and so on."])


def _role(person: cast.Person) -> str:
    if person.site_administrator:
        return "Site administrator (Django admin, everything)"
    if not person.places:
        return person.also
    return "; ".join(f"{ROLES[role].code.label}, {_place(key)}" for role, key in person.places)


def _place(key: str) -> str:
    if key in cast.PARTNERSHIPS:
        return cast.PARTNERSHIPS[key]["name"]
    return next(body.name for bodies in cast.AGENCIES.values() for body in bodies if body.key == key)
