"""People leave, or change what they do, and their work is not left behind."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies import memberships
from agencies.models import AuditEntry, Membership, User
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.roles import RoleCode as R
from reviews import leaving, reader_shadows
from reviews.models import Assignment, Draft, ProgressUpdate, Reader
from tests.factories import a_member
from tests.world import Side, World


@pytest.fixture
def here(world: World) -> Side:
    """The member of the police sees to an action and has begun an update."""
    here = world.here
    part_of(here).update(owner=at_police(here.people.member))
    Draft.objects.create(
        action=here.plans.of_police_overdue, agency=here.agencies.police, author=here.people.member,
        answers={"progress": "Half a sentence"}, saved_at=timezone.now(),
    )  # fmt: skip
    return here


def at_police(person: User) -> Membership:
    return person.memberships.get(until=None)


def part_of(here: Side) -> object:
    return Assignment.objects.filter(action=here.plans.of_police, agency=here.agencies.police)


def owner_of(here: Side) -> Membership | None:
    return part_of(here).get().owner


def test_what_hangs_on_somebody_is_said_before_they_go(here: Side) -> None:
    work = leaving.work_of(at_police(here.people.member), seen_by=here.people.lead)
    assert (work.drafts, [part.action for part in work.owned]) == (1, [here.plans.of_police])
    assert not work.is_last_lead
    assert leaving.work_of(at_police(here.people.lead), seen_by=here.people.lead).is_last_lead
    a_member(R.AGENCY_LEAD, here.agencies.police)
    assert not leaving.work_of(at_police(here.people.lead), seen_by=here.people.lead).is_last_lead


def test_drafts_and_actions_go_to_a_colleague_and_access_ends_at_once(here: Side) -> None:
    leaver, heir = here.people.member, at_police(here.people.named)
    leaving.leave(membership=at_police(leaver), by=here.people.lead, to=heir)
    assert owner_of(here) == heir
    assert Draft.objects.get().author == here.people.named
    assert not holds(leaver, Permission.READ_ACTION, here.plans.of_police)
    assert ProgressUpdate.objects.get(pk=here.plans.update.pk).recorded_by == leaver, "history stays"
    assert AuditEntry.objects.filter(event="actions.handed_over").get().detail["actions"] == [here.plans.of_police.pk]


def test_a_restricted_action_is_shown_and_handed_over_to_those_alone_who_are_named(here: Side) -> None:
    leaver, people = at_police(here.people.member), here.people
    restricted = Assignment.objects.filter(action=here.plans.restricted_of_police, agency=here.agencies.police)
    restricted.update(owner=leaver)
    seen = {who: leaving.work_of(leaver, seen_by=getattr(people, who)) for who in ("lead", "named")}
    assert [part.action for part in seen["lead"].owned] == [here.plans.of_police]
    assert (seen["lead"].unread, len(seen["named"].owned), seen["named"].unread) == (1, 2, 0)
    heir = at_police(people.lead)
    ended = leaving.leave(membership=leaver, by=people.lead, to=heir)
    assert owner_of(here) == heir
    assert restricted.get().owner.until is not None
    assert "1 action that they saw to has no owner now" in leaving.ownerless_after(ended)
    assert AuditEntry.objects.get(event="actions.handed_over").detail["actions"] == [here.plans.of_police.pk]


def test_who_is_named_takes_over_a_restricted_action(here: Side) -> None:
    leaver, heir = at_police(here.people.member), at_police(here.people.named)
    restricted = Assignment.objects.filter(action=here.plans.restricted_of_police, agency=here.agencies.police)
    restricted.update(owner=leaver)
    ended = leaving.leave(membership=leaver, by=here.people.lead, to=heir)
    assert restricted.get().owner == heir
    assert leaving.ownerless_after(ended) == ""


def test_who_changes_role_sees_to_what_they_saw_to_where_they_are_named(here: Side) -> None:
    restricted = Assignment.objects.filter(action=here.plans.restricted_of_police, agency=here.agencies.police)
    for who, stays in (("named", True), ("member", False)):
        before = at_police(getattr(here.people, who))
        restricted.update(owner=before)
        after = leaving.change_role(membership=before, role=R.AGENCY_LEAD, by=here.people.coordinator)
        assert (restricted.get().owner == after) is stays


def test_without_a_colleague_actions_have_no_owner_any_more(here: Side) -> None:
    leaving.leave(membership=at_police(here.people.member), by=here.people.coordinator)
    assert owner_of(here).until is not None
    draft = Draft.objects.get()
    assert (draft.author, draft.written_by) == (here.people.lead, here.people.member)


def test_what_the_last_lead_had_written_goes_to_the_coordinator(here: Side) -> None:
    Draft.objects.update(author=here.people.lead)
    leaving.leave(membership=at_police(here.people.lead), by=here.people.coordinator)
    assert Draft.objects.get().author == here.people.coordinator


@pytest.mark.parametrize("who", ["observer", "health_lead", "inactive", "leaver"])
def test_nobody_takes_over_who_does_not_report_for_the_agency(who: str, here: Side) -> None:
    membership = at_police(here.people.member)
    to = getattr(here.people, who).memberships.get()
    with pytest.raises(Refused, match="does not report for"):
        leaving.leave(membership=membership, by=here.people.lead, to=to)
    membership.refresh_from_db()
    assert membership.until is None
    assert Draft.objects.get().author == here.people.member


@pytest.mark.parametrize("who", ["member", "observer", "health_lead", "chair", "partnership_observer"])
def test_only_leads_and_the_coordinator_end_it(who: str, here: Side, world: World) -> None:
    membership = at_police(here.people.named)
    for by in (getattr(here.people, who), getattr(world.there.people, who), world.there.people.coordinator):
        with pytest.raises(PermissionDenied):
            leaving.leave(membership=membership, by=by, to=at_police(here.people.member))
    membership.refresh_from_db()
    assert membership.until is None


def test_what_they_were_named_to_read_ends_too(here: Side) -> None:
    leaving.leave(membership=at_police(here.people.named), by=here.people.coordinator)
    assert not Reader.objects.filter(user=here.people.named, until=None).exists()
    assert reader_shadows.shadow_differences() == 0


def test_whoever_comes_back_is_named_anew_however_they_had_left(here: Side) -> None:
    named, action = here.people.named, here.plans.restricted_of_police
    assert holds(named, Permission.READ_ACTION, action)
    memberships.end(membership=at_police(named), by=here.people.coordinator)
    memberships.grant(user=named, role=R.AGENCY_OBSERVER, container=here.agencies.police, by=here.people.lead)
    assert not holds(named, Permission.READ_ACTION, action)
    assert reader_shadows.shadow_differences() == 0


def test_who_changes_role_stays_named(here: Side) -> None:
    leaving.change_role(membership=at_police(here.people.named), role=R.AGENCY_OBSERVER, by=here.people.coordinator)
    assert holds(here.people.named, Permission.READ_ACTION, here.plans.restricted_of_police)


def test_a_lead_leaves_by_herself_and_hands_over(here: Side) -> None:
    part_of(here).update(owner=at_police(here.people.lead))
    heir = at_police(here.people.member)
    leaving.leave(membership=at_police(here.people.lead), by=here.people.lead, to=heir)
    assert owner_of(here) == heir


@pytest.mark.parametrize(("role", "keeps"), [(R.AGENCY_LEAD, True), (R.AGENCY_OBSERVER, False)])
def test_who_changes_role_keeps_the_actions_while_the_new_role_reports(role: R, keeps: bool, here: Side) -> None:
    after = leaving.change_role(membership=at_police(here.people.member), role=role, by=here.people.lead)
    assert (owner_of(here) == after) is keeps


def test_who_reports_no_more_hands_over_what_they_saw_to_and_had_begun(here: Side) -> None:
    before, heir = at_police(here.people.member), at_police(here.people.named)
    leaving.change_role(membership=before, role=R.AGENCY_OBSERVER, by=here.people.lead, to=heir)
    assert owner_of(here) == heir
    assert Draft.objects.get().author == here.people.named
    assert not leaving.ownerless_after(before)


def test_who_reports_no_more_leaves_a_draft_to_the_lead_where_nobody_is_chosen(here: Side) -> None:
    before = at_police(here.people.member)
    leaving.change_role(membership=before, role=R.AGENCY_OBSERVER, by=here.people.coordinator)
    assert Draft.objects.get().author == here.people.lead
    assert "1 action that they saw to has no owner now" in leaving.ownerless_after(before)


def test_what_a_coordinator_was_recording_goes_to_another_coordinator(here: Side, world: World) -> None:
    people = here.people
    Draft.objects.update(author=people.coordinator)
    own = people.coordinator.memberships.get()
    work = leaving.work_of(own, seen_by=world.superuser)
    assert (work.drafts, work.is_last_coordinator) == (1, True)
    heir = a_member(R.COORDINATOR, here.partnership)
    assert not leaving.work_of(own, seen_by=world.superuser).is_last_coordinator
    assert [row.user for row in leaving.heirs_of(own)] == [heir]
    leaving.leave(membership=own, by=world.superuser)
    draft = Draft.objects.get()
    assert (draft.author, draft.written_by) == (heir, people.coordinator)


def test_a_coordinator_keeps_what_she_writes_for_an_agency_of_her_own(here: Side, world: World) -> None:
    coordinator = here.people.coordinator
    memberships.grant(user=coordinator, role=R.AGENCY_MEMBER, container=here.agencies.police, by=here.people.lead)
    Draft.objects.update(author=coordinator)
    own = coordinator.memberships.get(agency=None)
    leaving.leave(membership=own, by=world.superuser, to=a_member(R.COORDINATOR, here.partnership).memberships.get())
    assert Draft.objects.get().author == coordinator
