"""Whoever waits for a lock is judged, and reads what they change, when it is got."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from agencies import contacts, memberships, succession
from agencies.actors import EXAMPLE
from agencies.models import Agency, AuditEntry, Contact, Partnership
from reviews import drafts, editing, milestones, panel, parts, plans, readers, restriction, reviewing, sign_off, voiding
from reviews.chasing import arrangements
from reviews.importing import staging
from reviews.kinds import Kind
from reviews.models import Action, Draft, PlanImport, Recommendation, Review
from reviews.plan_lines import ActionLine, LeadLine, RecommendationLine
from tests.factories import TODAY, a_recommendation, an_action
from tests.racing import waiting
from tests.world import Side, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def lock_everything(here: Side) -> None:
    """Lock one side, its imports and agencies, and all plans with all that is in them."""
    list(PlanImport.objects.filter(partnership=here.partnership).select_for_update())
    list(Partnership.objects.filter(pk=here.partnership.pk).select_for_update())
    list(Agency.objects.filter(partnership=here.partnership).order_by("pk").select_for_update())
    list(Contact.objects.filter(pk=here.contact.pk).select_for_update())
    reviews = Review.objects.filter(partnership=here.partnership)
    list(reviews.select_for_update())
    for model in (Recommendation, Action):
        list(model.objects.filter(review__in=reviews).select_for_update(of=("self",)))


Verbs = dict[str, Callable[[], object]]


def verbs_of_wording(here: Side) -> Verbs:
    """What a coordinator writes into a plan."""
    at, by = here.plans, {"by": here.people.coordinator}
    dated = by | {"on": TODAY}
    part = at.of_police.assignments.get()
    line = ActionLine("One more", leads=(LeadLine(here.agencies.police),))
    return {
        "add": lambda: plans.add(review=at.published, line=RecommendationLine("More"), **dated),
        "assign": lambda: plans.assign(action=at.of_police, agency=here.agencies.health, **dated),
        "end": lambda: plans.end_assignment(assignment=part, **dated),
        "date": lambda: plans.change_target_date(action=at.of_health, date=TODAY, reason="Later", **dated),
        "reword": lambda: plans.reword(recommendation=at.recommendation, text="Anew", reason="Slip", **dated),
        "add recommendation": lambda: editing.add_recommendation(review=at.published, text="More", **dated),
        "add action": lambda: editing.add_action(recommendation=at.recommendation, line=line, **dated),
        "move": lambda: editing.move(row=at.of_police_overdue, up=True, **by),
        "reword action": lambda: editing.reword_action(action=at.of_police, text="Anew", reason="Slip", **dated),
        "describe action": lambda: editing.describe_action(action=at.of_police, reference="7", **by),
        "describe recommendation": lambda: editing.describe_recommendation(
            recommendation=at.recommendation, reference="7", **by
        ),
        "describe": lambda: reviewing.describe(review=at.published, title="Another", **by),
        "restrict": lambda: restriction.restrict(review=at.published, **by),
    }


def verbs_of_running(here: Side) -> Verbs:
    """What a coordinator decides, takes back and arranges."""
    at, by = here.plans, {"by": here.people.coordinator}
    dated = by | {"on": TODAY}
    part, reached = at.of_police.assignments.get(), at.of_police.milestones.get()
    decision = sign_off.send_back(
        action=at.awaiting, by=EXAMPLE, on=TODAY, reason="Not yet.", decided_at="The March meeting"
    )
    date = plans.change_target_date(action=at.joint, date=TODAY, by=EXAMPLE, on=TODAY, reason="First")
    waits = PlanImport.objects.get(partnership=here.partnership)
    return {
        "decide": lambda: sign_off.not_pursue(
            action=at.of_school, reason="Closed", decided_at="The March meeting", **dated
        ),
        "step": lambda: milestones.add(action=at.of_police, text="A step", **dated),
        "achieve": lambda: milestones.achieve(milestone=reached, **dated),
        "void a date": lambda: voiding.void(row=date, reason="Slip", **by),
        "void a decision": lambda: voiding.void(row=decision, reason="Slip", **by),
        "owner": lambda: parts.give_owner(assignment=part, **by),
        "open": lambda: reviewing.open_review(
            partnership=here.partnership, kind=Kind.SAR, reference="S1", title="S", **by
        ),
        "chase": lambda: reviewing.start_chasing(review=at.published, **dated),
        "pause": lambda: arrangements.pause(partnership=here.partnership, **by),
        "statement": lambda: readers.word_statement(partnership=here.partnership, text="Tell nobody.", **by),
        "panel": lambda: panel.invite(review=at.published, email="ada@example.org", **by),
        "contact": lambda: contacts.end(contact=here.contact, **by),
        "rename": lambda: succession.rename(agency=here.agencies.housing, name="Beacon Housing", **by),
        "succession": lambda: succession.record(
            predecessor=here.agencies.housing, successor=here.agencies.council, **dated
        ),
        "discard": lambda: staging.discard(plan_import=waits, **by),
    }


def test_whose_access_ends_while_they_wait_for_a_lock_changes_nothing() -> None:
    here = make_world().here
    verbs = verbs_of_wording(here) | verbs_of_running(here)
    before = AuditEntry.objects.count()
    with waiting(verbs, behind=lambda: lock_everything(here)) as ended:
        memberships.end(membership=here.people.coordinator.memberships.get(), by=EXAMPLE)
    wrong = {name: error for name, error in ended.items() if not isinstance(error, PermissionDenied)}
    assert wrong == {}
    assert AuditEntry.objects.count() == before + 1, "something else than the end was recorded"


def test_whose_access_ends_while_their_draft_waits_keeps_none_that_nobody_would_find() -> None:
    here = make_world().here
    action, member, token = here.plans.of_police, here.people.member, uuid.uuid4()

    def save() -> None:
        drafts.save_draft(
            action=action, agency=here.agencies.police, by=member, token=token, answers={"progress": "Half a thou"}
        )

    with waiting({"save": save}, behind=lambda: lock_everything(here)) as ended:
        memberships.end(membership=member.memberships.get(), by=here.people.lead)
    assert isinstance(ended["save"], PermissionDenied)
    assert not Draft.objects.filter(action=action).exists()


def test_an_action_stands_in_lists_where_the_numbers_that_were_just_changed_put_it() -> None:
    here = make_world().here
    by = {"by": here.people.coordinator}
    above = a_recommendation(here.plans.published, text="One more.", reference="7")
    first, second, third = (an_action(above, here.agencies.police, text=text, reference="") for text in "abc")

    def renumber() -> None:
        editing.describe_recommendation(recommendation=above, reference="42", by=EXAMPLE)
        editing.describe_action(action=second, reference="9", by=EXAMPLE)

    verbs: dict[str, Callable[[], object]] = {
        "describe": lambda: editing.describe_action(action=first, agency_response="Agreed.", **by),
        "move": lambda: editing.move(row=third, up=True, **by),
        "add": lambda: editing.add_action(recommendation=above, line=ActionLine("d"), on=TODAY, **by),
    }
    with waiting(verbs, behind=renumber) as ended:
        pass
    assert ended == dict.fromkeys(verbs)
    found = {action.text: action.sort_key for action in above.actions.all()}
    assert found == {"a": "00000042", "b": "00000009", "c": "00000042", "d": "00000042"}
