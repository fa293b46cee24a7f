"""Accounts: how one is opened. What its owner alone may change is changed by the owner, on allauth's pages."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from agencies.models import User
from agencies.refusals import Refused

MOST_LETTERS = 200


@transaction.atomic
def open_account(*, email: str, name: str, password: str | None) -> User:
    """Make the account of somebody who has proved that ``email`` is theirs, so that it counts as confirmed."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_LETTERS:
        raise Refused(f"Enter your name, in {MOST_LETTERS} letters at most.", field="name")
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
