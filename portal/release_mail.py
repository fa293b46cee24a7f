"""The mails about release: to an agency's leads that an update waits, to its author that it was returned.

They say which plan and where to read on, and nothing of what was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from agencies.permissions import holds
from agencies.post import AccountMail
from agencies.releasing import may_release
from agencies.roles import Permission
from portal.account_mail import letter, site_link
from reviews.chasing.kinds import Letter, MailKind, StillHolding, register
from reviews.chasing.recipients import has_address
from reviews.models import Draft, Submission, Why

if TYPE_CHECKING:
    from agencies.models import User
    from reviews.models import Action, Notice


def register_kinds() -> None:
    """Say how these mails are made."""
    register(AccountMail.UPDATE_WAITS, MailKind(_still_waits, _waits))
    register(AccountMail.UPDATE_RETURNED, MailKind(_still_returned, _returned))


def _still_waits(notice: Notice) -> StillHolding:
    """``facts`` is what waits, while it does and the person may release it."""
    rows = Submission.objects.select_related("action__review__partnership", "agency")
    row = rows.filter(pk=notice.about_id or 0, outcome=Submission.Outcome.WAITING).first()
    if row is None:
        return StillHolding(why_not=Why.SETTLED)
    if notice.person is None or not may_release(notice.person, row.agency):
        return StillHolding(why_not=Why.NO_RIGHT)
    return _to_a_reader(notice.person, row.action, row)


def _still_returned(notice: Notice) -> StillHolding:
    """``facts`` is the draft, while its author has it."""
    rows = Draft.objects.select_related("action__review__partnership", "agency")
    row = rows.filter(pk=notice.about_id or 0, kind=Draft.Kind.RETURNED, author=notice.person).first()
    if row is None or notice.person is None:
        return StillHolding(why_not=Why.SETTLED)
    return _to_a_reader(notice.person, row.action, row)


def _to_a_reader(person: User, action: Action, facts: Submission | Draft) -> StillHolding:
    if not holds(person, Permission.READ_ACTION, action):
        return StillHolding(why_not=Why.NO_RIGHT)
    return StillHolding(facts=facts) if has_address(person) else StillHolding(why_not=Why.NO_ADDRESS)


def _waits(notice: Notice, found: StillHolding) -> Letter:
    return _letter(notice, "portal/release/waits_mail", found, reverse("submission-detail", args=[found.facts.pk]))


def _returned(notice: Notice, found: StillHolding) -> Letter:
    draft: Draft = found.facts
    page = f"{reverse('action-update', args=[draft.action_id])}?agency={draft.agency_id}&draft={draft.pk}"
    return _letter(notice, "portal/release/returned_mail", found, page)


def _letter(notice: Notice, words: str, found: StillHolding, page: str) -> Letter:
    assert notice.person is not None  # asked a moment ago  # noqa: S101
    facts: Submission | Draft = found.facts
    review = facts.action.review
    return letter(notice.person.email, words, agency=facts.agency, review=review, link=site_link(page))
