"""When a partnership's mail goes out, how much of it, and that it can rest."""

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import AuditEntry, Partnership
from agencies.refusals import Refused
from reviews.chasing import arrangements
from tests.world import World


def test_a_coordinator_pauses_and_resumes_and_both_are_on_record(world: World) -> None:
    here = world.here
    by, partnership = here.people.coordinator, here.partnership
    arrangements.pause(partnership=partnership, by=by)
    assert Partnership.objects.get(pk=partnership.pk).chasing_paused
    with pytest.raises(Refused, match="paused already"):
        arrangements.pause(partnership=partnership, by=by)
    arrangements.resume(partnership=partnership, by=by)
    assert not Partnership.objects.get(pk=partnership.pk).chasing_paused
    with pytest.raises(Refused, match="not paused"):
        arrangements.resume(partnership=partnership, by=by)
    events = AuditEntry.objects.filter(event__startswith="partnership.mail").order_by("pk")
    assert list(events.values_list("event", flat=True)) == ["partnership.mail_paused", "partnership.mail_resumed"]


def test_a_coordinator_says_when_and_how_many(world: World) -> None:
    here = world.here
    by, partnership = here.people.coordinator, here.partnership
    arrangements.arrange(partnership=partnership, hour=6, time_zone="Europe/Dublin", daily_cap=30, by=by)
    partnership.refresh_from_db()
    assert (partnership.chasing_hour, partnership.time_zone, partnership.daily_mail_cap) == (6, "Europe/Dublin", 30)
    for field, wrong in (
        ("hour", 24),
        ("hour", -1),
        ("time_zone", "Europe/Haringey"),
        ("daily_cap", 0),
        ("daily_cap", 2**31),
    ):
        right = {"hour": 6, "time_zone": "Europe/Dublin", "daily_cap": 30}
        with pytest.raises(Refused) as refusal:
            arrangements.arrange(partnership=partnership, by=by, **(right | {field: wrong}))
        assert refusal.value.field == field


@pytest.mark.parametrize("who", ["lead", "member_of_group", "chair", "partnership_observer"])
def test_others_do_not(world: World, who: str) -> None:
    here = world.here
    for by in (getattr(here.people, who), world.there.people.coordinator, world.stranger):
        for verb in (arrangements.pause, arrangements.resume):
            with pytest.raises(PermissionDenied):
                verb(partnership=here.partnership, by=by)
        with pytest.raises(PermissionDenied):
            arrangements.arrange(partnership=here.partnership, hour=6, time_zone="UTC", daily_cap=1, by=by)
