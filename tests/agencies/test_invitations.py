"""How people come: asked by mail, with a secret that stands in that mail and nowhere else."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies import invitations, memberships
from agencies.actors import EXAMPLE
from agencies.models import AuditEntry, Invitation, InvitationLink, User
from agencies.people import people_of
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.roles import RoleCode as R
from reviews.models import Notice
from tests.factories import PASSWORD, a_member
from tests.reviews.test_concurrency import at_once
from tests.world import Side, World, make_world

NEW = "New.Person@Example.org"


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def invite(here: Side, **facts: object) -> Invitation:
    given = {"email": NEW, "role": R.AGENCY_MEMBER, "container": here.agencies.police, "by": here.people.lead}
    return invitations.invite(**given | facts)


def secret_of(invitation: Invitation) -> str:
    return invitations.make_link(invitation)


def test_an_invitation_is_a_row_and_a_mail_that_is_still_to_be_built(here: Side) -> None:
    invitation = invite(here)
    notice = Notice.objects.get(kind="invitation")
    assert (invitation.email, notice.about_id, notice.person) == ("new.person@example.org", invitation.pk, None)
    assert notice.partnership == here.partnership
    assert not InvitationLink.objects.filter(invitation=invitation).exists(), "no secret before the mail is built"
    assert AuditEntry.objects.filter(event="invitation.sent", about_id=invitation.pk).exists()


def test_one_person_sends_so_many_a_day_to_one_place_and_is_told_when_the_next_can_go(
    here: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert here.invitation.recorded_by == here.people.lead, "one was sent today already"
    monkeypatch.setattr("agencies.invitation_limits.MOST_FROM_ONE", 4)
    for number in range(3):
        invite(here, email=f"new{number}@example.org")
    with pytest.raises(Refused, match=r"You have sent 4 invitations to .+ within a day.+ from .+ 2026") as refused:
        invite(here, email="fourth@example.org")
    assert refused.value.field == "email"
    invite(here, email="fourth@example.org", by=here.people.coordinator)
    invite(here, email="fifth@example.org", by=EXAMPLE)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        invite(here, email="sixth@example.org")


def test_the_secret_is_long_kept_as_a_hash_and_opens_while_it_lasts(here: Side) -> None:
    invitation = invite(here)
    first, second = secret_of(invitation), secret_of(invitation)
    assert len(first) == 43, "256 bits"
    kept = list(InvitationLink.objects.filter(invitation=invitation).values_list("hash", flat=True))
    assert not {first, second} & set(kept)
    for secret in (first, second, first):
        assert invitations.of_secret(secret) == invitation
        assert invitations.why_not_accept(secret) == ""
    assert invitations.of_secret(first[:-1]) is None


@pytest.mark.parametrize(
    ("who", "role", "place"),
    [
        ("lead", R.AGENCY_LEAD, "police"),
        ("coordinator", R.AGENCY_LEAD, "health"),
        ("coordinator", R.PARTNERSHIP_OBSERVER, "partnership"),
        ("chair", R.GROUP_MEMBER, "partnership"),
    ],
)
def test_people_invite_to_what_they_may_grant(who: str, role: R, place: str, here: Side) -> None:
    container = here.partnership if place == "partnership" else getattr(here.agencies, place)
    assert invite(here, by=getattr(here.people, who), role=role, container=container).role == role


@pytest.mark.parametrize(
    ("who", "role", "place"),
    [
        ("member", R.AGENCY_MEMBER, "police"),
        ("lead", R.AGENCY_MEMBER, "health"),
        ("lead", R.COORDINATOR, "partnership"),
        ("coordinator", R.COORDINATOR, "partnership"),
        ("coordinator", R.GROUP_MEMBER, "partnership"),
        ("leaver", R.AGENCY_MEMBER, "police"),
    ],
)
def test_nobody_invites_to_what_they_may_not_grant(who: str, role: R, place: str, here: Side, world: World) -> None:
    container = here.partnership if place == "partnership" else getattr(here.agencies, place)
    before = Invitation.objects.count()
    with pytest.raises(PermissionDenied):
        invite(here, by=getattr(here.people, who), role=role, container=container)
    with pytest.raises(PermissionDenied):
        invite(here, by=world.there.people.coordinator, role=role, container=container)
    assert Invitation.objects.count() == before


def test_an_invitation_that_would_change_nothing_or_go_nowhere_is_refused(here: Side) -> None:
    invite(here)
    for facts, words in (
        ({"email": " NEW.person@example.org"}, "already invited"),
        ({"email": here.people.lead.email}, "to yourself"),
        ({"email": here.people.member.email}, "already Agency member"),
        ({"role": R.COORDINATOR, "by": invitations.INVITED}, "not a role on an agency"),
        ({"container": here.agencies.former_group, "by": here.people.coordinator}, "no longer exists"),
    ):
        with pytest.raises(Refused, match=words):
            invite(here, **facts)


@pytest.mark.parametrize(
    "email",
    ["nobody at all", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}@example.org", "a@" + "b" * 60 + ("." + "c" * 60) * 4],
)
def test_what_cannot_be_kept_as_an_address_is_refused_beside_its_question(email: str, here: Side) -> None:
    with pytest.raises(Refused, match="e-mail address") as refusal:
        invite(here, email=email)
    assert refusal.value.field == "email"


def test_somebody_new_joins_with_a_name_and_password_of_their_own(here: Side) -> None:
    secret = secret_of(invite(here))
    person = invitations.join(secret=secret, name="  Maya   Lind ", password="a quiet river at night")
    assert (person.name, person.email) == ("Maya Lind", "new.person@example.org")
    assert person.check_password("a quiet river at night")
    assert EmailAddress.objects.get(user=person).verified
    assert holds(person, Permission.UPDATE_ACTION, here.plans.of_police)
    assert person.memberships.get().recorded_by == here.people.lead
    with pytest.raises(Refused, match="cannot be accepted any more"):
        invitations.join(secret=secret, name="Somebody Else", password="another quiet river")
    assert invitations.why_not_accept(secret) == Invitation.State.ACCEPTED


def test_an_account_accepts_with_its_password_untouched_and_only_the_invited_one(here: Side) -> None:
    person, other = here.people.health_lead, here.people.two_agencies
    secret = secret_of(invite(here, email=person.email, role=R.AGENCY_OBSERVER))
    with pytest.raises(PermissionDenied):
        invitations.accept(secret=secret, by=other)
    with pytest.raises(Refused, match="has an account"):
        invitations.join(secret=secret, name="An Impostor", password="a quiet river at night")
    assert invitations.why_not_accept(secret) == "", "neither used it up"
    assert invitations.accept(secret=secret, by=person).role == R.AGENCY_OBSERVER
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)
    assert person.memberships.filter(until=None).count() == 2


def test_a_link_opens_for_a_week_and_a_new_one_does_not_wake_the_old(here: Side) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        invitation = invite(here)
        old = secret_of(invitation)
        clock.move_to(start + dt.timedelta(days=7))
        assert invitations.why_not_accept(old) == Invitation.State.EXPIRED
        with pytest.raises(Refused):
            invitations.join(secret=old, name="Late", password="a quiet river at night")
        invitation = invitations.resend(invitation=invitation, by=here.people.coordinator)
        new = secret_of(invitation)
        assert invitations.why_not_accept(old) == Invitation.State.EXPIRED
        assert invitations.why_not_accept(new) == ""
    assert Notice.objects.filter(kind="invitation", about_id=invitation.pk).count() == 2


def test_what_is_withdrawn_opens_no_more(here: Side) -> None:
    invitation = invite(here)
    secret = secret_of(invitation)
    for by in (here.people.member, here.people.health_lead):
        with pytest.raises(PermissionDenied):
            invitations.withdraw(invitation=invitation, by=by)
        with pytest.raises(PermissionDenied):
            invitations.resend(invitation=invitation, by=by)
    invitations.withdraw(invitation=invitation, by=here.people.lead)
    assert invitations.why_not_accept(secret) == Invitation.State.WITHDRAWN
    for verb in (invitations.withdraw, invitations.resend):
        with pytest.raises(Refused, match="was withdrawn"):
            verb(invitation=invitation, by=here.people.lead)
    assert invite(here), "the address can be invited anew"


def test_whoever_left_brings_nobody_in_by_what_they_sent(here: Side) -> None:
    secret = secret_of(invite(here))
    assert invitations.why_not_accept(secret) == ""
    memberships.end(membership=here.people.lead.memberships.get(), by=here.people.coordinator)
    assert invitations.why_not_accept(secret) == Invitation.State.WITHDRAWN
    with pytest.raises(Refused):
        invitations.join(secret=secret, name="A Friend", password="a quiet river at night")


def test_who_sends_it_again_offers_it_in_the_place_of_a_sender_who_left(here: Side) -> None:
    invitation, second = invite(here), a_member(R.AGENCY_LEAD, here.agencies.police)
    memberships.end(membership=here.people.lead.memberships.get(), by=here.people.coordinator)
    (shown,) = [row for row in people_of(here.agencies.police, seen_by=second, now=timezone.now()).asked
                if row.invitation == invitation]  # fmt: skip
    assert not shown.is_offered
    again = invitations.resend(invitation=invitation, by=second)
    assert again.recorded_by == second
    assert invitations.why_not_accept(secret_of(again)) == ""


def test_an_invitation_puts_nobody_into_the_group_and_the_office_at_once(here: Side) -> None:
    person = here.people.health_lead
    sent = {"email": person.email, "container": here.partnership, "by": invitations.INVITED}
    invitations.accept(secret=secret_of(invite(here, role=R.COORDINATOR, **sent)), by=person)
    with pytest.raises(Refused, match="already Coordinator"):
        invite(here, role=R.GROUP_MEMBER, **sent)


def test_an_address_is_mailed_three_times_a_day_about_one_place(here: Side) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, 15, tzinfo=dt.UTC), tick=False) as clock:
        invitation = invite(here)
        clock.shift(dt.timedelta(hours=1))
        invitations.resend(invitation=invitation, by=here.people.lead)
        invitations.withdraw(invitation=invitation, by=here.people.lead)
        invitation = invite(here)
        for verb in (
            lambda: invitations.resend(invitation=invitation, by=here.people.lead),
            lambda: invitations.resend(invitation=invitation, by=here.people.coordinator),
        ):
            with pytest.raises(Refused, match="from 9:15am on 3 March 2026"):
                verb()
        invitations.withdraw(invitation=invitation, by=here.people.lead)
        with pytest.raises(Refused, match="from 9:15am on 3 March 2026"):
            invite(here)
        assert invite(here, container=here.agencies.health, by=here.people.coordinator), "another place knows nothing"
        clock.shift(dt.timedelta(hours=23))
        assert invite(here)
    assert Notice.objects.filter(kind="invitation").count() == 5


def test_an_address_that_has_an_account_by_now_is_not_joined_again(here: Side) -> None:
    first, second = invite(here), invite(here, container=here.agencies.health, by=here.people.coordinator)
    invitations.join(secret=secret_of(first), name="New Person", password=PASSWORD)
    with pytest.raises(Refused, match="Sign in to accept"):
        invitations.join(secret=secret_of(second), name="New Person", password=PASSWORD)
    assert User.objects.filter(email=NEW.lower()).count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_invitations_accepted_at_one_moment_make_one_account() -> None:
    here = make_world().here
    rows = invite(here), invite(here, container=here.agencies.health, by=here.people.coordinator)
    known = [secret_of(row) for row in rows]
    errors = at_once(
        *(lambda secret=secret: invitations.join(secret=secret, name="New", password=PASSWORD) for secret in known)
    )
    assert [type(error) for error in errors] == [Refused]
    assert "Sign in to accept" in str(errors[0])
    person = User.objects.get(email=NEW.lower())
    assert person.memberships.count() == EmailAddress.objects.filter(user=person).count() == 1
