"""The People page: who belongs, who is invited, what they may do, how they leave."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, AuditEntry, Invitation, Membership, User
from agencies.roles import RoleCode as R
from reviews import readers
from reviews.models import Assignment
from tests.factories import a_draft, a_member, an_agency, join
from tests.portal.conftest import SignedIn
from tests.world import Side, World

pytestmark = pytest.mark.either


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def page_of(agency: Agency) -> str:
    return reverse("people-agency", args=[agency.pk])


def part(person: User) -> Membership:
    return person.memberships.get(until=None)


def test_a_lead_comes_to_her_agency_and_sees_who_belongs_there(here: Side, signed_in: SignedIn) -> None:
    User.objects.filter(pk=here.people.member.pk).update(last_login=dt.datetime(2026, 2, 3, 9, tzinfo=dt.UTC))
    client = signed_in(here.people.lead)
    assert client.get(reverse("people-list")).url == page_of(here.agencies.police)
    page = client.get(page_of(here.agencies.police)).content.decode()
    for words in ("Joel Marsh", "3 February 2026", "Agency observer", here.invitation.email, "Lee Arden", "(you)"):
        assert words in page
    assert "Hal Rivers" not in page
    assert reverse("people-role", args=[part(here.people.member).pk]) in page
    assert reverse("people-role", args=[part(here.people.lead).pk]) not in page, "nobody grants to themselves"


def test_a_coordinator_finds_every_agency_and_the_partnership(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.coordinator)
    page = client.get(reverse("people-list")).content.decode()
    for agency in (here.agencies.police, here.agencies.school):
        assert page_of(agency) in page
    assert page_of(here.agencies.former_group) not in page, "it no longer exists"
    found = client.get(reverse("people-list"), {"words": "riverside"}).content.decode()
    assert page_of(here.agencies.health) in found
    assert page_of(here.agencies.police) not in found
    assert client.get(reverse("people-list"), {"words": "\0" + "x" * 9000}).status_code == 200
    assert "Nobody leads this agency" in client.get(page_of(here.agencies.school)).content.decode()


def test_agencies_with_open_actions_and_no_lead_are_counted_and_found(
    here: Side, world: World, signed_in: SignedIn
) -> None:
    agencies, listed = here.agencies, reverse("people-list")
    client = signed_in(here.people.coordinator)
    page = client.get(listed).content.decode()
    found = client.get(listed, {"lead": "none"})
    names = [agency.name for agency in found.context["page"]]
    assert agencies.school.name in names
    assert not {agencies.police.name, agencies.advisory_group.name, world.there.agencies.school.name} & set(names)
    assert found.context["without_lead"] == len(names)
    assert page.count("No lead") == len(names)
    assert "open action" in page
    searched = client.get(listed, {"lead": "none", "words": "hill"})
    assert [agency.name for agency in searched.context["page"]] == [agencies.school.name]
    User.objects.filter(pk=here.people.lead.pk).update(is_active=False)
    found = client.get(listed, {"lead": "none"})
    assert agencies.police in found.context["page"].object_list, "nobody is reached at a closed account"
    assert "Nobody leads this agency" in client.get(page_of(agencies.police)).content.decode()
    for agency in (agencies.police, *found.context["page"]):
        a_member(R.AGENCY_LEAD, agency)
    assert "Every agency with open actions has a lead." in client.get(listed, {"lead": "none"}).content.decode()


def test_who_leads_two_agencies_reads_no_numbers_of_their_open_actions(here: Side, signed_in: SignedIn) -> None:
    join(here.people.lead, R.AGENCY_LEAD, here.agencies.school)
    client, listed = signed_in(here.people.lead), reverse("people-list")
    page = client.get(listed, {"lead": "none"}).content.decode()
    assert page_of(here.agencies.police) in page
    assert "open action" not in page
    back = f'<a class="govuk-back-link" href="{listed}">'
    assert back in client.get(page_of(here.agencies.school)).content.decode()
    assert back not in signed_in(here.people.health_lead).get(page_of(here.agencies.health)).content.decode()


def test_the_group_sees_people_and_is_offered_no_change(here: Side, signed_in: SignedIn) -> None:
    page = signed_in(here.people.member_of_group).get(page_of(here.agencies.police)).content.decode()
    assert "Joel Marsh" in page
    assert "Invite somebody" not in page
    assert "End access" not in page


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("lead", {R.AGENCY_LEAD, R.AGENCY_MEMBER, R.AGENCY_OBSERVER}),
        ("coordinator", {R.AGENCY_LEAD, R.AGENCY_MEMBER, R.AGENCY_OBSERVER}),
    ],
)
def test_an_invitation_offers_the_roles_that_one_may_grant(
    who: str, offered: set[str], here: Side, signed_in: SignedIn
) -> None:
    client = signed_in(getattr(here.people, who))
    address = reverse("people-agency-invite", args=[here.agencies.police.pk])
    form = client.get(address).context["form"]
    assert {code for code, _ in form.fields["role"].choices} == offered
    answered = client.post(address, {"email": "New@Example.org", "role": R.AGENCY_MEMBER}, follow=True)
    assert "The invitation goes to new@example.org" in answered.content.decode()
    refused = client.post(address, {"email": "new@example.org", "role": R.AGENCY_MEMBER})
    assert "This address was already invited" in refused.content.decode()
    for wrong in ({"email": "x", "role": R.AGENCY_MEMBER}, {"email": "y@example.org", "role": R.COORDINATOR}):
        assert client.post(address, wrong).status_code == 200
    assert Invitation.objects.filter(email="new@example.org").count() == 1
    assert not Invitation.objects.filter(email="y@example.org").exists()


def test_the_chair_invites_to_the_group_and_the_coordinator_observers(here: Side, signed_in: SignedIn) -> None:
    address = reverse("people-partnership-invite", args=[here.partnership.pk])
    for who, roles in (("chair", [R.GROUP_MEMBER]), ("coordinator", [R.PARTNERSHIP_OBSERVER])):
        form = signed_in(getattr(here.people, who)).get(address).context["form"]
        assert [code for code, _ in form.fields["role"].choices] == roles
    assert signed_in(here.people.member_of_group).get(address).status_code == 403
    page = signed_in(here.people.coordinator).get(reverse("people-partnership", args=[here.partnership.pk]))
    assert "End access" in page.content.decode()
    assert "Change role" not in page.content.decode(), "there is no other role that they could give"


def test_who_came_after_the_page_was_opened_is_not_confirmed_by_it(here: Side, signed_in: SignedIn) -> None:
    lead, member = signed_in(here.people.lead), here.people.member.memberships.get()
    assert f'name="who" value="{member.pk}"' in lead.get(page_of(here.agencies.police)).content.decode()
    address = reverse("people-confirm", args=[here.agencies.police.pk])
    said = lead.post(address, {"who": [member.pk, "9" * 30, "x"]}, follow=True).content.decode()
    assert "1 person is confirmed" in said
    assert list(Membership.objects.exclude(confirmed_on=None)) == [member]
    entries = AuditEntry.objects.filter(event="agency.people_confirmed")
    assert entries.count() == 1
    said = lead.post(address, {"who": ["9"]}, follow=True).content.decode()
    assert "Nobody is confirmed" in said
    assert "we ask again" not in said
    assert entries.count() == 1


def test_a_press_of_no_button_withdraws_nothing(here: Side, signed_in: SignedIn) -> None:
    answer = signed_in(here.people.lead).post(reverse("people-invitation", args=[here.invitation.pk]), {})
    assert answer.status_code == 200
    here.invitation.refresh_from_db()
    assert here.invitation.withdrawn_at is None


def test_an_invitation_is_sent_again_or_withdrawn(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.lead)
    address = reverse("people-invitation", args=[here.invitation.pk])
    Invitation.objects.filter(pk=here.invitation.pk).update(asked_at=timezone.now() - dt.timedelta(days=9))
    assert "Ran out on" in client.get(page_of(here.agencies.police)).content.decode()
    client.post(address, {"again": "1"})
    here.invitation.refresh_from_db()
    assert here.invitation.asked_at == timezone.now()
    client.post(address, {"withdraw": "1"})
    assert client.get(address).status_code == 404
    assert here.invitation.email not in client.get(page_of(here.agencies.police)).content.decode()


def test_a_role_is_changed_but_not_ones_own(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.lead)
    address = reverse("people-role", args=[part(here.people.member).pk])
    answered = client.post(address, {"role": R.AGENCY_OBSERVER}, follow=True)
    assert "Joel Marsh is now Agency observer." in answered.content.decode()
    assert part(here.people.member).role == R.AGENCY_OBSERVER
    own = reverse("people-role", args=[part(here.people.lead).pk])
    assert client.post(own, {"role": R.AGENCY_MEMBER}).status_code == 403
    assert part(here.people.lead).role == R.AGENCY_LEAD


def test_the_page_of_a_role_says_what_hangs_on_it_and_hands_it_over(here: Side, signed_in: SignedIn) -> None:
    member, heir = part(here.people.member), part(here.people.named)
    owned = Assignment.objects.filter(action=here.plans.of_police, agency=here.agencies.police)
    owned.update(owner=member)
    address = reverse("people-role", args=[member.pk])
    page = signed_in(here.people.lead).get(address).content.decode()
    assert str(here.plans.of_police) in page
    assert "Who takes over, if they do not report any more?" in page
    signed_in(here.people.lead).post(address, {"role": R.AGENCY_OBSERVER, "to": heir.pk})
    assert owned.get().owner == heir
    only_lead = reverse("people-role", args=[part(here.people.lead).pk])
    assert "This is the last lead" in signed_in(here.people.coordinator).get(only_lead).content.decode()


def test_one_screen_ends_access_and_hands_over(here: Side, signed_in: SignedIn) -> None:
    leaver, heir = part(here.people.member), part(here.people.named)
    owned = Assignment.objects.filter(action=here.plans.of_police, agency=here.agencies.police)
    owned.update(owner=leaver)
    client, gone = signed_in(here.people.lead), signed_in(here.people.member)
    address = reverse("people-leave", args=[leaver.pk])
    page = client.get(address).content.decode()
    assert "Write the guide" in page
    assert "last lead" not in page
    assert client.post(address, {"to": part(here.people.observer).pk}).status_code == 200, "no observer takes over"
    answered = client.post(address, {"to": heir.pk}, follow=True)
    assert "Joel Marsh has no access here any more." in answered.content.decode()
    assert owned.get().owner == heir
    assert gone.get(reverse("action-list")).status_code == 302, "signed out"


def test_who_leaves_shows_nothing_of_a_restricted_review(here: Side, signed_in: SignedIn) -> None:
    leaver, action = part(here.people.member), here.plans.restricted_of_police
    Assignment.objects.filter(action=action, agency=here.agencies.police).update(owner=leaver)
    client, address = signed_in(here.people.lead), reverse("people-leave", args=[leaver.pk])
    page = client.get(address).content.decode()
    assert "Call the family" not in page
    assert "1 of restricted reviews, which you are not named to read" in page
    said = client.post(address, {"to": part(here.people.lead).pk}, follow=True).content.decode()
    assert "1 action that they saw to has no owner now" in said


def test_the_last_lead_is_warned_and_may_leave(here: Side, signed_in: SignedIn) -> None:
    client = signed_in(here.people.lead)
    address = reverse("people-leave", args=[part(here.people.lead).pk])
    assert "This is the last lead of Borough Police" in client.get(address).content.decode()
    assert client.post(address, {}).url == reverse("home")
    assert not here.people.lead.memberships.filter(until=None).exists()


def test_the_pages_cost_the_same_for_few_and_for_many(
    here: Side, signed_in: SignedIn, django_assert_max_num_queries
) -> None:
    for number in range(30):
        a_member(R.AGENCY_MEMBER, here.agencies.police, password=None)
        an_agency(here.partnership, name=f"Agency of {number}")
    lead, coordinator = signed_in(here.people.lead), signed_in(here.people.coordinator)
    with django_assert_max_num_queries(14):
        lead.get(page_of(here.agencies.police))
    with django_assert_max_num_queries(9):
        coordinator.get(reverse("people-list"))


def test_who_has_left_reads_since_when_and_whom_to_ask(here: Side, world: World, signed_in: SignedIn) -> None:
    leaver = signed_in(here.people.leaver).get(reverse("home")).content.decode()
    assert f"Your access to {here.agencies.police} ended on 23 February 2026." in leaver
    assert f"coordinator of the {here.partnership}" in leaver
    readers.end(reader=here.people.panel_reader.readings.get(), by=here.people.coordinator)
    panel = signed_in(here.people.panel_reader).get(reverse("home")).content.decode()
    assert "You read DHR2 for its panel until 2 March 2026." in panel
    stranger = signed_in(world.stranger).get(reverse("home")).content.decode()
    assert "You belong to no agency here." in stranger


def test_a_coordinator_who_leaves_hands_over_on_the_same_screen(here: Side, world: World, signed_in: SignedIn) -> None:
    leaver = part(here.people.coordinator)
    draft = a_draft(here.plans.of_school, here.agencies.school, leaver.user)
    address = reverse("people-leave", args=[leaver.pk])
    client = signed_in(world.superuser)
    page = client.get(address).content.decode()
    assert "1 draft not sent yet" in page
    assert "This is the last coordinator" in page
    heirs = [part(a_member(R.COORDINATOR, here.partnership)) for _ in range(2)]
    page = client.get(address).content.decode()
    assert "the longest-serving other coordinator" in page
    assert "This is the last coordinator" not in page
    assert client.post(address, {"to": part(here.people.chair).pk}).status_code == 200
    client.post(address, {"to": heirs[1].pk})
    draft.refresh_from_db()
    assert draft.author == heirs[1].user
    leaver.refresh_from_db()
    assert leaver.until is not None
