"""An agency that no plan has named is made on screen, takes over from another, and answers for an action."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from agencies import invitations
from agencies.models import Agency, Invitation, Partnership
from reviews.models import Action, Assignment, Recommendation, Review
from tests.factories import TODAY, a_member, a_partnership
from tests.world import Side, World

pytestmark = pytest.mark.django_db
DAY = {"on_day": str(TODAY.day), "on_month": str(TODAY.month), "on_year": str(TODAY.year)}


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def link(page: str, words: str) -> str:
    """Where the link with these words leads."""
    found = re.search(rf'href="([^"]+)"[^>]*>{words}', page)
    assert found, words
    return found[1].replace("&amp;", "&")


def test_an_agency_that_is_new_takes_over(here: Side, client: Client) -> None:
    client.force_login(here.people.coordinator)
    succeed = reverse("agency-succeed", args=[here.agencies.police.pk])
    add = link(client.get(succeed).content.decode(), "Add it first")
    assert "It can then take over from Borough Police." in client.get(add).content.decode()
    taken = client.post(add, {"name": "Riverside Health Trust", "kind": "health", "other_names": ""})
    assert "There is already an agency called Riverside Health Trust. Use that one." in taken.content.decode()
    added = client.post(add, {"name": "City Police", "kind": "police", "other_names": "CP"}, follow=True)
    new = Agency.objects.get(name="City Police")
    assert "City Police is added." in added.content.decode()
    form = added.context["form"]
    assert (added.request["PATH_INFO"], form["successor"].value()) == (succeed, new.pk)
    assert f'<option value="{new.pk}" selected>' in added.content.decode()
    given = {name: form[name].value() for name in ("which",)}
    people = [here.people.lead.memberships.get().pk, here.people.member.memberships.get().pk]
    client.post(succeed, {"successor": new.pk, "people": people, "closes": "on", **given, **DAY})
    client.force_login(here.people.member)
    assert client.get(reverse("action-update", args=[here.plans.of_police.pk])).status_code == 200
    assert Assignment.objects.current().get(action=here.plans.of_police).agency == new


def test_on_a_fresh_portal_a_plan_is_written_and_its_agency_invited(db, client: Client) -> None:
    partnership: Partnership = a_partnership(name="Westmere")
    client.force_login(a_member("coordinator", partnership))
    listed = client.get(reverse("people-list")).content.decode()
    assert "There is no agency yet." in listed
    place = client.post(
        link(listed, "Add an agency"), {"name": "Westmere School", "kind": "education", "other_names": ""}
    )
    school = Agency.objects.get()
    assert place.headers["Location"] == reverse("people-agency", args=[school.pk])
    client.post(f"{place.headers['Location']}invite/", {"email": "head@school.example", "role": "agency_lead"})
    assert invitations.make_link(Invitation.objects.get())
    client.post(
        reverse("admin:reviews_review_add"),
        {"partnership": partnership.pk, "kind": "sar", "reference": "S1", "title": "Sam"},
    )
    review = Review.objects.get()
    said = {"text": "Teach it.", "on": TODAY.isoformat()}
    client.post(reverse("admin:reviews_review_add_recommendation", args=[review.pk]), said)
    add_action = reverse("admin:reviews_recommendation_add_action", args=[Recommendation.objects.get().pk])
    assert "Not in the list?" in client.get(add_action).content.decode()
    client.post(add_action, {"agency": school.pk, "on": TODAY.isoformat(), "text": "Teach it in year 9."})
    assert [part.agency for part in Action.objects.get().assignments.current()] == [school]
