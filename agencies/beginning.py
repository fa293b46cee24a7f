"""How a portal begins: a partnership, its first site administrator, and its coordinator by invitation.

For whoever runs the machine; nobody can do this from a page. No password is ever given here: the site administrator
chooses one with the link in a mail, or on the page for a forgotten one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies import accounts, audit, invitations, post
from agencies.actors import System
from agencies.addresses import check_address
from agencies.models import Invitation, Membership, Partnership, User
from agencies.post import AccountMail
from agencies.refusals import Refused
from agencies.roles import RoleCode


@dataclass(frozen=True)
class Begun:
    """What there is now, and which of it is new."""

    partnership: Partnership
    administrator: User
    new_partnership: bool
    new_administrator: bool


@transaction.atomic
def begin(*, code: str, name: str, administrator: str, administrator_name: str, by: System) -> Begun:
    """Make the partnership ``code`` and a site administrator, or find them; a new administrator is mailed a link, once.

    Refused for what is no code or address, for a partnership of another name, and for the address of somebody who has
    an account without being site administrator: nobody is raised to it in passing.
    """
    partnership, new = _partnership(code, name, by)
    email = User.objects.normalize_email(administrator)
    _check_address(administrator, "administrator")
    user = User.objects.filter(email=email).first()
    if user and not (user.is_superuser and user.is_active):
        raise Refused(f"{email} has an account, and it is not a site administrator's.", field="administrator")
    return Begun(partnership, user or _administrator(email, administrator_name, by), new, user is None)


def invite_coordinator(*, partnership: Partnership, email: str, by: System) -> bool:
    """Ask ``email`` by mail to be the partnership's coordinator; False where they were asked before, or are it."""
    address = User.objects.normalize_email(email)
    asked = Invitation.objects.filter(
        email=address, partnership=partnership, role=RoleCode.COORDINATOR, accepted_at=None, withdrawn_at=None
    )
    held = Membership.objects.filter(
        user__email=address, partnership=partnership, role=RoleCode.COORDINATOR, until=None
    )
    if asked.exists() or held.exists():
        return False
    _check_address(email, "coordinator")
    invitations.invite(email=email, role=RoleCode.COORDINATOR, container=partnership, by=by)
    return True


def _check_address(typed: str, field: str) -> None:
    try:
        check_address(User.objects.normalize_email(typed))
    except Refused as refused:
        raise Refused(f"{typed} is not an e-mail address.", field=field) from refused


def _partnership(code: str, name: str, by: System) -> tuple[Partnership, bool]:
    if there := Partnership.objects.filter(code=code).first():
        if name and there.name != name:
            raise Refused(f"There is already a partnership {code}, called {there.name}.", field="name")
        return there, False
    partnership = Partnership(code=code, name=" ".join(name.split()))
    try:
        partnership.full_clean()
    except ValidationError as invalid:
        field, (sentence, *_) = next(iter(invalid.message_dict.items()))
        raise Refused(f"{field.capitalize()} of the partnership: {sentence}", field=field) from invalid
    partnership.save()
    audit.record("partnership.added", by=by, about=partnership, partnership=partnership.pk)
    return partnership, True


def _administrator(email: str, name: str, by: System) -> User:
    user = accounts.open_account(email=email, name=name, password=None)
    user.is_superuser = user.is_staff = True
    user.save(update_fields=["is_superuser", "is_staff"])
    post.queue(kind=AccountMail.PASSWORD_RESET, person=user, key=f"begin:{user.pk}")
    audit.record("administrator.added", by=by, about=user)
    return user
