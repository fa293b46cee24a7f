"""A plan edited in a meeting: what each verb writes and what it refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews import editing, milestones, parts, plans, readers, sign_off, voiding
from reviews.kinds import PlanStage
from reviews.models import Action, Milestone, Part, Review, SignOff, TargetDate
from reviews.plan_lines import ActionLine, LeadLine
from reviews.projection import project
from reviews.statuses import Status
from tests.factories import TODAY, a_contact, a_recommendation, an_action
from tests.world import Side, World, days

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world: World) -> Side:
    """The partnership whose plan is edited."""
    return world.here


def in_order(review: Review) -> list[str]:
    return [row.text for row in review.recommendations.order_by("order")]


def test_a_recommendation_is_added_at_the_end_and_moved_up(here: Side) -> None:
    review, by = here.plans.published, here.people.coordinator
    before = in_order(review)
    row = editing.add_recommendation(review=review, by=by, on=TODAY, text="Listen to families.", reference="9")
    assert in_order(review) == [*before, "Listen to families."]
    editing.move(row=row, by=by, up=True)
    assert in_order(review) == [*before[:-1], "Listen to families.", before[-1]]
    editing.move(row=row, by=by, up=False)
    with pytest.raises(Refused, match="last already"):
        editing.move(row=row, by=by, up=False)
    with pytest.raises(PermissionDenied):
        editing.move(row=row, by=here.people.chair, up=True)


def test_an_action_moves_among_those_of_its_recommendation_only(here: Side) -> None:
    recommendation = a_recommendation(here.plans.published, text="One more.", reference="")
    first, second = (an_action(recommendation, here.agencies.police, text=text) for text in ("First", "Second"))
    for row in (first, second):
        editing.describe_action(action=row, by=here.people.coordinator, reference="")
    editing.move(row=second, by=here.people.coordinator, up=True)
    assert [row.text for row in recommendation.actions.order_by("order")] == ["Second", "First"]
    with pytest.raises(Refused, match="first already"):
        editing.move(row=second, by=here.people.coordinator, up=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.order > second.order
    assert first.sort_key > second.sort_key, "lists follow"


def test_an_action_is_added_with_its_lead_and_its_date(here: Side) -> None:
    by, line = here.people.coordinator, ActionLine("Write to all", "9.1", (LeadLine(here.agencies.police),), days(90))
    action = editing.add_action(recommendation=here.plans.recommendation, line=line, by=by, on=TODAY)
    action.refresh_from_db()
    assert (action.text, action.target_date, action.original_target_date) == ("Write to all", days(90), days(90))
    assert action.assignments.get().agency == here.agencies.police
    assert action.order == Action.objects.filter(review=action.review).order_by("-order").first().order
    assert project([action]) == 0, "it was right when it was written"


@pytest.mark.parametrize("case", ["agency", "target_date", "on"])
def test_no_action_is_added_that_the_plan_cannot_hold(case: str, world: World) -> None:
    here = world.here
    agency = world.there.agencies.police if case == "agency" else here.agencies.police
    target = dt.date(2199, 1, 1) if case == "target_date" else None
    on = dt.date(2199, 1, 1) if case == "on" else TODAY
    line = ActionLine("Write", "", (LeadLine(agency),), target)
    with pytest.raises(Refused) as refused:
        editing.add_action(recommendation=here.plans.recommendation, line=line, by=here.people.coordinator, on=on)
    assert refused.value.field == case


def test_a_wording_changes_with_a_reason_once_the_plan_is_agreed(here: Side) -> None:
    by, action, recommendation = here.people.coordinator, here.plans.of_police, here.plans.recommendation
    said = {"text": "Write the whole guide", "by": by, "on": TODAY}
    for change in (
        lambda **reason: editing.reword_action(action=action, **said, **reason),
        lambda **reason: plans.reword(recommendation=recommendation, **said, **reason),
    ):
        with pytest.raises(Refused, match="Say why"):
            change(reason=" ")
        change(reason="As the group agreed.")
    action.refresh_from_db()
    assert action.text == "Write the whole guide"
    assert action.wordings.count() == 2
    Review.objects.filter(pk=action.review_id).update(stage=PlanStage.WRITING)
    editing.reword_action(action=Action.objects.get(pk=action.pk), **said | {"text": "Write"}, reason="")


def test_facts_without_a_history_are_described_and_the_order_of_references_follows(here: Side) -> None:
    action = editing.describe_action(action=here.plans.of_police, by=here.people.coordinator, reference="10a")
    assert (action.reference, action.sort_key) == ("10a", "00000010a")
    row = editing.describe_recommendation(
        recommendation=here.plans.recommendation, by=here.people.coordinator, reference="7", scope="local"
    )
    assert row.scope == "local"
    assert {each.sort_key for each in row.actions.filter(reference="")} == {"00000007"}
    with pytest.raises(TypeError):
        editing.describe_action(action=action, by=here.people.coordinator, status="complete")


def test_the_owner_of_an_action_is_one_of_its_agencys_people_or_contacts(here: Side) -> None:
    part, member = here.plans.of_police.assignments.get(), here.people.member.memberships.get()
    contact = a_contact(here.agencies.police)
    assert parts.give_owner(assignment=part, by=here.people.coordinator, owner=member).owner == member
    row = parts.give_owner(assignment=part, by=here.people.lead, contact=contact)
    assert (row.owner, row.owner_contact) == (None, contact)
    for wrong in (
        {"owner": here.people.health_lead.memberships.get()},
        {"owner": here.people.leaver.memberships.get()},
        {"contact": here.contact},
        {"contact": a_contact(here.agencies.police, until=days(-1))},
        {"owner": member, "contact": contact},
    ):
        with pytest.raises(Refused):
            parts.give_owner(assignment=part, by=here.people.coordinator, **wrong)
    for nobody in (here.people.member, here.people.health_lead, here.people.chair):
        with pytest.raises(PermissionDenied):
            parts.give_owner(assignment=part, by=nobody, owner=member)


def test_the_owner_of_a_restricted_action_is_named_to_read_it(here: Side) -> None:
    part, by = here.plans.restricted_of_police.assignments.get(), here.people.coordinator
    lead, named = (here.people.lead.memberships.get(), here.people.named.memberships.get())
    with pytest.raises(Refused, match=f"{lead.user} is not named to read DHR2, which is restricted. Let") as refused:
        parts.give_owner(assignment=part, by=by, owner=lead)
    assert refused.value.field == "owner"
    assert parts.give_owner(assignment=part, by=by, owner=named).owner == named
    readers.name_reader(review=here.plans.restricted, user=lead.user, agency=here.agencies.police, by=by)
    assert parts.give_owner(assignment=part, by=by, owner=lead).owner == lead, "named, though yet to accept"
    part.refresh_from_db()
    readers.end(reader=lead.user.readings.get(), by=by)
    changed = parts.change_part(assignment=part, part=Part.SUPPORTING, by=by, on=TODAY)
    assert changed.owner is None, "what is written anew follows the same rule"


def test_a_part_is_handed_over_on_one_day(here: Side) -> None:
    part = here.plans.of_police.assignments.get()
    new = parts.hand_over(assignment=part, agency=here.agencies.housing, by=here.people.coordinator, on=TODAY)
    part.refresh_from_db()
    assert (part.until, new.on, new.part, new.agency) == (TODAY, TODAY, Part.LEAD, here.agencies.housing)
    assert project([Action.objects.get(pk=here.plans.of_police.pk)]) == 0


def test_a_supporting_agency_becomes_a_joint_lead_and_keeps_its_owner(here: Side) -> None:
    part = here.plans.supported.assignments.get(agency=here.agencies.police)
    parts.give_owner(assignment=part, by=here.people.coordinator, owner=here.people.member.memberships.get())
    part.refresh_from_db()
    new = parts.change_part(assignment=part, part=Part.LEAD, by=here.people.coordinator, on=TODAY)
    assert (new.part, new.owner) == (Part.JOINT, part.owner)
    with pytest.raises(Refused, match="That is the part"):
        parts.change_part(assignment=new, part=Part.JOINT, by=here.people.coordinator, on=TODAY)


def test_a_milestone_is_added_reached_once_and_taken_back(here: Side) -> None:
    by, action = here.people.coordinator, here.plans.of_police
    row = milestones.add(action=action, text="Second chapter", by=by, on=TODAY, due_on=days(30))
    assert row.order == 2
    milestones.achieve(milestone=row, by=by, on=TODAY)
    assert Milestone.objects.get(pk=row.pk).achieved_on == TODAY
    with pytest.raises(Refused, match="reached already"):
        milestones.achieve(milestone=row, by=by, on=TODAY)
    with pytest.raises(Refused):
        milestones.add(action=action, text=" ", by=by, on=TODAY)
    voiding.void(row=row, by=by, reason="Twice.")
    assert row not in Milestone.objects.in_force()


def test_a_change_of_date_is_taken_back_and_the_original_of_an_agreed_plan_is_not(here: Side) -> None:
    by, action = here.people.coordinator, here.plans.of_police
    old = action.target_date
    row = plans.change_target_date(action=action, date=days(200), by=by, on=TODAY, reason="x")
    with pytest.raises(Refused, match="Say why"):
        voiding.void(row=row, by=by, reason=" ")
    voiding.void(row=row, by=by, reason="The wrong action.")
    action.refresh_from_db()
    assert action.target_date == old
    with pytest.raises(Refused, match="already taken back"):
        voiding.void(row=row, by=by, reason="Again.")
    with pytest.raises(Refused, match="original date"):
        voiding.void(row=TargetDate.objects.in_force().get(action=action), by=by, reason="x")
    Review.objects.filter(pk=action.review_id).update(stage=PlanStage.WRITING)
    voiding.void(row=TargetDate.objects.in_force().get(action=action), by=by, reason="x")
    action.refresh_from_db()
    assert action.target_date is None
    assert project([Action.objects.get(pk=here.plans.of_police.pk)]) == 0


def test_decisions_are_taken_back_from_the_last_one(here: Side) -> None:
    by, action = here.people.chair, here.plans.awaiting
    first = sign_off.sign_off(action=action, by=by, on=TODAY, decided_at="meeting")
    second = sign_off.reopen(action=action, by=by, on=TODAY, reason="It did not hold.", decided_at="meeting")
    with pytest.raises(Refused, match="later decision"):
        voiding.void(row=first, by=by, reason="x")
    with pytest.raises(PermissionDenied):
        voiding.void(row=second, by=here.people.member_of_group, reason="x")
    for row, status in ((second, Status.COMPLETE), (first, Status.AWAITING)):
        voiding.void(row=SignOff.objects.get(pk=row.pk), by=by, reason="Entered by mistake.")
        action.refresh_from_db()
        assert action.status == status
    assert AuditEntry.objects.filter(event="decision.voided").count() == 2
