"""The kinds of mail: for each, what still holds just before it is sent, and how its words are made.

Delivery knows no kind. Whoever adds one registers it here: reminders and returned claims by this package, mails about
accounts by the portal, which has their pages and words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviews.models import Line, Notice


@dataclass
class StillHolding:
    """What is left of a message. ``why_not``, a code of ``Why``, says why none of it is to be sent.

    ``facts`` is what composing needs. A message about plans also says which of its lines go and which are dropped, why.
    """

    why_not: str = ""
    facts: Any = None
    lines: list[Line] = field(default_factory=list)
    dropped: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """A message that is ready to go. It exists while it is handed to the mail server, and is kept nowhere."""

    to: str
    subject: str
    body: str
    reply_to: str = ""


@dataclass(frozen=True)
class MailKind:
    """One kind of mail.

    Both functions are called anew each time that sending is tried, outside any transaction. A message may have arrived
    although we do not know it, so ``compose`` must not make worthless what an earlier try carried: a link of the first
    try opens as long as one of the second. ``what_still_holds`` only reads.
    """

    what_still_holds: Callable[[Notice], StillHolding]
    compose: Callable[[Notice, StillHolding], Letter]


_kinds: dict[str, MailKind] = {}


def register(kind: str, mail: MailKind) -> None:
    """Say how mails of ``kind`` are made."""
    _kinds[kind] = mail


def kind_of(notice: Notice) -> MailKind:
    """How ``notice`` is made; KeyError where nobody has said it, which fails this message and keeps no other."""
    return _kinds[notice.kind]


def registered() -> frozenset[str]:
    """The kinds of which somebody has said how they are made."""
    return frozenset(_kinds)
