"""Mail about plans as the outbox sends it: looked at again, then put into words from the partnership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from reviews.chasing.checking import what_still_holds
from reviews.chasing.composing import compose
from reviews.chasing.kinds import Letter, MailKind, register
from reviews.models import Notice

if TYPE_CHECKING:
    from reviews.chasing.kinds import StillHolding


def register_kinds() -> None:
    """Reminders of the day and returned claims: one digest, of whatever stages."""
    for kind in Notice.Kind.values:
        register(kind, MailKind(what_still_holds, _composed))


def _composed(notice: Notice, found: StillHolding) -> Letter:
    person, partnership = notice.person, notice.partnership
    assert person and partnership  # the database holds that mail about plans has both  # noqa: S101, PT018
    questions_to = partnership.contact_email
    words = compose(found.facts, sender=partnership.name, questions_to=questions_to, site=settings.SITE_URL)
    return Letter(to=person.email, subject=words.subject, body=words.body, reply_to=questions_to)
