"""What a partnership has arranged about its mail: at what hour, how much of it, and whether it rests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.db import transaction

from agencies import audit
from agencies.models import Partnership
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews.projection import lock_for

if TYPE_CHECKING:
    from agencies.actors import System
    from agencies.models import User

HOURS_OF_A_DAY = 24
#: More than any partnership has people to write to.
MOST_A_DAY = 1_000_000


@transaction.atomic
def pause(*, partnership: Partnership, by: User | System) -> None:
    """Send nothing until ``resume``. What waits is not sent either; the first run afterwards catches up."""
    partnership = lock_for(by, Permission.RUN_CHASING, partnership)
    if partnership.chasing_paused:
        raise Refused("Reminders are paused already.")
    _change(partnership, "partnership.mail_paused", by, chasing_paused=True)


@transaction.atomic
def resume(*, partnership: Partnership, by: User | System) -> None:
    """Send again: of each action only the newest reminder that was missed."""
    partnership = lock_for(by, Permission.RUN_CHASING, partnership)
    if not partnership.chasing_paused:
        raise Refused("Reminders are not paused.")
    _change(partnership, "partnership.mail_resumed", by, chasing_paused=False)


@transaction.atomic
def arrange(*, partnership: Partnership, hour: int, time_zone: str, daily_cap: int, by: User | System) -> None:
    """Send from ``hour`` o'clock by the clocks of ``time_zone``, at most ``daily_cap`` messages a day."""
    partnership = lock_for(by, Permission.RUN_CHASING, partnership)
    if not 0 <= hour < HOURS_OF_A_DAY:
        raise Refused("Enter an hour from 0 to 23.", field="hour")
    if time_zone not in available_timezones():
        raise Refused("There is no such time zone. Enter one such as Europe/London.", field="time_zone")
    if daily_cap > MOST_A_DAY:
        raise Refused(f"Enter at most {MOST_A_DAY:,}.", field="daily_cap")
    if daily_cap < 1:
        raise Refused("Enter at least 1. To send nothing, pause the reminders.", field="daily_cap")
    _change(
        partnership,
        "partnership.mail_arranged",
        by,
        chasing_hour=hour,
        time_zone=time_zone,
        daily_mail_cap=daily_cap,
    )


def _change(partnership: Partnership, event: str, by: User | System, **values: int | str | bool) -> None:
    for name, value in values.items():
        setattr(partnership, name, value)
    partnership.save(update_fields=list(values))
    audit.record(event, by=by, about=partnership, partnership=partnership.pk, **values)
