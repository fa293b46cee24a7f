"""The mails about belonging: by which somebody is invited, and by which a lead is asked who still belongs.

The secret of an invitation is made here, while its mail is built, and only its hash is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from agencies import confirming
from agencies.invitations import is_still_offered, make_link
from agencies.models import Agency, Invitation
from agencies.permissions import holds
from agencies.post import AccountMail
from agencies.roles import Permission
from portal.account_mail import letter, site_link
from reviews.chasing.kinds import Letter, MailKind, StillHolding, register
from reviews.chasing.recipients import has_address
from reviews.models import Why

if TYPE_CHECKING:
    from reviews.models import Notice


def register_kinds() -> None:
    """Say how these mails are made."""
    register(AccountMail.INVITATION, MailKind(_still_open, _invitation))
    register(AccountMail.CONFIRM_PEOPLE, MailKind(_still_asked, _question))
    register(AccountMail.PEOPLE_ENDED, MailKind(_of_an_agency, _ended))


def _still_open(notice: Notice) -> StillHolding:
    """``facts`` is the invitation, while it waits to be accepted and its sender may offer what it offers."""
    rows = Invitation.objects.select_related("agency__partnership", "partnership", "recorded_by")
    invitation = rows.filter(pk=notice.about_id or 0).first()
    if invitation is None or invitation.state(timezone.now()) != Invitation.State.WAITING:
        return StillHolding(why_not=Why.SETTLED)
    return StillHolding(facts=invitation) if is_still_offered(invitation) else StillHolding(why_not=Why.NO_RIGHT)


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


def _still_asked(notice: Notice) -> StillHolding:
    """``facts`` is the agency, while somebody there is unconfirmed and the person may answer."""
    agency = Agency.objects.filter(pk=notice.about_id or 0).first()
    if agency is None or confirming.ends_on(agency) is None:
        return StillHolding(why_not=Why.SETTLED)
    if notice.person is None or not holds(notice.person, Permission.MANAGE_PEOPLE, agency):
        return StillHolding(why_not=Why.NO_RIGHT)
    return StillHolding(facts=agency) if has_address(notice.person) else StillHolding(why_not=Why.NO_ADDRESS)


def _question(notice: Notice, found: StillHolding) -> Letter:
    agency: Agency = found.facts
    assert notice.person is not None  # asked a moment ago  # noqa: S101
    return letter(
        notice.person.email,
        "portal/people/confirm_mail",
        agency=agency,
        ends_on=confirming.ends_on(agency),
        link=site_link(reverse("people-agency", args=[agency.pk])),
    )


def _of_an_agency(notice: Notice) -> StillHolding:
    """``facts`` is the agency. Whoever answered for it is told, though their own access may have ended too."""
    agency = Agency.objects.select_related("partnership").filter(pk=notice.about_id or 0).first()
    if agency is None or notice.person is None or not has_address(notice.person):
        return StillHolding(why_not=Why.NO_ADDRESS)
    return StillHolding(facts=agency)


def _ended(notice: Notice, found: StillHolding) -> Letter:
    agency: Agency = found.facts
    assert notice.person is not None  # asked a moment ago  # noqa: S101
    link = site_link(reverse("people-agency", args=[agency.pk]))
    return letter(notice.person.email, "portal/people/ended_mail", agency=agency, link=link)
