"""manage.py check_portal: it finds what is wrong, says how to mend it, and mends what it can."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from agencies.models import AgencyUserPermission, AuditEntry, Partnership, PartnershipUserPermission, User
from agencies.roles import RoleCode
from reviews import editing
from reviews.chasing import outbox
from reviews.inspection import configuration, walls
from reviews.models import (
    Action,
    Assignment,
    Evidence,
    Line,
    Notice,
    Reader,
    Recommendation,
    Review,
    ReviewUserPermission,
    Run,
)
from tests.factories import TODAY, a_partnership, a_person, a_submission
from tests.reviews.chasing.conftest import Chased, chased, days  # noqa: F401 -- a fixture
from tests.servers import MailSink
from tests.world import World


def look(*options: str) -> tuple[str, bool]:
    """What the command says, and whether it is content."""
    out = StringIO()
    try:
        call_command("check_portal", *options, stdout=out)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


@pytest.fixture
def sound(world: World) -> World:
    """The standing cast with its projections worked out: the factories write rows as plainly as they can."""
    look("--mend")
    Notice.objects.update(queued_at=timezone.now())  # the cast may have been made a while ago: no mail is late
    said, content = look()
    assert content, said
    return world


def test_a_sound_portal_is_as_it_should_be(sound: World) -> None:
    said, content = look()
    assert content
    assert said.count("as it should be") == len(said.splitlines()) == 7


def test_a_projection_that_does_not_follow_is_found_and_mended(sound: World) -> None:
    plans = sound.here.plans
    Action.objects.filter(pk=plans.of_police.pk).update(target_date=days(99), status="complete")
    Assignment.objects.filter(action=plans.of_health).update(status="complete")
    said, content = look()
    assert not content
    assert "2 actions or assignments show a status or date that does not follow from their history." in said
    assert "check_portal --mend" in said
    assert Action.objects.get(pk=plans.of_police.pk).target_date == days(99), "looking changed something"
    assert look("--mend")[1]
    assert Action.objects.get(pk=plans.of_police.pk).target_date == days(14)
    assert look()[1]


def test_words_and_places_that_do_not_follow_are_found_and_mended(sound: World) -> None:
    plans, by = sound.here.plans, sound.here.people.coordinator
    editing.reword_action(action=plans.of_police, text="Write it.", by=by, on=TODAY, reason="Slip")
    assert look()[1], "a verb left something behind"
    Action.objects.filter(pk=plans.of_police.pk).update(text="Lost.")
    Action.objects.filter(pk=plans.of_health.pk).update(sort_key="lost")
    Recommendation.objects.filter(pk=plans.recommendation.pk).update(text="Lost.")
    said, content = look()
    assert not content
    assert "3 recommendations or actions do not say what the last of their wordings does" in said
    assert Action.objects.get(pk=plans.of_police.pk).text == "Lost.", "looking changed something"
    assert look("--mend")[1]
    assert Action.objects.get(pk=plans.of_police.pk).text == "Write it."
    assert Action.objects.get(pk=plans.of_health.pk).sort_key == plans.of_health.sort_by()
    assert Recommendation.objects.get(pk=plans.recommendation.pk).text == "Train staff."
    assert look()[1]


def test_permissions_that_differ_from_the_truth_are_found_and_mended(sound: World) -> None:
    people = sound.here.people
    AgencyUserPermission.objects.filter(user=people.member).first().delete()
    PartnershipUserPermission.objects.filter(user=people.coordinator).update(user=people.leaver)
    ReviewUserPermission.objects.filter(user=people.named).delete()
    said, content = look()
    assert not content
    assert "from the truth of memberships." in said
    assert "from the truth of readers of reviews." in said
    assert look("--mend")[1]
    assert look()[1]


def test_who_reads_for_an_agency_without_belonging_there_is_found_and_ended(sound: World) -> None:
    named = sound.here.people.named
    named.memberships.update(until=TODAY)
    said, content = look()
    assert not content
    assert "1 person is still named to read a restricted review for an agency to which they do not belong." in said
    assert look("--mend")[1]
    assert not Reader.objects.filter(user=named, until=None).exists()
    assert not ReviewUserPermission.objects.filter(user=named).exists()
    assert look()[1]


def test_an_admin_door_left_open_is_found_and_shut_and_its_sessions_end(sound: World) -> None:
    people = sound.here.people
    User.objects.filter(pk=people.member.pk).update(is_staff=True)
    User.objects.filter(pk=people.chair.pk).update(is_staff=False)
    said, content = look()
    assert not content
    assert "2 permissions differ from the truth of memberships, in who may enter Django admin." in said
    before = User.objects.get(pk=people.member.pk).access_version
    assert look("--mend")[1]
    member = User.objects.get(pk=people.member.pk)
    assert (member.is_staff, member.access_version) == (False, before + 1)
    assert User.objects.get(pk=people.chair.pk).is_staff


def test_a_row_that_crosses_the_wall_is_found_and_not_mended(sound: World) -> None:
    row = sound.here.plans.of_police.assignments.get()
    Assignment.objects.filter(pk=row.pk).update(agency=sound.there.agencies.police)
    for options in ([], ["--mend"]):
        said, content = look(*options)
        assert not content
        assert "1 row crosses the wall: an action given to an agency of another partnership." in said
        assert f"reviews_assignment {row.pk}." in said


@pytest.mark.parametrize("place", range(len(walls.crossings())))
def test_every_way_of_crossing_is_asked_of_rows_that_exist_or_may(sound: World, place: int) -> None:
    """Each question is one that the database understands; none is answered with rows of a sound portal."""
    words, rows = walls.crossings()[place]
    assert words
    assert not rows.exists()


def test_evidence_and_theme_across_the_wall_are_found(sound: World) -> None:
    here, there = sound.here.plans, sound.there
    Evidence.objects.filter(pk=here.evidence.pk).update(agency=there.agencies.police)
    here.recommendation.themes.add(there.plans.theme)
    a_submission(here.of_police, there.agencies.police, sound.here.people.member)
    said, _ = look()
    assert "an update that waits at an agency of another partnership" in said
    assert "evidence from an agency of another partnership" in said
    assert "a theme of another partnership" in said


def test_messages_that_wait_for_nobody_are_found(chased: Chased) -> None:  # noqa: F811
    notice = Notice.objects.create(partnership=chased.partnership, person=chased.lead, key="test")
    assert "waited" not in look()[0]
    Notice.objects.update(queued_at=timezone.now() - dt.timedelta(minutes=16))
    said, content = look()
    assert not content
    assert "1 message has waited for over a quarter of an hour." in said
    assert "send_reminders" in said
    outbox.claim(timezone.now())
    assert "waited" not in look()[0]
    Notice.objects.filter(pk=notice.pk).update(lease_until=timezone.now() - dt.timedelta(minutes=16))
    assert "1 message has waited" in look()[0]


def test_messages_given_up_are_found_with_the_reason(chased: Chased) -> None:  # noqa: F811
    Notice.objects.create(partnership=chased.partnership, person=chased.lead, key="t", state="failed", why="smtp_550")
    assert "1 message of the last week could not be sent (smtp_550)." in look()[0]
    Notice.objects.update(queued_at=timezone.now() - dt.timedelta(days=8))
    assert "could not be sent" not in look()[0]


def test_reminders_left_in_a_settled_message_are_freed(chased: Chased) -> None:  # noqa: F811
    chased.action(days(-3))
    chased.run(TODAY)
    Line.objects.update(state=Line.State.QUEUED)
    assert "1 reminder still waits in messages that are done with." in look()[0]
    assert "mended" in look("--mend")[0]
    assert Line.objects.get().state == Line.State.DROPPED


def test_days_without_a_run_are_found(chased: Chased) -> None:  # noqa: F811
    Review.objects.update(recorded_at=timezone.now() - dt.timedelta(hours=47))  # only just brought in
    assert "No reminders" not in look()[0]
    Review.objects.update(recorded_at=timezone.now() - dt.timedelta(hours=49))
    assert f"No reminders were planned for partnership {chased.partnership.code}" in look()[0]
    Run.objects.create(partnership=chased.partnership, on=days(-1))
    assert "No reminders" not in look()[0]
    Run.objects.update(on=days(-2))
    assert "No reminders" in look()[0]
    Partnership.objects.update(chasing_paused=True)
    assert "No reminders" not in look()[0]


def test_a_time_zone_that_does_not_exist_is_found(db) -> None:
    a_partnership(time_zone="Europe/Haringey")
    assert "has the time zone 'Europe/Haringey', which does not exist." in look()[0]


def test_a_mail_server_that_is_away_is_found(db, settings, smtp_sink: MailSink) -> None:
    assert look()[1]
    settings.EMAIL_PORT = 1
    said, content = look()
    assert not content
    assert "The mail server cannot be reached (ConnectionRefusedError)." in said


@pytest.mark.either
def test_a_broker_that_is_away_is_found(db, settings, monkeypatch, tmp_path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nowhere.sock"
    app = configuration.current_app
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setitem(app.conf, "broker_url", f"redis+socket://{tmp_path}/nowhere.sock")
    assert "The broker (REDIS_URL) does not answer." in look()[0]


def test_a_time_out_too_long_for_the_lease_is_found(db, settings) -> None:
    settings.EMAIL_TIMEOUT = settings.NOTICE_LEASE_SECONDS
    assert "EMAIL_TIMEOUT is so long" in look()[0]


def test_a_permission_outside_any_container_is_found(db) -> None:
    from django.contrib.auth.models import Permission as PermissionRow

    a_person().user_permissions.add(PermissionRow.objects.first())
    assert "agencies.E001" in look()[0]


@pytest.mark.django_db(transaction=True)
def test_tables_of_an_older_version_are_found_first() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reviews'")
    try:
        said, content = look()
        assert not content
        assert "Run manage.py migrate." in said
        assert "Permissions" not in said
    finally:
        call_command("migrate", "reviews", fake=True, verbosity=0)


def test_looking_is_not_audited_as_a_change(sound: World) -> None:
    before = AuditEntry.objects.count()
    look()
    assert AuditEntry.objects.count() == before


def test_a_member_whose_door_is_right_keeps_their_session(sound: World) -> None:
    person = sound.here.people.coordinator
    before = User.objects.get(pk=person.pk).access_version
    look("--mend")
    assert User.objects.get(pk=person.pk).access_version == before
    assert person.memberships.get().role == RoleCode.COORDINATOR
