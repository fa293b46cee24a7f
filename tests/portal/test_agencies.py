"""What becomes of an agency, on the coordinator's pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agencies import memberships
from agencies.models import Agency
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import Permission
from reviews import succeeding
from tests.factories import TODAY, a_member, a_person, an_agency
from tests.portal.conftest import SignedIn
from tests.portal.many import many_actions
from tests.world import Side, World

pytestmark = pytest.mark.either


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def page(name: str, agency: Agency) -> str:
    return reverse(f"agency-{name}", args=[agency.pk])


DAY = {"on_day": "1", "on_month": "3", "on_year": "2026"}


def test_a_coordinator_records_who_takes_over_with_what_is_ticked(here: Side, signed_in: SignedIn) -> None:
    client, police = signed_in(here.people.coordinator), here.agencies.police
    address = page("succeed", police)
    form = client.get(address).context["form"]
    offered = [key for key, _ in form.fields["actions"].choices]
    assert form.initial["which"] == "all"
    assert not form.fields["successor"].queryset.filter(pk__in=[police.pk, here.agencies.former_group.pk]).exists()
    lead = here.people.lead.memberships.get()
    first = {"successor": here.agencies.housing.pk, "which": "only", "actions": offered[:1], "people": [lead.pk], **DAY}
    refused = client.post(address, first | {"closes": "on"})
    assert "close it later" in refused.content.decode()
    answered = client.post(address, first, follow=True)
    assert "Lantern Housing Association has taken over 1 action." in answered.content.decode()
    assert "another agency" in client.get(reverse("people-agency", args=[police.pk])).content.decode().lower()
    rest = {"successor": here.agencies.council.pk, "which": "all", "closes": "on", **DAY}
    assert "no longer exists since 1 March 2026" in client.post(address, rest, follow=True).content.decode()
    assert not succeeding.open_parts(police)


def test_who_must_be_named_anew_is_said_before_and_after(here: Side, world: World, signed_in: SignedIn) -> None:
    client, school = signed_in(here.people.coordinator), here.agencies.school
    part = here.plans.of_school.assignments.get()
    part.owner_contact, part.owner_as_worded = here.contact, "Head teacher"
    part.save()
    before = client.get(page("succeed", school)).content.decode()
    assert f"{here.plans.of_school.label} ({here.contact})" in before
    assert here.plans.restricted.reference not in before
    before = client.get(page("succeed", here.agencies.police)).content.decode()
    assert f"<li>{here.plans.restricted.reference}: {here.people.named}</li>" in before
    new = an_agency(here.partnership, name="New School")
    said = {"successor": new.pk, "which": "only", "actions": [here.plans.of_school.pk], "closes": "on", **DAY}
    after = client.post(page("succeed", school), said, follow=True).content.decode()
    assert "For 1 of them nobody at New School is named who sees to it." in after
    assert "Nobody is named who sees to it." in (
        client.get(reverse("action-detail", args=[here.plans.of_school.pk])).content.decode()
    )
    said = {"successor": new.pk, "which": "all", "closes": "on", **DAY}
    after = client.post(page("succeed", here.agencies.police), said, follow=True).content.decode()
    assert f"Nobody there reads {here.plans.restricted.reference}, which is restricted, until" in after
    assert not holds(here.people.named, Permission.READ_ACTION, here.plans.restricted_of_police)


def test_a_coordinator_renames_and_closes(here: Side, world: World, signed_in: SignedIn) -> None:
    client = signed_in(here.people.coordinator)
    answered = client.post(page("rename", here.agencies.school), {"name": "Hillside Academy"}, follow=True)
    assert "It is now called Hillside Academy." in answered.content.decode()
    taken = client.post(page("rename", here.agencies.school), {"name": here.agencies.police.name})
    assert "There is already an agency called" in taken.content.decode()
    barred = client.get(page("close", here.agencies.school)).content.decode()
    assert "still has a part in 1 open action, so it cannot be closed yet" in barred
    assert page("succeed", here.agencies.school) in barred
    assert reverse("action-detail", args=[here.plans.of_school.pk]) in barred
    assert "Close it" not in barred
    assert "still has a part in" in client.post(page("close", here.agencies.school), DAY).content.decode()
    assert client.post(page("close", here.agencies.advisory_group), DAY).status_code == 302
    there = world.there.agencies
    forged = {"successor": there.council.pk, "which": "only", **DAY}
    assert "Select a valid choice" in client.post(page("succeed", here.agencies.police), forged).content.decode()
    assert client.post(page("close", there.police), DAY).status_code == 404


@pytest.mark.parametrize("key", ["9999999999999999999", "2147483648", "x", "-1"])
def test_people_who_are_not_offered_do_not_go_along(key: str, here: Side, signed_in: SignedIn) -> None:
    said = {"successor": here.agencies.housing.pk, "people": [key], **DAY}
    answer = signed_in(here.people.coordinator).post(page("succeed", here.agencies.police), said)
    assert "is not on this list any more" in answer.content.decode()
    assert not here.agencies.police.successions.exists()


def test_closing_asks_what_becomes_of_access_and_a_closed_agency_is_still_looked_after(
    here: Side, signed_in: SignedIn
) -> None:
    client, group = signed_in(here.people.coordinator), here.agencies.advisory_group
    lead, member = (a_member(role, group) for role in ("agency_lead", "agency_member"))
    assert f"{lead}, Agency lead (SPOC)" in client.get(page("close", group)).content.decode()
    assert "Choose an answer to" in client.post(page("close", group), DAY).content.decode()
    people, listed = reverse("people-agency", args=[group.pk]), reverse("people-list")
    client.post(page("close", group), {**DAY, "ends": "no"})
    shown = client.get(people).content.decode()
    assert "Who has access here still reads" in shown
    assert not any(words in shown for words in ("Invite somebody", "Change role", "Add a contact"))
    assert "no longer exists since 1 March 2026" in client.get(listed).content.decode()
    assert signed_in(lead).get(listed).headers["Location"] == people
    with pytest.raises(Refused, match="no longer exists"):
        memberships.grant(user=a_person(), role="agency_member", container=Agency.objects.get(pk=group.pk),
            by=here.people.coordinator)  # fmt: skip
    assert reverse("admin:agencies_agency_give_role", args=[group.pk]) not in (
        client.get(reverse("admin:agencies_agency_change", args=[group.pk])).content.decode()
    )
    for one in (lead, member):
        client.post(reverse("people-leave", args=[one.memberships.get().pk]))
    assert group.name not in client.get(listed).content.decode()


def test_closing_ends_the_access_of_all_when_that_is_the_answer(here: Side, signed_in: SignedIn) -> None:
    group = here.agencies.advisory_group
    one = a_member("agency_lead", group)
    client = signed_in(here.people.coordinator)
    client.post(page("close", group), {**DAY, "ends": "yes"})
    assert one.memberships.get().until is not None


@pytest.mark.parametrize(("access", "stay"), [("kept", {"lead", "member"}), ("left_ends", {"lead"}), ("ends", set())])
def test_a_succession_says_what_becomes_of_access_to_the_old_agency(
    access: str, stay: set[str], here: Side, signed_in: SignedIn
) -> None:
    client, police = signed_in(here.people.coordinator), here.agencies.police
    said = {"successor": here.agencies.council.pk, "which": "all", "closes": "on", "access": access, **DAY}
    client.post(page("succeed", police), said | {"people": [here.people.lead.memberships.get().pk]})
    live = {name for name in ("lead", "member") if getattr(here.people, name).memberships.filter(
        agency=police, until=None)}  # fmt: skip
    assert live == stay


def test_more_open_actions_than_a_form_can_send_go_along_but_for_some(
    here: Side, signed_in: SignedIn, settings
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 40  # a thousand in earnest
    client, group = signed_in(here.people.coordinator), here.agencies.advisory_group
    made = many_actions(here.plans.recommendation, [group], 100)
    address, new = page("succeed", group), an_agency(here.partnership, name="New Group")
    number = succeeding.open_parts(group).count()
    assert number > 40
    stay = [row.pk for row in made if row.status == "in_progress"][:2]
    said = {"successor": new.pk, "which": "but", **DAY, "on_year": str(TODAY.year), "access": "kept"}
    assert "Tick the actions that stay" in client.post(address, said).content.decode()
    both = client.post(address, said | {"which": "all", "actions": stay})
    assert "You ticked some actions below." in both.content.decode()
    answered = client.post(address, said | {"actions": stay}, follow=True).content.decode()
    assert f"New Group has taken over {number - 2} actions." in answered
    assert [part.action_id for part in succeeding.open_parts(group)] == stay
    rest = client.post(address, said | {"which": "all", "closes": "on"}, follow=True).content.decode()
    assert "New Group has taken over 2 actions." in rest
