"""Two people at the same moment: every row is kept and the projection knows them all."""

import threading
import uuid

import pytest
from django.db import transaction

from agencies import directory, memberships, succession
from agencies.actors import SCHEDULE
from agencies.permissions import holds
from agencies.refusals import Refused
from agencies.roles import Permission, RoleCode
from reviews import drafts, evidence, plans, progress, reader_shadows, readers, reviewing, sign_off
from reviews.kinds import Kind
from reviews.models import Action, Draft, Evidence, ProgressUpdate, SignOff
from reviews.progress import Completion, Report
from reviews.projection import project
from reviews.statuses import Status
from tests.factories import TODAY, a_link, a_person, a_reader, an_assignment
from tests.racing import at_once, meet
from tests.world import make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock, pytest.mark.slow]


def test_both_joint_leads_claim_at_once_and_the_action_awaits_a_decision():
    here = make_world().here

    def claim(person, agency):
        return lambda: progress.submit(
            action=here.plans.joint,
            agency=agency,
            by=person,
            on=TODAY,
            report=Report(progress="Agreed and signed."),
            completion=Completion(TODAY, "One protocol is used."),
        )

    errors = at_once(
        claim(here.people.lead, here.agencies.police), claim(here.people.health_lead, here.agencies.health)
    )
    assert errors == []
    action = Action.objects.get(pk=here.plans.joint.pk)
    assert action.status == Status.AWAITING
    assert project([action]) == 0


def test_many_updates_at_once_are_all_kept():
    here = make_world().here
    before = ProgressUpdate.objects.filter(action=here.plans.of_police).count()

    def update(number):
        return lambda: progress.submit(
            action=here.plans.of_police,
            agency=here.agencies.police,
            by=here.people.member,
            on=TODAY,
            report=Report(progress=f"Step {number}", status=Status.IN_PROGRESS),
        )

    assert at_once(*(update(number) for number in range(6))) == []
    assert ProgressUpdate.objects.filter(action=here.plans.of_police).count() == before + 6


def test_a_decision_is_taken_once_when_two_record_it_at_once():
    here = make_world().here

    def decide(person):
        return lambda: sign_off.sign_off(action=here.plans.awaiting, by=person, on=TODAY, decided_at="March meeting")

    errors = at_once(decide(here.people.chair), decide(here.people.coordinator))
    assert [type(error) for error in errors] == [Refused]
    assert SignOff.objects.filter(action=here.plans.awaiting).count() == 1


def test_evidence_is_not_withdrawn_while_the_group_signs_off_on_it():
    here, errors = make_world().here, []
    piece = a_link(here.plans.awaiting, here.agencies.police, here.people.member)

    def withdraw():
        errors.extend(
            at_once(lambda: evidence.withdraw(evidence=piece, by=here.people.member, reason="Not ours after all"))
        )

    other = threading.Thread(target=withdraw)
    with transaction.atomic():
        sign_off.sign_off(action=here.plans.awaiting, by=here.people.chair, on=TODAY, decided_at="March meeting")
        other.start()
        other.join(timeout=0.5)
    other.join(timeout=30)
    assert [type(error) for error in errors] == [Refused]
    assert Evidence.objects.in_force().filter(pk=piece.pk).exists()


def test_what_is_given_once_is_refused_to_the_others_who_give_it_at_once():
    here = make_world().here
    person, by = a_person(), here.people.coordinator
    review, police = here.plans.restricted, here.agencies.police
    calls = {
        "a role": lambda: memberships.grant(user=person, role=RoleCode.AGENCY_MEMBER, container=police, by=by),
        "a reading": lambda: readers.admit_to_panel(review=review, user=person, by=by),
        "an agency": lambda: directory.add_agencies(partnership=here.partnership, names=["Refuge"], by=by),
        "an agency by hand": lambda: directory.add_agency(
            partnership=here.partnership, name="Solace", kind="charity", by=by
        ),
        "a review": lambda: reviewing.open_review(
            partnership=here.partnership, kind=Kind.SAR, reference="S1", title="S", by=by
        ),
        "a succession": lambda: succession.record(
            predecessor=here.agencies.housing, successor=here.agencies.council, by=by, on=TODAY
        ),
        "a part": lambda: plans.assign(action=here.plans.of_police, agency=here.agencies.health, by=by, on=TODAY),
    }
    errors = {what: [type(error) for error in at_once(*[call] * 4)] for what, call in calls.items()}
    assert errors == dict.fromkeys(calls, [Refused] * 3)


def test_two_agencies_end_one_persons_reading_at_once(monkeypatch):
    here = make_world().here
    review, person = here.plans.restricted, here.people.two_agencies
    an_assignment(here.plans.restricted_of_health, here.agencies.housing)
    agencies = (here.agencies.health, here.agencies.housing)
    named = [a_reader(person, review, agency=agency) for agency in agencies]
    meet(monkeypatch, reader_shadows, "forget")

    def end(reader):
        return lambda: readers.end(reader=reader, by=SCHEDULE)

    assert at_once(*map(end, named)) == []
    assert reader_shadows.shadow_differences() == 0
    assert not holds(person, Permission.READ_ACTION, here.plans.restricted_of_health)


def test_the_press_and_the_saving_by_time_of_a_leaver_leave_one_draft():
    here, token = make_world().here, uuid.uuid4()
    people, action = here.people, here.plans.of_police
    belonging = people.member.memberships.get()
    memberships.end(membership=belonging, by=people.lead)

    def keep():
        answers = {"progress": "Written when access had ended.", "token": str(token)}
        drafts.keep_unsent(action=action, agency=here.agencies.police, of=people.member, token=token, answers=answers)

    assert at_once(keep, keep) == []
    assert [draft.author for draft in Draft.objects.filter(action=action)] == [people.lead]
