"""Accounts: how one is opened, and how a lost second factor is reset.

Address, password and factors are changed by their owner alone, on allauth's pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from agencies import audit, post
from agencies.columns import most_letters
from agencies.models import AuditEntry, FormerName, Membership, Opened, User
from agencies.permissions import objects_for
from agencies.post import AccountMail
from agencies.refusals import Refused
from agencies.roles import Permission

if TYPE_CHECKING:
    from agencies.actors import System

MOST_LETTERS = most_letters(User, "name")


@transaction.atomic
def open_account(*, email: str, name: str, password: str | None) -> User:
    """Make the account of somebody who has proved that ``email`` is theirs, so that it counts as confirmed.

    Refused where the address has an account, also one that was opened at this very moment.
    """
    name = _name(name)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name)
    except IntegrityError as error:  # the address is all that is unique
        raise Refused("This address has an account. Sign in to accept the invitation.") from error
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def rename(*, user: User, name: str, by: User) -> User:
    """Give ``user``, who alone may, another name. What they did stands under it everywhere from then on.

    The name of before stays as a row, which the audit of each partnership that knows them names.
    """
    if by != user:
        raise PermissionDenied("a name is changed by its owner alone")
    name = _name(name)
    user = User.objects.select_for_update().get(pk=user.pk)
    if name != user.name:
        before = FormerName.objects.create(user=user, name=user.name, until=timezone.now())
        user.name = name
        user.save(update_fields=["name"])
        _record("account.renamed", by, user, former_name=before.pk)
    return user


def _record(event: str, by: User | System, user: User, **detail: int) -> None:
    """Write it in the audit of each partnership in which ``user`` has a part; who reads those knows the person."""
    live = Membership.objects.filter(user=user, until__isnull=True)
    places = {row[0] or row[1] for row in live.values_list("partnership", "agency__partnership")}
    known: list[int | None] = [*sorted(places)]
    for partnership in known or [None]:
        audit.record(event, by=by, about=user, partnership=partnership, **detail)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > MOST_LETTERS:
        raise Refused(f"Enter your name, in {MOST_LETTERS} letters at most.", field="name")
    return name


@transaction.atomic
def delete(*, user: User, by: User | System) -> None:
    """Take away an account that was opened by mistake. Refused as soon as its person has done or been anything here."""
    if isinstance(by, User) and not (by.is_superuser and by.is_active):
        raise PermissionDenied("only a site administrator takes accounts away")
    if by == user:
        raise Refused("This is your own account. Somebody else deletes it.")
    history = Refused(
        f"{user} has a history here, which would lose its name. End their access on the People pages instead."
    )
    if _did_anything(user):
        raise history
    audit.record("account.deleted", by=by, about=user)
    try:
        user.delete()
    except ProtectedError as error:
        raise history from error


def _did_anything(user: User) -> bool:
    """Whether either log, which keep numbers only, would no longer know whom they mean."""
    acted = AuditEntry.objects.filter(actor=f"user:{user.pk}")
    return acted.exists() or Opened.objects.filter(person_id=user.pk).exists()


@transaction.atomic
def end_sessions(user: User) -> None:
    """End every session of ``user``, wherever it is: what opens a session for them has changed."""
    User.objects.filter(pk=user.pk).update(access_version=F("access_version") + 1)
    user.refresh_from_db(fields=["access_version"])


def may_reset_second_factor(by: User, user: User) -> bool:
    """Whether ``by`` may take away the second factor that ``user`` has lost.

    Coordinators may for people of the partnership's agencies; for whoever has the admin door, a site administrator.
    """
    if by == user or not by.is_active:
        return False
    if by.is_superuser:
        return True
    partnerships = Membership.objects.filter(user=by, partnership__isnull=False, until__isnull=True)
    managed = objects_for(by, Permission.MANAGE_PEOPLE, Membership).filter(
        user=user, until__isnull=True, agency__partnership__in=partnerships.values("partnership")
    )
    return not user.is_staff and managed.exists()


@transaction.atomic
def reset_second_factor(*, user: User, by: User | System) -> None:
    """Take away the second factor that ``user`` has lost, with its recovery codes; all their sessions end.

    They sign in with the password, which is not touched, and set up another. A mail tells them who knew of it.
    """
    if by == user and user.is_superuser:
        raise Refused("Nobody resets their own second step. Ask another site administrator.")
    if isinstance(by, User) and not may_reset_second_factor(by, user):
        raise PermissionDenied("this person's second factor is not theirs to reset")
    gone, _ = Authenticator.objects.filter(user=user).delete()
    if not gone:
        raise Refused(f"{user} has no second step set up.")
    end_sessions(user)
    _record("second_factor.reset", by, user)
    post.queue(kind=AccountMail.FACTOR_RESET, person=user)
