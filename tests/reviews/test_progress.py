"""Updates, claims and decisions: who may, whether now, what is kept, and what is left when it is refused."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import AuditEntry
from agencies.refusals import Refused
from reviews import drafts, progress, sign_off
from reviews.models import Action, Claim, Draft, ProgressUpdate, SignOff
from reviews.progress import Completion, Report
from reviews.projection import project
from reviews.statuses import Decision, Status
from tests.factories import TODAY

pytestmark = pytest.mark.django_db
REPORT = Report(progress="The guide is written.", next_steps="Print it.", status=Status.IN_PROGRESS)
DONE = Completion(completed_on=TODAY - dt.timedelta(days=2), what_changed="Officers ask the right question.")


@pytest.fixture
def here(world):
    return world.here


def submit(here, by=None, **changes):
    facts = {"action": here.plans.of_police, "agency": here.agencies.police, "report": REPORT, "on": TODAY}
    return progress.submit(**facts | {"by": by or here.people.member} | changes)


def now(action):
    return Action.objects.get(pk=action.pk)


def test_submit_adds_a_dated_row_and_projects_it(here):
    update = submit(here, report=Report(progress="Begun.", status=Status.ONGOING, next_review_on=dt.date(2027, 1, 1)))
    action = now(here.plans.of_police)
    assert (action.status, action.next_review_on, action.silent_since) == (
        Status.ONGOING,
        dt.date(2027, 1, 1),
        TODAY,
    )
    assert update.source == ProgressUpdate.Source.REPORTED
    entry = AuditEntry.objects.get(event="action.updated")
    assert entry.detail == {"update": update.pk, "agency": here.agencies.police.pk}


def test_submit_refused_to_everybody_who_is_not_of_the_agency(world, here):
    before = ProgressUpdate.objects.count()
    people = here.people
    for person in (
        people.observer,
        people.health_lead,
        people.leaver,
        people.inactive,
        people.coordinator,
        people.chair,
        people.panel_reader,
        world.there.people.lead,
        world.stranger,
    ):
        with pytest.raises(PermissionDenied):
            submit(here, by=person)
    assert ProgressUpdate.objects.count() == before


def test_submit_refused_in_the_name_of_another_agency_of_the_action(here):
    with pytest.raises(PermissionDenied):
        submit(here, action=here.plans.joint, agency=here.agencies.health)


def test_submit_refused_for_an_agency_that_no_longer_answers(here):
    with pytest.raises(PermissionDenied):
        submit(here, action=here.plans.formerly_of_police)


def test_submit_refused_on_a_closed_action_binds_the_site_administrator_too(world, here):
    with pytest.raises(Refused, match="closed"):
        submit(here, by=world.superuser, action=here.plans.complete, agency=here.agencies.housing)


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (Report(status=Status.IN_PROGRESS), "progress"),
        (Report(progress="Done", status=Status.COMPLETE), "status"),
        (Report(progress="Done", status=""), "status"),
        (Report(progress="Goes on", status=Status.ONGOING), "next_review_on"),
    ],
)
def test_submit_refused_when_the_report_says_too_little(here, report, field):
    with pytest.raises(Refused) as refusal:
        submit(here, report=report)
    assert refusal.value.field == field


def test_submit_refused_for_a_day_to_come(here):
    with pytest.raises(Refused, match="future"):
        submit(here, on=dt.date(2999, 1, 1))


def test_a_supporting_agency_reports_without_a_status(here):
    facts = {"action": here.plans.supported, "agency": here.agencies.police}
    with pytest.raises(Refused, match="no status"):
        submit(here, **facts)
    submit(here, **facts, report=Report(progress="We gave a hall."))
    assert now(here.plans.supported).status == Status.IN_PROGRESS


def test_one_of_two_leads_does_not_complete_the_action(here):
    submit(here, action=here.plans.joint, completion=DONE)
    assert now(here.plans.joint).status == Status.IN_PROGRESS
    submit(
        here,
        by=here.people.health_lead,
        agency=here.agencies.health,
        action=here.plans.joint,
        completion=DONE,
    )
    assert now(here.plans.joint).status == Status.AWAITING


def test_the_coordinator_records_for_an_agency_and_says_who_gave_it(here):
    facts = {"by": here.people.coordinator, "action": here.plans.of_school, "agency": here.agencies.school}
    with pytest.raises(PermissionDenied):
        submit(here, **facts)
    update = submit(here, **facts, given_by="Ines Whitlock, by telephone")
    assert update.source == ProgressUpdate.Source.RECORDED_FOR
    assert update.recorded_by == here.people.coordinator


def test_a_claim_keeps_what_was_done_and_the_clock_stops_at_the_day_claimed(here):
    update = submit(here, completion=DONE)
    action = now(here.plans.of_police)
    assert (action.status, action.claimed_on) == (Status.AWAITING, DONE.completed_on)
    assert update.claim.what_changed == DONE.what_changed
    with pytest.raises(Refused, match="already said"):
        submit(here, completion=DONE)


def test_a_claim_is_refused_without_what_changed_or_with_a_day_to_come(here):
    with pytest.raises(Refused, match="what changed"):
        submit(here, completion=Completion(TODAY, " "))
    with pytest.raises(Refused, match="future"):
        submit(here, completion=Completion(TODAY + dt.timedelta(days=1), "It will"))
    assert not Claim.objects.filter(update__action=here.plans.of_police).exists()


def test_a_supporting_agency_cannot_claim(here):
    with pytest.raises(Refused, match="only a lead"):
        submit(here, action=here.plans.supported, completion=DONE, report=Report(progress="Helped"))


def test_a_draft_is_kept_once_and_goes_when_it_is_submitted(here):
    facts = {"action": here.plans.of_police, "agency": here.agencies.police, "by": here.people.member}
    token = uuid.uuid4()
    for said in ("One", "Two"):
        drafts.save_draft(**facts, answers={"progress": said}, token=token)
    assert Draft.objects.get().answers == {"progress": "Two"}
    submit(here, by=here.people.lead)
    assert Draft.objects.count() == 1
    submit(here, token=token)
    assert not Draft.objects.exists()


def test_void_strikes_an_update_out_and_the_one_before_counts_again(here):
    submit(here, report=Report(progress="Not begun after all.", status=Status.NOT_STARTED))
    update = ProgressUpdate.objects.latest("pk")
    for who in (here.people.lead, here.people.chair, here.people.health_lead):
        with pytest.raises(PermissionDenied):
            progress.void(update=update, by=who, reason="Wrong action")
    with pytest.raises(Refused, match="Say why"):
        progress.void(update=update, by=here.people.coordinator, reason="")
    progress.void(update=update, by=here.people.coordinator, reason="Wrong action")
    assert now(here.plans.of_police).status == Status.IN_PROGRESS
    with pytest.raises(Refused, match="already"):
        progress.void(update=update, by=here.people.coordinator, reason="Again")


@pytest.fixture
def claimed(here):
    submit(here, completion=DONE)
    return here.plans.of_police


def decide(verb, claimed, by, **changes):
    facts = {"on": TODAY, "decided_at": "Strategic Group, March"}
    if verb is not sign_off.sign_off:
        facts["reason"] = "Show the attendance."
    return verb(action=claimed, by=by, **facts | changes)


@pytest.mark.parametrize("who", ["coordinator", "chair"])
def test_coordinator_and_chair_record_the_groups_sign_off(here, claimed, who):
    decide(sign_off.sign_off, claimed, getattr(here.people, who))
    assert now(claimed).status == Status.COMPLETE
    assert AuditEntry.objects.filter(event="action.signed_off", about_id=claimed.pk).exists()


def test_nobody_else_records_a_decision(world, here, claimed):
    people = here.people
    for person in (people.lead, people.member_of_group, people.panel_reader, world.there.people.chair):
        for verb in (sign_off.sign_off, sign_off.send_back):
            with pytest.raises(PermissionDenied):
                decide(verb, claimed, person)
    assert not SignOff.objects.filter(action=claimed).exists()


def test_a_returned_claim_lets_the_clock_run_again_and_can_be_claimed_anew(here, claimed):
    decide(sign_off.send_back, claimed, here.people.chair)
    action = now(claimed)
    assert (action.status, action.claimed_on) == (Status.IN_PROGRESS, None)
    submit(here, completion=DONE)
    assert now(claimed).status == Status.AWAITING


def test_a_decision_is_refused_at_the_wrong_moment_without_a_reason_or_before_the_claim(here, claimed):
    chair = here.people.chair
    with pytest.raises(Refused, match="not waiting"):
        decide(sign_off.sign_off, here.plans.of_police_overdue, chair)
    with pytest.raises(Refused, match="reason"):
        decide(sign_off.send_back, claimed, chair, reason="")
    with pytest.raises(Refused, match="meeting"):
        decide(sign_off.sign_off, claimed, chair, decided_at="")
    with pytest.raises(Refused, match="later one"):
        decide(sign_off.sign_off, claimed, chair, on=TODAY - dt.timedelta(days=1))
    assert now(claimed).status == Status.AWAITING


def test_reopen_and_not_pursue_are_decisions_with_reasons(here, claimed):
    decide(sign_off.sign_off, claimed, here.people.chair)
    decide(sign_off.reopen, claimed, here.people.chair)
    assert now(claimed).status == Status.IN_PROGRESS
    row = decide(sign_off.not_pursue, claimed, here.people.chair)
    assert row.decision == Decision.NOT_PURSUED
    assert now(claimed).status == Status.NOT_PURSUED


def test_projecting_again_finds_nothing_to_change(here, claimed):
    decide(sign_off.send_back, claimed, here.people.chair)
    assert project([now(claimed)]) == 0


def test_who_sent_an_update_takes_it_back_while_the_action_is_open(here):
    update = submit(here, completion=DONE)
    progress.void(update=update, by=here.people.member, reason="Not yet")
    assert now(here.plans.of_police).status == Status.IN_PROGRESS
    again = submit(here, completion=DONE)
    sign_off.sign_off(action=here.plans.of_police, by=here.people.chair, on=TODAY, decided_at="March meeting")
    with pytest.raises(Refused, match="closed"):
        progress.void(update=again, by=here.people.member, reason="Not after all")
    assert now(here.plans.of_police).status == Status.COMPLETE


def test_what_a_lead_adds_to_its_claim_carries_no_status(here):
    submit(here, completion=DONE)
    submit(here, report=Report(progress="The minutes came."))
    action = now(here.plans.of_police)
    assert (action.status, action.claimed_on) == (Status.AWAITING, DONE.completed_on)
    submit(here, report=Report(progress="It came undone.", status=Status.IN_PROGRESS))
    assert now(here.plans.of_police).claimed_on is None
    with pytest.raises(Refused, match="Choose where the action stands"):
        submit(here, report=Report(progress="More of it."))


def test_a_claim_that_is_taken_back_leaves_nothing_to_what_was_added(here):
    claim = submit(here, completion=DONE)
    submit(here, report=Report(progress="The minutes came."))
    progress.void(update=claim, by=here.people.coordinator, reason="Not theirs.")
    assert now(here.plans.of_police).status == Status.IN_PROGRESS
