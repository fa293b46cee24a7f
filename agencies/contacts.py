"""People at an agency who have no account: whom to ring, and by whom something was reported."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from agencies import audit
from agencies.addresses import check_address
from agencies.columns import most_letters
from agencies.holdings import forget
from agencies.models import Agency, Contact, User
from agencies.permissions import require
from agencies.refusals import Refused
from agencies.roles import Permission

if TYPE_CHECKING:
    from agencies.actors import System


@transaction.atomic
def add(*, agency: Agency, name: str, by: User | System, post: str = "", email: str = "") -> Contact:
    """Note somebody at ``agency`` who has no account. Refused without a name, and with an address that is none."""
    require(by, Permission.MANAGE_PEOPLE, agency)
    contact = Contact.objects.create(agency=agency, **_facts(name, post, email))
    _record("contact.added", by, contact)
    return contact


@transaction.atomic
def change(
    *, contact: Contact, name: str, by: User | System, post: str = "", email: str = "", seen: str = ""
) -> Contact:
    """Mend what is noted of a contact.

    ``seen`` is the mark of what stood there while this was written: if something else has come since, it is refused,
    and nobody's words are lost unread.
    """
    contact = _lasting(contact, by)
    facts = _facts(name, post, email)
    if all(getattr(contact, fact) == value for fact, value in facts.items()):
        return contact
    if seen and seen != mark_of(contact):
        raise Refused("Somebody changed what is noted while you were writing. Yours is not saved yet.")
    for fact, value in facts.items():
        setattr(contact, fact, value)
    contact.save(update_fields=["name", "post", "email"])
    _record("contact.changed", by, contact)
    return contact


@transaction.atomic
def end(*, contact: Contact, by: User | System) -> Contact:
    """Note that a contact is there no more. What was reported by them stays under their name."""
    contact = _lasting(contact, by)
    contact.until = timezone.localdate()
    contact.save(update_fields=["until"])
    _record("contact.ended", by, contact)
    return contact


def mark_of(contact: Contact) -> str:
    """What tells what is noted of a contact now from what was noted before."""
    noted = (contact.name, contact.post, contact.email, contact.until)
    return hashlib.sha256(repr(noted).encode()).hexdigest()


def lasting(agency: Agency, on: dt.date) -> list[Contact]:
    """The contacts of ``agency`` on the day ``on``."""
    return [row for row in agency.contacts.all() if row.until is None or row.until > on]


def _lasting(contact: Contact, by: User | System) -> Contact:
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    forget()
    require(by, Permission.MANAGE_PEOPLE, contact.agency)
    if contact.until is not None:
        raise Refused(f"{contact.name} is noted as having left.")
    return contact


def _facts(name: str, post: str, email: str) -> dict[str, str]:
    facts = {"name": " ".join(name.split()), "post": " ".join(post.split()), "email": email.strip()}
    if not facts["name"]:
        raise Refused("Enter the name.", field="name")
    for field in ("name", "post"):
        if len(facts[field]) > (most := most_letters(Contact, field)):
            raise Refused(f"Shorten this to {most} letters or fewer.", field=field)
    if facts["email"]:
        check_address(facts["email"])
    return facts


def _record(event: str, by: User | System, contact: Contact) -> None:
    audit.record(event, by=by, about=contact, partnership=contact.agency.partnership_id)
