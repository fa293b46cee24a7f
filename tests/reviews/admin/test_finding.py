"""Long choices in Django admin: typed and found on the server, among what may be chosen, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.forms import ModelChoiceField
from django.test import Client
from django.urls import reverse

from agencies import finding
from agencies.admin import GiveRole
from agencies.finding import FindChoice, FindRow, FindWidget
from agencies.models import Agency, Membership, User
from agencies.roles import RoleCode
from reviews.models import Assignment
from tests.factories import TODAY, a_contact, a_member
from tests.test_wall_posts import CHOOSING_ROWS, everything, filled, on_each, related
from tests.walking import is_silent, row_of
from tests.world import MARKER, Side, World

pytestmark = pytest.mark.django_db
GIVE = "admin:agencies_agency_give_role"


@pytest.fixture
def here(world: World, client: Client) -> Side:
    """The side whose coordinator is signed in."""
    client.force_login(world.here.people.coordinator)
    return world.here


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list counts as long."""
    monkeypatch.setattr(finding, "MOST_OPTIONS", 0)


def give(client: Client, agency: Agency, person: object) -> Any:
    said = {"person": person, "role": RoleCode.AGENCY_OBSERVER, "on": TODAY.isoformat()}
    return client.post(reverse(GIVE, args=[agency.pk]), said)


def test_a_page_of_2000_people_is_small_and_finds_one_of_them_by_what_is_typed(here: Side, client: Client) -> None:
    page = reverse(GIVE, args=[here.agencies.health.pk])
    few = len(client.get(page).content)
    assert isinstance(client.get(page).context["form"].fields["person"].widget, finding.forms.Select)
    people = [User(name=f"Person {number:04}x", email=f"p{number}@haringey.example") for number in range(2000)]
    people = User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(user=person, role=RoleCode.AGENCY_MEMBER, agency=here.agencies.council, on=TODAY)
        for person in people
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself within a minute
    shown = client.get(page)
    assert isinstance(shown.context["form"].fields["person"].widget, FindWidget)
    assert len(shown.content) < few + 1000, "the list would be 150,000"
    assert "agencies/finding.js" in shown.content.decode()
    offered = client.get(page, {"finds": "person", "words": "person 013x"}).json()["fit"]
    assert offered == ["Person 0013x (p13@haringey.example)", "Person 1013x (p1013@haringey.example)"]
    too_many = give(client, here.agencies.health, "person")
    assert "More than 50 fit" in str(too_many.context["form"].errors["person"])
    several = give(client, here.agencies.health, "person 013x")
    assert "2 fit what you typed. Choose one of them." in str(several.context["form"].errors["person"])
    assert str(several.content.decode()).count("<option") == 3 + 3, "two people, and the roles"
    assert give(client, here.agencies.health, people[10].pk).status_code == 302
    assert give(client, here.agencies.health, offered[1]).status_code == 302
    assert give(client, here.agencies.health, "p12@haringey").status_code == 302
    given = Membership.objects.filter(agency=here.agencies.health, role=RoleCode.AGENCY_OBSERVER)
    assert {row.user for row in given} == {people[10], people[1013], people[12]}


def test_people_of_one_name_are_told_apart(here: Side, client: Client, always: None) -> None:
    twins = [
        a_member(RoleCode.AGENCY_MEMBER, here.agencies.council, name="Ann Dee", email=f"{n}@haringey.example")
        for n in "ab"
    ]
    finding.MOST_OPTIONS = 5
    answer = give(client, here.agencies.health, "ann dee")
    assert "2 fit what you typed" in str(answer.context["form"].errors["person"])
    assert give(client, here.agencies.health, "Ann Dee (b@haringey.example)").status_code == 302
    assert twins[1].memberships.filter(agency=here.agencies.health).exists()
    assert not twins[0].memberships.filter(agency=here.agencies.health).exists()


def test_who_sees_to_an_action_is_found_among_people_and_contacts(here: Side, client: Client, always: None) -> None:
    part = here.plans.of_police.assignments.get()
    a_contact(here.agencies.police, name="Una Desk")
    url = reverse("admin:reviews_assignment_owner", args=[part.pk])
    page = client.get(url)
    assert isinstance(page.context["form"].fields["owner"], FindChoice)
    assert client.get(url, {"finds": "owner", "words": "una"}).json() == {"fit": ["Una Desk (no account)"]}
    seen = page.context["form"].seen
    assert client.post(url, {"owner": "una", "seen": seen}).status_code == 302
    assert Assignment.objects.get(pk=part.pk).owner_contact.name == "Una Desk"
    assert 'value="Una Desk (no account)"' in client.get(url).content.decode()


@on_each(*CHOOSING_ROWS)
def test_nothing_of_the_twin_is_found_or_taken(
    model: type[Any], form_class: type[Any], name: str, world: World, here: Side, client: Client, always: None
) -> None:
    about = None if name.endswith("_add") else row_of(model, here)
    form = form_class(by=here.people.coordinator, about=about, on=TODAY)
    url = reverse(name, args=[about.pk] if about else [])
    for chosen in related(form):
        field = form.fields[chosen]
        assert isinstance(field, FindRow)
        for words in (MARKER, "a", "", "\0", "9" * 40):
            answer = client.get(url, {"finds": chosen, "words": words})
            assert answer.status_code == 200
            assert is_silent(answer), (chosen, words)
        before = everything()
        answer = client.post(url, filled(form, here) | {chosen: MARKER})
        assert answer.context["form"].errors[chosen] == [
            "Nothing here fits what you typed. Try another part of the name."
        ]
        assert everything() == before


@on_each(*CHOOSING_ROWS)
def test_pasted_text_is_answered_with_a_sentence(
    model: type[Any], form_class: type[Any], name: str, world: World, here: Side, client: Client, always: None
) -> None:
    about = None if name.endswith("_add") else row_of(model, here)
    form = form_class(by=here.people.coordinator, about=about, on=TODAY)
    url = reverse(name, args=[about.pk] if about else [])
    for chosen in related(form):
        for pasted in (" ".join(f"w{number}" for number in range(300)), "n" * 50_000, "a " * 30):
            assert client.get(url, {"finds": chosen, "words": pasted}).status_code == 200
            answer = client.post(url, filled(form, here) | {chosen: pasted})
            assert answer.status_code == 200, "the form again, with the field marked"
            assert answer.context["form"].errors[chosen]


def test_a_choice_of_many_words_is_found_by_all_of_them_and_by_no_other(
    here: Side, client: Client, always: None
) -> None:
    name = "North and East London Mental Health and Social Care Partnership Board, Second"
    a_member(RoleCode.AGENCY_MEMBER, here.agencies.council, name=name, email="a@haringey.example")
    finding.MOST_OPTIONS = 5
    like_it = give(client, here.agencies.health, f"{name[:-6]}First")
    assert "Eight words of the name are enough." in str(like_it.context["form"].errors["person"])
    assert give(client, here.agencies.health, f"{name} (a@haringey.example)").status_code == 302


def test_what_fits_nothing_reads_no_more_than_so_many_people(here: Side, client: Client) -> None:
    people = [User(name=f"Person {number}", email=f"p{number}@haringey.example") for number in range(300)]
    people = User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(user=person, role=RoleCode.AGENCY_MEMBER, agency=here.agencies.council, on=TODAY)
        for person in people
    )
    form = GiveRole(by=here.people.coordinator, about=here.agencies.health, on=TODAY)
    field = form.fields["person"]
    labelled: list[str] = []
    whole = field.label_from_instance
    field.label_from_instance = lambda person: labelled.append(person.name) or whole(person)
    assert field.fits("zzz", 12) == []
    assert len(labelled) <= finding.MOST_READ < len(people)
    labelled.clear()
    assert field.fits("Person (p299@haringey.example)", 12) == [(people[299].pk, whole(people[299]))]
    assert labelled == ["Person 299"], "the signs around an address are no part of it"


def test_a_word_that_stands_in_no_searched_column_is_found_near_the_others(here: Side, always: None) -> None:
    people = User.objects.bulk_create(
        User(name=f"Person {number:03}", email=f"p{number}@haringey.example") for number in range(300)
    )
    Membership.objects.bulk_create(
        Membership(user=person, role=RoleCode.AGENCY_MEMBER, agency=here.agencies.council, on=TODAY)
        for person in people
    )
    every = ModelChoiceField(Membership.objects.order_by("pk"), label="To")
    last = Membership.objects.get(user=people[299])
    assert FindRow(every).fits(str(last), 12) == [(last.pk, str(last))]


@pytest.mark.parametrize("who", ["member_of_group", "lead"])
def test_who_may_not_open_the_page_finds_nothing_there(who: str, here: Side, client: Client) -> None:
    client.force_login(getattr(here.people, who))
    asked = client.get(reverse(GIVE, args=[here.agencies.health.pk]), {"finds": "person", "words": "a"})
    assert asked.status_code in (403, 404)
