"""One agency takes over from another, with its actions, its people and what they have begun."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies import succession
from agencies.actors import EXAMPLE
from agencies.models import Agency, AgencyName, Membership, User
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.releasing import set_release
from agencies.roles import Permission
from reviews import drafts, parts, plans, progress, release, sign_off, succeeding, voiding
from reviews.as_at import plan_as_at
from reviews.importing.again.present import read_present
from reviews.models import Action, Assignment, Draft, Part
from reviews.projection import project
from reviews.reading.carrying import start_of
from reviews.reading.one_action import read_action
from reviews.reading.waiting import waiting_at
from reviews.statuses import Status
from tests.factories import TODAY, a_link, a_submission, an_agency, an_assignment, an_update, join
from tests.world import Side, World, days


@pytest.fixture
def here(world: World) -> Side:
    return world.here


def take_over(here: Side, **facts: object) -> int:
    """The council takes over from the police, and everybody goes along."""
    people = list(Membership.objects.filter(agency=here.agencies.police, until=None))
    given = {
        "predecessor": here.agencies.police, "successor": here.agencies.council, "by": here.people.coordinator,
        "on": days(-1), "people": people,
    }  # fmt: skip
    return succeeding.succeed(**given | facts)


def open_actions_of(agency) -> set[Action]:
    return {part.action for part in succeeding.open_parts(agency)}


def test_actions_people_owners_and_drafts_go_along(here: Side) -> None:
    member, of_police = here.people.member, here.plans.of_police
    Assignment.objects.filter(action=of_police).update(owner=member.memberships.get())
    draft = Draft.objects.create(
        action=of_police, agency=here.agencies.police, author=member, answers={}, saved_at=timezone.now()
    )
    before = open_actions_of(here.agencies.police)
    assert take_over(here) == len(before)
    assert before <= open_actions_of(here.agencies.council)
    joint = here.plans.joint.assignments.current()
    assert joint.get(agency=here.agencies.council).is_leading, "the council only helped before"
    assert not open_actions_of(here.agencies.police)
    there = Membership.objects.get(user=member, agency=here.agencies.council)
    assert Assignment.objects.current().get(action=of_police).owner == there
    draft.refresh_from_db()
    assert draft.agency == here.agencies.council
    assert holds(member, Permission.UPDATE_ACTION, of_police)
    here.agencies.police.refresh_from_db()
    assert here.agencies.police.closed_on == days(-1)


def test_who_sees_to_a_restricted_action_is_named_anew(here: Side) -> None:
    named, council = here.people.named, here.agencies.council
    owned = [here.plans.restricted_of_police, here.plans.of_police]
    Assignment.objects.current().filter(action__in=owned, agency=here.agencies.police).update(
        owner=named.memberships.get()
    )
    take_over(here)
    there = Assignment.objects.current().filter(agency=council)
    assert there.get(action=here.plans.of_police).owner.user == named
    assert there.get(action=here.plans.restricted_of_police).owner is None
    assert here.plans.restricted_of_police in {part.action for part in succeeding.ownerless(council)}


def test_what_waits_for_release_goes_along_and_so_does_the_wish_to_release(here: Side) -> None:
    set_release(agency=here.agencies.police, required=True, by=here.people.lead)
    row = a_submission(here.plans.of_police, here.agencies.police, here.people.member)
    new = an_agency(partnership=here.partnership, name="New Police")
    take_over(here, successor=new)
    new.refresh_from_db()
    assert new.releases_updates
    assert waiting_at(new, here.people.lead) == [row]
    row.refresh_from_db()
    assert release.release(submission=row, by=here.people.lead).agency == new


@pytest.mark.parametrize("goes_along", [True, False])
def test_where_nobody_could_release_it_its_author_has_it_back(here: Side, goes_along: bool) -> None:
    set_release(agency=here.agencies.police, required=True, by=here.people.lead)
    row = a_submission(here.plans.of_police, here.agencies.police, here.people.member)
    new = an_agency(partnership=here.partnership, name="New Police")
    take_over(here, successor=new, people=[here.people.member.memberships.get()] if goes_along else [])
    row.refresh_from_db()
    draft = Draft.objects.get()
    assert row.outcome == row.Outcome.RETURNED
    assert (draft.author, draft.agency) == (row.author, new if goes_along else here.agencies.police)
    assert "New Police took over from Borough Police" in draft.note
    assert release.may_read(row.author, row)
    assert drafts.may_write(row.author, draft.action, draft.agency) is goes_along


def test_who_stays_behind_still_reads_what_goes_along(here: Side) -> None:
    row = a_submission(here.plans.of_police, here.agencies.police, here.people.member)
    take_over(here, people=[here.people.lead.memberships.get()])
    row.refresh_from_db()
    assert (row.agency, row.outcome) == (here.agencies.council, row.Outcome.WAITING)
    assert release.may_read(row.author, row)
    assert not release.may_read(here.people.named, row)


def test_an_agency_with_work_of_its_own_keeps_its_own_wish(here: Side) -> None:
    set_release(agency=here.agencies.police, required=True, by=here.people.lead)
    take_over(here)
    here.agencies.council.refresh_from_db()
    assert not here.agencies.council.releases_updates


def test_the_papers_say_who_answers_now(here: Side) -> None:
    take_over(here)
    plan = plan_as_at(here.plans.published, TODAY)
    assert "Borough Police" in repr(plan)
    assert "Adult Services" in repr(plan)


def test_who_took_over_and_then_leads_alone_stands_where_it_stood(here: Side) -> None:
    action, by = here.plans.joint, here.people.coordinator
    an_update(action, here.agencies.police, here.people.member, status=Status.IN_PROGRESS, on=days(-9))
    project([action])
    take_over(here)
    now = action.assignments.current()
    for other in now.leading().exclude(agency=here.agencies.council):
        plans.end_assignment(assignment=other, by=by, on=TODAY)
    parts.change_part(assignment=now.get(agency=here.agencies.council), part=Part.LEAD, by=by, on=TODAY)
    action.refresh_from_db()
    assert now.get(agency=here.agencies.council).status == Status.IN_PROGRESS == action.status


def test_who_is_not_ticked_stays_behind_and_sees_no_more(here: Side) -> None:
    assert holds(here.people.member, Permission.READ_ACTION, here.plans.of_police)
    take_over(here, people=[here.people.lead.memberships.get()])
    assert holds(here.people.lead, Permission.READ_ACTION, here.plans.of_police)
    assert not holds(here.people.member, Permission.READ_ACTION, here.plans.of_police)


def test_an_agency_is_split_and_closed_when_nothing_is_left(here: Side) -> None:
    first = here.plans.of_police
    assert take_over(here, actions=[first.pk], closes=False) == 1
    rest = open_actions_of(here.agencies.police)
    assert rest
    assert first not in rest
    with pytest.raises(Refused, match="still has a part in"):
        succeeding.close(agency=here.agencies.police, by=here.people.coordinator, on=TODAY)
    take_over(here, successor=here.agencies.housing, people=[], closes=False)
    assert rest <= open_actions_of(here.agencies.housing)
    succeeding.close(agency=here.agencies.police, by=here.people.coordinator, on=TODAY)
    with pytest.raises(Refused, match="closed already"):
        succeeding.close(agency=here.agencies.police, by=here.people.coordinator, on=TODAY)


def test_two_agencies_merge_and_a_shared_action_is_answered_for_once(here: Side) -> None:
    new = an_agency(here.partnership, name="Public Protection")
    take_over(here, successor=new)
    take_over(here, predecessor=here.agencies.health, successor=new, people=[])
    assert [part.agency for part in here.plans.joint.assignments.current().leading()] == [new]
    assert not open_actions_of(here.agencies.health)


def test_a_closing_that_would_leave_something_behind_changes_nothing(here: Side) -> None:
    before = open_actions_of(here.agencies.police)
    with pytest.raises(Refused, match="close it later"):
        take_over(here, actions=[here.plans.of_police.pk])
    assert open_actions_of(here.agencies.police) == before
    assert not here.agencies.police.successions.exists()


@pytest.mark.parametrize("who", ["lead", "member_of_group", "chair", "partnership_observer"])
def test_only_the_coordinator_records_it(who: str, here: Side, world: World) -> None:
    for by in (getattr(here.people, who), world.there.people.coordinator):
        for attempt in (
            lambda by=by: take_over(here, by=by),
            lambda by=by: succeeding.close(agency=here.agencies.former_group, by=by, on=TODAY),
            lambda by=by: succession.rename(agency=here.agencies.police, name="Other", by=by),
            lambda by=by: succession.delete(agency=here.agencies.police, by=by),
        ):
            with pytest.raises(PermissionDenied):
                attempt()


def test_nobody_goes_along_from_elsewhere(here: Side, world: World) -> None:
    for stranger in (here.people.health_lead, here.people.leaver, world.there.people.lead):
        with pytest.raises(Refused, match="does not belong to"):
            take_over(here, people=[stranger.memberships.first()])
    with pytest.raises(Refused, match="another partnership"):
        take_over(here, successor=world.there.agencies.council)


def test_a_renamed_agency_is_still_known_by_its_old_name(here: Side) -> None:
    by = here.people.coordinator
    police = succession.rename(agency=here.agencies.police, name="  City   Police ", by=by, on=days(-30))
    assert police.name == "City Police"
    former = AgencyName.objects.get(agency=police, kind=AgencyName.Kind.FORMER)
    assert (former.name, former.since, former.until) == ("Borough Police", None, days(-30))
    for name, words in (("City Police", "already"), ("riverside health trust", "already an agency"), (" ", "letter")):
        with pytest.raises(Refused, match=words):
            succession.rename(agency=police, name=name, by=by)
    with pytest.raises(Refused, match="The name before this one"):
        succession.rename(agency=police, name="Other", by=by, on=days(-31))
    back = succession.rename(agency=police, name="Borough Police", by=by, on=days(-10))
    former = back.names.get(kind=AgencyName.Kind.FORMER)
    assert (former.name, former.since, former.until) == ("City Police", days(-30), days(-10))
    mended = succession.rename(agency=back, name="Borough  Pólice", by=by)
    assert mended.names.get(name="Borough Police").kind == AgencyName.Kind.VARIANT


def test_an_agency_with_a_history_is_not_deleted_and_one_entered_by_mistake_is(here: Side) -> None:
    with pytest.raises(Refused, match="has a history here"):
        succession.delete(agency=here.agencies.police, by=here.people.coordinator)
    mistake = an_agency(here.partnership, name="Borugh Police")
    succession.delete(agency=mistake, by=EXAMPLE)
    assert not here.partnership.agencies.filter(name="Borugh Police").exists()


def test_open_actions_move_to_the_successor_and_closed_ones_stay(here: Side) -> None:
    housing, group = here.agencies.housing, here.agencies.advisory_group
    moved = succeeding.move_open_actions(predecessor=housing, successor=group, by=here.people.coordinator, on=TODAY)
    assert moved == 1
    assert here.plans.formerly_of_police.assignments.current().get().agency == group
    assert here.plans.complete.assignments.current().get().agency == housing


def test_who_went_along_opens_what_was_given_and_goes_on_from_what_was_said_last(here: Side) -> None:
    action, given, member = here.plans.of_police, here.plans.evidence, here.people.member
    people = [here.people.lead.memberships.get(), member.memberships.get()]
    take_over(here, people=people, access=succeeding.Access.ENDS)
    new = an_agency(here.partnership, name="Public Protection")
    people = list(Membership.objects.filter(agency=here.agencies.council, user=member, until=None))
    assert holds(member, Permission.READ_EVIDENCE, given)
    take_over(here, predecessor=here.agencies.council, successor=new, people=people)
    for person, may in ((member, True), (here.people.council_observer, False), (here.people.health_lead, False)):
        assert holds(person, Permission.READ_EVIDENCE, given) is may
    start = start_of(action, new, member)
    assert (start.last, start.carried.progress) == (here.plans.update, here.plans.update.progress)
    part = read_action(action, member, TODAY).parts[0]
    assert (part.last, part.is_carried) == (here.plans.update, True)
    own = an_update(action, new, member, progress="Ours.")
    assert start_of(action, new, member).last == own
    assert read_action(action, member, TODAY).parts[0].last == own


def test_what_an_agency_gave_stays_its_own_while_it_has_a_part(here: Side) -> None:
    take_over(here, actions=[], closes=False)
    an_assignment(here.plans.of_police, here.agencies.council, part="joint")
    assert not holds(here.people.council_observer, Permission.READ_EVIDENCE, here.plans.evidence)
    assert start_of(here.plans.of_police, here.agencies.council, here.people.lead).last is None


def decided(here: Side, action: Action, decide) -> None:
    decide(action=action, by=here.people.chair, on=TODAY, reason="Not yet.", decided_at="March meeting")


@pytest.mark.parametrize("decide", [sign_off.send_back, sign_off.reopen])
def test_what_is_returned_or_reopened_later_goes_to_who_took_over(here: Side, decide) -> None:
    action, gone = here.plans.awaiting, here.agencies.police
    Assignment.objects.filter(action=action).update(owner=here.people.member.memberships.get())
    project([action])
    if decide is sign_off.reopen:
        sign_off.sign_off(action=action, by=here.people.chair, on=TODAY, decided_at="March meeting")
    take_over(here)
    action.refresh_from_db()
    before = (action.status, action.claimed_on)
    assert (action.claimed_on is None) == (decide is sign_off.reopen)
    assert action.assignments.current().get().agency == gone, "what is done stays with who did it"
    assert not holds(here.people.council_observer, Permission.READ_ACTION, action)
    decided(here, action, decide)
    part = action.assignments.current().get()
    assert (part.agency, part.status, part.owner.user) == (here.agencies.council, "in_progress", here.people.member)
    assert holds(here.people.lead, Permission.UPDATE_ACTION, action)
    assert holds(here.people.council_observer, Permission.READ_ACTION, action)
    voiding.void(row=action.sign_offs.in_force().latest(), by=here.people.chair, reason="A slip.")
    action.refresh_from_db()
    assert (action.status, action.claimed_on) == before
    migration = import_module("reviews.migrations.0019_what_a_part_begins_with")
    for model in (Action, Assignment):  # what was taken over before that day was kept
        model.objects.update(claimed_on=None)
    Assignment.objects.update(initial_claimed_on=None)
    migration.carry_claims_on(apps, None)
    action.refresh_from_db()
    assert action.claimed_on == before[1]
    assert not project([action])


def test_a_report_that_comes_back_finds_the_words_of_who_was_succeeded_as_they_were_printed(here: Side) -> None:
    take_over(here)
    present = read_present(here.plans.published)[here.plans.of_police.pk]
    (lead,) = present.leads
    assert present.said_by(lead, "progress") == here.plans.update.progress
    an_update(here.plans.of_police, here.agencies.council, progress="Printed.")
    present = read_present(here.plans.published)[here.plans.of_police.pk]
    assert present.said_by(lead, "progress") == "Printed."


def test_no_decision_is_taken_back_that_the_agency_which_took_over_stands_on(here: Side) -> None:
    action, chair = here.plans.awaiting, here.people.chair
    sign_off.sign_off(action=action, by=chair, on=TODAY, decided_at="March meeting")
    take_over(here)
    decided(here, action, sign_off.reopen)
    signed, reopened = action.sign_offs.in_force().order_by("recorded_at", "pk")
    voiding.void(row=reopened, by=chair, reason="A slip.")
    with pytest.raises(Refused, match="Reopen the action"):
        voiding.void(row=signed, by=chair, reason="A slip, too.")
    action.refresh_from_db()
    assert (action.status, action.sign_offs.in_force().get()) == ("complete", signed), "complete is what was signed off"


def test_a_claim_that_is_taken_back_opens_the_action_for_who_took_over(here: Side) -> None:
    here.plans.awaiting.assignments.update(initial_status="not_started")
    take_over(here)
    claim = here.plans.awaiting.updates.get()
    progress.void(update=claim, by=here.people.coordinator, reason="Not theirs to claim.")
    part = here.plans.awaiting.assignments.current().get()
    assert (part.agency, part.status) == (here.agencies.council, "not_started")


def test_an_agency_taken_over_twice_is_followed_to_the_end_and_shared_work_is_done_once(here: Side) -> None:
    take_over(here)
    new = an_agency(here.partnership, name="Public Protection")
    take_over(here, predecessor=here.agencies.council, successor=new, people=[])
    an_assignment(here.plans.awaiting, new, part="supporting")
    decided(here, here.plans.awaiting, sign_off.send_back)
    part = here.plans.awaiting.assignments.current().get()
    assert (part.agency, part.is_leading) == (new, True)


def test_where_nobody_can_say_who_took_over_the_group_is_told_what_to_do(here: Side) -> None:
    first = here.plans.of_police
    take_over(here, actions=[first.pk], closes=False, people=[])
    take_over(here, successor=here.agencies.housing, people=[])
    with pytest.raises(Refused, match="several took over from it"):
        decided(here, here.plans.awaiting, sign_off.send_back)
    Agency.objects.filter(pk=here.agencies.housing.pk).update(closed_on=TODAY)
    with pytest.raises(Refused, match="none took over from it"):
        decided(here, here.plans.complete, sign_off.reopen)
    assert not here.plans.complete.sign_offs.filter(decision="reopened").exists()


def page_of(client: Client, action: Action) -> str:
    """The page of the action."""
    return client.get(reverse("action-detail", args=[action.pk])).content.decode()


def test_who_went_along_takes_back_and_withdraws_what_they_gave(here: Side, client: Client) -> None:
    lead, other, action = here.people.lead, here.people.member, here.plans.of_police
    update = an_update(action, here.agencies.police, lead)
    piece = a_link(action, here.agencies.police, lead)
    goes = [person.memberships.get() for person in (lead, other)]
    take_over(here, people=goes, access=succeeding.Access.ENDS)
    addresses = [reverse("update-take-back", args=[update.pk]), reverse("evidence-withdraw", args=[piece.pk])]
    client.force_login(User.objects.get(pk=other.pk))
    assert not any(client.get(address).status_code == 200 for address in addresses), "they did not give it"
    assert not any(address in page_of(client, action) for address in addresses)
    client.force_login(User.objects.get(pk=lead.pk))
    assert all(address in page_of(client, action) for address in addresses), "the page leads to both"
    for address in addresses:
        assert client.get(address).status_code == 200
        assert client.post(address, {"reason": "The wrong action"}).status_code == 302
    update.refresh_from_db()
    piece.refresh_from_db()
    assert update.voided_at
    assert piece.voided_at


def test_who_stayed_behind_is_not_shown_the_form_to_take_back(here: Side, client: Client) -> None:
    lead = here.people.lead
    update = an_update(here.plans.of_police, here.agencies.police, lead)
    take_over(here, people=[])
    client.force_login(User.objects.get(pk=lead.pk))
    assert client.get(reverse("update-take-back", args=[update.pk])).status_code in {403, 404}


def test_the_page_asks_once_who_took_over_and_only_for_who_gave_something_before(here: Side) -> None:
    lead, action = here.people.lead, here.plans.of_police
    for _ in range(2):
        an_update(action, here.agencies.police, lead)
        a_link(action, here.agencies.police, lead)

    def asked(person: User) -> int:
        action, reader = Action.objects.get(pk=here.plans.of_police.pk), User.objects.get(pk=person.pk)
        with CaptureQueriesContext(connection) as queries:
            read_action(action, reader, TODAY)
        return sum(query["sql"].startswith('SELECT "agencies_succession"') for query in queries)

    assert asked(lead) == 0
    take_over(here, people=[lead.memberships.get()], access=succeeding.Access.ENDS)
    assert asked(lead) == 2, "of the police, and of the council"
    join(here.people.health_lead, "agency_lead", here.agencies.council)
    assert asked(here.people.health_lead) == 0
