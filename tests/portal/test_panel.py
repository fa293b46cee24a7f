"""People of a review's panel: invited by the coordinator, they read one review until a day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import invitations
from agencies.models import AuditEntry, Invitation, User
from agencies.refusals import Refused
from agencies.roles import RoleCode
from reviews import panel
from reviews.models import PanelInvitation, Reader, Review
from reviews.tasks import housekeeping
from tests.portal.conftest import SignedIn
from tests.world import Side, World


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def panel_of(here: Side) -> str:
    return reverse("people-panel", args=[here.partnership.pk])


def asks(here: Side, email: str, ends_on: dt.date | None = None, review: Review | None = None) -> dict[str, object]:
    """What the form sends."""
    day = {"ends_on_day": ends_on.day, "ends_on_month": ends_on.month, "ends_on_year": ends_on.year} if ends_on else {}
    return {"email": email, "review": (review or here.plans.restricted).pk, **day}


def test_an_independent_chair_is_invited_reads_the_review_and_is_ended(here: Side, signed_in: SignedIn) -> None:
    coordinator, address = (
        signed_in(here.people.coordinator),
        reverse("people-panel-invite", args=[here.partnership.pk]),
    )
    page = coordinator.get(reverse("people-partnership", args=[here.partnership.pk])).content.decode()
    assert panel_of(here) in page
    said = coordinator.post(address, asks(here, "Chair@example.org"), follow=True).content.decode()
    assert "The invitation goes to chair@example.org" in said
    assert "until it is published" in said
    asked = Invitation.objects.get(email="chair@example.org")
    assert reverse("people-invitation", args=[asked.pk]) in said
    newcomer = Client()
    link = reverse("invitation", args=[invitations.make_link(asked)])
    assert "Panel reader of DHR2" in newcomer.get(link).content.decode()
    welcome = newcomer.post(link, {"name": "Ines Moor", "password": "a quiet river at night"}, follow=True)
    assert here.plans.restricted.title in welcome.content.decode()
    review = reverse("review-detail", args=[here.plans.restricted.pk])
    assert newcomer.get(review).status_code == 200
    assert newcomer.get(reverse("review-detail", args=[here.plans.published.pk])).status_code == 404
    reader = Reader.objects.get(user__email="chair@example.org")
    one = reverse("people-panel-reader", args=[reader.pk])
    day = timezone.localdate() + dt.timedelta(days=30)
    coordinator.post(one, {"ends_on_day": day.day, "ends_on_month": day.month, "ends_on_year": day.year})
    reader.refresh_from_db()
    assert reader.ends_on == day
    said = coordinator.post(one, {"end": "1"}, follow=True).content.decode()
    assert "Ines Moor does not read DHR2 any more" in said
    assert newcomer.get(review).status_code == 404
    events = AuditEntry.objects.filter(about_kind="reviews.review", about_id=here.plans.restricted.pk)
    assert list(events.order_by("pk").values_list("event", flat=True)) == [
        "panel.invited",
        "reader.admitted",
        "reader.last_day_changed",
        "reader.ended",
    ]


def test_who_has_an_account_takes_the_part_with_it_and_sits_on_two_panels(here: Side, signed_in: SignedIn) -> None:
    coordinator, address = (
        signed_in(here.people.coordinator),
        reverse("people-panel-invite", args=[here.partnership.pk]),
    )
    observer = here.people.partnership_observer
    day = timezone.localdate() + dt.timedelta(days=9)
    for review in (here.plans.restricted, here.plans.published):
        coordinator.post(address, asks(here, observer.email, day, review))
    person = signed_in(observer)
    for asked in Invitation.objects.filter(email=observer.email):
        person.post(reverse("invitation", args=[invitations.make_link(asked)]))
    assert set(observer.readings.values_list("review", "ends_on")) == {
        (here.plans.restricted.pk, day),
        (here.plans.published.pk, day),
    }


def test_an_invitation_to_a_panel_refused(here: Side, world: World, signed_in: SignedIn) -> None:
    Review.objects.filter(pk=here.plans.published.pk).update(published_on=dt.date(2026, 1, 9))
    client, address = signed_in(here.people.coordinator), reverse("people-panel-invite", args=[here.partnership.pk])
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    client.post(address, asks(here, "asked@example.org"))
    for words, sent in {
        "was published on 9 January 2026": asks(here, "a@example.org", review=here.plans.published),
        "has passed": asks(here, "b@example.org", yesterday),
        "already reads this review": asks(here, here.people.panel_reader.email),
        "was already invited": asks(here, "ASKED@example.org"),
        "to yourself": asks(here, here.people.coordinator.email),
        "Select a valid choice": asks(here, "c@example.org", review=world.there.plans.restricted),
    }.items():
        assert words in client.post(address, sent).content.decode(), words
    assert Invitation.objects.filter(role="panel_reader").count() == 1
    for who in (here.people.chair, here.people.partnership_observer):
        assert signed_in(who).post(address, asks(here, "d@example.org")).status_code == 403


def test_reading_without_a_day_ends_after_the_publication(here: Side) -> None:
    reader = here.people.panel_reader.readings.get()
    today = timezone.localdate()
    for published_on, lasts in ((None, True), (today, True), (today - dt.timedelta(days=1), False)):
        Review.objects.filter(pk=here.plans.restricted.pk).update(published_on=published_on)
        housekeeping()
        reader.refresh_from_db()
        assert (reader.until is None) is lasts, published_on
    assert not User.objects.get(pk=reader.user_id).has_perm("reviews.read_plan", here.plans.restricted)


def test_an_invitation_that_is_too_late_is_not_in_the_way_of_another(here: Side) -> None:
    email, coordinator = "both@example.org", here.people.coordinator
    today = timezone.localdate()
    late = panel.invite(review=here.plans.restricted, email=email, by=coordinator, ends_on=today)
    PanelInvitation.objects.filter(invitation=late).update(ends_on=today - dt.timedelta(days=1))
    with pytest.raises(Refused):
        invitations.join_known(email=email, name="Both")
    invitations.invite(email=email, role=RoleCode.AGENCY_MEMBER, container=here.agencies.police, by=here.people.lead)
    user = invitations.join_known(email=email, name="Both")
    assert [row.role for row in user.memberships.all()] == [RoleCode.AGENCY_MEMBER]
    assert not Reader.objects.filter(user=user).exists()
    late.refresh_from_db()
    assert late.accepted_at is None
