"""After an older backup: what was true on its day is put aside, and what only people know is said."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from agencies import confirming, invitations, post
from agencies.actors import System
from agencies.models import AuditEntry, Invitation, Membership, Partnership
from agencies.post import AccountMail
from reviews import leaving
from reviews.chasing import outbox
from reviews.models import Notice, Reader
from reviews.restoring import of_then, put_aside
from tests.factories import TODAY
from tests.world import World, days


@pytest.fixture
def as_of_then(world: World) -> Client:
    """A browser that is signed in, an invitation and mails about accounts that wait."""
    client = Client()
    client.force_login(world.here.people.lead)
    post.queue(kind=AccountMail.PASSWORD_CHANGED, person=world.here.people.member)
    post.queue(kind=AccountMail.ADDRESS_CHANGED, person=world.here.people.member, address="before@example.org")
    return client


def test_sessions_invitations_and_waiting_mail_are_put_aside(world: World, as_of_then: Client) -> None:
    secret = invitations.make_link(world.here.invitation)
    assert outbox.waiting(timezone.now()).exists()
    found = put_aside(by=System("test"))
    assert (found.sessions, found.invitations, found.sending) == (1, 2, 2)
    assert found.messages >= 2
    assert as_of_then.get("/account/").status_code == 302
    assert invitations.why_not_accept(secret) == Invitation.State.WITHDRAWN
    assert not outbox.waiting(timezone.now()).exists()
    assert not Notice.objects.exclude(address="").exists()
    assert not Partnership.objects.filter(chasing_paused=False).exists()
    assert AuditEntry.objects.filter(event="portal.put_aside").exists()
    left = put_aside(by=System("test"))
    assert (left.sessions, left.invitations, left.messages, left.sending) == (0, 0, 0, 0)


def test_a_question_whose_answer_may_be_lost_ends_no_access_and_is_put_anew(world: World) -> None:
    police, today = world.here.agencies.police, TODAY
    asked = days(-31)
    Membership.objects.update(confirmed_on=today)
    people = Membership.objects.filter(agency=police, until=None)
    people.update(on=days(-400), asked_on=asked, confirmed_on=days(-300))
    Notice.objects.create(
        kind=AccountMail.CONFIRM_PEOPLE, key="asked", about_id=police.pk, person=world.here.people.lead,
        state=Notice.State.SENT, sent_at=timezone.now() - dt.timedelta(days=31),
    )  # fmt: skip
    assert confirming.run_out(on=today).count() == people.count() > 0
    assert put_aside(by=System("test")).asked == people.count()
    assert leaving.end_unconfirmed(on=today, by=System("test")) == 0
    assert confirming.ask_those_due(on=today, by=System("test")) == 1
    assert {row.asked_on for row in people} == {today}
    assert AuditEntry.objects.filter(event="people.ask_anew").exists()


def test_without_being_told_so_the_command_changes_nothing_and_says_who_reads_what(
    world: World, as_of_then: Client
) -> None:
    before, out = of_then(), io.StringIO()
    call_command("after_restore", stdout=out)
    assert of_then() == before
    said = out.getvalue()
    here = world.here
    assert f"{here.plans.restricted.reference} is restricted: 1 named to read it at {here.agencies.police}" in said
    review = here.people.panel_reader.readings.get().review
    assert f"{review.reference} ({here.partnership}): 1 panel reader reads it. Ask its coordinator." in said
    assert f"{Membership.objects.filter(until=None).count()} people with their roles" in said
    assert "Nothing is changed." in said
    call_command("after_restore", "--put-aside", stdout=out)
    assert Reader.objects.filter(until=None, agency=here.agencies.police).exists(), "people decide who still reads"
    assert Reader.objects.filter(until=None, agency=None).exists(), "on the panel too"
