"""People at an agency who have no account are noted by those who look after its people."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies import contacts
from agencies.models import AuditEntry, Contact
from agencies.refusals import Refused
from tests.world import Side, World


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def test_a_contact_is_noted_mended_and_ended(here: Side) -> None:
    school, by = here.agencies.school, here.people.coordinator
    noted = contacts.add(agency=school, name=" Jo   Bright", post="Deputy", email="jo@school.example", by=by)
    assert str(noted) == "Jo Bright, Deputy"
    contacts.change(contact=noted, name="Jo Bright", post="Head", by=by)
    assert str(Contact.objects.get(pk=noted.pk)) == "Jo Bright, Head"
    contacts.end(contact=noted, by=by)
    assert [row.name for row in contacts.lasting(school, timezone.localdate())] == ["Ines Whitlock"]
    assert len(contacts.lasting(school, timezone.localdate() - dt.timedelta(days=1))) == 2
    for verb in (contacts.end, lambda **facts: contacts.change(name="Jo", **facts)):
        with pytest.raises(Refused, match="having left"):
            verb(contact=noted, by=by)
    assert AuditEntry.objects.filter(event__startswith="contact.").count() == 3


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "nowhere"}, "email"),
        ({"email": "a@" + "b" * 60 + (".c" + "c" * 59) * 4}, "email"),
    ],
)
def test_what_cannot_be_noted_is_refused_beside_its_question(facts: dict, field: str, here: Side) -> None:
    with pytest.raises(Refused) as refusal:
        contacts.add(agency=here.agencies.school, by=here.people.coordinator, **{"name": "Jo Bright"} | facts)
    assert refusal.value.field == field
    assert Contact.objects.filter(agency=here.agencies.school).count() == 1


@pytest.mark.parametrize("who", ["lead", "member", "chair", "partnership_observer"])
def test_only_who_looks_after_the_agencys_people_notes_contacts(who: str, here: Side, world: World) -> None:
    for by in (getattr(here.people, who), world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            contacts.add(agency=here.agencies.school, name="Jo", by=by)
        for verb in (contacts.end, lambda **facts: contacts.change(name="Jo", **facts)):
            with pytest.raises(PermissionDenied):
                verb(contact=here.contact, by=by)
