"""The mail by which somebody is invited. Its link's secret is made here, while the mail is built, and only hashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from agencies.invitations import make_link
from agencies.models import Agency, Invitation
from agencies.post import AccountMail
from portal.account_mail import letter, site_link
from reviews.chasing.kinds import Letter, MailKind, StillHolding, register
from reviews.models import Why

if TYPE_CHECKING:
    from reviews.models import Notice


def register_kind() -> None:
    """Say how invitations are made."""
    register(AccountMail.INVITATION, MailKind(_still_open, _invitation))


def _still_open(notice: Notice) -> StillHolding:
    """``facts`` is the invitation, while it waits to be accepted."""
    rows = Invitation.objects.select_related("agency__partnership", "partnership", "recorded_by")
    invitation = rows.filter(pk=notice.about_id or 0).first()
    if invitation is None or invitation.state(timezone.now()) != Invitation.State.WAITING:
        return StillHolding(why_not=Why.SETTLED)
    return StillHolding(facts=invitation)


def _invitation(notice: Notice, found: StillHolding) -> Letter:
    invitation: Invitation = found.facts
    container = invitation.container
    partnership = container.partnership if isinstance(container, Agency) else container
    return letter(
        invitation.email,
        "portal/invitation/mail",
        invitation=invitation,
        partnership=partnership,
        link=site_link(reverse("invitation", args=[make_link(invitation)])),
    )
