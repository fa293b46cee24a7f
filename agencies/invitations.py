"""How people come: asked by mail to take a role, which they accept with the link in that mail.

A secret is made while its mail is built (``make_link``) and stands nowhere but there. Opening a link uses nothing up:
mail scanners open links too.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import accounts, audit, memberships, post
from agencies.actors import System, person
from agencies.addresses import check_address
from agencies.invitation_limits import check_not_too_often
from agencies.models import Agency, Invitation, InvitationLink, Membership, Partnership, User
from agencies.models.invitations import LASTS
from agencies.post import AccountMail
from agencies.refusals import Refused
from agencies.roles import ROLES, Container, RoleCode
from agencies.succession import lock_agencies

#: 256 bits.
SECRET_BYTES = 32
#: The portal acting on what somebody asked for in its name, where no person had asked.
INVITED = System("invitation")
#: What admits whom a review's panel was offered to: the layer above registers it here.
_to_panel: list[Callable[[Invitation, User], object]] = []


def when_a_panel_reader_accepts(do: Callable[[Invitation, User], object]) -> None:
    """Say what accepting a part in a review's panel brings, in the same transaction. Called once, by the app above."""
    _to_panel[:] = [do]


@transaction.atomic
def invite(
    *, email: str, role: str, container: Agency | Partnership, by: User | System, of_a_panel: bool = False
) -> Invitation:
    """Ask ``email`` by mail to take ``role`` on ``container``. The answer is the same whether the address is known.

    ``of_a_panel``: the role is on one of the partnership's reviews, and ``reviews.panel``, which calls so, keeps which.

    Refused where it is no address, to oneself, to who belongs there already, for a role of another kind of place, at an
    agency that is closed, while another invitation of the address to this place is open, and when too many were sent in
    a day.
    """
    email = User.objects.normalize_email(email)
    check_address(email)
    type(container)._default_manager.select_for_update(no_key=True).get(pk=container.pk)  # not twice at one moment
    _check_can_invite(email, role, container, by, of_a_panel)
    check_not_too_often(email, container, by)
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        agency=container if isinstance(container, Agency) else None,
        partnership=container if isinstance(container, Partnership) else None,
        recorded_by=person(by),
    )
    _send(invitation)
    _record("invitation.sent", by, invitation)
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation, by: User | System) -> Invitation:
    """Ask once more: another mail with another link, for another week.

    Whoever asks last offers the role: an earlier sender may have left. The audit keeps who asked first.
    """
    invitation = _open(invitation, by)
    check_not_too_often(invitation.email, invitation.container, by)
    invitation.asked_at, invitation.recorded_by = timezone.now(), person(by)
    invitation.save(update_fields=["asked_at", "recorded_by"])
    _send(invitation)
    _record("invitation.sent_again", by, invitation)
    return invitation


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User | System) -> Invitation:
    """Take an invitation back. Its links open no more."""
    invitation = _open(invitation, by)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    _record("invitation.withdrawn", by, invitation)
    return invitation


def make_link(invitation: Invitation) -> str:
    """A new secret for a mail that is being built. Those of earlier mails open as long as they did."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    InvitationLink.objects.create(invitation=invitation, hash=_hash(secret))
    return secret


def of_secret(secret: str) -> Invitation | None:
    """The invitation to which a link with this secret belongs, whatever has become of it; None for a made-up one."""
    rows = InvitationLink.objects.select_related("invitation__agency__partnership", "invitation__partnership")
    link = rows.filter(hash=_hash(secret)).first()
    return link.invitation if link else None


def why_not_accept(secret: str) -> str:
    """Why a link with this secret opens nothing now, as a code of ``Invitation.State``; "" when it does.

    Withdrawn is also what its sender may not offer any more: whoever left cannot bring others in by what they sent.
    """
    now = timezone.now()
    link = InvitationLink.objects.select_related("invitation").filter(hash=_hash(secret)).first()
    if link is None:
        return Invitation.State.WITHDRAWN
    invitation = link.invitation
    state = invitation.state(now)
    if state == Invitation.State.WAITING and now >= link.made_at + LASTS:
        return Invitation.State.EXPIRED
    if state == Invitation.State.WAITING:
        return "" if is_still_offered(invitation) else Invitation.State.WITHDRAWN
    return state


def still_offered(waiting: Sequence[Invitation], container: Agency | Partnership) -> set[int]:
    """Which of the invitations to ``container`` their senders may still offer: who left offers nothing any more."""
    if isinstance(container, Agency) and container.closed_on:
        return set()
    held = memberships.held_over({row.recorded_by_id for row in waiting if row.recorded_by_id}, container)
    return {
        row.pk
        for row in waiting
        if row.recorded_by is None
        or (row.recorded_by.is_active and row.recorded_by.is_superuser)
        or held.get(row.recorded_by.pk, set()) & set(ROLES[row.role].granted_by)
    }


def is_still_offered(invitation: Invitation) -> bool:
    """The same of one invitation."""
    return bool(still_offered([invitation], invitation.container))


@transaction.atomic
def accept(*, secret: str, by: User) -> Invitation:
    """Take the role with the account that has the address; its password is not touched.

    Raises PermissionDenied for another account, Refused when the link opens nothing any more.
    """
    invitation = _taken(secret)
    if by.email != invitation.email:
        raise PermissionDenied("this invitation went to another address")
    return _accepted(invitation, by)


@transaction.atomic
def join(*, secret: str, name: str, password: str) -> User:
    """Make the account of somebody new, with the name and password they chose, and give them the role.

    The address is theirs: only its owner could read the link. Refused where it has an account by now.
    """
    invitation = _taken(secret)
    user = accounts.open_account(email=invitation.email, name=name, password=password)
    _accepted(invitation, user)
    user.refresh_from_db()
    return user


@transaction.atomic
def join_known(*, email: str, name: str) -> User:
    """Make the account of somebody invited whom another proved to be the owner of ``email``; it has no password.

    Every invitation that waits for the address is accepted, as far as it can be. Refused where none is.
    """
    email = User.objects.normalize_email(email)
    now = timezone.now()
    waiting = [
        row
        for row in Invitation.objects.select_for_update()
        .filter(email=email, accepted_at=None, withdrawn_at=None)
        .order_by("pk")
        if row.state(now) == Invitation.State.WAITING and is_still_offered(row)
    ]
    if not waiting or User.objects.filter(email=email).exists():
        raise Refused("There is no invitation for this address.")
    lock_agencies([row.agency for row in waiting if row.agency])  # in their order, and before the person
    user = accounts.open_account(email=email, name=name, password=None)
    if not [invitation for invitation in waiting if _could_be_accepted(invitation, user)]:
        raise Refused("There is no invitation for this address.")
    user.refresh_from_db()
    return user


def _could_be_accepted(invitation: Invitation, user: User) -> bool:
    """Whether it was: one that is too late, as for a panel whose last day has passed, is in no other's way."""
    try:
        with transaction.atomic():
            _accepted(invitation, user)
    except Refused:
        return False
    return True


def _check_can_invite(
    email: str, role: str, container: Agency | Partnership, by: User | System, of_a_panel: bool
) -> None:
    if role not in ROLES or not memberships.may_grant(by, role, container):
        raise PermissionDenied("this role is not theirs to grant")
    kind = Container.AGENCY if isinstance(container, Agency) else Container.PARTNERSHIP
    if ROLES[role].on != (Container.REVIEW if of_a_panel else kind):
        raise Refused(f"{ROLES[role].code.label} is not a role on {kind.label}.", field="role")
    if isinstance(container, Agency) and container.closed_on:
        raise Refused(f"{container} no longer exists. Invite people to the agency that took over from it.")
    if isinstance(by, User) and by.email == email:
        raise Refused("You cannot give a role to yourself. Ask somebody else who may.", field="email")
    if of_a_panel:
        return  # who belongs there already may sit on a panel, or on two
    here = {"agency" if kind == Container.AGENCY else "partnership": container}
    if member := Membership.objects.filter(user__email=email, until__isnull=True, **here).first():
        raise Refused(f"{member.user} is already {member.get_role_display()} at {container}.", field="email")
    waiting = Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None, **here)
    if waiting.exclude(role=RoleCode.PANEL_READER).exists():
        raise Refused("This address was already invited. You can send that invitation again.", field="email")


def _open(invitation: Invitation, by: User | System) -> Invitation:
    """The invitation, locked, while it is open and ``by`` may grant what it offers."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not memberships.may_grant(by, invitation.role, invitation.container):
        raise PermissionDenied("this role is not theirs to grant")
    if invitation.accepted_at:
        raise Refused("This invitation was accepted.")
    if invitation.withdrawn_at:
        raise Refused("This invitation was withdrawn.")
    return invitation


def _taken(secret: str) -> Invitation:
    """The invitation of this secret, locked, while it can be accepted."""
    found = of_secret(secret)
    if found is not None:
        found = Invitation.objects.select_for_update().get(pk=found.pk)
    if found is None or why_not_accept(secret):
        raise Refused("This invitation cannot be accepted any more. Ask whoever invited you for another.")
    return found


def _accepted(invitation: Invitation, user: User) -> Invitation:
    if invitation.role == RoleCode.PANEL_READER:
        for admit in _to_panel:
            admit(invitation, user)
    else:
        memberships.grant(
            user=user, role=invitation.role, container=invitation.container, by=invitation.recorded_by or INVITED
        )
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _record("invitation.accepted", user, invitation)
    return invitation


def _send(invitation: Invitation) -> None:
    # The person is left out even where the address has an account: the send log must not tell who is known.
    post.queue(kind=AccountMail.INVITATION, about=invitation.pk, partnership=_partnership(invitation))


def _partnership(invitation: Invitation) -> Partnership:
    container = invitation.container
    return container.partnership if isinstance(container, Agency) else container


def _record(event: str, by: User | System, invitation: Invitation) -> None:
    audit.record(event, by=by, about=invitation, partnership=_partnership(invitation).pk, role=invitation.role)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
