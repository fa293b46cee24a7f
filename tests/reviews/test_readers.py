"""A restricted review is read by named people only, and only for as long as they are."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from agencies.actors import SCHEDULE
from agencies.models import AuditEntry
from agencies.permissions import holds, objects_for
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import reader_shadows, readers
from reviews.models import Action, Reader
from tests.factories import TODAY, a_draft, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world):
    return world.here


def may_read(person, action):
    return holds(person, Permission.READ_ACTION, action)


def test_a_named_reader_sees_the_agencys_actions_and_no_others(here):
    plans, member = here.plans, here.people.member
    assert not may_read(member, plans.restricted_of_police)
    reader = readers.name_reader(review=plans.restricted, user=member, agency=here.agencies.police, by=here.people.lead)
    assert not may_read(member, plans.restricted_of_police), "confidentiality is not accepted yet"
    kept = readers.accept(partnership=here.partnership, by=member)
    assert kept.statement == here.partnership.confidentiality_statement
    assert may_read(member, plans.restricted_of_police)
    assert not may_read(member, plans.restricted_of_health)
    readers.end(reader=reader, by=here.people.lead)
    assert not may_read(member, plans.restricted_of_police)
    with pytest.raises(Refused):
        readers.end(reader=reader, by=here.people.lead)


def test_name_reader_refused_to_others_for_strangers_and_twice(world, here):
    facts = {"review": here.plans.restricted, "agency": here.agencies.police}
    for person in (here.people.member, here.people.health_lead, world.there.people.lead):
        with pytest.raises(PermissionDenied):
            readers.name_reader(user=here.people.observer, by=person, **facts)
    with pytest.raises(Refused, match="does not belong"):
        readers.name_reader(user=here.people.health_lead, by=here.people.lead, **facts)
    with pytest.raises(Refused, match="already reads"):
        readers.name_reader(user=here.people.named, by=here.people.lead, **facts)
    with pytest.raises(Refused, match="to yourself"):
        readers.name_reader(user=here.people.lead, by=here.people.lead, **facts)
    assert Reader.objects.filter(agency=here.agencies.police).count() == 1


def test_a_panel_reader_reads_the_whole_review_until_the_day_given(here, time_machine):
    person = a_person()
    readers.admit_to_panel(
        review=here.plans.restricted,
        user=person,
        by=here.people.coordinator,
        on=TODAY,
        ends_on=TODAY + dt.timedelta(days=9),
    )
    assert objects_for(person, Permission.READ_ACTION, Action).count() == 2
    assert not holds(person, Permission.UPDATE_ACTION, here.plans.restricted_of_police)
    assert readers.end_those_due(on=TODAY + dt.timedelta(days=9), by=SCHEDULE) == 0
    time_machine.shift(dt.timedelta(days=10))
    assert readers.end_those_due(on=TODAY + dt.timedelta(days=10), by=SCHEDULE) == 1
    assert not objects_for(person, Permission.READ_ACTION, Action).exists()


def test_a_reading_that_somebody_ended_or_prolonged_meanwhile_keeps_no_other_from_ending(
    here, monkeypatch, time_machine
):
    last, after = TODAY + dt.timedelta(days=9), TODAY + dt.timedelta(days=10)
    facts = {"review": here.plans.restricted, "by": here.people.coordinator, "on": TODAY, "ends_on": last}
    ended, prolonged, due = (readers.admit_to_panel(user=a_person(), **facts) for _ in range(3))
    time_machine.shift(dt.timedelta(days=10))
    lock_people = readers.lock_people

    def meanwhile(people):
        monkeypatch.setattr(readers, "lock_people", lock_people)
        readers.end(reader=ended, by=here.people.coordinator, on=TODAY)
        readers.read_until(reader=prolonged, ends_on=after, by=here.people.coordinator)
        lock_people(people)

    monkeypatch.setattr(readers, "lock_people", meanwhile)
    assert readers.end_those_due(on=after, by=SCHEDULE) == 1
    untils = (
        Reader.objects.filter(pk__in=[ended.pk, prolonged.pk, due.pk]).order_by("pk").values_list("until", flat=True)
    )
    assert list(untils) == [TODAY, None, after]


def test_admit_to_panel_refused_to_all_but_the_coordinator(world, here):
    for person in (here.people.lead, here.people.chair, world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            readers.admit_to_panel(review=here.plans.restricted, user=a_person(), by=person)


def test_confidentiality_is_accepted_once_for_all_that_one_is_named_for(here):
    facts = {"user": here.people.member, "agency": here.agencies.police, "by": here.people.lead}
    reader = readers.name_reader(review=here.plans.restricted, **facts)
    with pytest.raises(Refused, match="Nothing waits"):
        readers.accept(partnership=here.partnership, by=here.people.lead)
    readers.accept(partnership=here.partnership, by=here.people.member)
    with pytest.raises(Refused, match="Nothing waits"):
        readers.accept(partnership=here.partnership, by=here.people.member)
    readers.end(reader=reader, by=here.people.lead)
    readers.name_reader(review=here.plans.restricted, **facts)
    assert may_read(here.people.member, here.plans.restricted_of_police), "the same words are accepted once"
    assert reader_shadows.shadow_differences() == 0
    reader_shadows.rebuild_shadows()
    assert may_read(here.people.member, here.plans.restricted_of_police)


def test_other_words_are_accepted_anew_by_who_is_named_next(world, here):
    for by in (here.people.lead, here.people.chair, world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            readers.word_statement(partnership=here.partnership, text="I will tell nobody.", by=by)
    with pytest.raises(Refused, match="Enter the statement"):
        readers.word_statement(partnership=here.partnership, text=" ", by=here.people.coordinator)
    facts = {"review": here.plans.restricted, "agency": here.agencies.police, "by": here.people.lead}
    readers.name_reader(user=here.people.member, **facts)
    readers.accept(partnership=here.partnership, by=here.people.member)
    readers.word_statement(partnership=here.partnership, text="I will tell nobody.", by=here.people.coordinator)
    assert may_read(here.people.member, here.plans.restricted_of_police), "what was accepted stays open"
    readers.name_reader(user=here.people.observer, **facts)
    assert readers.waiting_for(here.people.observer).exists()


def test_the_coordinator_names_a_lead_and_nobody_else(world, here):
    facts = {"review": here.plans.restricted, "agency": here.agencies.police}
    for by in (here.people.coordinator, here.people.member_of_group, world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            readers.name_reader(user=here.people.member, by=by, **facts)
    for by in (here.people.member_of_group, world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            readers.name_reader(user=here.people.lead, by=by, **facts)
    named = readers.name_reader(user=here.people.lead, by=here.people.coordinator, **facts)
    readers.accept(partnership=here.partnership, by=here.people.lead)
    assert may_read(here.people.lead, here.plans.restricted_of_police)
    readers.end(reader=named, by=here.people.coordinator)
    assert not may_read(here.people.lead, here.plans.restricted_of_police)


def test_what_they_were_writing_goes_on_when_they_are_named_no_more(here):
    people, action = here.people, here.plans.restricted_of_police
    open_ = a_draft(here.plans.of_police, here.agencies.police, people.named)
    draft = a_draft(action, here.agencies.police, people.named)
    readers.end(reader=Reader.objects.get(user=people.named, until=None), by=people.lead)
    draft.refresh_from_db()
    assert (draft.author, draft.written_by) == (people.coordinator, people.named), "no lead is named to read it"
    open_.refresh_from_db()
    assert open_.author == people.named
    assert AuditEntry.objects.get(event="drafts.handed_over").detail["actions"] == [action.pk]
