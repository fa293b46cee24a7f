"""What tests of pages share: somebody signed in, on the day on which the tests stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from agencies.models import User
from tests.factories import TODAY

SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """Pages read the clock, so it stands at noon of the day of the tests."""
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(12), tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def signed_in(db) -> SignedIn:
    """A browser in which somebody is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))  # as it stands now: access may have changed
        return client

    return signed_in
