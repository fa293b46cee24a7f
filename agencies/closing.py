"""How an account is closed, opened again or untied, and how somebody stops being a site administrator.

Another site administrator does it, never the person themselves: so there is always one left.
"""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.db import transaction

from agencies import audit, post
from agencies.accounts import end_sessions
from agencies.actors import System
from agencies.memberships import project_admin_door
from agencies.models import User
from agencies.post import AccountMail
from agencies.refusals import Refused


@transaction.atomic
def end_administration(*, user: User, by: User | System) -> User:
    """Let ``user`` administer the site no more. Roles that they hold stay; all their sessions end.

    PermissionDenied for all but site administrators; Refused for oneself, for the last one, and where they are none.
    """
    user = _locked(user, by)
    if not user.is_superuser:
        raise Refused(f"{user} is not a site administrator.")
    user.is_superuser = False
    user.save(update_fields=["is_superuser"])
    project_admin_door(user)
    end_sessions(user)
    audit.record("administration.ended", by=by, about=user)
    return user


@transaction.atomic
def close(*, user: User, by: User | System) -> User:
    """Close an account: nobody signs in with it, and all its sessions end. Roles stay, and open nothing meanwhile."""
    user = _locked(user, by)
    if not user.is_active:
        raise Refused(f"The account of {user} is closed already.")
    return _set_active(user, by, "account.closed", is_active=False)


@transaction.atomic
def reopen(*, user: User, by: User | System) -> User:
    """Open a closed account again, with the roles that its person holds still."""
    user = _locked(user, by)
    if user.is_active:
        raise Refused(f"The account of {user} is open.")
    return _set_active(user, by, "account.reopened", is_active=True)


@transaction.atomic
def untie(*, user: User, by: User | System) -> User:
    """Let the organisation's account that opened this one open it no more; all sessions end, and a mail says so.

    For somebody whose organisation gave them another account: the next that comes with their proved address is tied.
    """
    user = _locked(user, by)
    if not is_tied(user):
        raise Refused(f"No organisation's account opens that of {user}.")
    SocialAccount.objects.filter(user=user).delete()
    end_sessions(user)
    audit.record("account.untied", by=by, about=user)
    post.queue(kind=AccountMail.PROVIDER_REMOVED, person=user)
    return user


def is_tied(user: User) -> bool:
    """Whether an organisation's account opens that of ``user``."""
    return SocialAccount.objects.filter(user=user).exists()


def _set_active(user: User, by: User | System, event: str, *, is_active: bool) -> User:
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    end_sessions(user)
    audit.record(event, by=by, about=user)
    return user


def _locked(user: User, by: User | System) -> User:
    """``user`` as they are now, if ``by`` may do this to them. Two who do it to each other at one moment wait here."""
    active = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    administrators = set(active.select_for_update().values_list("pk", flat=True))
    if isinstance(by, System):
        if administrators == {user.pk}:
            raise Refused(f"{user} is the last site administrator. Make another first.")
    elif by.pk not in administrators:
        raise PermissionDenied("only a site administrator does this to an account")
    elif by == user:
        raise Refused("This is your own account. Another site administrator does it.")
    return User.objects.select_for_update().get(pk=user.pk)
