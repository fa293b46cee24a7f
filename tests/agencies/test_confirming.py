"""Twice a year leads say who still belongs; access that nobody confirms ends a month after the question."""

from __future__ import annotations

import datetime as dt
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied

from agencies import confirming, memberships, post
from agencies.actors import SCHEDULE
from agencies.models import Agency, Membership
from reviews import leaving
from reviews.chasing import delivery
from reviews.models import Notice
from tests.factories import TODAY
from tests.world import Side, World, days


@pytest.fixture
def here(world: World) -> Side:
    """Everybody of the police was confirmed yesterday, everybody elsewhere a little longer ago."""
    Membership.objects.update(confirmed_on=days(-100))
    Membership.objects.filter(agency=world.here.agencies.police).update(confirmed_on=days(-1))
    return world.here


def of_police(here: Side) -> list[Membership]:
    return list(Membership.objects.filter(agency=here.agencies.police, until=None))


def asked() -> list[str]:
    rows = Notice.objects.filter(kind="confirm_people").order_by("pk").select_related("person")
    return [notice.person.name for notice in rows]


def ask(on: dt.date) -> int:
    return confirming.ask_those_due(on=on, by=SCHEDULE)


def arrived(on: dt.date) -> None:
    """The mail server takes on that day what waits."""
    at = dt.datetime.combine(on, dt.time(9), tzinfo=dt.UTC)
    Notice.objects.filter(kind="confirm_people", state="queued").update(state="sent", sent_at=at)


def when_only_the_police_are_due(here: Side) -> dt.date:
    Membership.objects.exclude(agency=here.agencies.police).update(confirmed_on=days(170))
    return days(-1) + confirming.HOLDS


def test_the_lead_is_asked_after_half_a_year_once_and_reminded_once(here: Side) -> None:
    due = when_only_the_police_are_due(here)
    assert ask(due - dt.timedelta(days=1)) == 0
    assert [ask(due), ask(due), ask(due + dt.timedelta(days=1))] == [1, 0, 0]
    assert asked() == ["Amara Finch"]
    for late in (17, 18, 29):  # the sixteenth day was missed
        ask(due + dt.timedelta(days=late))
    assert asked() == ["Amara Finch", "Amara Finch", "Morgan Ellery"], "she may be away"


def test_what_is_confirmed_stays_for_another_half_year(here: Side) -> None:
    due = when_only_the_police_are_due(here)
    ask(due)
    assert confirming.ends_on(here.agencies.police) == due + confirming.NOTICE
    answered = due + dt.timedelta(days=3)
    assert confirming.confirm(agency=here.agencies.police, by=here.people.lead, on=answered) == len(of_police(here))
    assert confirming.ends_on(here.agencies.police) is None
    assert leaving.end_unconfirmed(on=due + dt.timedelta(days=60), by=SCHEDULE) == 0
    Membership.objects.exclude(agency=here.agencies.police).update(confirmed_on=days(400))
    assert ask(answered + confirming.HOLDS - dt.timedelta(days=1)) == 0
    assert ask(answered + confirming.HOLDS) == 1


def test_what_nobody_confirms_ends_after_a_month_and_no_sooner(here: Side) -> None:
    due = when_only_the_police_are_due(here)
    ask(due)
    arrived(due)
    number = len(of_police(here))
    assert leaving.end_unconfirmed(on=due + dt.timedelta(days=29), by=SCHEDULE) == 0
    assert leaving.end_unconfirmed(on=due + dt.timedelta(days=30), by=SCHEDULE) == number
    assert of_police(here) == []
    assert memberships.shadow_differences() == 0
    assert here.people.health_lead.memberships.get().until is None
    told = Notice.objects.filter(kind="people_ended").order_by("pk").values_list("person__name", flat=True)
    assert list(told) == ["Amara Finch", "Morgan Ellery"]


def test_access_ends_and_the_mail_about_it_is_asked_for_or_neither(here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    due = when_only_the_police_are_due(here)
    ask(due)
    arrived(due)
    before, after_a_month = len(of_police(here)), due + dt.timedelta(days=30)
    with monkeypatch.context() as killed:
        killed.setattr(post, "queue", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            leaving.end_unconfirmed(on=after_a_month, by=SCHEDULE)
    assert len(of_police(here)) == before
    assert leaving.end_unconfirmed(on=after_a_month + dt.timedelta(days=1), by=SCHEDULE) == before
    assert Notice.objects.filter(kind="people_ended").count() == 2


def test_who_left_meanwhile_keeps_nobody_elses_access_from_ending(here: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    due = when_only_the_police_are_due(here)
    ask(due)
    arrived(due)
    before, answerable_for = len(of_police(here)), confirming.answerable_for

    def meanwhile(agency: Agency) -> object:
        memberships.end(membership=here.people.member.memberships.get(), by=here.people.coordinator)
        return answerable_for(agency)

    monkeypatch.setattr(confirming, "answerable_for", meanwhile)
    assert leaving.end_unconfirmed(on=due + dt.timedelta(days=30), by=SCHEDULE) == before - 1
    assert of_police(here) == []
    assert Notice.objects.filter(kind="people_ended").count() == 2


def test_nothing_ends_before_the_question_has_been_there_for_a_fortnight(here: Side) -> None:
    due = when_only_the_police_are_due(here)
    ask(due)
    Notice.objects.filter(kind="confirm_people").update(state="failed", why="refused")
    month = due + confirming.NOTICE
    assert leaving.end_unconfirmed(on=month + dt.timedelta(days=30), by=SCHEDULE) == 0
    ask(month)
    arrived(month)
    assert leaving.end_unconfirmed(on=month + dt.timedelta(days=13), by=SCHEDULE) == 0
    assert leaving.end_unconfirmed(on=month + confirming.AGAIN, by=SCHEDULE) > 0


def test_a_mail_says_the_agencys_name_as_it_is_written(here: Side, mailoutbox: list) -> None:
    name = "Children & Families' Service"
    Agency.objects.filter(pk=here.agencies.police.pk).update(name=name)
    ask(when_only_the_police_are_due(here))
    confirming.tell_ended(Agency.objects.get(name=name), [here.people.lead], on=TODAY)
    delivery.deliver_waiting()
    subjects = sorted(mail.subject for mail in mailoutbox)
    assert [subject.removeprefix("Action plans: ") for subject in subjects] == [
        f"Access for {name} has ended",
        f"Who still belongs to {name}?",
    ]
    assert all(name in mail.body for mail in mailoutbox)


def test_who_is_told_that_access_ended_may_have_lost_it_too(here: Side, mailoutbox: list) -> None:
    memberships.end(membership=here.people.lead.memberships.get(), by=SCHEDULE)
    confirming.tell_ended(here.agencies.police, [here.people.lead], on=TODAY)
    delivery.deliver_waiting()
    (mail,) = mailoutbox
    assert mail.to == [here.people.lead.email]
    assert mail.subject.endswith("Access for Borough Police has ended")
    assert f"write to {here.partnership.contact_email}." in mail.body


def test_without_a_lead_the_coordinator_is_asked_and_without_anybody_nothing_ends(here: Side) -> None:
    due = when_only_the_police_are_due(here)
    memberships.end(membership=here.people.lead.memberships.get(), by=SCHEDULE)
    ask(due)
    assert asked() == ["Morgan Ellery"]
    Membership.objects.filter(agency=here.agencies.police).update(asked_on=None)
    memberships.end(membership=here.people.coordinator.memberships.get(), by=SCHEDULE)
    assert ask(due) == 0
    assert leaving.end_unconfirmed(on=due + dt.timedelta(days=90), by=SCHEDULE) == 0


@pytest.mark.parametrize("who", ["member", "observer", "health_lead", "chair", "leaver"])
def test_only_who_manages_the_agencys_people_confirms(who: str, here: Side, world: World) -> None:
    for by in (getattr(here.people, who), world.there.people.coordinator, world.there.people.lead):
        with pytest.raises(PermissionDenied):
            confirming.confirm(agency=here.agencies.police, by=by, on=TODAY)
    assert {row.confirmed_on for row in of_police(here)} == {days(-1)}
    confirming.confirm(agency=here.agencies.police, by=here.people.coordinator, on=TODAY)
    assert {row.confirmed_on for row in of_police(here)} == {TODAY}
