"""Your actions, and one action: who sees what, in which order, at what cost."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import User
from reviews import sign_off
from reviews.models import Action, Draft, ProgressUpdate, PublishedName
from reviews.statuses import Status
from tests.factories import TODAY, a_contact, a_link, a_recommendation, an_action, an_update, join
from tests.portal.conftest import SignedIn
from tests.portal.many import many_actions, many_updates
from tests.world import MARKER, World


def listed(client: Client, query: str = "") -> list[str]:
    """The actions that the list shows, in its order."""
    page = client.get(f"/actions/{query}")
    assert page.status_code == 200
    return [row.action.text for row in page.context["rows"]]


def said(client: Client, address: str) -> str:
    """The words of a page, without markup and with single spaces."""
    page = client.get(address)
    assert page.status_code == 200
    main = page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_whoever_is_not_signed_in_signs_in_first(client: Client, world: World) -> None:
    for address in ("/actions/", f"/actions/{world.here.plans.of_police.pk}/", "/reviews/"):
        assert client.get(address).url.startswith("/accounts/login/?next=")


def test_the_list_holds_the_actions_of_ones_agency_what_is_late_first(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.here.people.member)
    assert listed(client) == [
        "Train the officers",
        "Run the campaign",
        "Write the guide",
        "Agree a protocol",
        "Appoint a lead",
    ]
    words = said(client, "/actions/")
    assert MARKER not in words
    assert "Overdue by 12 days" in words


def test_a_restricted_review_is_listed_for_its_named_readers_only(world: World, signed_in: SignedIn) -> None:
    assert "Call the family" in listed(signed_in(world.here.people.named))
    for user in (world.here.people.lead, world.here.people.member):
        client = signed_in(user)
        assert "Call the family" not in listed(client)
        assert "Adult B" not in said(client, "/actions/")


def test_two_agencies_stand_in_one_list(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.here.people.two_agencies)
    assert set(listed(client)) == {"Agree a protocol", "Train the nurses", "Review the tenancies", "Publish a leaflet"}
    housing = world.here.agencies.housing
    assert set(listed(client, f"?agency={housing.pk}")) == {"Review the tenancies", "Publish a leaflet"}


def test_an_agency_of_two_partnerships_is_labelled(world: World, signed_in: SignedIn) -> None:
    person = world.here.people.member
    join(person, "agency_member", world.there.agencies.police)
    words = said(signed_in(person), "/actions/")
    assert str(world.here.partnership) in words
    assert str(world.there.partnership) in words


def test_whoever_oversees_sees_their_agencies_actions_here_and_plans_elsewhere(
    world: World, signed_in: SignedIn
) -> None:
    assert listed(signed_in(world.here.people.coordinator)) == []
    assert "You do not belong to an agency" in said(signed_in(world.stranger), "/actions/")


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("?status=awaiting", {"Appoint a lead"}),
        ("?status=open&lateness=overdue", {"Train the officers"}),
        ("?lateness=no_date", {"Agree a protocol", "Appoint a lead"}),
        ("?text=GUIDE", {"Write the guide"}),
        ("?text=guide+nowhere", set()),
        ("?text=share+known", {"Agree a protocol"}),
    ],
)
def test_filters_narrow_the_list(world: World, signed_in: SignedIn, query: str, texts: set[str]) -> None:
    assert set(listed(signed_in(world.here.people.member), query)) == texts


def test_filters_lead_to_nobody_elses_rows(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.here.people.two_agencies)
    for foreign in (world.there.agencies.health, world.here.agencies.police):
        page = client.get("/actions/", {"agency": foreign.pk, "review": world.there.plans.published.pk})
        assert page.status_code == 200
        assert MARKER not in page.content.decode()
    assert client.get("/actions/?page=99&status=nonsense&lateness=%00").status_code == 200


def test_each_count_is_the_length_of_the_list_it_leads_to(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.here.people.member)
    counts = client.get("/actions/").context["counts"]
    for query, number in (
        ("?lateness=overdue", counts.overdue),
        ("?lateness=due_soon", counts.due_soon),
        ("?status=open", counts.open),
        ("?status=awaiting", counts.awaiting),
        ("?status=complete", counts.complete),
    ):
        assert len(listed(client, query)) == number


def test_the_list_says_where_ones_own_agency_stands(world: World, signed_in: SignedIn) -> None:
    joint = world.here.plans.joint
    joint.assignments.filter(agency=world.here.agencies.police).update(status=Status.AWAITING)
    words = said(signed_in(world.here.people.member), "/actions/?text=protocol")
    assert "Your agency: Complete, awaiting sign-off" in words


@pytest.mark.parametrize("number", [5, pytest.param(5000, marks=pytest.mark.slow)])
def test_no_page_costs_more_for_a_longer_plan(
    world: World, signed_in: SignedIn, number: int, django_assert_max_num_queries
) -> None:
    person, agencies = world.here.people.two_agencies, world.here.agencies
    actions = many_actions(world.here.plans.recommendation, [agencies.health, agencies.housing], number)
    many_updates(actions[0], [agencies.health, agencies.housing], number)
    client = signed_in(person)
    with django_assert_max_num_queries(10):
        assert len(client.get("/actions/").context["rows"]) == min(50, number + 4)
    with django_assert_max_num_queries(10):
        assert client.get("/actions/?text=under&status=open&lateness=overdue&page=2").status_code == 200
    client.get(f"/actions/{actions[0].pk}/")  # the day's first visit is written down, by one statement more
    with django_assert_max_num_queries(12):
        shown = client.get(f"/actions/{actions[0].pk}/").context["shown"]
    assert [part.last.progress for part in shown.leads if part.last] != []
    overseer = signed_in(world.here.people.coordinator)
    for visited in (f"/actions/{actions[0].pk}/", f"/reviews/{actions[0].review_id}/"):
        overseer.get(visited)
    with django_assert_max_num_queries(12):
        assert overseer.get(f"/actions/{actions[0].pk}/").status_code == 200
    with django_assert_max_num_queries(12):
        assert overseer.get(f"/reviews/{actions[0].review_id}/").status_code == 200
    with django_assert_max_num_queries(12):
        assert overseer.get("/reviews/").status_code == 200


@pytest.mark.slow
def test_a_long_plan_just_brought_in_is_listed_at_once(world: World, signed_in: SignedIn) -> None:
    """PostgreSQL knows nothing yet of rows that just came in: a query whose cost hangs on that took half a minute."""
    agencies = world.here.agencies
    actions = many_actions(world.here.plans.recommendation, [agencies.health, agencies.housing], 5000)
    own, overseer = signed_in(world.here.people.two_agencies), signed_in(world.here.people.coordinator)
    for client, address in (
        (own, "/actions/"),
        (own, "/actions/?text=under&status=open&lateness=overdue&page=2"),
        (own, f"/actions/{actions[0].pk}/"),
        (overseer, "/reviews/"),
        (overseer, f"/reviews/{actions[0].review_id}/?page=90"),
    ):
        started = time.perf_counter()
        assert client.get(address).status_code == 200
        assert time.perf_counter() - started < 3, address


def test_one_action_says_what_is_asked_and_what_was_said_last(world: World, signed_in: SignedIn) -> None:
    words = said(signed_in(world.here.people.member), f"/actions/{world.here.plans.of_police.pk}/")
    for expected in (
        "Write the guide",
        "16 March 2026",
        "Due in 14 days",
        "Train all staff.",
        "The guide is half written.",
        "Do the other half.",
        "Draft guide",
        "Joel Marsh",
    ):
        assert expected in words


def test_nobody_elses_action_opens(world: World, signed_in: SignedIn) -> None:
    address = f"/actions/{world.here.plans.of_police.pk}/"
    strangers = (world.stranger, world.here.people.health_lead, world.there.people.lead, world.here.people.leaver)
    for user in strangers:
        page, absent = signed_in(user).get(address), signed_in(user).get("/actions/999999999/")
        assert page.status_code == absent.status_code == 404
        assert "Write the guide" not in page.content.decode()


def owner_is(action: Action, user: User) -> None:
    part = action.assignments.current().first()
    part.owner = user.memberships.get()
    part.save()


def test_people_are_named_inside_their_agency_and_to_overseers(world: World, signed_in: SignedIn) -> None:
    joint, people = world.here.plans.joint, world.here.people
    owner_is(joint, people.lead)  # of the police
    an_update(joint, world.here.agencies.police, people.member, progress="The police agree.")
    address = f"/actions/{joint.pk}/"
    for user in (people.member, people.coordinator, people.chair):
        assert "Amara Finch sees to it" in said(signed_in(user), address)
    health = said(signed_in(people.health_lead), address)
    assert "The police agree." in health
    assert "Amara Finch" not in health
    assert "Joel Marsh" not in health


def test_an_owner_who_left_owns_nothing(world: World, signed_in: SignedIn) -> None:
    action = world.here.plans.of_police
    owner_is(action, world.here.people.leaver)
    words = said(signed_in(world.here.people.member), f"/actions/{action.pk}/")
    assert "Lee Arden" not in words
    assert "Nobody is named who sees to it." in words


def test_a_contact_owns_until_they_leave(world: World, signed_in: SignedIn) -> None:
    action = world.here.plans.of_police
    part = action.assignments.current().get()
    part.owner_contact = a_contact(part.agency, name="Connie Tact", post="Superintendent")
    part.save()
    assert "Connie Tact, Superintendent sees to it" in said(
        signed_in(world.here.people.member), f"/actions/{action.pk}/"
    )


def test_an_anonymised_agency_is_named_to_itself_and_to_overseers(world: World, signed_in: SignedIn) -> None:
    joint, people = world.here.plans.joint, world.here.people
    PublishedName.objects.create(review=joint.review, agency=world.here.agencies.health, name="Trust Z")
    for user in (people.health_lead, people.coordinator):
        assert "Riverside Health Trust" in said(signed_in(user), f"/actions/{joint.pk}/")
    for address in (f"/actions/{joint.pk}/", "/actions/"):
        words = said(signed_in(people.member), address)
        assert "Trust Z" in words
        assert "Riverside" not in words


def test_evidence_of_another_agency_shows_its_title_only(world: World, signed_in: SignedIn) -> None:
    joint, people = world.here.plans.joint, world.here.people
    page = signed_in(people.member).get(f"/actions/{joint.pk}/").content.decode()
    assert "Draft protocol" in page
    assert "https://example.org/minutes" not in page
    assert "https://example.org/minutes" in signed_in(people.health_lead).get(f"/actions/{joint.pk}/").content.decode()


def test_a_draft_is_nobody_elses_to_see(world: World, signed_in: SignedIn) -> None:
    action, people = world.here.plans.of_police, world.here.people
    Draft.objects.create(
        action=action,
        agency=world.here.agencies.police,
        author=people.lead,
        answers={"progress": "Not yet said"},
        saved_at=timezone.now(),
    )
    for user in (people.member, people.coordinator):
        assert "Not yet said" not in said(signed_in(user), f"/actions/{action.pk}/")


def test_what_was_taken_back_is_struck_out_with_its_reason(world: World, signed_in: SignedIn) -> None:
    action = world.here.plans.of_police
    ProgressUpdate.objects.filter(pk=world.here.plans.update.pk).update(
        voided_at=timezone.now(), void_reason="Wrong action"
    )
    page = signed_in(world.here.people.member).get(f"/actions/{action.pk}/")
    assert "Wrong action" in page.content.decode()
    assert '<del class="app-struck">' in page.content.decode()
    assert page.context["shown"].leads[0].last is None


def test_agencies_read_why_a_claim_was_returned_and_not_where(world: World, signed_in: SignedIn) -> None:
    action, people = world.here.plans.awaiting, world.here.people
    sign_off.send_back(
        action=action, by=people.coordinator, on=TODAY, reason="Show who was appointed.", decided_at="Meeting in camera"
    )
    agency, overseer = (said(signed_in(user), f"/actions/{action.pk}/") for user in (people.member, people.chair))
    assert "Show who was appointed." in agency
    assert "Meeting in camera" not in agency
    assert "Meeting in camera" in overseer


def test_a_long_history_is_shown_in_part_and_then_whole(world: World, signed_in: SignedIn) -> None:
    action, client = world.here.plans.of_police, signed_in(world.here.people.member)
    many_updates(action, [world.here.agencies.police], 60)
    part = client.get(f"/actions/{action.pk}/")
    assert len(part.context["shown"].history) == 20
    assert "Show the whole history" in part.content.decode()
    assert len(client.get(f"/actions/{action.pk}/?history=whole").context["shown"].history) == 62


def test_words_of_people_are_words_and_not_markup(world: World, signed_in: SignedIn) -> None:
    nasty = "<script>alert(1)</script> & \"quotes\" 'here'"
    action = an_action(
        a_recommendation(world.here.plans.published, text=nasty, addressee=nasty),
        world.here.agencies.police, text=nasty, change_expected=nasty, agency_response=nasty,
    )  # fmt: skip
    an_update(action, world.here.agencies.police, progress=nasty, next_steps=nasty, obstacles=nasty, help_wanted=nasty)
    a_link(action, world.here.agencies.police, title=nasty)
    client = signed_in(world.here.people.member)
    for address in ("/actions/", f"/actions/{action.pk}/"):
        assert "<script>alert" not in client.get(address).content.decode()
