"""The clock of tests of verbs and of what site administrators see: no test of them meets midnight or a month's end."""

from __future__ import annotations

import datetime as dt

import pytest
from time_machine import TimeMachineFixture

from tests.factories import TODAY

NOON = dt.datetime.combine(TODAY, dt.time(12), tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def noon(request: pytest.FixtureRequest, time_machine: TimeMachineFixture) -> None:
    """The test begins at noon of the day of the tests; from there the clock goes on, as what is done takes its order.

    A test marked ``real_clock`` has the machine's. With ``time_machine`` a test moves the clock on, or makes it stand.
    """
    if not request.node.get_closest_marker("real_clock"):
        time_machine.move_to(NOON)
