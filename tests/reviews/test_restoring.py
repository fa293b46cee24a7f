"""After an older backup: what was true on its day is put aside, and what only people know is said."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from agencies import invitations, post
from agencies.actors import System
from agencies.models import AuditEntry, Invitation, Membership, Partnership
from agencies.post import AccountMail
from reviews.chasing import outbox
from reviews.models import Notice, Reader
from reviews.restoring import of_then, put_aside
from tests.world import World


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
