"""How this layer asks for a mail. The outbox belongs to the layer above, which registers here how it takes one.

What is asked for is a row, never words: subject, body, links and secrets are made when the mail is built, by what
stands in ``reviews.chasing.kinds`` for its kind. docs/chasing.md says how to add a kind.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices

if TYPE_CHECKING:
    from agencies.models import Partnership, User


class AccountMail(TextChoices):
    """The mails about people's accounts. No pause of a partnership's reminders holds them back."""

    INVITATION = "invitation", "Invitation"
    PASSWORD_RESET = "password_reset", "Link for choosing a new password"
    CONFIRM_ADDRESS = "confirm_address", "Link for confirming an address"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    ADDRESS_CHANGED = "address_changed", "E-mail address changed, to the old one"
    ADDRESS_REMOVED = "address_removed", "E-mail address not taken over"
    APP_ADDED = "app_added", "Authenticator app set up"
    APP_REMOVED = "app_removed", "Authenticator app removed"
    KEY_ADDED = "key_added", "Passkey added"
    KEY_REMOVED = "key_removed", "Passkey removed"
    RECOVERY_CODES = "recovery_codes", "Recovery codes made"
    FACTOR_RESET = "factor_reset", "Second step reset"
    PROVIDER_ADDED = "provider_added", "Sign-in by the organisation's account begun"
    PROVIDER_REMOVED = "provider_removed", "Sign-in by the organisation's account ended"
    CONFIRM_PEOPLE = "confirm_people", "Question who still belongs"
    PEOPLE_ENDED = "people_ended", "Access ended that nobody confirmed"
    UPDATE_WAITS = "update_waits", "An update waits for release"
    UPDATE_RETURNED = "update_returned", "An update was returned to its author"


@dataclass(frozen=True)
class Asked:
    """A mail that is asked for, as ``queue`` describes it."""

    kind: AccountMail
    key: str
    person: User | None
    about: int | None
    address: str
    partnership: Partnership | None


Outbox = Callable[[Asked], None]
_outbox: list[Outbox] = []


def register(outbox: Outbox) -> None:
    """Say who takes what is asked for. Called once, when the app that has the outbox starts."""
    _outbox[:] = [outbox]


def queue(
    *,
    kind: AccountMail,
    person: User | None = None,
    about: int | None = None,
    address: str = "",
    partnership: Partnership | None = None,
    key: str = "",
) -> None:
    """Ask for one mail. Call it in the transaction of what it tells of: without its commit there is no mail.

    ``person`` is to whom; None where there is no account: an invitation, or a reset asked for by a stranger, which is
    queued so that the answer takes as long, and dropped. ``about`` is the primary key of the row that the kind speaks
    of, such as an invitation; address and words are found from it when the mail is built. ``address`` is for one that
    stands in no row any more: the old address after a change. With ``partnership`` its coordinator sees the mail in the
    send log, without it site administrators only.

    A ``key`` that was queued before asks for nothing: give one where asking twice must not mail twice. It becomes the
    Message-ID and holds codes and ids only. By default each call is a mail of its own.
    """
    of_whom = about if about is not None else person.pk if person else "-"
    key = key or f"{kind.value}:{of_whom}:{uuid.uuid4().hex}"
    (outbox,) = _outbox
    outbox(Asked(kind=kind, key=key, person=person, about=about, address=address, partnership=partnership))
